"""The claim grid to take away: as a table for a spreadsheet, and laid out as a picture."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from textwrap import wrap

from annotations.grid import Column, Grid, Group
from annotations.naming import headings
from annotations.positions import Position, Tally

from .tables import BYTE_ORDER_MARK, defused

LONG = (
    "number",
    "claim",
    "kind",
    "document",
    "document_title",
    "publisher",
    "published_on",
    "stance",
    "coder",
    "position",
    "passages",
)


def csv_wide(grid: Grid) -> str:
    """A row for each claim, a column for each document with the position in words, then counts."""
    header = ["number", "claim", "kind", *_headings(grid.columns)]
    rows = [
        [
            str(row.number),
            row.statement,
            row.kind.label if row.kind else "",
            *(cell.position.label for cell in row.cells),
            *(str(row.tally.count(position)) for position in Position),
            str(row.differing),
        ]
        for row in grid.rows
    ]
    counts = [position.label for position in Position]
    return _csv([[*header, *counts, "Coders differ"], *rows])


def csv_long(grid: Grid) -> str:
    """A row for each coder's position; a cell that nobody has looked at has one without a coder."""
    rows: list[list[str]] = [list(LONG)]
    for row in grid.rows:
        for column, cell in zip(grid.columns, row.cells, strict=True):
            said = [(part.coder, part.position, len(part.spans)) for part in cell.said]
            rows += [
                [
                    str(row.number),
                    row.statement,
                    row.kind.key if row.kind else "",
                    str(column.pk),
                    column.title,
                    column.publisher,
                    column.published_on.isoformat() if column.published_on else "",
                    column.stance,
                    coder,
                    position.value,
                    str(passages),
                ]
                for coder, position, passages in said or [("", cell.position, 0)]
            ]
    return _csv(rows)


