"""Where a marked passage stands in another version of its document, and what became of it there.

Offsets are code points, spans half-open. What is found here is a suggestion, never an annotation.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.comparison import Change, Comparison, Edit, Pair
from corpus.text import Span

# A passage of one sentence is offered even where a few words of it went missing; less is no copy.
SHARE = 0.34

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Projection:
    """The passage's place in the derived text, the sentence pair it came by, and named changes."""

    start: int
    end: int
    verbatim: bool
    pair: Pair
    changes: tuple[Change, ...]


def project(
    comparison: Comparison, passage: Span, *, source: str, derived: str
) -> Projection | None:
    """Follow a passage of the source text into the derived text, to whole words.

    A passage over several sentences follows the pair that shares most with it. None where no pair
    answers to it, or where too little of it has a counterpart.
    """
    start, end = passage
    pairs = [pair for pair in comparison.pairs if pair.derived and _shared(pair.source, passage)]
    if not pairs:
        return None
    pair = max(pairs, key=lambda found: _shared(found.source, passage))
    landed = [
        _land(edit, passage, source=source, derived=derived)
        for edit in pair.edits
        if _meets(edit.source, passage)
    ]
    spans = [span for span in landed if span and derived[span[0] : span[1]].strip()]
    if not spans:
        return None
    first, last = _whole_words(derived, min(s for s, _ in spans), max(e for _, e in spans))
    if last - first < SHARE * (end - start):
        return None
    changes = tuple(
        change
        for change in comparison.changes
        if (change.source and _meets((change.source.start, change.source.end), passage))
        or (change.derived and _meets((change.derived.start, change.derived.end), (first, last)))
    )
    return Projection(first, last, derived[first:last] == source[start:end], pair, changes)


def _land(edit: Edit, passage: Span, *, source: str, derived: str) -> Span | None:
    """The part of the derived side of an edit that answers to the passage."""
    first, last = edit.derived
    if edit.op == "equal":
        # The same words; white space and spelling may be others.
        ours, theirs = _words(source, edit.source), _words(derived, edit.derived)
        if len(ours) == len(theirs):
            met = [n for n, word in enumerate(ours) if _meets(word, passage)]
            if not met:
                return None
            head, tail = ours[met[0]], ours[met[-1]]
            first, last = theirs[met[0]][0], theirs[met[-1]][1]
            if _length(head) == _length(theirs[met[0]]):
                first += max(passage[0] - head[0], 0)
            if _length(tail) == _length(theirs[met[-1]]):
                last -= max(tail[1] - passage[1], 0)
    return (first, last) if first < last else None


def _words(text: str, span: Span) -> list[Span]:
    return [match.span() for match in _WORD.finditer(text, *span)]


def _length(span: Span) -> int:
    return span[1] - span[0]


def _meets(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _shared(spans: Iterable[Span], passage: Span) -> int:
    return sum(max(0, min(end, passage[1]) - max(start, passage[0])) for start, end in spans)


def _whole_words(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end


CODES = {
    "quotation": "quote_altered",
    "number": "detail_changed",
    "date": "detail_changed",
    "name": "detail_changed",
    "negation": "reversed",
    "attribution": "source_changed",
    "roles": "roles_exchanged",
}


def suggested_codes(pair: Pair, changes: Iterable[Change]) -> tuple[str, ...]:
    """Codes of the codebook's variable `change` for a pair of passages, from what the engine named.

    A hedge dropped makes a statement stronger, one added weaker; where one hedge or verb replaced
    another, the engine does not tell the direction and the coder is left to choose.
    """
    if pair.kind in ("added", "dropped"):
        return (pair.kind,)
    changes = tuple(changes)
    found = dict.fromkeys(CODES[change.kind] for change in changes if change.kind in CODES)
    for change in changes:
        if change.kind == "certainty" and (change.source is None or change.derived is None):
            found["weaker" if change.source is None else "stronger"] = None
    if found:
        return tuple(found)
    # Order and division into sentences aside, a pair with only equal edits says the same words.
    return ("same",) if all(edit.op == "equal" for edit in pair.edits) else ("reworded",)
