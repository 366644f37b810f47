"""Coefficients that ask whether two values are the same: percent, Scott to Gwet, Holsti.

Each takes a Table and gives a Figure. Those made for two coders are, for more, the mean over all
pairs, as ReCal3 prints it; those made for many take missing values as Gwet (2014) does.
"""

from collections.abc import Callable, Hashable
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .alphas import only_one
from .tables import MISSING, Codes, Figure, Reals, Table, agreeing, counts_of

type Coefficient = Callable[[Table], Figure]

# A table of weights between all values is held at once.
MOST_WEIGHED = 2_000


class Weights(StrEnum):
    """How much two different values agree, by their distance on the scale (Gwet 2014, chapter 3)."""

    IDENTITY = "identity"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


def weights_of(values: tuple[Hashable, ...], kind: Weights) -> Reals | str:
    """Agreement between each two values, 1 to 0, shape (values, values); or why there is none.

    Linear and quadratic weights go by the numbers themselves, not by their ranks.
    """
    if kind == Weights.IDENTITY:
        return np.eye(len(values))
    if len(values) > MOST_WEIGHED:
        return f"there are more than {MOST_WEIGHED:,} different values"
    for value in values:
        if not isinstance(value, int | float):
            return f"“{value}” is not a number"
    numbers = np.array(values, float)
    apart = np.abs(numbers[:, None] - numbers)
    apart = apart / (apart.max(initial=0) or 1)
    found: Reals = 1 - (apart if kind == Weights.LINEAR else apart**2)
    return found


def percent(table: Table) -> Figure:
    """The share of pairs of values that are the same; a unit of m values counts m times.

    That is one minus alpha's observed disagreement. Without missing values it is the mean over the
    pairs of coders.
    """
    codes = table.pairable().codes
    if not len(codes):
        return Figure(None, _nothing("percent"))
    sizes = (codes != MISSING).sum(axis=1)
    found = float((agreeing(codes) / (sizes - 1)).sum() / sizes.sum())
    return Figure(found, "", found)


def _nothing(name: str) -> str:
    return f"{name} not defined: no unit has values of two coders"


def _corrected(observed: float, expected: float, name: str) -> Figure:
    # What is summed from shares may miss 1 by its last digit.
    if expected > 1 - 1e-12:
        return Figure(None, only_one(name, observed), observed, expected)
    return Figure((observed - expected) / (1 - expected), "", observed, expected)


# --- two coders, and the mean over pairs of more -------------------------------------------------


def pairwise(table: Table, coefficient: Coefficient) -> Figure:
    """The mean of a coefficient of two over all pairs of coders; undefined where one pair is."""
    figures = []
    for pair in table.pairs():
        figure = coefficient(pair)
        if figure.value is None:
            who = " and ".join(map(str, pair.coders))
            return Figure(
                None, f"{figure.reason} ({who})" if len(table.coders) > 2 else figure.reason
            )
        figures.append(figure)
    if not figures:
        return Figure(None, "not defined: there is only one coder")
    if len(figures) == 1:
        return figures[0]
    return Figure(float(np.mean([figure.value for figure in figures if figure.value is not None])))


def _both(table: Table) -> tuple[Codes, Codes]:
    """The values of two coders on the units that both coded."""
    first, second = table.codes.T
    both = (first != MISSING) & (second != MISSING)
    return first[both], second[both]


def scott(table: Table) -> Figure:
    """Scott's pi (1955): chance by what both coders used together."""
    return pairwise(table, _scott)


def _scott(pair: Table) -> Figure:
    first, second = _both(pair)
    if not len(first):
        return Figure(None, _nothing("Scott's pi"))
    size = len(pair.values)
    used = (counts_of(first, size) + counts_of(second, size)) / (2 * len(first))
    return _corrected(float((first == second).mean()), float((used**2).sum()), "Scott's pi")


def cohen(table: Table, weights: Weights | Reals = Weights.IDENTITY) -> Figure:
    """Cohen's kappa (1960), weighted (1968): chance by what each coder used.

    Weights of one's own are agreement between each two of the table's values, 1 to 0.
    """
    name = "Cohen's kappa"
    if isinstance(weights, Weights) and weights == Weights.IDENTITY:
        return pairwise(table, _cohen)
    found = weights_of(table.values, weights) if isinstance(weights, Weights) else weights
    if isinstance(found, str):
        return Figure(None, f"{name} not defined: {found}")

    def weighted(pair: Table) -> Figure:
        first, second = _both(pair)
        if not len(first):
            return Figure(None, _nothing(name))
        size = len(pair.values)
        shares = [counts_of(codes, size) / len(codes) for codes in (first, second)]
        expected = float(shares[0] @ found @ shares[1])
        return _corrected(float(found[first, second].mean()), expected, name)

    return pairwise(table, weighted)


