"""A web page of the old nexis.com: its articles stand between comments, each a row of blocks."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.text import TextError, canonical

from . import exported, nexis_text
from .html import decoded
from .markup import lines_of, parsed
from .reading import ReadDocument, Reader

_MARK = re.compile(rb"<a name=\"?DOC_ID_\d|<DOCFULL>", re.IGNORECASE)
_STARTS = (re.compile(r"<DOCFULL>(?:\s*-->)?", re.IGNORECASE), re.compile(r"<a name=\"?DOC_ID_[^>]{1,40}>", re.IGNORECASE))  # fmt: skip
_ENDS = re.compile(r"<!--[^<>]{0,200}</DOCFULL>|</DOCFULL>", re.IGNORECASE)
_COUNTED = re.compile(
    r"\d+ of \d+ DOCUMENTS?|Dokument \d+ von \d+|Document \d+ de \d+", re.IGNORECASE
)
_NOT_THERE = "We are sorry but there is an error in this document"


def is_export(start: bytes) -> bool:
    """Whether the page is one, by the marks of its articles."""
    return _MARK.search(start) is not None


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The articles of the page, without those that Nexis itself could not give. Raises TextError."""
    raw, note = decoded(stream)
    canonical(raw)  # names the line of a NUL
    starts = next((found for one in _STARTS if (found := list(one.finditer(raw)))), [])
    if reason := exported.too_many(len(starts)):
        raise reason
    ends = [*(found.start() for found in starts[1:]), len(raw)]
    for start, end in zip(starts, ends, strict=False):
        piece = raw[start.end() : end]
        ended = _ENDS.search(piece)
        blocks = _blocks(piece[: ended.start()] if ended else piece)
        if blocks and _NOT_THERE not in blocks[0]:
            yield nexis_text.article(blocks, note=note, reader="html")


def _blocks(piece: str) -> list[str]:
    """The blocks of an article without its number; the paragraphs of its text are apart."""
    try:
        tree = parsed(piece)
    except TextError:
        return []
    divisions = [one for one in tree.iter("div") if one.find(".//div") is None]
    blocks: list[str] = []
    for division in divisions:
        paragraphs = [" ".join(lines_of([one])) for one in division.iter("p")]
        blocks += filter(None, paragraphs or lines_of([division]))
    return blocks[1:] if blocks and _COUNTED.fullmatch(blocks[0]) else blocks


READER = Reader("nexis_html", "Nexis, web page", (), is_export, read)
