"""What an export is: a value that each format's module makes, and the registry lists."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .rows import AnnotationRow, Origin

BLOCK = 64 * 1024  # bytes that leave at once, roughly


@dataclass(frozen=True, slots=True)
class Preview:
    """The first lines of the very file: a table's header and rows, or text."""

    header: list[str]
    rows: list[list[str]]
    text: str


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write annotations down, and in plain words whom it is for.

    `pieces` gives the file's text, from the annotations, where they come from, and the address where
    this very export can be had again. `shown` makes a preview of such a text, that of the first
    `previewed` annotations.
    """

    key: str
    name: str
    suffix: str
    media_type: str
    audience: str
    description: str
    pieces: Callable[[Iterable[AnnotationRow], Origin, str], Iterator[str]]
    shown: Callable[[str], Preview]
    previewed: int = 1

    def write(self, rows: Iterable[AnnotationRow], origin: Origin, iri: str) -> Iterator[bytes]:
        """The file as UTF-8, in blocks worth sending."""
        return encoded(self.pieces(rows, origin, iri))

    def preview(self, rows: Iterable[AnnotationRow], origin: Origin) -> Preview:
        """How the file begins; nothing where there are no annotations."""
        first = list(rows)
        text = "".join(self.pieces(first, origin, origin.base))
        return self.shown(text) if first or self.previewed > 1 else Preview([], [], "")


def encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """The pieces as UTF-8, gathered into blocks worth sending."""
    block = bytearray()
    for piece in pieces:
        block += piece.encode()
        if len(block) >= BLOCK:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)
