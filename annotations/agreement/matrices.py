"""Reliability data as files that other programs read: ReCal, KALPHA, tidycomm and icr, pygamma.

Each gives text with lines ended by CRLF. What programs of statistics take as numbers is numbered: the
values of a table from 1 in their order, where they are not all numbers; `key` tells which is which.
"""

import csv
import io
from collections.abc import Hashable, Iterable, Sequence

from .tables import MISSING, Table
from .unitizing import Marked


def recal(table: Table) -> str:
    """For ReCal2, ReCal3 and ReCal OIR: a line a unit, a column a coder, no header, # for missing.

    ReCal2 and ReCal3 take no missing values: give them `table` with complete units only.
    """
    return _text(_numbered(table, "#"))


def kalpha(table: Table) -> str:
    """For KALPHA in SPSS and SAS: a header with the coders, a line a unit, a full stop for missing."""
    return _text([list(map(str, table.coders)), *_numbered(table, ".")])


def tidycomm(table: Table, variable: str) -> str:
    """For test_icr of tidycomm: columns unit, coder and the variable; what is missing has no line.

    Values are the codes themselves.
    """
    return _text([["unit", "coder", variable], *(list(map(str, row)) for row in table.rows())])


def icr(table: Table) -> str:
    """For krippalpha of icr: a header with the units, a line a coder, NA for missing.

    That is the matrix of coders by units once its first column names the rows.
    """
    columns = list(zip(*_numbered(table, "NA"), strict=True)) or [()] * len(table.coders)
    lines = [[str(coder), *column] for coder, column in zip(table.coders, columns, strict=True)]
    return _text([["", *map(str, table.units)], *lines])


def pygamma(passages: Iterable[Marked]) -> str:
    """For Continuum.from_csv of pygamma-agreement: coder, code, start, end; no header.

    One text a file. Offsets are half-open.
    """
    return _text(
        [[str(coder), str(code), str(start), str(end)] for coder, start, end, code in passages]
    )


def key(table: Table) -> dict[Hashable, str]:
    """Which number stands for each value; a number stands for itself."""
    if all(isinstance(value, int | float) for value in table.values):
        return {value: str(value) for value in table.values}
    return {value: str(number) for number, value in enumerate(table.values, 1)}


def _numbered(table: Table, missing: str) -> list[list[str]]:
    numbers = dict(enumerate(key(table).values())) | {MISSING: missing}
    return [[numbers[code] for code in line] for line in table.codes.tolist()]


def _text(lines: Sequence[Sequence[str]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(lines)
    return file.getvalue()
