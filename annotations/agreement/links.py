"""Whether coders link the same passages to the same claims, and agree that a claim is absent.

With one fixed list of claims the links are labels: `unitizing.aligned` with the claim as the code
gives their table. With a list of her own for each coder only the grouping can be compared: which
passages tell one claim. Items are passages that both coders marked, as (her claim, the other's).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .tables import Figure, Reals, Row, Table

# The best matching of clusters takes the cube of their number.
MOST_CLUSTERS = 400

type Item = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Grouping:
    """How far the first coder's groups are the second's.

    `precision` asks of what the first put together, `recall` of what the second did; `f1` is their
    harmonic mean, the same from either side.
    """

    precision: Figure
    recall: Figure
    f1: Figure


def b_cubed(items: Sequence[Item]) -> Grouping:
    """B-cubed (Bagga & Baldwin 1998): for each item how much of its group is together there too."""
    if not items:
        return _none("B-cubed")
    first, second = Counter(one for one, _ in items), Counter(other for _, other in items)
    shared = Counter(items)
    precision = sum(count**2 / first[one] for (one, _), count in shared.items()) / len(items)
    recall = sum(count**2 / second[other] for (_, other), count in shared.items()) / len(items)
    return _grouping(precision, recall)


def pairwise_f1(items: Sequence[Item]) -> Grouping:
    """Of the pairs of items that one coder put together, how many the other did."""
    first = _together(Counter(one for one, _ in items))
    second = _together(Counter(other for _, other in items))
    if not first or not second:
        return _none("pairwise F1", "a coder never linked two passages to one claim")
    both = _together(Counter(items))
    return _grouping(both / first, both / second)


def ceaf_e(items: Sequence[Item]) -> Grouping:
    """CEAF by entities (Luo 2005): groups matched one to one so that they share the most.

    Two groups share 2 |A and B| / (|A| + |B|). Time: the cube of the number of claims.
    """
    if not items:
        return _none("CEAF-e")
    first, second = Counter(one for one, _ in items), Counter(other for _, other in items)
    if max(len(first), len(second)) > MOST_CLUSTERS:
        return _none("CEAF-e", f"a coder has more than {MOST_CLUSTERS} claims")
    rows = {claim: place for place, claim in enumerate(first)}
    columns = {claim: place for place, claim in enumerate(second)}
    shared = np.zeros((len(first), len(second)))
    for (one, other), count in Counter(items).items():
        shared[rows[one], columns[other]] = 2 * count / (first[one] + second[other])
    best = best_matching(shared)
    return _grouping(best / len(first), best / len(second))


def _together(groups: Counter[Hashable] | Counter[Item]) -> int:
    return sum(count * (count - 1) // 2 for count in groups.values())


def _grouping(precision: float, recall: float) -> Grouping:
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return Grouping(Figure(precision), Figure(recall), Figure(f1))


def _none(name: str, why: str = "no passage was marked by both coders") -> Grouping:
    figure = Figure(None, f"{name} not defined: {why}")
    return Grouping(figure, figure, figure)


def best_matching(shared: Reals) -> float:
    """The largest sum of entries, none below zero, no two in one row or column.

    By the Hungarian method with shortest augmenting paths (Kuhn 1955, Jonker & Volgenant 1987).
    """
    size = max(shared.shape)
    costs = np.zeros((size + 1, size + 1))
    costs[1 : shared.shape[0] + 1, 1 : shared.shape[1] + 1] = -shared
    of_rows, of_columns = np.zeros(size + 1), np.zeros(size + 1)
    matched = np.zeros(size + 1, int)  # the row of each column; 0 is none
    for row in range(1, size + 1):
        matched[0] = row
        column = 0
        least = np.full(size + 1, np.inf)
        before = np.zeros(size + 1, int)
        done = np.zeros(size + 1, bool)
        while matched[column]:
            done[column] = True
            reduced = costs[matched[column]] - of_rows[matched[column]] - of_columns
            closer = ~done & (reduced < least)
            closer[0] = False
            least[closer] = reduced[closer]
            before[closer] = column
            free = ~done
            free[0] = False
            column = int(np.flatnonzero(free)[np.argmin(least[free])])
            step = least[column]
            of_rows[matched[done]] += step
            of_columns[done] -= step
            least[free] -= step
        while column:
            matched[column] = matched[before[column]]
            column = int(before[column])
    return float(-costs[matched[1:], np.arange(1, size + 1)].sum())


def presence(
    marked: Iterable[tuple[Hashable, Hashable, Hashable]],
    absent: Iterable[tuple[Hashable, Hashable, Hashable]],
) -> Table:
    """A table of (claim, document) by coders with the values "present" and "absent".

    Both are triples (coder, claim, document). What a coder neither marked nor called absent she has
    not looked at, and it is missing; a mark outweighs an absence.
    """
    said = dict.fromkeys(absent, "absent") | dict.fromkeys(marked, "present")
    rows: list[Row] = [
        ((claim, document), coder, value) for (coder, claim, document), value in said.items()
    ]
    return Table.of(rows)
