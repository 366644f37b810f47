import math
import random
from functools import partial
from itertools import pairwise

import pytest

from annotations.agreement.alphas import Level, alpha, alpha_per_code, distance_of
from annotations.agreement.coefficients import cohen, fleiss, gwet, holsti, percent, s, scott
from annotations.agreement.intervals import interval, student
from annotations.agreement.tables import Table
from tests.agreement import plain
from tests.growing import process_time


def coded(units: int, *, wrong: float = 0.2, coders: int = 3, seed: int = 5) -> list[list[int]]:
    chance = random.Random(seed)
    found = []
    for _ in range(units):
        true = chance.choice([1, 2, 2, 3])
        found.append(
            [true if chance.random() > wrong else chance.randint(1, 3) for _ in range(coders)]
        )
    return found


def table_of(units) -> Table:
    return Table.wide(list(zip(*units, strict=True)))


def found(units, level=Level.NOMINAL, **options):
    table = table_of(units)
    return interval(table, distance_of(table.values, level), **options)


@pytest.mark.parametrize(
    ("freedom", "published"), [(1, 12.706), (2, 4.303), (3, 3.182), (10, 2.228), (98, 1.984)]
)
def test_students_t_is_that_of_the_tables(freedom, published):
    assert student(freedom) == pytest.approx(published, abs=0.0005)


@pytest.mark.parametrize("level", list(Level))
def test_under_a_hundred_units_each_is_left_out_once(level):
    units = coded(16)
    judge = plain.LEVELS[level]
    left = [plain.alpha(units[:n] + units[n + 1 :], judge) for n in range(16)]
    mean = sum(left) / 16
    error = math.sqrt(15 / 16 * sum((value - mean) ** 2 for value in left))

    between = found(units, level)

    middle = plain.alpha(units, judge)
    assert between.method == "jackknife"
    assert between.low == pytest.approx(middle - student(15) * error)
    assert between.high == pytest.approx(min(1, middle + student(15) * error))


@pytest.mark.parametrize("level", list(Level))
def test_from_a_hundred_units_on_they_are_drawn(level):
    units = coded(120)
    middle = alpha(table_of(units), level).value

    between = found(units, level, samples=400)

    assert (between.method, between.samples, between.seed) == ("bootstrap", 400, 1)
    assert between.low < middle < between.high
    assert between == found(units, level, samples=400)
    assert between != found(units, level, samples=400, seed=2)


def test_drawn_samples_spread_as_plainly_drawn_ones_do():
    units = coded(100, coders=2)
    chance = random.Random(11)
    plainly = sorted(plain.alpha(chance.choices(units, k=100), plain.nominal) for _ in range(120))

    between = found(units)

    assert between.low == pytest.approx(plainly[3], abs=0.05)
    assert between.high == pytest.approx(plainly[116], abs=0.05)


def test_the_order_of_units_and_coders_draws_the_same():
    units = coded(150)
    turned = [list(reversed(unit)) for unit in reversed(units)]

    first, second = found(units, samples=200), found(turned, samples=200)

    assert second.low == pytest.approx(first.low, abs=1e-12)
    assert second.high == pytest.approx(first.high, abs=1e-12)


@pytest.mark.parametrize("names", ["zyx", "yzx", "xzy"])
def test_the_names_of_codes_draw_the_same(names):
    units = [unit for start in coded(75) for unit in (start, [4 - value for value in start])]
    renamed = [[names[value - 1] for value in unit] for unit in units]

    first, second = found(units, samples=200), found(renamed, samples=200)

    assert second.low == pytest.approx(first.low, abs=1e-12)
    assert second.high == pytest.approx(first.high, abs=1e-12)


def test_three_thousand_units_are_within_their_bounds():
    """Half a second for figures and ten for 2,000 samples, on a processor that others use too."""
    table = table_of(coded(3_699, coders=8))

    for level in Level:
        distance = distance_of(table.values, level)
        drawn = partial(interval, table, distance, samples=100)
        assert min(process_time(drawn) for _ in range(3)) < 10 / 20
    figures = [
        partial(coefficient, table)
        for coefficient in (alpha, alpha_per_code, percent, scott, cohen, fleiss, s, gwet, holsti)
    ]
    assert sum(min(process_time(run) for _ in range(3)) for run in figures) < 0.5


def test_more_units_and_more_agreement_narrow_it():
    widths = [
        (between.high - between.low)
        for between in (found(coded(size), samples=500) for size in (110, 400, 1_600))
    ]

    assert all(after < before for before, after in pairwise(widths))


@pytest.mark.parametrize(
    ("units", "why"),
    [
        ([[1, 1], [2, 2]] * 60, "without any disagreement"),
        ([[1, 1]] * 8, "alpha is not defined"),
        ([[1, 2], [1, None]], "only one unit"),
        ([[1, 1]] * 8 + [[1, 2]], "without one of the units only one code is left"),
        ([[1, 1]] * 150 + [[1, 2]], "samples have only one code"),
        ([[None, 1]], "alpha is not defined"),
    ],
)
def test_where_samples_say_nothing_there_is_no_interval(units, why):
    between = found(units)

    assert between.low is None
    assert between.high is None
    assert why in between.reason
