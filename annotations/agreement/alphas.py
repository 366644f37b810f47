"""Krippendorff's alpha: one minus observed over expected disagreement, by kinds of distance.

Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), and "Content Analysis" (2004),
chapter 11. Observed and expected disagreement are sums over values, never over a table of all pairs
of values, so a scale with thousands of different values costs little more than one with five.
"""

from collections.abc import Callable, Hashable, Sequence
from enum import StrEnum
from itertools import combinations
from typing import Protocol

import numpy as np

from .tables import MISSING, Codes, Figure, Reals, Table, agreeing, counts_of, share

# A ratio scale is integrated over the logarithms of its values; beyond this it takes too many steps.
MOST_RATIO = 1e12
LARGEST = 1e100


class Level(StrEnum):
    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


class Distance(Protocol):
    """How far apart two values are, squared where the coefficient squares it.

    `moves` says that it depends on how often each value occurs, `ordered` that it goes by the order
    or the size of values and not by which of them are the same.
    """

    moves: bool
    ordered: bool

    def within(self, codes: Codes, counts: Reals) -> Reals:
        """For each unit the sum over all ordered pairs of its values; shape (units,)."""
        ...

    def between(self, counts: Reals) -> float:
        """The sum over all ordered pairs of values, each as often as it occurs."""
        ...


class Nominal:
    """0 for the same value, else 1."""

    moves = False
    ordered = False

    def within(self, codes: Codes, counts: Reals) -> Reals:
        sizes = (codes != MISSING).sum(axis=1)
        found: Reals = sizes * (sizes - 1) - agreeing(codes)
        return found

    def between(self, counts: Reals) -> float:
        return float(counts.sum() ** 2 - (counts**2).sum())


class Interval:
    """The squared difference; positions are the numbers, shape (values,)."""

    moves = False
    ordered = True

    def __init__(self, positions: Reals) -> None:
        centred = positions - positions.mean() if len(positions) else positions
        # So that no square is beyond what a float holds.
        self.scale = float(np.abs(centred).max(initial=0)) or 1.0
        self.positions = centred / self.scale

    def within(self, codes: Codes, counts: Reals) -> Reals:
        return _squares(self.positions, codes)

    def between(self, counts: Reals) -> float:
        return _spread(self.positions, counts)


class Ordinal:
    """The squared number of values between two, half of those at either end counted.

    That is the squared difference of the middle ranks, so it moves with the counts.
    """

    moves = True
    ordered = True

    def within(self, codes: Codes, counts: Reals) -> Reals:
        return _squares(np.cumsum(counts) - counts / 2, codes)

    def between(self, counts: Reals) -> float:
        return _spread(np.cumsum(counts) - counts / 2, counts)


class Ratio:
    """The squared quotient of difference and sum of two numbers, none below zero.

    ((c - k) / (c + k))**2 is 1 - 4ck / (c + k)**2, and the last term is the integral over all s of
    4 g(ln c + s) g(ln k + s), where g(u) = exp(u - exp(u)). The trapezoid rule has it to the last
    digits in steps of a quarter, which makes the double sum over values a sum of squares.
    """

    moves = False
    ordered = True
    STEP = 0.25

    def __init__(self, numbers: Reals) -> None:
        self.numbers = numbers
        some = np.log(numbers[numbers > 0])
        lowest, highest = (some.min(), some.max()) if len(some) else (0.0, 0.0)
        steps = np.arange(-highest - 20, -lowest + 5, self.STEP)
        self.parts = np.zeros((len(numbers), len(steps)))
        shifted = some[:, None] + steps
        with np.errstate(under="ignore", over="ignore"):
            self.parts[numbers > 0] = np.exp(shifted - np.exp(shifted))

    def within(self, codes: Codes, counts: Reals) -> Reals:
        return _over_pairs(codes, self._distance)

    def _distance(self, first: Codes, second: Codes) -> Reals:
        one, other = self.numbers[first], self.numbers[second]
        summed = one + other
        return np.asarray(((one - other) / np.where(summed == 0, 1, summed)) ** 2)

    def between(self, counts: Reals) -> float:
        zeros = float(counts[self.numbers == 0].sum())
        alike = 4 * self.STEP * float(((counts @ self.parts) ** 2).sum())
        return float(counts.sum() ** 2) - zeros**2 - alike


class Listed:
    """Distances from a table of the shape (values, values), its diagonal zero."""

    moves = False
    ordered = False

    def __init__(self, table: Reals) -> None:
        self.table = table

    def within(self, codes: Codes, counts: Reals) -> Reals:
        return _over_pairs(codes, lambda first, second: self.table[first, second])

    def between(self, counts: Reals) -> float:
        return float(counts @ self.table @ counts)


def _over_pairs(codes: Codes, distance: Callable[[Codes, Codes], Reals]) -> Reals:
    found = np.zeros(len(codes))
    for first, second in combinations(codes.T, 2):
        both = (first != MISSING) & (second != MISSING)
        found[both] += distance(first[both], second[both])
    return 2 * found


