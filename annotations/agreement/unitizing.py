"""Agreement on where passages are, and on their labels where two coders marked the same passage.

A continuum is a stretch of text; each coder cuts it into sections by marking. Offsets are half-open.
"""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .tables import Figure, Row, Table

type Bounds = NDArray[np.float64]


class Marked(NamedTuple):
    """A passage that a coder marked with a code."""

    coder: Hashable
    start: int
    end: int
    code: Hashable


# --- where: the alpha of 2004 --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unitized:
    """alpha_U of all codes together and of each; observed and expected are disagreement.

    `merged` counts passages that overlap another by the same coder with the same code: alpha_U knows
    no such units, so these are one.
    """

    alpha: Figure
    by_code: dict[Hashable, Figure]
    merged: int


def alpha_u(
    passages: Iterable[Marked], *, start: int, end: int, coders: Sequence[Hashable]
) -> Unitized:
    """Krippendorff's unitizing alpha of 2004 (Content Analysis, 2nd edition, chapter 11.6).

    Each code is a continuum of its own, from `start` to `end`; codes may overlap. `coders` are all
    who read the text, those who marked nothing too. Raises ValueError where a passage is not inside.
    Time: passages x coders, and sorting them.
    """
    given: dict[Hashable, dict[Hashable, list[tuple[int, int]]]] = {}
    for passage in passages:
        if not start <= passage.start < passage.end <= end:
            raise ValueError(f"{passage.start}-{passage.end} is not inside {start}-{end}")
        codes = given.setdefault(passage.code, {coder: [] for coder in coders})
        codes[passage.coder].append((passage.start, passage.end))
    if len(coders) < 2 or not given:
        why = "there is only one coder" if given else "nobody marked a passage"
        return Unitized(Figure(None, f"alpha_U not defined: {why}"), {}, 0)
    merged = 0
    by_code: dict[Hashable, Figure] = {}
    for code, by_coder in given.items():
        joined = [_joined(spans) for spans in by_coder.values()]
        merged += sum(map(len, by_coder.values())) - sum(map(len, joined))
        sections = [_sections(spans, start, end) for spans in joined]
        by_code[code] = _ratio(_observed(sections, end - start), _expected(sections, end - start))
    observed, expected = (
        sum(getattr(figure, part) for figure in by_code.values())
        for part in ("observed", "expected")
    )
    return Unitized(_ratio(observed, expected), by_code, merged)


def _ratio(observed: float, expected: float) -> Figure:
    if expected <= 0:
        return Figure(None, "alpha_U not defined: chance gives no disagreement", observed, expected)
    return Figure(1 - observed / expected, "", observed, expected)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, those that overlap as one; those that only touch stay two."""
    found: list[tuple[int, int]] = []
    for begin, stop in sorted(spans):
        if found and begin < found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((begin, stop))
    return found


class _Sections(NamedTuple):
    """The passages of a coder and the gaps between them, in order, without a break."""

    starts: Bounds
    ends: Bounds
    marked: NDArray[np.bool_]


def _sections(spans: list[tuple[int, int]], start: int, end: int) -> _Sections:
    cuts: list[tuple[int, int, bool]] = []
    for (_, before), (begin, stop) in pairwise([(start, start), *spans, (end, end)]):
        if before < begin:
            cuts.append((before, begin, False))
        if begin < stop:
            cuts.append((begin, stop, True))
    starts, ends, marked = zip(*cuts, strict=True)
    return _Sections(np.array(starts, float), np.array(ends, float), np.array(marked, bool))


def _observed(coders: list[_Sections], length: int) -> float:
    """The squared distances of all sections of two coders that have text in common.

    Two passages differ by the squares of what sticks out at either end; one that lies inside a gap
    differs by the square of its length.
    """
    total = 0.0
    for one, other in combinations(coders, 2):
        # Between two cuts lies one section of each, and no two such pairs are the same.
        cuts = np.union1d(one.starts, other.starts)
        first = np.searchsorted(one.starts, cuts, side="right") - 1
        second = np.searchsorted(other.starts, cuts, side="right") - 1
        before = one.starts[first] - other.starts[second]
        after = one.ends[first] - other.ends[second]
        both = one.marked[first] & other.marked[second]
        total += float((before[both] ** 2 + after[both] ** 2).sum())
        alone = one.marked[first] & ~other.marked[second] & (before >= 0) & (after <= 0)
        total += float(((one.ends - one.starts)[first[alone]] ** 2).sum())
        alone = ~one.marked[first] & other.marked[second] & (before <= 0) & (after >= 0)
        total += float(((other.ends - other.starts)[second[alone]] ** 2).sum())
    return 2 * total / (len(coders) * (len(coders) - 1) * length**2)


def _expected(coders: list[_Sections], length: int) -> float:
    """What all passages differ if each could stand anywhere on the others' continuum."""
    lengths = np.concatenate([found.ends - found.starts for found in coders])
    marked = np.concatenate([found.marked for found in coders])
    units = lengths[marked]
    gaps = np.sort(lengths[~marked])
    # Gaps from the longest on: how many there are, and how long they are together.
    counts = len(gaps) - np.searchsorted(gaps, units)
    behind = np.concatenate([np.cumsum(gaps[::-1])[::-1], [0.0]])
    room = behind[len(gaps) - counts] - counts * (units - 1)
    among = (len(units) - 1) / 3 * (2 * units**3 - 3 * units**2 + units)
    total = 2 / length * float((among + units**2 * room).sum())
    places = float(len(coders) * length)
    return total / (places * (places - 1) - float((units * (units - 1)).sum()))


