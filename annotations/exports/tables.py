"""The table: CSV with a row for each code given to each passage (docs/formats.md)."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

from .rows import AnnotationRow, CodingRow, TargetRow, moment

# Without it Excel takes UTF-8 for the old encoding of its country.
BYTE_ORDER_MARK = "\ufeff"

COLUMNS = (
    "annotation",
    "motivation",
    "document",
    "document_title",
    "publisher",
    "published_on",
    "url",
    "sha256",
    "target",
    "target_role",
    "start",
    "end",
    "exact",
    "coder",
    "variable",
    "variable_label",
    "code",
    "code_label",
    "claim",
    "claim_statement",
    "note",
    "unsure",
    "created",
    "modified",
    "version",
    "codebook_version",
    "via",
    "generator",
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
    claim = annotation.claim
    head: list[Cell] = [str(annotation.id), annotation.motivation]
    tail: list[Cell] = [
        claim.id if claim else None,
        defused(claim.statement) if claim else None,
        defused(annotation.note),
        "true" if annotation.unsure else "false",
        moment(annotation.created),
        moment(annotation.modified),
        annotation.version,
        annotation.codebook_version,
        str(annotation.via or ""),
        defused(annotation.generator),
    ]
    passages = any(target.role == "passage" for target in annotation.targets)
    for number, target in enumerate(annotation.targets, start=1):
        place = [*_place(target, number), defused(annotation.creator)]
        said = annotation.codings if target.role == "passage" or not passages else ()
        for coding in said or (None,):
            yield [*head, *place, *_answer(coding), *tail]


def _place(target: TargetRow, number: int) -> list[Cell]:
    document = target.document
    return [
        document.id,
        defused(document.title),
        defused(document.publisher),
        document.published_on.isoformat() if document.published_on else None,
        defused(document.url),
        document.sha256,
        number,
        target.role,
        target.start,
        target.end,
        defused(target.exact),
    ]


def _answer(coding: CodingRow | None) -> list[Cell]:
    if coding is None:
        return [None] * 4
    answer = (coding.variable, coding.variable_label, coding.code, coding.code_label)
    return [defused(cell) for cell in answer]