def _cohen(pair: Table) -> Figure:
    first, second = _both(pair)
    if not len(first):
        return Figure(None, _nothing("Cohen's kappa"))
    size = len(pair.values)
    expected = counts_of(first, size) @ counts_of(second, size) / len(first) ** 2
    return _corrected(float((first == second).mean()), float(expected), "Cohen's kappa")


def holsti(table: Table) -> Figure:
    """Holsti's reliability (1969): twice the agreements over the decisions of both coders.

    Units that only one of the two coded are decisions too, so they lower it.
    """
    return pairwise(table, _holsti)


def _holsti(pair: Table) -> Figure:
    first, second = _both(pair)
    decisions = int((pair.codes != MISSING).sum())
    if not len(first):
        return Figure(None, _nothing("Holsti's reliability"))
    found = 2 * int((first == second).sum()) / decisions
    return Figure(found, "", found)


# --- any number of coders ------------------------------------------------------------------------


def fleiss(table: Table) -> Figure:
    """Fleiss' kappa (1971): Scott's pi for many coders, values missing as in Gwet (2014)."""
    return _by_shares(
        table, "Fleiss' kappa", Weights.IDENTITY, lambda used, _: float((used**2).sum())
    )


def s(table: Table, *, categories: int | None = None) -> Figure:
    """Brennan & Prediger's (1981) kappa, for two coders Bennett's S (1954): every code as likely.

    `categories` says how many codes there were to choose from, else those in use are counted.
    """
    size = categories or len(table.values)
    return _by_shares(table, "S", Weights.IDENTITY, lambda *_: 1 / size)


def gwet(
    table: Table, weights: Weights = Weights.IDENTITY, *, categories: int | None = None
) -> Figure:
    """Gwet's AC1 (2008), with weights AC2: chance by how evenly the codes are used.

    `categories` as in `s`; with weights those in use are counted.
    """

    def expected(used: Reals, found: Reals | None) -> float:
        size = categories if categories and found is None else len(used)
        if size < 2:
            return 1.0
        total = size if found is None else float(found.sum())
        return total / (size * (size - 1)) * float((used * (1 - used)).sum())

    name = "Gwet's AC1" if weights == Weights.IDENTITY else "Gwet's AC2"
    return _by_shares(table, name, weights, expected)


def _by_shares(
    table: Table, name: str, weights: Weights, expected: Callable[[Reals, Reals | None], float]
) -> Figure:
    """Mean agreement within units, corrected by the mean share that each code has of a unit."""
    found = None if weights == Weights.IDENTITY else weights_of(table.values, weights)
    if isinstance(found, str):
        return Figure(None, f"{name} not defined: {found}")
    sizes = (table.codes != MISSING).sum(axis=1)
    codes = table.codes[sizes >= 2]
    if not len(codes):
        return Figure(None, _nothing(name))
    pairs = agreeing(codes) if found is None else _weighted(codes, found)
    within = sizes[sizes >= 2]
    observed = float((pairs / (within * (within - 1))).mean())
    present = table.codes != MISSING
    shares = np.repeat(1 / np.maximum(sizes, 1), sizes)
    used = np.bincount(table.codes[present], weights=shares, minlength=len(table.values))
    return _corrected(observed, expected(used / np.count_nonzero(sizes), found), name)


def _weighted(codes: Codes, weights: Reals) -> Reals:
    found = np.zeros(len(codes))
    for first, second in combinations(codes.T, 2):
        both = (first != MISSING) & (second != MISSING)
        found[both] += weights[first[both], second[both]]
    return 2 * found


# --- who agrees with whom ------------------------------------------------------------------------


def per_pair(table: Table, coefficient: Coefficient) -> dict[tuple[Hashable, Hashable], Figure]:
    """A coefficient for each two coders."""
    return {(pair.coders[0], pair.coders[1]): coefficient(pair) for pair in table.pairs()}


def against_others(table: Table) -> dict[Hashable, Figure]:
    """For each coder the share of her pairs with all others that are the same.

    A unit counts once for her, however many others coded it; their mean, weighted by how many units
    each of them coded, is `percent` of the table.
    """
    codes = table.pairable().codes
    sizes = (codes != MISSING).sum(axis=1)
    found: dict[Hashable, Figure] = {}
    for place, coder in enumerate(table.coders):
        own = codes[:, place : place + 1]
        mine = own[:, 0] != MISSING
        if not mine.any():
            found[coder] = Figure(None, _nothing("percent"))
            continue
        same = (codes == own).sum(axis=1)[mine] - 1
        share = float((same / (sizes[mine] - 1)).mean())
        found[coder] = Figure(share, "", share)
    return found


def confusion(pair: Table) -> NDArray[np.int64]:
    """How often the first coder gave the one value and the second the other.

    Shape (values, values): rows are the first coder's.
    """
    first, second = _both(pair)
    size = len(pair.values)
    return np.bincount(first * np.int64(size) + second, minlength=size * size).reshape(size, size)
