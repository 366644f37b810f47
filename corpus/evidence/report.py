"""A comparison as a report that a person reads: in the terminal, or as a page to send to an editor."""

import textwrap
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from corpus.comparison import Change, Comparison, Pair, Passage
from corpus.comparison.wording import gaps, kind_of, label_of, verdict
from corpus.text import visible

WIDTH = 88
GAP = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one side of a pair; `changed` where the other side says it differently."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A pair of passages side by side, with what was named in it."""

    kind: str
    words: str
    source: tuple[Piece, ...]
    derived: tuple[Piece, ...]
    changes: tuple[tuple[str, Change], ...]


def rows(comparison: Comparison, source: str, derived: str) -> list[Row]:
    """The whole comparison in reading order; each named change stands in the row it belongs to."""
    belonging = _belonging(comparison)
    return [
        Row(
            pair.kind,
            kind_of(pair),
            tuple(_pieces(pair, source, side=0)),
            tuple(_pieces(pair, derived, side=1)),
            tuple((label_of(change), change) for change in belonging.get(number, ())),
        )
        for number, pair in enumerate(comparison.pairs)
    ]


def _belonging(comparison: Comparison) -> dict[int, list[Change]]:
    """The changes of each pair, by its number: the first that either passage begins in."""
    sides: tuple[list[tuple[int, int, int]], ...] = ([], [])
    for number, pair in enumerate(comparison.pairs):
        for spans, side in zip((pair.source, pair.derived), sides, strict=True):
            side += [(start, end, number) for start, end in spans]
    for side in sides:
        side.sort()
    found: dict[int, list[Change]] = {}
    for change in comparison.changes:
        numbers = []
        for passage, side in zip((change.source, change.derived), sides, strict=True):
            if passage is not None:
                at = bisect_right(side, passage.start, key=itemgetter(0)) - 1
                if at >= 0 and passage.start < side[at][1]:
                    numbers.append(side[at][2])
        if numbers:
            found.setdefault(min(numbers), []).append(change)
    return found


def _pieces(pair: Pair, text: str, *, side: int) -> Iterator[Piece]:
    for edit in pair.edits:
        start, end = (edit.source, edit.derived)[side]
        if end > start:
            yield Piece(visible(text[start:end]), changed=edit.op != "equal")


def in_context(text: str, passage: Passage | None, *, reach: int = 45) -> tuple[str, str, str]:
    """The passage with some words before and after, on its own line; long ones stand alone."""
    if passage is None:
        return "", "", ""
    before = after = ""
    if passage.end - passage.start < reach:
        before = text[max(0, passage.start - reach) : passage.start].rpartition("\n")[2]
        after = text[passage.end : passage.end + reach].partition("\n")[0]
        if len(before) == reach:
            before = "…" + before.partition(" ")[2]
        if len(after) == reach:
            after = after.rpartition(" ")[0] + " …"
    return visible(before), visible(passage.text), visible(after)


def as_text(comparison: Comparison, source: str, derived: str, *, width: int = WIDTH) -> str:
    """The report for a terminal: the verdict, the changes that matter, then every sentence.

    Changed words stand in square brackets, so that nothing depends on colour.
    """
    return "\n".join(_lines(comparison, source, derived, width)) + "\n"


def _lines(comparison: Comparison, source: str, derived: str, width: int) -> Iterator[str]:
    first = comparison.source["title"] or "first text"
    second = comparison.derived["title"] or "second text"
    yield from textwrap.wrap(verdict(comparison), width)
    yield f"{comparison.source_in_derived:.0%} of the first text's words are in the second."
    yield f"{comparison.derived_in_source:.0%} of the second text's words are in the first."
    if comparison.coarse:
        yield "The texts are very long or repetitive: compared coarsely."
    if gaps(comparison):
        yield from textwrap.wrap(gaps(comparison), width)
    named = sorted(comparison.changes, key=lambda change: -change.severity)
    yield ""
    yield f"Named changes: {len(named)}"
    for change in named:
        yield f"  {'!' * change.severity:<3} {label_of(change)}: {change.note}"
        for sign, text, passage in (
            ("-", source, change.source),
            ("+", derived, change.derived),
        ):
            if passage is not None:
                before, words, after = in_context(text, passage)
                shown = f"{before}[{words}]{after}" if before or after else words
                yield from textwrap.wrap(
                    shown.replace("\n", " "),
                    width,
                    initial_indent=f"      {sign} ",
                    subsequent_indent="        ",
                )
    yield ""
    column = (width - GAP) // 2
    yield f"{_cut(first, column):<{column}} | {_cut(second, column)}"
    yield f"{'-' * column}-+-{'-' * column}"
    for row in rows(comparison, source, derived):
        left = _column(row.source, column)
        right = _column(row.derived, column)
        for number in range(max(len(left), len(right))):
            here = left[number] if number < len(left) else ""
            there = right[number] if number < len(right) else ""
            yield f"{here:<{column}} | {there}".rstrip()
        if row.kind != "same":
            yield f"{'':<{column}} ~ {row.words}"
        yield ""


def _column(pieces: tuple[Piece, ...], width: int) -> list[str]:
    words = "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in pieces)
    return textwrap.wrap(" ".join(words.split()), width)


def _cut(words: str, width: int) -> str:
    return words if len(words) <= width else f"{words[: width - 1]}…"