def _squares(positions: Reals, codes: Codes) -> Reals:
    """Twice the size of each unit times the squares around its own mean."""
    present = codes != MISSING
    sizes = present.sum(axis=1)
    placed = np.where(present, positions[codes], 0)
    means = placed.sum(axis=1) / np.maximum(sizes, 1)
    apart = np.where(present, placed - means[:, None], 0)
    return np.asarray(2 * sizes * (apart**2).sum(axis=1))


def _spread(positions: Reals, counts: Reals) -> float:
    total = counts.sum()
    mean = (counts * positions).sum() / total
    return float(2 * total * (counts * (positions - mean) ** 2).sum())


class Weighed:
    """Disagreement in a table whose units count more or less often.

    What does not change with the weights is worked out once, for thousands of samples of the units.
    """

    def __init__(self, table: Table, distance: Distance) -> None:
        self.codes = table.pairable().codes
        self.distance = distance
        self.size = len(table.values)
        present = self.codes != MISSING
        self.sizes = present.sum(axis=1)
        self.owners = np.repeat(np.arange(len(self.codes)), self.sizes)
        self.flat = self.codes[present]
        counts = counts_of(self.codes, self.size).astype(float)
        self.fixed = None if distance.moves else distance.within(self.codes, counts)

    def __len__(self) -> int:
        """How many units have two values or more."""
        return len(self.codes)

    def disagreement(self, weights: Reals) -> tuple[float, float] | None:
        """Observed and expected, or None where fewer than two different values are left."""
        counts = np.bincount(self.flat, weights=weights[self.owners], minlength=self.size)
        total = float(counts.sum())
        if np.count_nonzero(counts) < 2:
            return None
        within = self.distance.within(self.codes, counts) if self.fixed is None else self.fixed
        observed = float((weights * within / (self.sizes - 1)).sum()) / total
        return observed, self.distance.between(counts) / (total * (total - 1))


def distance_of(values: Sequence[Hashable], level: Level) -> Distance | str:
    """The distance of a level of measurement, or in words why these values have none."""
    if level == Level.NOMINAL:
        return Nominal()
    for value in values:
        if not isinstance(value, int | float) or value != value:
            return f"“{value}” is not a number"
        if abs(value) > LARGEST:
            return "a number is beyond 10^100"
    numbers = np.array(values, float)
    if level == Level.ORDINAL:
        return Ordinal()
    if level == Level.INTERVAL:
        return Interval(numbers)
    if (numbers < 0).any():
        return "a ratio scale has no values below zero"
    some = numbers[numbers > 0]
    if len(some) and some.max() / MOST_RATIO > some.min():
        return "the largest value is more than 10^12 times the smallest"
    return Ratio(numbers)


def alpha(table: Table, level: Level = Level.NOMINAL) -> Figure:
    """Krippendorff's alpha at a level of measurement; missing values are left out pair by pair."""
    return alpha_by(table, distance_of(table.values, level))


def alpha_by(table: Table, distance: Distance | str, name: str = "alpha") -> Figure:
    """Alpha by a distance of one's own; a distance in words is the reason why there is none."""
    if isinstance(distance, str):
        return Figure(None, f"{name} not defined: {distance}")
    weighed = Weighed(table, distance)
    if not len(weighed):
        return Figure(None, f"{name} not defined: no unit has values of two coders")
    found = weighed.disagreement(np.ones(len(weighed)))
    if found is None:
        return Figure(None, only_one(name))
    observed, expected = found
    # Interval distances are kept near one, whatever the numbers are.
    with np.errstate(over="ignore", under="ignore"):
        square = float(np.square(np.float64(getattr(distance, "scale", 1.0))))
    return Figure(1 - observed / expected, "", observed * square, expected * square)


def only_one(name: str, agreement: float = 1.0) -> str:
    """Why a coefficient that corrects for chance has no value where there was no choice."""
    return f"{share(agreement)} agreement; {name} not defined: only one code was used"


def alpha_per_code(table: Table) -> dict[Hashable, Figure]:
    """For each value in use nominal alpha of that value against all others together."""
    codes = table.pairable().codes
    size = len(table.values)
    used = counts_of(codes, size).astype(float)
    alike = np.zeros(size)
    each = 2 / np.maximum((codes != MISSING).sum(axis=1) - 1, 1)
    for first, second in combinations(codes.T, 2):
        same = (first == second) & (first != MISSING)
        alike += np.bincount(first[same], weights=each[same], minlength=size)
    total = used.sum()
    found: dict[Hashable, Figure] = {}
    for place in np.flatnonzero(used).tolist():
        observed = float(2 * (used[place] - alike[place]) / total)
        expected = float(2 * used[place] * (total - used[place]) / (total * (total - 1)))
        reason = "" if expected else only_one("alpha")
        value = 1 - observed / expected if expected else None
        found[table.values[place]] = Figure(value, reason, observed, expected)
    return found
