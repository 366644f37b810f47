"""Plain text, also where Markdown links or stray tags were left in it."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.text import canonical

from .guess import guess
from .reading import ReadDocument, Reader, ReaderName, decode, never, whole

# The target must look like an address, so that `f[i](x)` and `[sic](his words)` stay as they are.
_TARGET = (
    r"<?(?:(?:[#/?]|\.{1,2}/|https?:|mailto:|tel:|www\.)[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)?)?>?"
)
_WORDS = r"(?:[^\[\]\n]|\[[^\[\]\n]*\])*"
_LINK = re.compile(rf"!?\[({_WORDS})\]\({_TARGET}(?:\s+\"[^\"\n]*\")?\)")


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The document in a plain text file. Raises corpus.text.TextError where there is none."""
    raw, note = decode(whole(stream))
    yield of(raw, note=note)


def of(raw: str, *, reader: ReaderName = "plain", note: str = "") -> ReadDocument:
    """The document in a text that is decoded already."""
    text = canonical(without_links(raw))
    return ReadDocument(text, reader, guess(text), note)


def without_links(raw: str) -> str:
    """The text with the words of each Markdown link in the place of the link."""
    # Twice, for a picture that is a link.
    return _LINK.sub(r"\1", _LINK.sub(r"\1", raw))


READER = Reader("plain", "Plain text", (".txt", ".text"), never, read)
