"""The table: CSV with a row for each code given to each passage (docs/formats.md)."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

from .formats import Format, Preview
from .rows import AnnotationRow, CodingRow, TargetRow, moment

# Without it Excel takes UTF-8 for the old encoding of its country.
BYTE_ORDER_MARK = "\ufeff"

# For people first, in the order they ask: who said what about which words; then for programs.
COLUMNS = (
    "coder",
    "document_title",
    "exact",
    "variable_label",
    "code_label",
    "claim_statement",
    "note",
    "unsure",
    "publisher",
    "published_on",
    "annotation",
    "motivation",
    "target",
    "target_role",
    "document",
    "start",
    "end",
    "variable",
    "code",
    "claim",
    "claim_number",
    "url",
    "sha256",
    "created",
    "modified",
    "version",
    "codebook_version",
    "via",
    "generator",
    "archived",
)

Cell = str | int | None  # None is written as an empty cell

# What a spreadsheet may run when a cell starts so: the formula signs, also in full width and after
# white space, and the control characters that some programs strip before they look.
_FORMULA = re.compile("'*(?:\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")


def defused(cell: str) -> str:
    """The cell as a spreadsheet may open it: an apostrophe goes before what could be a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """What defused() was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def csv_pieces(annotations: Iterable[AnnotationRow]) -> Iterator[str]:
    """The file, piece by piece: byte order mark, header, then the rows of one annotation each."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(COLUMNS)
    yield buffer.getvalue()
    for annotation in annotations:
        buffer.seek(0)
        buffer.truncate()
        writer.writerows(table_rows(annotation))
        yield buffer.getvalue()


def table_rows(annotation: AnnotationRow) -> Iterator[list[Cell]]:
    """The annotation's rows, in the order of COLUMNS.

    A code is said of the passages; the words that name a source and the cue have rows of their own
    without one. So has every target of an annotation without codes.
    """
    passages = any(target.role == "passage" for target in annotation.targets)
    facts = _facts(annotation)
    for number, target in enumerate(annotation.targets, start=1):
        place = _place(target, number)
        said = annotation.codings if target.role == "passage" or not passages else ()
        for coding in said or (None,):
            cells = facts | place | (_answer(coding) if coding else {})
            yield [cells.get(column) for column in COLUMNS]


def _facts(annotation: AnnotationRow) -> dict[str, Cell]:
    claim = annotation.claim
    return {
        "annotation": str(annotation.id),
        "motivation": annotation.motivation,
        "coder": defused(annotation.creator),
        "claim": claim.id if claim else None,
        "claim_number": claim.number if claim else None,
        "claim_statement": defused(claim.statement) if claim else None,
        "note": defused(annotation.note),
        "unsure": "true" if annotation.unsure else "false",
        "created": moment(annotation.created),
        "modified": moment(annotation.modified),
        "version": annotation.version,
        "codebook_version": annotation.codebook_version,
        "via": str(annotation.via) if annotation.via else None,
        "generator": defused(annotation.generator),
        "archived": "true" if annotation.archived else "false",
    }


def _place(target: TargetRow, number: int) -> dict[str, Cell]:
    document = target.document
    return {
        "document": document.id,
        "document_title": defused(document.title),
        "publisher": defused(document.publisher),
        "published_on": document.published_on.isoformat() if document.published_on else None,
        "url": defused(document.url),
        "sha256": document.sha256,
        "target": number,
        "target_role": target.role,
        "start": target.start,
        "end": target.end,
        "exact": defused(target.exact),
    }


def _answer(coding: CodingRow) -> dict[str, Cell]:
    return {
        "variable": defused(coding.variable),
        "variable_label": defused(coding.variable_label),
        "code": defused(coding.code),
        "code_label": defused(coding.code_label),
    }


PREVIEWED = 12  # rows that a page shows


def _shown(text: str) -> Preview:
    lines = list(csv.reader(StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))
    return Preview(lines[0], lines[1 : PREVIEWED + 1], "")


FORMAT = Format(
    "csv",
    "Table (CSV)",
    "csv",
    "text/csv; charset=utf-8; header=present",
    "For spreadsheets and statistics",
    "A row for each code given to each passage: who, where, which words, which code, which "
    "claim. Opens in Excel, LibreOffice, R, SPSS and pandas.",
    pieces=lambda annotations, origin, iri: csv_pieces(annotations),
    shown=_shown,
    previewed=PREVIEWED,
)
