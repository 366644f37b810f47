"""Intervals for alpha by taking units anew: jackknife for few units, bootstrap for many.

Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapters 11 and 13. Both draw units
with all their values; observed and expected disagreement are worked out anew each time. That is the
bootstrap that Zapf et al. (2016) found to hold its confidence, not the one of Hayes & Krippendorff
(2007), which keeps the expected disagreement and draws pairs of values.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .alphas import Distance, Weighed
from .tables import MISSING, Codes, Reals, Table

FEWEST_TO_DRAW = 100
SAMPLES = 2_000
SEED = 1
ROUNDING = 1e-12
ROUNDS = 4
# Where more samples than this have only one code, the rest say little about all.
MOST_UNDEFINED = 0.05


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, or the reason why there is none.

    `method` is "jackknife" or "bootstrap"; `samples` counts the samples that alpha was defined in,
    `seed` is that of the bootstrap.
    """

    low: float | None
    high: float | None
    reason: str = ""
    method: str = ""
    confidence: float = 0.95
    samples: int = 0
    seed: int | None = None


def interval(
    table: Table, distance: Distance, *, samples: int = SAMPLES, seed: int = SEED
) -> Interval:
    """The 95 % interval of alpha by a distance.

    With fewer than 100 units that two coders coded it is alpha plus and minus the jackknife's
    standard error times Student's t, at most 1; else the middle of the seeded bootstrap's samples.
    The order of units and coders changes nothing, nor do the names of codes without an order. Time: samples x values given.
    """
    undefined = Interval(None, None, "no interval: alpha is not defined")
    pairable = table.pairable()
    if not pairable.units:
        return undefined
    weighed = Weighed(_in_order(pairable, distance), distance)
    found = weighed.disagreement(np.ones(len(weighed)))
    if found is None:
        return undefined
    if found[0] < ROUNDING * found[1]:
        return Interval(None, None, "no interval: without any disagreement no sample differs")
    if len(weighed) < 2:
        return Interval(None, None, "no interval: only one unit has values of two coders")
    if len(weighed) < FEWEST_TO_DRAW:
        return _jackknife(weighed, 1 - found[0] / found[1])
    return _bootstrap(weighed, samples, seed)


def _jackknife(weighed: Weighed, alpha: float) -> Interval:
    size = len(weighed)
    left = _alphas(weighed, (1 - row for row in np.eye(size)))
    if len(left) < size:
        return Interval(None, None, "no interval: without one of the units only one code is left")
    error = math.sqrt((size - 1) / size * float(((left - left.mean()) ** 2).sum()))
    reach = student(size - 1) * error
    return Interval(alpha - reach, min(1.0, alpha + reach), method="jackknife", samples=size)


def _bootstrap(weighed: Weighed, samples: int, seed: int) -> Interval:
    size = len(weighed)
    chance = np.random.default_rng(seed)
    drawn = (
        np.bincount(chance.integers(size, size=size), minlength=size).astype(float)
        for _ in range(samples)
    )
    found = _alphas(weighed, drawn)
    if len(found) < (1 - MOST_UNDEFINED) * samples:
        missing = samples - len(found)
        return Interval(
            None, None, f"no interval: {missing:,} of {samples:,} samples have only one code"
        )
    low, high = np.percentile(found, [2.5, 97.5]).tolist()
    return Interval(low, high, method="bootstrap", samples=len(found), seed=seed)


def _alphas(weighed: Weighed, draws: Iterator[Reals]) -> Reals:
    found = (weighed.disagreement(weights) for weights in draws)
    return np.array([1 - pair[0] / pair[1] for pair in found if pair is not None])


def _in_order(table: Table, distance: Distance) -> Table:
    """The units ordered by what was said of them, so that a seed draws the same whatever came first."""
    size = len(table.values)
    ranks = np.arange(size) if distance.ordered else _told_apart(table.codes, size)
    places = np.append(ranks, MISSING)[table.codes]
    order = np.lexsort(np.sort(places, axis=1).T)
    units = tuple(table.units[place] for place in order.tolist())
    return Table(units, table.coders, table.values, table.codes[order])


def _told_apart(codes: Codes, size: int) -> NDArray[np.int64]:
    """Ranks of values by how often and beside which others they stand, whatever they are called.

    Values that stay equal may change places. Each round tells more apart, as colours of a graph are
    refined (Weisfeiler & Leman 1968).
    """
    units, _ = np.nonzero(codes != MISSING)
    said = codes[codes != MISSING]
    bounds = np.cumsum(np.bincount(said, minlength=size))[:-1]
    ranks = np.zeros(size, np.int64)
    for _ in range(ROUNDS):
        rows = np.sort(np.append(ranks, MISSING)[codes], axis=1)
        kinds = np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)[units]
        beside = np.split(kinds[np.lexsort((kinds, said))], bounds)
        told = [
            (rank, *found)
            for rank, found in zip(ranks.tolist(), map(np.ndarray.tolist, beside), strict=True)
        ]
        places = {signature: place for place, signature in enumerate(sorted(set(told)))}
        ranks = np.array([places[signature] for signature in told])
    return ranks


def student(freedom: int, confidence: float = 0.95) -> float:
    """How many standard errors to either side Student's t has so much of its weight.

    By halving, over the finite sums for whole degrees of freedom (Abramowitz & Stegun 26.7.3-4).
    """
    low, high = 0.0, 1e6
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        if _inside(middle, freedom) < confidence:
            low = middle
        else:
            high = middle
    return high


def _inside(t: float, freedom: int) -> float:
    angle = math.atan(t / math.sqrt(freedom))
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for step in range(1 + odd, freedom, 2):
        total += term
        term *= math.cos(angle) ** 2 * step / (step + 1)
    if odd:
        return 2 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total
