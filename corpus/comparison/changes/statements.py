"""Sentences that only one of two documents has: what they look like, and whose words they give."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..results import Pair, Quotation, Span
from .facts import Reading

_FRAGMENT = 9
"""Words at most of each sentence of an author's line: "Coffee lover. Writes about ports." """

_MINOR = 6
"""A sentence with no more tokens than this is a nuance, mostly a credit or a caption."""

_QUOTED = 5
"""Words at least of a quotation that is named of itself."""

_MOSTLY = 0.6
"""The share of a stretch's words from which on it is a quotation and nothing more."""

_ENDED = re.compile(r"[.!?…]\W*$")


class Run(NamedTuple):
    """Sentences without a counterpart that follow one another in a paragraph."""

    span: Span
    sentences: int


def runs(text: str, pairs: Sequence[Pair], *, derived: bool) -> dict[Span, Run]:
    """The stretches of sentences without a counterpart, by their first sentence."""
    spans = sorted(
        (span, bool(pair.source and pair.derived))
        for pair in pairs
        for span in (pair.derived if derived else pair.source)
    )
    found: dict[Span, Run] = {}
    first: Span | None = None
    for span, linked in spans:
        if linked:
            first = None
        elif first is not None and "\n" not in text[found[first].span.end : span.start]:
            found[first] = Run(Span(first.start, span.end), found[first].sentences + 1)
        else:
            first = span
            found[first] = Run(span, 1)
    return found


def looks_like(reading: Reading, run: Span) -> str:
    """What a stretch is if it is no part of the story: a byline, a caption, a notice; else ""."""
    text = reading.text
    ((first, last),) = reading.ranges([run])
    words = reading.words[first:last]
    line = f" {' '.join(word.key for word in words)} "
    said = any(found.speaker for found in reading.quotations_in([run]))
    for name, phrases in reading.lists.furniture:
        if not said and any(phrase in line for phrase in phrases):
            return name
    if run.end <= reading.story.start or reading.story.end <= run.start:
        return "notice"
    opens = not text[: run.start].strip()
    alone = _is_paragraph(text, run)
    if alone and words and words[0].key in reading.lists.byline_openers and len(words) < 15:
        capitals = sum(word.capital for word in words[1:])
        if 2 * capitals >= sum(bool(word.stem) for word in words[1:]):
            return "byline"
    if opens and alone and not _ENDED.search(text[run.start : run.end]):
        return "headline"
    if not text[run.end :].strip() and alone and _is_author_line(reading, run):
        return "author’s line"
    return ""


def _is_paragraph(text: str, run: Span) -> bool:
    before, after = text[: run.start].rstrip(" \t"), text[run.end : run.end + 80].lstrip(' \t”"')
    return (not before or before.endswith("\n")) and (not after or after.startswith("\n"))


def _is_author_line(reading: Reading, run: Span) -> bool:
    """Whether a last paragraph has two fragments or more, short and without figures or a subject."""
    ((first, last),) = reading.ranges([run])
    fragments: list[int] = []
    size = 0
    for word in reading.words[first:last]:
        if word.stem:
            if word.opens_fact or (not size and word.key in reading.lists.subjects):
                return False
            size += 1
        elif word.text in ".!?" and size:
            fragments.append(size)
            size = 0
    return len(fragments) > 1 and not size and max(fragments) <= _FRAGMENT


def severity(reading: Reading, run: Span, look: str) -> int:
    ((first, last),) = reading.ranges([run])
    return 1 if look or last - first <= _MINOR else 2


def note(reading: Reading, run: Run, look: str, *, added: bool) -> str:
    """What became of the stretch, in words."""
    ((first, last),) = reading.ranges([run.span])
    words = sum(bool(word.stem) for word in reading.words[first:last])
    many = run.sentences > 1
    size = f"{run.sentences} sentences" if many else "a sentence"
    size += f" of {words} words" if words != 1 else " of one word"
    told = f"{size} {'are' if many else 'is'} {'put in' if added else 'left out'}"
    article = "an" if look[:1] in "aeiou" else "a"
    return f"{told}: looks like {article} {look}" if look else told


def quotation(reading: Reading, run: Span, other: Reading) -> Quotation | None:
    """The first quotation of some length that begins in the stretch and that the other has not."""
    for found in reading.quotations_in([run]):
        if not found.direct:
            continue
        words = _spoken(reading, found.span)
        if len(words.split()) >= _QUOTED and words not in other.spoken:
            return found
    return None


def is_mostly(quotation: Quotation, run: Span) -> bool:
    """Whether a stretch has little beside its quotation."""
    size = quotation.span.end - quotation.span.start
    return size >= _MOSTLY * (run.end - run.start)


def _spoken(reading: Reading, span: Span) -> str:
    ((first, last),) = reading.ranges([span])
    return f" {' '.join(word.key for word in reading.words[first:last] if word.stem)} "
