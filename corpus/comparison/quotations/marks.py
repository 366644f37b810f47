"""What stands inside quotation marks, of whatever kind, nested or going on in the next paragraph."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..results import Span

_MARK = re.compile(r"``|''|[\"“”„‟«»‹›‘’‚‛「」『』'\n]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_ELISION = re.compile(r"\d0s|(?:em|tis|twas|til|till|cause|bout|n|cuz|round)\b", re.IGNORECASE)
_CLOSERS = {
    "“": "”", "”": "”", "„": "“", "‟": "”", "«": "»", "»": "«", "‹": "›", "›": "‹",
    "‘": "’", "’": "’", "‚": "‘", "‛": "’", "'": "'", '"': '"', "``": "''", "''": "''",
    "「": "」", "『": "』", "」": "", "』": "",
}  # fmt: skip
_ALSO_CLOSES = {("„", "”"), ("“", '"'), ("‚", "’"), ("``", '"'), ("‟", "“"), ("‘", "'")}
_SINGLE = frozenset("‘’‚‛'")
_STRAIGHT = frozenset(("'", '"', "''"))


class _Mark(NamedTuple):
    start: int
    end: int
    text: str


class Quoted(NamedTuple):
    """Words inside marks: the marks' outer ends, the words' own, and whether they go on."""

    outer: Span
    inner: Span
    depth: int
    continues: bool


def quoted(text: str) -> list[Quoted]:
    """The stretches inside quotation marks, outermost first where they nest."""
    return sorted(_quoted(text), key=lambda found: (found.outer.start, found.depth))


def _quoted(text: str) -> Iterator[Quoted]:
    paragraphs_are_lines = _BLANK_LINE.search(text) is None
    opened: list[_Mark] = []
    tentative: _Mark | None = None  # a single mark that is a close, or the ' of "workers' rights"

    def close(at: _Mark | None, start: int, end: int) -> Iterator[Quoted]:
        mark = opened.pop()
        inner = _trimmed(text, mark.end, start)
        if inner:
            yield Quoted(Span(mark.start, end), inner, len(opened), at is None)

    def settle() -> Iterator[Quoted]:
        nonlocal tentative
        if tentative and opened and opened[-1].text in _SINGLE:
            yield from close(tentative, tentative.start, tentative.end)
        tentative = None

    def end_paragraph(at: int) -> Iterator[Quoted]:
        yield from settle()
        again = _next_opens(text, at)
        while opened:
            mark = opened[-1]
            reopened = again == mark.text
            whole = mark.text in "“„«" or _starts_line(text, mark.start) or reopened
            if mark.text in _SINGLE or len(opened) > 1 or not whole:
                opened.pop()
            else:
                yield from close(None if reopened else mark, at, at)

    for match in _MARK.finditer(text):
        start, end = match.span()
        mark = _Mark(start, end, match[0])
        if mark.text == "\n":
            blank = text.startswith("\n", end) or _BLANK_LINE.match(text, start) is not None
            if paragraphs_are_lines or blank:
                yield from end_paragraph(start)
            continue
        before = text[start - 1 : start]
        after = text[end : end + 1]
        single = mark.text in _SINGLE
        if single and before.isalnum() and after.isalnum():
            continue
        top = opened[-1].text if opened else ""
        closes = _CLOSERS.get(top) == mark.text or (top, mark.text) in _ALSO_CLOSES
        if single and closes and before and not before.isspace():
            if before in "sS" and after == " " and text[end + 1 : end + 2].islower():
                tentative = tentative or mark
            else:
                tentative = None
                yield from close(mark, start, end)
            continue
        opens = _opens(text, mark, before, after)
        if single:
            if opens and top not in _SINGLE:
                yield from settle()
                opened.append(mark)
            continue
        reopens = opens and mark.text in _STRAIGHT and not before.strip() and after.strip()
        if closes and not reopens:
            yield from settle()
            yield from close(mark, start, end)
        elif opens:
            yield from settle()
            if top == mark.text:  # the first was never closed
                opened.pop()
            if len(opened) < 4:
                opened.append(mark)
        elif any(_CLOSERS[open_.text] == mark.text for open_ in opened):
            tentative = None
            while _CLOSERS[opened[-1].text] != mark.text:
                opened.pop()
            yield from close(mark, start, end)
    yield from end_paragraph(len(text))


def _opens(text: str, mark: _Mark, before: str, after: str) -> bool:
    """Whether a mark can begin a quotation, by what stands on its two sides."""
    if mark.text in ("“", "„", "‟", "‚", "‛", "‹", "«", "‘", "``", "「", "『"):
        return not (mark.text == "‘" and _ELISION.match(text, mark.end))
    if not after or after in ".,;:!?)]}":
        return False
    if before.isalnum() or (before and before in ".,;!?%)"):
        # A word, a measure (6'2", 15" wide) or the end of what was never opened.
        return False
    if mark.text in _SINGLE:
        return after.isalnum() and not _ELISION.match(text, mark.end)
    if mark.text in ("”", "»", "›"):
        return after.isalnum() and (not before or before.isspace())
    return not after.isspace() or not before or before.isspace()


def _trimmed(text: str, start: int, end: int) -> Span | None:
    words = text[start:end]
    left = len(words) - len(words.lstrip())
    right = len(words.rstrip())
    if not any(map(str.isalnum, words[:400])) and not any(map(str.isalnum, words[400:])):
        return None
    return Span(start + left, start + right)


def _starts_line(text: str, at: int) -> bool:
    return not text[max(0, at - 80) : at].rpartition("\n")[2].strip()


def _next_opens(text: str, at: int) -> str:
    """The mark that the next paragraph begins with, if it does with one."""
    rest = text[at : at + 80].lstrip()
    return rest[:2] if rest.startswith("``") else rest[:1]


def is_titled(parts: list[str]) -> bool:
    """Whether words have the capitals of a title."""
    content = sum(len(part) > 3 or part == parts[0] for part in parts)
    capitals = sum(part[0].isupper() or part[0].isdigit() for part in parts)
    return content <= capitals and (capitals > 1 or len(parts) == 1)
