"""A passage in the sentence it stands in, and in the sentence that answers to it in a copy."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.comparison import Change, Comparison, Pair


@dataclass(frozen=True, slots=True)
class Context:
    """The sentence or sentences around a passage, cut at its ends.

    `sentence` is the number of the first one, from 0; [start, end) are theirs in the text.
    """

    before: str
    words: str
    after: str
    sentence: int
    start: int
    end: int


def context(text: str, sentences: Sequence[Sequence[int]], *, start: int, end: int) -> Context:
    """The passage [start, end) with the rest of the sentences it touches."""
    first = max(0, bisect_right(sentences, start, key=lambda span: span[0]) - 1)
    last = max(first, bisect_right(sentences, end - 1, key=lambda span: span[0]) - 1)
    left = min(start, sentences[first][0]) if sentences else start
    right = max(end, sentences[last][1]) if sentences else end
    return Context(text[left:start], text[start:end], text[end:right], first, left, right)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a counterpart; `changed` where its words differ from the source's."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What a copy has in place of a passage: its sentences, and the changes of substance named.

    `start` is where it begins in the copy, `kind` what became of the sentence.
    """

    pieces: tuple[Piece, ...]
    start: int
    end: int
    kind: str
    changes: tuple[Change, ...]


def counterpart(
    comparison: Comparison, derived: str, *, start: int, end: int
) -> Counterpart | None:
    """What answers in the derived text to the source's passage [start, end), or None.

    The passage's sentence decides which pair it is; of that pair's changes those are named that
    touch the passage, and those that only the derived side has.
    """
    pair = max(
        (pair for pair in comparison.pairs if pair.derived),
        key=lambda pair: _shared(pair, start, end),
        default=None,
    )
    if pair is None or not _shared(pair, start, end):
        return None
    left, right = pair.derived[0][0], pair.derived[-1][1]
    changed = sorted(
        edit.derived
        for edit in pair.edits
        if edit.op != "equal" and edit.derived[0] < edit.derived[1]
    )
    pieces: list[Piece] = []
    at = left
    for first, last in changed:
        if at < first:
            pieces.append(Piece(derived[at:first], changed=False))
        pieces.append(Piece(derived[max(at, first) : last], changed=True))
        at = max(at, last)
    pieces.append(Piece(derived[at:right], changed=False))
    return Counterpart(
        tuple(piece for piece in pieces if piece.text),
        left,
        right,
        pair.kind,
        changes=tuple(
            change for change in comparison.changes if _concerns(change, pair, start, end)
        ),
    )


def _shared(pair: Pair, start: int, end: int) -> int:
    return sum(max(0, min(end, last) - max(start, first)) for first, last in pair.source)


def _concerns(change: Change, pair: Pair, start: int, end: int) -> bool:
    if change.kind == "statement":
        return False
    if change.source is not None:
        return change.source.start < end and start < change.source.end
    return change.derived is not None and any(
        first <= change.derived.start < last for first, last in pair.derived
    )
