"""The claim grid to take away: as a table for a spreadsheet, and laid out as a picture."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from textwrap import shorten, wrap

from annotations.grid import Column, Grid
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
    header = ["number", "claim", "kind", *map(_heading, grid.columns)]
    rows = [
        [
            str(row.number),
            row.statement,
            row.kind.label if row.kind else "",
            *(cell.position.label for cell in row.cells),
            *(str(row.tally[position]) for position in Position),
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
            said = [(part.coder, part.position, part.passages) for part in cell.said]
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


def _heading(column: Column) -> str:
    return f"{_imprint(column)}: {column.title}"


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
CHARACTERS = 50  # of a statement, in a line
TALLY = 150
LEGEND = 190


@dataclass(frozen=True, slots=True)
class Word:
    """A line of text and where it stands."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A cell; `words` is its meaning for who cannot see it."""

    x: float
    y: float
    position: Position
    differ: bool
    words: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A document's name, turned upwards, over the middle of its column."""

    x: float
    y: float
    lines: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Bracket:
    """The line over the columns of one group, with its name."""

    x: float
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
    brackets: tuple[Bracket, ...]
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    legend: tuple[tuple[Tile, Word], ...]


def drawing(grid: Grid, name: str) -> Drawing:
    """Lay the grid out; the picture grows with it, and nothing is left out."""
    size = 28.0
    step = 56.0 if len(grid.columns) <= 8 else 36.0
    left = MARGIN + STATEMENT + 12
    width = max(left + step * len(grid.columns) + TALLY + MARGIN, 760)
    top = MARGIN + 52 + (24 if grid.groups else 0) + 230
    lines = tuple(_lines(grid, top, left, step=step, size=size))
    bottom = lines[-1].y + lines[-1].height if lines else top
    legend = tuple(_legend(bottom + 28, width, size=size))
    return Drawing(
        width=width,
        height=(legend[-1][0].y if legend else bottom) + size + MARGIN,
        title=Word(MARGIN, MARGIN + 18, f"{name}: claims and documents"),
        summary=Word(MARGIN, MARGIN + 38, summary(grid)),
        size=size,
        brackets=tuple(_brackets(grid, left, step)),
        headings=tuple(
            _heading_at(column, left + step * (place + 0.5), top - 10)
            for place, column in enumerate(grid.columns)
        ),
        lines=lines,
        legend=legend,
    )


def summary(grid: Grid) -> str:
    """The grid in one sentence."""
    documents = f"{len(grid.columns)} document{'s' if len(grid.columns) != 1 else ''}"
    claims = f"{len(grid.rows)} claim{'s' if len(grid.rows) != 1 else ''}"
    return f"{claims} in {documents}: {grid.tally or 'nothing to show'}."


def _brackets(grid: Grid, left: float, step: float) -> Iterator[Bracket]:
    place = 0
    for group in grid.groups:
        x, width = left + step * place, step * group.span
        fits = max(3, int((width - 4) / 6.4))
        yield Bracket(x + 3, width - 6, Word(x + 4, MARGIN + 66, _cut(group.label, fits)))
        place += group.span


def _heading_at(column: Column, x: float, y: float) -> Heading:
    title = [_cut(line, 36) for line in wrap(column.title, 34)[:2]] or [""]
    if len(wrap(column.title, 34)) > 2:
        title[-1] = _cut(f"{title[-1]} {'x' * 40}", 36)
    imprint = ", ".join(
        filter(None, (column.publisher, column.published_on and f"{column.published_on:%-d %b %Y}"))
    )
    lines = [*title, _cut(imprint, 40), column.stance] if len(title) < 2 else [*title, imprint]
    return Heading(x, y, tuple(Word(0, 0, line) for line in lines))


def _lines(
    grid: Grid, top: float, left: float, *, step: float, size: float
) -> Iterator[Line]:
    y = top
    for row in grid.rows:
        words = wrap(row.statement, CHARACTERS) or [""]
        height = max(size + 8, LINE * len(words) + 10)
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
                    left + step * place + (step - size) / 2,
                    y + (height - size) / 2,
                    cell.position,
                    cell.differ,
                    f"Claim {row.number}, {cell.name}: {cell.words}",
                )
                for place, cell in enumerate(row.cells)
            ),
            tally=Word(left + step * len(row.cells) + 12, y + height / 2 + 4, _signs(row.tally)),
        )
        y += height


def _legend(y: float, width: float, *, size: float) -> Iterator[tuple[Tile, Word]]:
    across = max(1, int((width - 2 * MARGIN) // LEGEND))
    for place, position in enumerate(Position):
        x = MARGIN + LEGEND * (place % across)
        line = y + (size + 8) * (place // across)
        tile = Tile(x, line, position, differ=False, words=position.label)
        yield tile, Word(x + size + 8, line + size / 2 + 4, position.label)


def _signs(tally: Tally) -> str:
    """The counts in the letters of the grid: "3+ 1− 2A"."""
    return "  ".join(f"{count}{position.letter}" for position, count in tally.counts)


def _cut(text: str, characters: int) -> str:
    return shorten(text, characters, placeholder="…") if len(text) > characters else text
