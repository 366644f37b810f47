import math
import random

import numpy as np
import pytest

from annotations.agreement.latent import LEAST, dawid_skene
from annotations.agreement.tables import Table


def study(units=200, skills=(0.9, 0.85, 0.8, 0.4), seed=4):
    chance = random.Random(seed)
    true = [chance.choice("aab") for _ in range(units)]
    columns = [
        [value if chance.random() < skill else chance.choice("ab") for value in true]
        for skill in skills
    ]
    return true, columns


def plainly(columns, values, rounds):
    """The same model by loops over units, coders and values."""
    units = range(len(columns[0]))
    classes = [
        {
            v: sum(c[u] == v for c in columns) / sum(c[u] is not None for c in columns)
            for v in values
        }
        for u in units
    ]
    for _ in range(rounds):
        shares = {v: sum(row[v] for row in classes) / len(classes) for v in values}
        errors = []
        for column in columns:
            counts = {
                t: {v: LEAST + sum(classes[u][t] for u in units if column[u] == v) for v in values}
                for t in values
            }
            errors.append(
                {t: {v: row[v] / sum(row.values()) for v in values} for t, row in counts.items()}
            )
        fresh = []
        for u in units:
            likely = {
                t: (shares[t] + LEAST)
                * math.prod(
                    errors[c][t][column[u]]
                    for c, column in enumerate(columns)
                    if column[u] is not None
                )
                for t in values
            }
            fresh.append({t: likely[t] / sum(likely.values()) for t in values})
        classes = fresh
    return classes


def test_the_guess_is_that_of_the_plain_model():
    _, columns = study(units=40)
    columns[1][3] = columns[2][7] = columns[2][8] = None
    table = Table.wide(columns)

    found = dawid_skene(table)

    judged = plainly(columns, table.values, found.rounds)
    assert found.classes == pytest.approx(
        np.array([[row[value] for value in table.values] for row in judged]), abs=1e-9
    )


def test_good_coders_are_told_from_one_who_guesses():
    true, columns = study()
    table = Table.wide(columns)

    found = dawid_skene(table)

    right = np.trace(found.errors, axis1=1, axis2=2) / 2
    assert right.argmin() == 3
    assert right[3] < 0.75 < right[0]
    guessed = found.values(table)
    assert sum(guessed[unit][0] == value for unit, value in enumerate(true)) > 0.93 * len(true)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ([["a", "b"], ["a", "a"]], "it takes 3 coders, and there are 2"),
        ([["a", "b"], ["a", "a"], [None, None]], "it takes 3 coders"),
        ([["a"], ["a"], ["a"]], "only one code was used"),
        ([list(range(200))] * 3, "more than 100 different values"),
    ],
)
def test_what_cannot_be_guessed_is_a_reason(columns, why):
    found = dawid_skene(Table.wide(columns))

    assert why in found.reason
    assert found.classes is None
    assert found.values(Table.wide(columns)) == {}
