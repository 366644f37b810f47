"""Published figures, to the digits that are printed."""

import json
from pathlib import Path

import pytest

from annotations.agreement import coefficients
from annotations.agreement.alphas import Level, alpha
from annotations.agreement.sets import Sets, alpha_of_sets, dice
from annotations.agreement.tables import Table

FILE = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "agreement_vectors.json"
VECTORS = json.loads(FILE.read_text()) if FILE.exists() else []


def table_of(vector) -> Table:
    data = vector["data"]
    if vector["kind"] == "coding":
        return Table.wide(data["coders"])
    if vector["kind"] == "sets":
        return Table.wide([[frozenset(value) for value in column] for column in data["coders"]])
    return crossed(data["rows_coder1"], data["labels"])


def crossed(counts, labels) -> Table:
    """The table whose confusion matrix has these counts, the first coder's values in rows."""
    units = [
        (labels[row], labels[column])
        for row, line in enumerate(counts)
        for column, count in enumerate(line)
        for _ in range(count)
    ]
    return Table.wide(list(zip(*units, strict=True)))


FOUND = {
    "percent": coefficients.percent,
    "alpha_nominal": alpha,
    "alpha_ordinal": lambda table: alpha(table, Level.ORDINAL),
    "alpha_interval": lambda table: alpha(table, Level.INTERVAL),
    "alpha_ratio": lambda table: alpha(table, Level.RATIO),
    "bennett_s": coefficients.s,
    "scott_pi": coefficients.scott,
    "cohen_kappa": coefficients.cohen,
    "fleiss_kappa": coefficients.fleiss,
    "gwet_ac1": coefficients.gwet,
    "alpha_masi_passonneau2006": alpha_of_sets,
    "alpha_masi_dkpro": lambda table: alpha_of_sets(table, Sets.DKPRO),
    "alpha_setdist_dkpro": lambda table: alpha_of_sets(table, Sets.STEPS),
    "dice": dice,
}
PARTS = {
    "Do": lambda table: alpha(table).observed,
    "De": lambda table: alpha(table).expected,
    "Pe": lambda table: coefficients.fleiss(table).expected,
}


def test_the_published_figures_are_here():
    if not VECTORS:
        pytest.skip("the published figures are not here")
    kinds = {vector["kind"] for vector in VECTORS}
    assert kinds <= {"coding", "table", "sets", "unitizing_2004"}


@pytest.mark.parametrize(
    "vector",
    [vector for vector in VECTORS if vector["kind"] != "unitizing_2004"],
    ids=lambda vector: vector["id"],
)
def test_a_published_figure_comes_out(vector):
    table = table_of(vector)
    expected = dict(vector["expect"])
    tolerance = expected.pop("tol", 0.001)

    for key, value in expected.items():
        found = PARTS[key](table) if key in PARTS else FOUND[key](table).value

        if value is None:
            assert found is None
        else:
            assert found == pytest.approx(value, abs=tolerance), key


# --- published elsewhere -------------------------------------------------------------------------


def test_weighted_kappa_of_cohen_1968():
    """Diagnoses by two judges, with weights of disagreement of the paper's own: .348."""
    counts = [[88, 10, 2], [14, 40, 6], [18, 10, 12]]
    table = crossed(counts, [1, 2, 3])
    disagreement = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    weights = [[1 - value / 6 for value in row] for row in disagreement]

    import numpy as np

    found = coefficients.cohen(table, np.array(weights))

    assert found.value == pytest.approx(0.348, abs=0.0005)
    assert coefficients.cohen(table).value == pytest.approx(0.492, abs=0.0005)


def test_figures_of_gwet_2014_with_missing_values():
    """Four raters, twelve units, five categories: table 2.10 and chapter 5 of the handbook."""
    columns = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    table = Table.wide(columns)

    assert coefficients.fleiss(table).value == pytest.approx(0.76117, abs=5e-6)
    assert coefficients.s(table).value == pytest.approx(0.77273, abs=5e-6)
    assert coefficients.gwet(table).value == pytest.approx(0.77544, abs=5e-6)
    assert coefficients.gwet(table).observed == pytest.approx(0.8181818, abs=5e-8)
    assert coefficients.gwet(table).expected == pytest.approx(0.1903212, abs=5e-8)
