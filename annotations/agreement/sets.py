"""Agreement where a unit has several codes: its value is a frozenset of them, perhaps an empty one."""

from collections.abc import Hashable, Sequence
from enum import StrEnum

import numpy as np

from .alphas import Distance, Listed, alpha_by
from .tables import Figure, Table

# Distances between so many different sets fit in a small table.
MOST_SETS = 2_000


class Sets(StrEnum):
    """Distances of two sets of codes, by who published them."""

    PASSONNEAU = "MASI (Passonneau 2006)"
    DKPRO = "MASI (DKPro Statistics 2)"
    STEPS = "set distance (Passonneau 2004)"


def set_distance(first: frozenset[Hashable], second: frozenset[Hashable], *, kind: Sets) -> float:
    """How far two sets are apart, 0 to 1.

    Of a set and a part of it the way is a third, of two that overlap two thirds, of others the whole.
    Passonneau's MASI is 1 - Jaccard x (1 - way), DKPro's is (1 - Jaccard) x way, and the oldest is
    the way itself. The empty set is a part of each: only Passonneau's MASI puts it wholly apart.
    """
    if first == second:
        return 0.0
    jaccard = len(first & second) / len(first | second)
    way = 1 / 3 if first <= second or second <= first else 2 / 3 if first & second else 1.0
    if kind == Sets.STEPS:
        return way
    return 1 - jaccard * (1 - way) if kind == Sets.PASSONNEAU else (1 - jaccard) * way


def sets_of(values: Sequence[Hashable], kind: Sets) -> Distance | str:
    """The distances between these sets, or in words why there are none."""
    sets = [value for value in values if isinstance(value, frozenset)]
    if len(sets) < len(values):
        return "a value is not a set of codes"
    if len(sets) > MOST_SETS:
        return f"there are more than {MOST_SETS:,} different sets of codes"
    distances = np.zeros((len(sets), len(sets)))
    for place, first in enumerate(sets):
        for other in range(place):
            distances[place, other] = set_distance(first, sets[other], kind=kind)
    return Listed(distances + distances.T)


def alpha_of_sets(table: Table, kind: Sets = Sets.PASSONNEAU) -> Figure:
    """Krippendorff's alpha of several codes a unit, by MASI or the older set distance."""
    return alpha_by(table, sets_of(table.values, kind))


def dice(table: Table) -> Figure:
    """The mean over units and pairs of coders of Dice's overlap, 2 |A and B| / (|A| + |B|).

    Two empty sets have nothing in common and count as 0. It does not correct for chance.
    """
    shares: list[float] = []
    for pair in table.pairs():
        for one, other in pair.pairable().codes.tolist():
            first, second = table.values[one], table.values[other]
            if not isinstance(first, frozenset) or not isinstance(second, frozenset):
                return Figure(None, "Dice not defined: a value is not a set of codes")
            shares.append(2 * len(first & second) / max(1, len(first) + len(second)))
    if not shares:
        return Figure(None, "Dice not defined: no unit has values of two coders")
    found = float(np.mean(shares))
    return Figure(found, "", found)
