"""Which words of two sentences answer to each other, and the edits that turn one into the other."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from .results import Edit, EditOp, Span
from .tokens import Token, key

ISLAND = 3  # words
SMALL = 3  # letters; most words of three letters and all marks only serve others


class Step(NamedTuple):
    """One step between two token sequences, as half-open ranges of token indices."""

    equal: bool
    source: tuple[int, int]
    derived: tuple[int, int]


def align_words(source: Sequence[str], derived: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs (i, j) of words that answer to each other in two sequences of words."""
    if (len(source), list(source)) > (len(derived), list(derived)):
        return [(i, j) for j, i in align_words(derived, source)]
    return [
        (i, j)
        for step in steps([key(word) for word in source], [key(word) for word in derived])
        if step.equal
        for i, j in zip(range(*step.source), range(*step.derived), strict=True)
    ]


def steps(source: Sequence[str], derived: Sequence[str]) -> list[Step]:
    """The steps that turn one sequence of keys into the other.

    They follow the longest common subsequence, less the islands between changes that say too
    little to stand alone, so that a phrase is replaced in one step.
    """
    if source == derived:
        size = len(source)
        return [Step(True, (0, size), (0, size))] if size else []
    result: list[Step] = []
    for op in LCSseq.opcodes(source, derived):
        _append(
            result,
            Step(op.tag == "equal", (op.src_start, op.src_end), (op.dest_start, op.dest_end)),
        )
    return _without_islands(result, source, derived)


def _append(result: list[Step], step: Step) -> None:
    """Add a step, joined with the last one where both are changes."""
    if result and not step.equal and not result[-1].equal:
        last = result.pop()
        step = Step(False, (last.source[0], step.source[1]), (last.derived[0], step.derived[1]))
    result.append(step)


def _without_islands(
    found: list[Step], source: Sequence[str], derived: Sequence[str]
) -> list[Step]:
    """The steps without equal stretches that are slight beside the changes on both sides.

    After the semantic clean-up of Fraser's diff-match-patch, by words and only for short stretches.
    """
    result: list[Step] = []
    for n, step in enumerate(found):
        if step.equal and 0 < n < len(found) - 1:
            size = step.source[1] - step.source[0]
            substance = _substance(source[slice(*step.source)])
            around = min(_extent(side, source, derived) for side in (result[-1], found[n + 1]))
            if size <= ISLAND and 2 * substance <= around:
                step = Step(False, step.source, step.derived)
        _append(result, step)
    return result


def _extent(step: Step, source: Sequence[str], derived: Sequence[str]) -> int:
    """How much a change says: the letters that were replaced, none where they only came or went."""
    s = sum(map(len, source[slice(*step.source)]))
    d = sum(map(len, derived[slice(*step.derived)]))
    return max(s, d) if s and d else 0


def _substance(keys: Sequence[str]) -> int:
    """How much a stretch says: the letters of its words that are not small."""
    return sum(len(key) for key in keys if len(key) > SMALL)


def edits(
    source: Sequence[Token],
    derived: Sequence[Token],
    *,
    source_runs: Sequence[Span],
    derived_runs: Sequence[Span],
) -> tuple[Edit, ...]:
    """The edits between two token sequences.

    A run is a stretch of one side without a gap; the edits tile the runs of each side in order, so
    none crosses a gap. White space goes to what is equal, so that replaced phrases begin and end
    with words; words left out on the other side take the space that goes with them.
    """
    s_first = _first_tokens(source, source_runs)
    d_first = _first_tokens(derived, derived_runs)
    found = [
        piece
        for step in steps([token.key for token in source], [token.key for token in derived])
        for piece in _cut(step, s_first, d_first)
    ]
    ops = [_op(step) for step in found]
    s_parts = [(step.source, op) for step, op in zip(found, ops, strict=True)]
    d_parts = [(step.derived, op) for step, op in zip(found, ops, strict=True)]
    s_spans = _tiles(source, source_runs, s_first, s_parts)
    d_spans = _tiles(derived, derived_runs, d_first, d_parts)
    return tuple(Edit(*edit) for edit in zip(ops, s_spans, d_spans, strict=True))


def _op(step: Step) -> EditOp:
    if step.equal:
        return "equal"
    if step.source[0] == step.source[1]:
        return "insert"
    return "delete" if step.derived[0] == step.derived[1] else "replace"


def _first_tokens(tokens: Sequence[Token], runs: Sequence[Span]) -> list[int]:
    """The index of the first token of each run."""
    return [bisect_left(tokens, run.start, key=attrgetter("start")) for run in runs]


def _cut(step: Step, source_firsts: list[int], derived_firsts: list[int]) -> list[Step]:
    """The step in pieces, so that none crosses from one run into another."""
    (s, s_end), (d, d_end) = step.source, step.derived
    s_cuts = [first for first in source_firsts if s < first < s_end]
    d_cuts = [first for first in derived_firsts if d < first < d_end]
    if not s_cuts and not d_cuts:
        return [step]
    if step.equal:
        cuts = sorted({first - s for first in s_cuts} | {first - d for first in d_cuts})
        bounds = [0, *cuts, s_end - s]
        return [Step(True, (s + i, s + j), (d + i, d + j)) for i, j in pairwise(bounds)]
    count = max(len(s_cuts), len(d_cuts)) + 2
    s_bounds = ([s, *s_cuts] + [s_end] * count)[:count]
    d_bounds = ([d, *d_cuts] + [d_end] * count)[:count]
    return [
        Step(False, s_range, d_range)
        for s_range, d_range in zip(pairwise(s_bounds), pairwise(d_bounds), strict=True)
    ]


def _tiles(
    tokens: Sequence[Token],
    runs: Sequence[Span],
    firsts: list[int],
    parts: list[tuple[tuple[int, int], EditOp]],
) -> list[Span]:
    """The span of each part of a side; together they tile its runs."""
    starts = {first: run.start for first, run in zip(firsts, runs, strict=True)}
    ends = {last: run.end for last, run in zip([*firsts[1:], len(tokens)], runs, strict=True)}
    spans: list[Span] = []
    at = runs[0].start
    for n, ((first, last), op) in enumerate(parts):
        start = at
        if first < last:
            start = starts.get(first, at)
            at = ends.get(last, -1)
            if at < 0:
                keeps = op in ("insert", "delete") or (
                    op == "equal" and not _takes_space_before(tokens, parts, n + 1)
                )
                at = tokens[last].start if keeps else tokens[last - 1].end
        spans.append(Span(start, at))
    return spans


def _takes_space_before(
    tokens: Sequence[Token], parts: list[tuple[tuple[int, int], EditOp]], n: int
) -> bool:
    """Whether part n is left out on the other side and stands right before a mark, as in "x y."."""
    (first, last), op = parts[n]
    return (
        op in ("insert", "delete")
        and first < last < len(tokens)
        and tokens[last - 1].end == tokens[last].start
    )
