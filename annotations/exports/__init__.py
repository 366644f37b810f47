"""Annotations on their way out: rows of plain values, and the formats that write them down."""

from collections.abc import Iterable, Iterator

from . import jsonl, tables, w3c
from .formats import Format, Preview, encoded
from .rows import AnnotationRow, Origin, TargetRow, annotation_rows

__all__ = [
    "FORMATS",
    "AnnotationRow",
    "Format",
    "Origin",
    "Preview",
    "TargetRow",
    "annotation_rows",
    "encoded",
    "pieces",
]

# A format is its module and its place here; docs/formats.md describes it.
FORMATS = {each.key: each for each in (tables.FORMAT, jsonl.FORMAT, w3c.FORMAT)}


def pieces(
    format: Format, annotations: Iterable[AnnotationRow], *, origin: Origin, iri: str
) -> Iterator[str]:
    """The annotations in a format; `iri` is where this very export can be had again."""
    return format.pieces(annotations, origin, iri)
