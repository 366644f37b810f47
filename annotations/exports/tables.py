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


def table_rows(annotation: AnnotationRow) -> Iterator[list[str | int | None]]:
    """The annotation's rows, in the order of COLUMNS.

    A code is said of the passages; the words that name a source and the cue have rows of their own
    without one. So has every target of an annotation without codes.
    """
    passages = any(target.role == "passage" for target in annotation.targets)
    for number, target in enumerate(annotation.targets, start=1):
        said = annotation.codings if target.role == "passage" or not passages else ()
        for coding in said or (None,):
            yield _cells(annotation, target, coding, number=number)


def _cells(
    annotation: AnnotationRow, target: TargetRow, coding: CodingRow | None, *, number: int
) -> list[str | int | None]:
    document, claim = target.document, annotation.claim
    return [
        str(annotation.id),
        annotation.motivation,
        document.id,
        defused(document.title),
        defused(document.publisher),
        document.published_on.isoformat() if document.published_on else "",
        defused(document.url),
        document.sha256,
        number,
        target.role,
        target.start,
        target.end,
        defused(target.exact),
        defused(annotation.creator),
        defused(coding.variable) if coding else "",
        defused(coding.variable_label) if coding else "",
        defused(coding.code) if coding else "",
        defused(coding.code_label) if coding else "",
        claim.id if claim else None,
        defused(claim.statement) if claim else "",
        defused(annotation.note),
        "true" if annotation.unsure else "false",
        moment(annotation.created),
        moment(annotation.modified),
        annotation.version,
        annotation.codebook_version,
        str(annotation.via or ""),
        defused(annotation.generator),
    ]
