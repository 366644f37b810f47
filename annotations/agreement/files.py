"""A table of values from a file of comma-separated values, long or wide.

Long: a header with the columns unit, coder and value, in any order, others left alone. Wide, as
ReCal wants it: one line a unit, one column a coder, with or without a header, whose column "unit"
(or "id", "item", "case", or a first one without a name) names the units.
"""

import csv
import io
import re
from collections.abc import Hashable
from dataclasses import dataclass

from .alphas import Level
from .tables import Row, Table

MOST_BYTES = 20_000_000
MOST_CELLS = 10_000_000
MOST_CODERS = 200
MOST_SIGNS = 1_000
# An empty cell, ReCal's sign, that of SPSS, Krippendorff's own, and that of R.
MISSING_SIGNS = frozenset({"", "#", ".", "*", "NA"})

_LONG = ("unit", "coder", "value")
_UNITS = frozenset({"unit", "id", "item", "case"})
# What a table program makes of a whole number where its column has gaps is the same code.
_WHOLE = re.compile(r"(-?(?:0|[1-9]\d*))(?:\.0*)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

type _Line = tuple[int, list[str]]


class FileError(ValueError):
    """A file that is no table, with the line where that shows."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True, eq=False)
class ReadTable:
    """A table and in words how its file was read; `missing` counts cells without a value."""

    table: Table
    form: str
    missing: int


def read_table(
    data: bytes, *, level: Level = Level.NOMINAL, header: bool | None = None
) -> ReadTable:
    """The table in a file; raises FileError.

    At the nominal level values are text, but where all are whole numbers 1.0 is 1. At the others they
    are numbers, with a decimal point or a comma. `header` says whether the first line of a wide file
    names its columns; without it, it does if its cells are all different and none is a number or
    stands again below.
    """
    if len(data) > MOST_BYTES:
        raise FileError(f"more than {MOST_BYTES // 1_000_000} MB")
    lines = _cut(_decoded(data))
    names = [cell.casefold() for cell in lines[0][1]]
    if all(names.count(name) == 1 for name in _LONG):
        cells, form = _long(lines, names), "long: unit, coder, value"
    else:
        cells, form = _wide(lines, _is_header(lines) if header is None else header)
    given = [cell for cell in cells if cell[3] not in MISSING_SIGNS]
    if not given:
        raise FileError("no values")
    read = _number
    if level == Level.NOMINAL:
        read = _whole if all(_WHOLE.fullmatch(cell[3]) for cell in given) else _as_it_is
    rows: list[Row] = [(unit, coder, read(value, line)) for line, unit, coder, value in given]
    _bounded(rows)
    return ReadTable(Table.of(rows), form, len(cells) - len(given))


def _bounded(rows: list[Row]) -> None:
    units, coders = len({row[0] for row in rows}), len({row[1] for row in rows})
    if coders > MOST_CODERS:
        raise FileError(
            f"{coders:,} coders, more than {MOST_CODERS}; are unit and coder exchanged?"
        )
    if units * coders > MOST_CELLS:
        raise FileError(f"{units:,} units of {coders:,} coders are more than {MOST_CELLS:,} cells")


# --- lines and cells -----------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1 if encoding != "utf-16" else None
        raise FileError("not UTF-8; save it as CSV in UTF-8", line) from None
    if "\0" in text:
        raise FileError(
            "a NUL character; this is not text", text.count("\n", 0, text.index("\0")) + 1
        )
    return text


def _cut(text: str) -> list[_Line]:
    """The lines with their numbers and cells, all as long as the first, empty ones left out."""
    found: list[list[_Line]] = []
    fault: FileError | None = None
    for separator in _separators(text):
        try:
            found.append(_split(text, separator))
        except FileError as error:
            fault = fault or error
    if found:
        # One column is a table too, but never where another separator finds more.
        return max(found, key=lambda lines: len(lines[0][1]) > 1)
    raise fault or FileError("the file is empty")


def _separators(text: str) -> list[str]:
    """Those in the first line with something in it; a comma last, for it may be a decimal one."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise FileError("the file is empty")
    return [sign for sign in "\t;," if sign in first] or [","]


def _split(text: str, separator: str) -> list[_Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[_Line] = []
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                lines.append((reader.line_num, stripped))
    except csv.Error as error:
        raise FileError(f"not CSV ({error})", reader.line_num) from None
    if not lines:
        raise FileError("no values")
    width = len(lines[0][1])
    for number, cells in lines:
        if len(cells) != width:
            raise FileError(f"{len(cells)} columns, where the first line has {width}", number)
        if any(len(cell) > MOST_SIGNS for cell in cells):
            raise FileError(f"a cell of more than {MOST_SIGNS:,} characters", number)
    used = max(place for _, cells in lines for place, cell in enumerate(cells, 1) if cell)
    return [(number, cells[:used]) for number, cells in lines]


# --- the two forms -------------------------------------------------------------------------------

type _Cell = tuple[int, Hashable, Hashable, str]


def _long(lines: list[_Line], names: list[str]) -> list[_Cell]:
    unit, coder, value = (names.index(name) for name in _LONG)
    seen: dict[tuple[str, str], int] = {}
    cells: list[_Cell] = []
    for number, line in lines[1:]:
        key = line[unit], line[coder]
        if not all(key):
            raise FileError(f"no {'coder' if key[0] else 'unit'}", number)
        if key in seen:
            raise FileError(
                f"coder {key[1]} gave unit {key[0]} a value in line {seen[key]} already", number
            )
        seen[key] = number
        cells.append((number, *key, line[value]))
    return cells


def _wide(lines: list[_Line], headed: bool) -> tuple[list[_Cell], str]:
    names = lines[0][1] if headed else []
    own = next((place for place, name in enumerate(names) if name.casefold() in _UNITS), None)
    if own is None and "" in names:
        own = 0
    columns = [place for place in range(len(lines[0][1])) if place != own]
    coders = [names[place] for place in columns] if headed else [place + 1 for place in columns]
    if len(set(coders)) < len(coders):
        raise FileError("two columns have the same name", lines[0][0])
    cells: list[_Cell] = []
    units: dict[str, int] = {}
    for number, line in lines[headed:]:
        if own is not None and units.setdefault(line[own], number) != number:
            raise FileError(f"unit {line[own]} stands in line {units[line[own]]} already", number)
        unit = number if own is None else line[own]
        cells += [
            (number, unit, coder, line[place]) for coder, place in zip(coders, columns, strict=True)
        ]
    return cells, f"wide: a column a coder, {'with' if headed else 'without'} a header"


def _is_header(lines: list[_Line]) -> bool:
    first = lines[0][1]
    if len(lines) < 2 or len(set(first)) < len(first) or not all(first[1:]):
        return False
    if any(name.casefold() in _UNITS for name in first):
        return True
    below = {cell for _, line in lines[1:] for cell in line}
    return not any(_NUMBER.fullmatch(name) or name in below for name in first if name)


# --- values --------------------------------------------------------------------------------------


def _as_it_is(value: str, line: int) -> Hashable:
    return value


def _whole(value: str, line: int) -> Hashable:
    return int(value.partition(".")[0])


def _number(value: str, line: int) -> Hashable:
    if not _NUMBER.fullmatch(value):
        raise FileError(f"“{value[:40]}” is not a number", line)
    number = float(value.replace(",", "."))
    if abs(number) > 1e100:
        raise FileError(f"“{value[:40]}” is too large a number", line)
    return number
