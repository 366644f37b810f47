from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from annotations.agreement import coefficients
from annotations.agreement.alphas import Level, Ratio, alpha, alpha_per_code
from annotations.agreement.coefficients import Weights
from annotations.agreement.summary import summarise
from annotations.agreement.tables import Table
from tests.agreement import plain

SOME = settings(max_examples=50)
VALUES = st.sampled_from([0, 1, 2, 5, 9])
COMPLETE = st.integers(2, 4).flatmap(
    lambda coders: st.lists(
        st.lists(VALUES, min_size=coders, max_size=coders), min_size=1, max_size=9
    )
)
GAPPED = st.integers(2, 4).flatmap(
    lambda coders: st.lists(
        st.lists(st.none() | VALUES, min_size=coders, max_size=coders), min_size=1, max_size=9
    )
)


def table_of(units) -> Table:
    return Table.wide([list(column) for column in zip(*units, strict=True)])


def same(found, judged):
    if judged is None:
        return found.value is None and bool(found.reason)
    return found.value == pytest.approx(judged, abs=1e-9)


@SOME
@given(GAPPED, st.sampled_from(list(Level)))
@example([[0, 0], [0, 0]], Level.RATIO)
@example([[0, 9], [9, 0], [None, 5]], Level.ORDINAL)
def test_alpha_is_what_its_definition_says(units, level):
    judged = plain.alpha(units, plain.LEVELS[level]) if plain.pairable(units) else None

    assert same(alpha(table_of(units), level), judged)


@SOME
@given(
    st.lists(
        st.tuples(*[st.floats(0, 1e5).map(lambda x: round(x, 3))] * 3), min_size=2, max_size=15
    )
)
def test_alpha_of_measures_is_what_its_definition_says(units):
    units = [list(unit) for unit in units]
    some = sorted(value for unit in units for value in unit if value)
    assume(not some or some[-1] / some[0] < 1e9)

    for level in (Level.INTERVAL, Level.RATIO):
        judged = plain.alpha(units, plain.LEVELS[level])
        assert same(alpha(table_of(units), level), judged), level


def test_the_sum_of_squares_for_ratios_has_every_digit():
    numbers = np.array([0, 1e-6, 0.5, 1, 1.0001, 3, 1e5, 1e6])
    counts = np.array([3, 1, 2, 5, 1, 4, 1, 2.0])
    exact = sum(
        a * b * plain.ratio(x, y, None)
        for a, x in zip(counts, numbers, strict=True)
        for b, y in zip(counts, numbers, strict=True)
    )

    assert Ratio(numbers).between(counts) == pytest.approx(exact, rel=1e-12)


@SOME
@given(GAPPED)
@example([[0, 0], [0, 0]])
@example([[0, 0], [None, 1]])
def test_coefficients_are_what_their_definitions_say(units):
    table = table_of(units)
    some = bool(plain.pairable(units))

    assert same(coefficients.percent(table), plain.percent(units) if some else None)
    for name in ("fleiss", "s", "gwet"):
        judged = getattr(plain, name)(units) if some else None
        assert same(getattr(coefficients, name)(table), judged), name
    for name in ("scott", "cohen", "holsti"):
        judged = plain.mean_over_pairs(units, getattr(plain, name))
        assert same(getattr(coefficients, name)(table), judged), name


@SOME
@given(GAPPED, st.sampled_from([Weights.LINEAR, Weights.QUADRATIC]))
def test_weighted_coefficients_are_what_their_definitions_say(units, kind):
    table = table_of(units)
    assume(plain.pairable(units))
    values = [value for value in table.values if isinstance(value, int)]
    reach = (max(values) - min(values)) or 1
    power = 1 if kind == Weights.LINEAR else 2

    def weight(a, b):
        return 1 - (abs(a - b) / reach) ** power

    assert same(coefficients.gwet(table, kind), plain.gwet(units, weight))
    judged = plain.mean_over_pairs(units, lambda pair: plain.cohen(pair, weight))
    assert same(coefficients.cohen(table, kind), judged)


@SOME
@given(GAPPED)
def test_each_code_against_the_rest_is_alpha_of_two_codes(units):
    found = alpha_per_code(table_of(units))

    for value, figure in found.items():
        other = [[None if v is None else v == value for v in unit] for unit in units]
        assert same(figure, plain.alpha(other, plain.nominal))


# --- properties ----------------------------------------------------------------------------------


def as_numbers(summary):
    return {
        key: pytest.approx(value, abs=1e-9) if isinstance(value, float) else value
        for key, value in summary.as_dict().items()
        if key not in ("interval", "reason")
    }


@SOME
@given(GAPPED, st.randoms(use_true_random=False), st.sampled_from(list(Level)))
def test_the_order_and_the_names_of_units_and_coders_change_nothing(units, chance, level):
    rows = [
        (unit, coder, value) for unit, line in enumerate(units) for coder, value in enumerate(line)
    ]
    renamed = {number: f"{number * 7919 % 101}" for number in range(101)}
    mixed = [(f"u{renamed[unit]}", f"c{renamed[coder]}", value) for unit, coder, value in rows]
    chance.shuffle(mixed)

    first, second = summarise(Table.of(rows), level), summarise(Table.of(mixed), level)

    assert second.as_dict() == {**second.as_dict(), **as_numbers(first)}
    assert second.interval.low == pytest.approx(first.interval.low, nan_ok=True, abs=1e-9)


@SOME
@given(COMPLETE)
def test_the_names_of_codes_change_nothing_nominal(units):
    renamed = [["zyxwvutsrq"[value] for value in unit] for unit in units]

    first, second = summarise(table_of(units)), summarise(table_of(renamed))

    assert second.as_dict() == {**second.as_dict(), **as_numbers(first)}


