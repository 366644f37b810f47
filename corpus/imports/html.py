"""A news article in a web page: its text without the page around it, and the page's metadata."""

import logging
import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.text import TextError, canonical

from .article import article
from .declared import declared
from .guess import guess
from .markup import parsable, parsed
from .page import blocks_of
from .reading import ReadDocument, Reader, decode, whole

_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})"
    rb"|<\?xml[^>]{0,100}?encoding=[\"']([\w-]{2,40})",
    re.IGNORECASE,
)
logger = logging.getLogger(__name__)

# trafilatura's time grows faster than the page; no article is this long.
_LARGEST_JUDGED = 2_000_000
# An article with a wall in it that is shorter than this is only its beginning.
_A_STUB = 1_500
STUB = "Only its beginning is here: the page keeps the rest for those who pay or sign in."


def is_page(start: bytes) -> bool:
    """Whether the file begins as a web page does."""
    return _BEGINS.match(start[:1000]) is not None


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The article in a web page. Raises corpus.text.TextError where there is none."""
    raw, note = decoded(stream)
    yield of(raw, note=note)


def decoded(stream: BinaryIO) -> tuple[str, str]:
    """The page as text, and a note where its encoding was guessed. Raises TextError."""
    data = whole(stream)
    found = _CHARSET.search(data[:4096])
    return decode(data, (found[1] or found[2]).decode() if found else "")


def of(raw: str, *, note: str = "") -> ReadDocument:
    """The article in a page that is decoded already."""
    canonical(raw)  # names the line of a NUL, which the parser would hide
    tree = parsed(raw)
    said = declared(tree)
    judged = _judged(raw) if len(raw) <= _LARGEST_JUDGED else ""
    blocks = list(blocks_of(tree))
    kept = article(blocks, judged, title=said.about.title)
    text = canonical("\n\n".join(block.text for block in kept))
    if not text:
        raise TextError("The page has no text to read. Perhaps scripts put it there.")
    walled = any(block.wall for block in blocks) and not any(block.wall for block in kept)
    if len(text) < _A_STUB and (said.paid or walled):
        note = f"{STUB} {note}".strip()
    return ReadDocument(text, "html", said.about.or_else(guess(text)), note)


def _judged(raw: str) -> str:
    """What trafilatura takes for the article, a paragraph a line; empty where it finds none."""
    # Imported here: 20 MB that a server which reads no web pages need not hold.
    from trafilatura import extract

    try:
        return extract(parsable(raw).encode(), fast=True, include_comments=False) or ""
    except Exception:
        # It stumbles over some broken pages in ways of its own; we can do without its judgement.
        logger.warning("trafilatura failed on a page", exc_info=True)
        return ""


READER = Reader("html", "Web page", (".html", ".htm", ".xhtml"), is_page, read)
