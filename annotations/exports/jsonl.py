"""JSON Lines: an annotation a line, with all that is stored of it (docs/formats.md)."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from .formats import Format, Preview
from .rows import AnnotationRow, ClaimRow, CodingRow, TargetRow, moment

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
# JSON may hold these as they are, but many readers take them for the end of a line.
_LINE_ENDS = ("\x85", "\u2028", "\u2029")


def jsonl_pieces(annotations: Iterable[AnnotationRow]) -> Iterator[str]:
    for annotation in annotations:
        yield as_line(as_dict(annotation)) + "\n"


def as_line(value: Any) -> str:
    """The value as JSON on one line, its keys sorted, so that the same value is the same line."""
    line = _ENCODER.encode(value)
    if not line.isascii():
        for end in _LINE_ENDS:
            line = line.replace(end, f"\\u{ord(end):04x}")
    return line


def as_dict(annotation: AnnotationRow) -> dict[str, Any]:
    return {
        "id": str(annotation.id),
        "motivation": annotation.motivation,
        "creator": annotation.creator,
        "created": moment(annotation.created),
        "modified": moment(annotation.modified),
        "version": annotation.version,
        "codebook_version": annotation.codebook_version,
        "claim": _claim(annotation.claim) if annotation.claim else None,
        "note": annotation.note,
        "unsure": annotation.unsure,
        "archived": annotation.archived,
        "via": str(annotation.via) if annotation.via else None,
        "generator": annotation.generator,
        "targets": [_target(target) for target in annotation.targets],
        "codings": [_coding(coding) for coding in annotation.codings],
    }


def _target(target: TargetRow) -> dict[str, Any]:
    document = target.document
    return {
        "document": {
            "id": document.id,
            "title": document.title,
            "publisher": document.publisher,
            "published_on": document.published_on.isoformat() if document.published_on else None,
            "url": document.url,
            "language": document.language,
            "sha256": document.sha256,
        },
        "role": target.role,
        "start": target.start,
        "end": target.end,
        "exact": target.exact,
        "prefix": target.prefix,
        "suffix": target.suffix,
    }


def _coding(coding: CodingRow) -> dict[str, str]:
    return {
        "variable": coding.variable,
        "variable_label": coding.variable_label,
        "code": coding.code,
        "code_label": coding.code_label,
    }


def _claim(claim: ClaimRow) -> dict[str, Any]:
    return {
        "id": claim.id,
        "number": claim.number,
        "statement": claim.statement,
        "description": claim.description,
        "order": claim.order,
        "codings": [_coding(coding) for coding in claim.codings],
    }


def spaced(value: Any) -> Preview:
    """One annotation over several lines: what a file has on one line nobody reads on a page."""
    return Preview([], [], json.dumps(value, ensure_ascii=False, indent=2))


FORMAT = Format(
    "jsonl",
    "JSON Lines",
    "jsonl",
    "application/jsonl; charset=utf-8",
    "For your own programs",
    "One annotation a line, with all its passages, codes and its claim. Nothing is left "
    "out, and it is the quickest to read in a program.",
    pieces=lambda annotations, origin, iri: jsonl_pieces(annotations),
    shown=lambda text: spaced(json.loads(text)),
)
