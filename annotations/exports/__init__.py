"""Annotations on their way out: rows of plain values, and the formats that write them down."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .jsonl import jsonl_pieces
from .rows import AnnotationRow, Origin, TargetRow, annotation_rows
from .tables import csv_pieces
from .w3c import MEDIA_TYPE, w3c_pieces

__all__ = [
    "FORMATS",
    "AnnotationRow",
    "Format",
    "Origin",
    "TargetRow",
    "annotation_rows",
    "encoded",
    "pieces",
]

BLOCK = 64 * 1024  # bytes that leave at once, roughly


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write annotations down, and in plain words whom it is for."""

    key: str
    name: str
    suffix: str
    media_type: str
    audience: str
    description: str


FORMATS = {
    each.key: each
    for each in (
        Format(
            "csv",
            "Table (CSV)",
            "csv",
            "text/csv; charset=utf-8; header=present",
            "For spreadsheets and statistics",
            "A row for each code given to each passage: who, where, which words, which code, which "
            "claim. Opens in Excel, LibreOffice, R, SPSS and pandas.",
        ),
        Format(
            "jsonl",
            "JSON Lines",
            "jsonl",
            "application/jsonl; charset=utf-8",
            "For your own programs",
            "One annotation a line, with all its passages, codes and its claim. Nothing is left "
            "out, and it is the quickest to read in a program.",
        ),
        Format(
            "w3c",
            "W3C Web Annotation",
            "jsonld",
            MEDIA_TYPE,
            "For other annotation tools and archives",
            "The web’s own standard for annotations, as JSON-LD. Other tools find each passage by "
            "its words and by its position.",
        ),
    )
}


def pieces(
    format: Format, annotations: Iterable[AnnotationRow], *, origin: Origin, iri: str
) -> Iterator[str]:
    """The annotations in a format; `iri` is where this very export can be had again."""
    match format.key:
        case "csv":
            return csv_pieces(annotations)
        case "jsonl":
            return jsonl_pieces(annotations)
        case "w3c":
            return w3c_pieces(annotations, origin, iri)
    raise ValueError(f"There is no format {format.key}.")


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
