"""Overlapping spans of a text: where to cut it, and how to stack what lies over it.

A span is half-open, [start, end), in code points; spans may overlap, nest and repeat in any way.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.text import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text over which the same spans lie; `over` names them by index, in order."""

    start: int
    end: int
    over: tuple[int, ...]


def segments(start: int, end: int, spans: Sequence[Span]) -> list[Segment]:
    """Cut [start, end) at every boundary of a span.

    The segments tile the stretch, none is empty, and neighbours differ by at least one boundary.
    Spans outside the stretch, and empty ones, count for nothing. Cost: n log n in the number of
    spans, and the size of the answer.
    """
    starting: dict[int, list[int]] = {}
    ending: dict[int, list[int]] = {}
    for index, (first, last) in enumerate(spans):
        first, last = max(first, start), min(last, end)
        if first < last:
            starting.setdefault(first, []).append(index)
            ending.setdefault(last, []).append(index)
    cuts = sorted({start, end, *starting, *ending}) if start < end else []
    found: list[Segment] = []
    over: set[int] = set()
    for first, last in pairwise(cuts):
        over.difference_update(ending.get(first, ()))
        over.update(starting.get(first, ()))
        found.append(Segment(first, last, tuple(sorted(over))))
    return found


def lanes(spans: Iterable[Span]) -> list[int]:
    """A lane for each span, counted from 0, so that no two in one lane overlap.

    Of the spans that begin together the longest gets the lowest lane; no more lanes are used than
    spans lie over one another anywhere.
    """
    spans = list(spans)
    found = [0] * len(spans)
    free: list[int] = []
    taken: list[tuple[int, int]] = []
    lanes_open = 0
    for index in sorted(range(len(spans)), key=lambda i: (spans[i][0], -spans[i][1], i)):
        start, end = spans[index]
        while taken and taken[0][0] <= start:
            heapq.heappush(free, heapq.heappop(taken)[1])
        if free:
            lane = heapq.heappop(free)
        else:
            lane, lanes_open = lanes_open, lanes_open + 1
        found[index] = lane
        heapq.heappush(taken, (end, lane))
    return found