def _csv(rows: Iterable[Iterable[str]]) -> str:
    file = StringIO()
    csv.writer(file).writerows([defused(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + file.getvalue()


def _headings(columns: Sequence[Column]) -> list[str]:
    """Who published it, when, what it is, and its title; no two are the same."""
    words = [f"{_imprint(column)}: {column.title}" for column in columns]
    return headings([column.known for column in columns], words)


def _imprint(column: Column) -> str:
    """Who published it, when, and what it is: "Petrel, 2024-02-06, Wire reporting"."""
    published_on = column.published_on.isoformat() if column.published_on else "undated"
    return ", ".join(filter(None, (column.publisher, published_on, column.stance)))


# --- the picture ---------------------------------------------------------------------------------
# Measures are in pixels at 96 to the inch. Text is not measured but estimated, because every
# machine brings another font: a character of 12 px is taken to be 6.4 px wide.

MARGIN = 24
STATEMENT = 330
LINE = 15
CHARACTERS = 54  # of a statement, in a line
TALLY = 150
LEGEND = 190
TILE = 28.0


@dataclass(frozen=True, slots=True)
class Word:
    """A line of text and where it stands."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A cell, TILE wide and high; `words` is its meaning for who cannot see it."""

    x: float
    y: float
    position: Position
    differ: bool
    words: str

    @property
    def middle(self) -> float:
        return self.x + TILE / 2

    @property
    def base(self) -> float:
        """The line that its letter stands on."""
        return self.y + TILE / 2 + 3

    @property
    def foot(self) -> float:
        """Where the strip with its pattern begins."""
        return self.y + TILE - 6

    @property
    def corner(self) -> float:
        """Where the mark for coders who differ begins."""
        return self.x + TILE - 10


@dataclass(frozen=True, slots=True)
class Heading:
    """A document's name, turned upwards, over the middle of its column; `bold` lines are its title."""

    x: float
    y: float
    lines: tuple[Word, ...]
    bold: int


@dataclass(frozen=True, slots=True)
class Bracket:
    """The line under the name of a group, over its columns."""

    x: float
    y: float
    width: float
    label: Word


@dataclass(frozen=True, slots=True)
class Line:
    """A claim's row."""

    y: float
    height: float
    number: Word
    statement: tuple[Word, ...]
    tiles: tuple[Tile, ...]
    tally: Word


@dataclass(frozen=True, slots=True)
class Drawing:
    """A grid laid out: everything that grid.svg needs, in the order of reading."""

    width: float
    height: float
    title: Word
    summary: Word
    size: float
    right: float
    brackets: tuple[Bracket, ...]
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    legend: tuple[tuple[Tile, Word], ...]


def drawing(grid: Grid, name: str) -> Drawing:
    """Lay the grid out; the picture grows with it, and nothing is left out."""
    roomy = len(grid.columns) <= 8
    step = 64.0 if roomy else 46.0
    left = MARGIN + STATEMENT + 12
    width = max(left + step * len(grid.columns) + TALLY + MARGIN, 760)
    top = MARGIN + 52 + 24 * len(grid.headings) + 230
    lines = tuple(_lines(grid, top, left, step=step))
    bottom = lines[-1].y + lines[-1].height if lines else top
    legend = tuple(_legend(bottom + 28, width))
    return Drawing(
        width=width,
        height=(legend[-1][0].y if legend else bottom) + TILE + MARGIN,
        title=Word(MARGIN, MARGIN + 18, f"{name}: claims and documents"),
        summary=Word(MARGIN, MARGIN + 38, summary(grid)),
        size=TILE,
        right=width - MARGIN,
        brackets=tuple(
            bracket
            for place, groups in enumerate(grid.headings)
            for bracket in _brackets(groups, left, MARGIN + 72 + 24 * place, step=step)
        ),
        headings=tuple(
            _heading_at(words, bold, left + step * (place + 0.5), y=top - 10)
            for place, (words, bold) in enumerate(_heads(grid.columns, 2 if roomy else 1))
        ),
        lines=lines,
        legend=legend,
    )


def summary(grid: Grid) -> str:
    """The grid in one sentence."""
    documents = f"{len(grid.columns)} document{'s' if len(grid.columns) != 1 else ''}"
    claims = f"{len(grid.rows)} claim{'s' if len(grid.rows) != 1 else ''}"
    return f"{claims} in {documents}: {str(grid.tally) or 'nothing to show'}."


def _brackets(groups: Iterable[Group], left: float, y: float, *, step: float) -> Iterator[Bracket]:
    x = left
    for group in groups:
        width = step * group.span - 6
        label = _cut(group.label, max(3, int(width / 5.8)))
        yield Bracket(x + 3, y, width, Word(x + 4, y - 5, label))
        x += step * group.span


def _heads(columns: Sequence[Column], lines: int) -> list[tuple[list[str], int]]:
    """The lines over each column, and how many of them are its title; no two are alike, though
    long titles are cut."""
    heads = []
    for column in columns:
        title = wrap(column.title, 34, max_lines=lines, placeholder=" …")
        published_on = f"{column.published_on:%d %b %Y}".lstrip("0") if column.published_on else ""
        imprint = ", ".join(filter(None, (column.publisher, published_on)))
        words = list(filter(None, (*title, _cut(imprint, 36), _cut(column.stance, 36))))
        heads.append((words, len(title)))
    shown = Counter(tuple(words) for words, _ in heads)
    for column, (words, _) in zip(columns, heads, strict=True):
        if shown[tuple(words)] > 1:
            words.append(column.known.number)
    return heads


def _heading_at(words: list[str], bold: int, x: float, *, y: float) -> Heading:
    first = 4 - 13 * (len(words) - 1) / 2
    return Heading(
        x,
        y,
        tuple(Word(0, first + 13 * place, line) for place, line in enumerate(words)),
        bold=bold,
    )


def _lines(grid: Grid, top: float, left: float, *, step: float) -> Iterator[Line]:
    y = top
    for row in grid.rows:
        words = wrap(row.statement, CHARACTERS) or [""]
        height = max(TILE + 8, LINE * len(words) + 10)
        first = y + (height - LINE * len(words)) / 2 + 11
        yield Line(
            y,
            height,
            number=Word(MARGIN + 22, first, str(row.number)),
            statement=tuple(
                Word(MARGIN + 32, first + LINE * place, line) for place, line in enumerate(words)
            ),
            tiles=tuple(
                Tile(
                    left + step * place + (step - TILE) / 2,
                    y + (height - TILE) / 2,
                    cell.position,
                    cell.differ,
                    f"Claim {row.number}, {cell.name}: {cell.words}",
                )
                for place, cell in enumerate(row.cells)
            ),
            tally=Word(left + step * len(row.cells) + 12, y + height / 2 + 4, _signs(row.tally)),
        )
        y += height


def _legend(y: float, width: float) -> Iterator[tuple[Tile, Word]]:
    across = max(1, int((width - 2 * MARGIN) // LEGEND))
    meanings = [(position, position.label, False) for position in Position]
    meanings.append((Position.NOT_LOOKED_AT, "Corner: coders differ", True))
    for place, (position, words, differ) in enumerate(meanings):
        x = MARGIN + LEGEND * (place % across)
        line = y + (TILE + 8) * (place // across)
        yield Tile(x, line, position, differ, words), Word(x + TILE + 8, line + TILE / 2 + 4, words)


def _signs(tally: Tally) -> str:
    """The counts in the letters of the grid: "3+ 1− 2A"."""
    return "  ".join(f"{count}{position.letter}" for position, count in tally.counts)


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1].rstrip()}…"