@SOME
@given(GAPPED.filter(lambda units: len(units[0]) == 2))
def test_a_third_coder_who_copies_one_of_two_never_lowers_percent(units):
    assume(plain.pairable(units))
    before = coefficients.percent(table_of(units)).value

    after = coefficients.percent(table_of([[a, b, a] for a, b in units])).value

    assert after >= before - 1e-12


def test_coders_who_guess_come_out_near_nothing_and_opposed_ones_below():
    chance = np.random.default_rng(3)
    guessed = table_of(chance.integers(0, 4, (4_000, 3)).tolist())
    opposed = table_of([[0, 1], [1, 0]] * 50)

    for figure in (alpha, coefficients.scott, coefficients.cohen, coefficients.fleiss):
        assert abs(figure(guessed).value) < 0.05
        assert figure(opposed).value < -0.9


def test_much_agreement_on_one_common_code_is_little_by_chance():
    table = table_of([[0, 0]] * 90 + [[0, 1], [1, 0]] * 5)

    assert coefficients.percent(table).value == 0.9
    assert alpha(table).value < 0
    assert coefficients.gwet(table).value > 0.8


# --- what is undefined ---------------------------------------------------------------------------


def test_one_code_alone_is_said_in_words():
    found = summarise(table_of([[3, 3], [3, 3], [3, None]]))

    assert found.percent.value == 1
    assert found.holsti.value == pytest.approx(4 / 5)
    assert found.alpha.value is None
    assert found.alpha.reason == "100 % agreement; alpha not defined: only one code was used"
    keys = {"alpha", "interval", "scott", "cohen", "fleiss", "s", "ac1"}
    assert found.as_dict()["reason"].keys() == keys


@pytest.mark.parametrize(
    "units",
    [[[1], [2]], [[1, None], [None, 2]], [[None, None]]],
    ids=["one coder", "never the same unit", "nothing"],
)
def test_without_a_common_unit_every_figure_is_without_a_value(units):
    found = summarise(table_of(units)).as_dict()

    assert found["units"] == found["values"] == found["coders"] == 0
    assert len(found["reason"]) == 9
    assert all(found[key] is None and "defined" in text for key, text in found["reason"].items())


def test_a_mean_over_pairs_names_the_pair_that_has_none():
    found = coefficients.cohen(Table.of([(1, "ana", 0), (1, "bo", 1), (1, "cy", 0)]))

    assert found.value is None
    assert found.reason.endswith("only one code was used (ana and cy)")


@pytest.mark.parametrize(
    ("level", "values", "why"),
    [
        (Level.INTERVAL, ["low", "high"], "“high” is not a number"),
        (Level.ORDINAL, [1, float("nan")], "“nan” is not a number"),
        (Level.RATIO, [-1, 2], "no values below zero"),
        (Level.RATIO, [1e-9, 1e9], "10^12"),
        (Level.INTERVAL, [1, 10**400], "beyond 10^100"),
    ],
)
def test_values_that_a_level_cannot_measure_are_a_reason(level, values, why):
    found = summarise(Table.wide([values, values]), level)

    assert found.alpha.value is None
    assert why in found.alpha.reason
    assert found.interval.low is None


@pytest.mark.parametrize("factor", [1e-99, 1e-9, 1, 1e95])
def test_alpha_of_intervals_goes_by_no_unit_of_measure(factor):
    units = [[1, 2], [3, 3], [7, 5], [2, 2]]
    scaled = [[factor * (value + 1_000) for value in unit] for unit in units]

    found = alpha(table_of(scaled), Level.INTERVAL).value

    assert found == pytest.approx(alpha(table_of(units), Level.INTERVAL).value, rel=1e-6)


# --- who agrees with whom ------------------------------------------------------------------------


@SOME
@given(GAPPED)
def test_each_coder_against_the_others_adds_up_to_percent(units):
    table = table_of(units)
    assume(plain.pairable(units))
    found = coefficients.against_others(table)
    counts = (table.pairable().codes >= 0).sum(axis=0).tolist()

    mean = sum(
        count * found[coder].value
        for coder, count in zip(table.coders, counts, strict=True)
        if count
    ) / sum(counts)

    assert mean == pytest.approx(coefficients.percent(table).value)


def test_each_pair_has_a_figure_of_its_own():
    table = Table.wide([[1, 2, 1, 2], [1, 2, 1, 2], [2, 1, 2, 1]])

    found = coefficients.per_pair(table, coefficients.cohen)

    assert {pair: figure.value for pair, figure in found.items()} == {
        (0, 1): 1.0,
        (0, 2): -1.0,
        (1, 2): -1.0,
    }


def test_confusion_has_the_first_coder_in_rows():
    table = Table.wide([["a", "a", "b", None], ["a", "b", "b", "a"]])

    assert coefficients.confusion(table).tolist() == [[1, 1], [0, 1]]


def test_more_categories_than_were_used_raise_what_is_free_of_chance():
    table = table_of([[0, 0], [1, 1], [0, 1]])

    found = [coefficients.s(table, categories=size).value for size in (2, 3, 9)]

    assert all(before < after for before, after in pairwise(found))
    assert coefficients.gwet(table_of([[0, 0]]), categories=2).value == 1


def test_two_values_of_one_coder_for_one_unit_are_refused():
    with pytest.raises(ValueError, match="ana gave two values to 7"):
        Table.of([(7, "ana", 1), (7, "ana", 1)])