# --- where: token by token -----------------------------------------------------------------------


def token_table(
    passages: Iterable[Marked],
    tokens: Sequence[tuple[int, int]],
    *,
    coders: Sequence[Hashable],
) -> Table:
    """A table of tokens by coders, each value the frozenset of codes that the token is marked with.

    A passage has a token if it has a character of it. `tokens` are in order and do not overlap.
    """
    starts = np.array([start for start, _ in tokens])
    ends = np.array([end for _, end in tokens])
    codes: dict[Hashable, list[set[Hashable]]] = {
        coder: [set() for _ in tokens] for coder in coders
    }
    for coder, start, end, code in passages:
        first, last = np.searchsorted(ends, start, "right"), np.searchsorted(starts, end, "left")
        for place in range(int(first), int(last)):
            codes[coder][place].add(code)
    return Table.wide([[frozenset(found) for found in column] for column in codes.values()])


# --- how passages lie ----------------------------------------------------------------------------


class Overlaps(NamedTuple):
    """Of a coder's passages, how many share text with another of hers, and how many share all.

    Stacked ones are among the overlapping.
    """

    overlapping: int
    stacked: int


def overlaps(passages: Iterable[Marked]) -> dict[Hashable, Overlaps]:
    """How many passages of each coder overlap one another."""
    spans: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for passage in passages:
        spans[passage.coder].append((passage.start, passage.end))
    return {coder: _overlaps(sorted(found)) for coder, found in spans.items()}


def _overlaps(spans: list[tuple[int, int]]) -> Overlaps:
    reached = 0
    overlapping = 0
    for place, (start, end) in enumerate(spans):
        follows = place + 1 < len(spans) and spans[place + 1][0] < end
        overlapping += follows or start < reached
        reached = max(reached, end)
    return Overlaps(overlapping, sum(count for count in Counter(spans).values() if count > 1))


# --- labels of the same passage ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """A table of passages that two coders both marked, and what is left over.

    A unit is (coder, coder, number) and has two values. `aligned` counts units; `alone` counts, for
    each two coders, the passages of the first and of the second that found no counterpart.
    """

    table: Table
    aligned: int
    alone: dict[tuple[Hashable, Hashable], tuple[int, int]]


def aligned(
    passages: Iterable[Marked], *, coders: Sequence[Hashable], least: float = 0.5
) -> Aligned:
    """Each two coders' passages, paired one to one, the best first.

    Two are the same passage if what they share is at least `least` of what they cover together.
    Codes take part only where the overlap is equal: then passages of the same code are paired.
    """
    own: dict[Hashable, list[Marked]] = {coder: [] for coder in coders}
    for passage in passages:
        own[passage.coder].append(passage)
    rows: list[Row] = []
    alone: dict[tuple[Hashable, Hashable], tuple[int, int]] = {}
    for first, second in combinations(coders, 2):
        pairs = list(_paired(own[first], own[second], least))
        for number, (one, other) in enumerate(pairs):
            unit = first, second, number
            rows += [(unit, first, one.code), (unit, second, other.code)]
        alone[first, second] = len(own[first]) - len(pairs), len(own[second]) - len(pairs)
    return Aligned(Table.of(rows), len(rows) // 2, alone)


def _paired(
    first: list[Marked], second: list[Marked], least: float
) -> Iterator[tuple[Marked, Marked]]:
    found: list[tuple[float, bool, int, int, int, int]] = []
    order = sorted(range(len(second)), key=lambda place: second[place].start)
    starts = [second[place].start for place in order]
    longest = max((mark.end - mark.start for mark in second), default=0)
    for place, mark in enumerate(first):
        low, high = bisect(starts, mark.start - longest), bisect(starts, mark.end)
        for other in order[low:high]:
            share = overlap(mark, second[other])
            if share >= least and share > 0:
                same = mark.code == second[other].code
                found.append((-share, not same, mark.start, second[other].start, place, other))
    taken: tuple[set[int], set[int]] = set(), set()
    for *_, place, other in sorted(found):
        if place not in taken[0] and other not in taken[1]:
            taken[0].add(place)
            taken[1].add(other)
            yield first[place], second[other]


def overlap(one: Marked, other: Marked) -> float:
    """What two passages share of what they cover together, 0 to 1."""
    shared = max(0, min(one.end, other.end) - max(one.start, other.start))
    return shared / (one.end - one.start + other.end - other.start - shared)
