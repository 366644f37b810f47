"""The claim grid: what each document of a collection does with each claim, as plain values."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from django.contrib.auth.models import User

from annotations.models import (
    Annotation,
    AnnotationQuerySet,
    Claim,
    ClaimCoding,
    Code,
    Coding,
    listed_claims,
)
from annotations.naming import Known, apart, names
from annotations.positions import Position, Tally, combine
from annotations.standing import Said, Standing, standing
from annotations.vocabulary import CLAIM_TYPE, ORIGIN, STANCE
from annotations.wording import CodeName, in_words, verdict
from corpus.http import as_number
from corpus.models import Collection, Document
from corpus.text import Span

ORDERS = {"order": "As arranged", "type": "Kind of claim", "dispute": "Most disputed first"}
# A page shows so many of each; the files have them all.
MOST_ROWS, MOST_COLUMNS = 50, 40
GROUPINGS = {"story": "By story and origin", "date": "By date"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which grid is asked for. `coder` is a user's id, None for all coders combined; a page shows the
    part that `row` and `column`, counted from 1, are in.
    """

    text: str = ""
    kind: str = ""
    coder: int | None = None
    order: str = "order"
    grouping: str = "story"
    row: int = 1
    column: int = 1

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Wanted":
        """Read the parameters of an address; what makes no sense there is left at its default."""
        coder = query.get("coder", "")
        order, grouping = query.get("order", ""), query.get("group", "")
        return cls(
            text=query.get("q", "").strip(),
            kind=query.get("kind", ""),
            coder=as_number(coder) or None,
            order=order if order in ORDERS else "order",
            grouping=grouping if grouping in GROUPINGS else "story",
            row=as_number(query.get("row", "")) or 1,
            column=as_number(query.get("column", "")) or 1,
        )

    @property
    def filtered(self) -> bool:
        return bool(self.text or self.kind)


@dataclass(frozen=True, slots=True)
class Cell:
    """One document's position on one claim; `own` is what the person looking has said.

    `passages` counts places of the text: where two coders' marks overlap, that is one.
    """

    claim: int
    document: int
    name: str
    position: Position
    differ: bool
    passages: int
    said: tuple[Said, ...]
    own: Position

    @property
    def key(self) -> str:
        return f"{self.claim}-{self.document}"

    @property
    def words(self) -> str:
        """All that the cell shows, for who cannot see it: "For, 2 passages; coders differ"."""
        words = self.position.label
        if self.passages:
            words += f", {self.passages} passage{'s' if self.passages > 1 else ''}"
        if self.differ:
            words += f"; coders differ ({', '.join(map(str, self.said))})"
        return words


@dataclass(frozen=True, slots=True)
class Row:
    """A claim; its `number` never changes, whatever is shown and however that is ordered.

    `cells` are those of the columns shown, `tally` and `differing` (in how many documents the coders
    differ) count all.
    """

    pk: int
    number: int
    statement: str
    kind: CodeName | None
    cells: tuple[Cell, ...] = ()
    tally: Tally = field(default_factory=Tally)
    differing: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A document, with its stance in plain words.

    `name` is the shortest that no other column has; `apart` tells it from one of the same title,
    publisher and date.
    """

    pk: int
    title: str
    publisher: str
    published_on: date | None
    stance: str
    story: str
    origin: str
    file_name: str
    name: str = ""
    apart: str = ""
    tally: Tally = field(default_factory=Tally)

    @property
    def known(self) -> Known:
        published_on = self.published_on.isoformat() if self.published_on else ""
        return Known(self.pk, self.title, self.publisher, published_on, self.file_name)


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring columns of one story, or of one story and origin."""

    label: str
    span: int


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows, or columns, of how many are shown: from the first to the last, counted from 1."""

    first: int
    last: int
    of: int
    most: int

    @classmethod
    def around(cls, place: int, of: int, most: int | None) -> "Part":
        """The part that a place is in, where parts have so many; everything where they have none."""
        if most is None:
            return cls(min(1, of), of, of, of)
        first = (min(place, max(1, of)) - 1) // most * most + 1
        return cls(min(first, of), min(first + most - 1, of), of, most)

    @property
    def slice(self) -> slice:
        return slice(max(0, self.first - 1), self.last)

    @property
    def previous(self) -> "Part | None":
        return Part.around(self.first - self.most, self.of, self.most) if self.first > 1 else None

    @property
    def next(self) -> "Part | None":
        return Part.around(self.last + 1, self.of, self.most) if self.last < self.of else None

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Grid:
    """Claims by documents. `kinds` are the kinds of claim in use, `coders` ids and names.

    `rows` and `columns` are the parts shown; `tally` and `differing` (in how many cells the coders
    differ) count all that fits.
    """

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    stories: tuple[Group, ...]
    origins: tuple[Group, ...]
    coders: tuple[tuple[int, str], ...]
    kinds: tuple[CodeName, ...]
    claims: int
    rows_part: Part
    columns_part: Part
    tally: Tally
    differing: int

    @property
    def headings(self) -> tuple[tuple[Group, ...], ...]:
        """The rows of group names over the documents: stories, then origins, where there are any."""
        return tuple(filter(None, (self.stories, self.origins)))


def claim_grid(collection: Collection, user: User, wanted: Wanted, *, whole: bool = True) -> Grid:
    """The grid as this person may see it, in a constant number of queries; one part unless `whole`."""
    visible, codes, columns, claims = _read(collection, user, wanted)
    said = standing(visible)
    coders = {part.person or 0: name for parts in said.values() for name, part in parts.items()}
    cells = _cells(said, columns, user=user, coder=wanted.coder)
    rows = [_row(claim, cells[claim.pk], len(columns)) for claim in claims]
    kinds = [name for (variable, _), name in codes.items() if variable == CLAIM_TYPE]
    used = {row.kind for row in rows}
    found = _in_order((row for row in rows if _fits(row, wanted)), kinds, wanted.order)
    across = Part.around(wanted.column, len(columns), None if whole else MOST_COLUMNS)
    down = Part.around(wanted.row, len(found), None if whole else MOST_ROWS)
    shown = columns[across.slice]
    grouped = shown if wanted.grouping == "story" else []
    return Grid(
        rows=tuple(_filled(row, cells[row.pk], shown) for row in found[down.slice]),
        columns=tuple(_counted(column, found, cells) for column in shown),
        stories=_groups((column.story, column.story) for column in grouped),
        origins=_groups(((column.story, column.origin), column.origin) for column in grouped),
        coders=tuple(sorted(coders.items(), key=lambda pair: (pair[1], pair[0]))),
        kinds=tuple(kind for kind in kinds if kind in used),
        claims=len(claims),
        rows_part=down,
        columns_part=across,
        tally=_sum(row.tally for row in found),
        differing=sum(row.differing for row in found),
    )


def claim_row(collection: Collection, user: User, claim: Claim) -> tuple[Row, list[Column]]:
    """One claim's row, with a cell in each column, from the marks with that claim alone."""
    wanted = Wanted()
    visible, _, columns, rows = _read(collection, user, wanted, claims=[claim])
    said = standing(visible, claims=[claim.pk])
    cells = _cells(said, columns, user=user, coder=None)[claim.pk]
    return _filled(_row(rows[0], cells, len(columns)), cells, columns), columns


def crossing(
    collection: Collection, user: User, wanted: Wanted, *, claim: int, document: int
) -> tuple[Row, Column] | None:
    """A claim's row with the one cell of a document, and that document's column; both as counted.

    Only the marks with the claim and those on the document are read. None where the claim is not
    in the grid that is wanted.
    """
    visible, _, columns, claims = _read(collection, user, wanted)
    said = standing(visible, claims=[claim]) | standing(visible, documents=[document])
    cells = _cells(said, columns, user=user, coder=wanted.coder)
    rows = [_row(row, cells[row.pk], len(columns)) for row in claims]
    found = [row for row in rows if _fits(row, wanted)]
    column = next(column for column in columns if column.pk == document)
    row = next((row for row in found if row.pk == claim), None)
    if row is None:
        return None
    return _filled(row, cells[claim], [column]), _counted(column, found, cells)


def _read(
    collection: Collection, user: User, wanted: Wanted, *, claims: list[Claim] | None = None
) -> tuple[AnnotationQuerySet, dict[tuple[str, str], CodeName], list[Column], list[Row]]:
    """What may be seen, the names of its codes, the documents, and the claims (the list, or some)."""
    visible = Annotation.objects.seen_by(user, collection).live()
    codes = {
        (code.variable.key, code.key): CodeName(code.key, code.label)
        for code in Code.objects.filter(
            variable__codebook__collection=collection,
            variable__key__in=[CLAIM_TYPE, STANCE, ORIGIN],
        )
        .select_related("variable")
        .order_by("variable__order", "order", "pk")
    }
    columns = _columns(collection, visible, codes, wanted)
    listed = listed_claims(user, collection) if claims is None else claims
    kinds = {
        claim: CodeName(key, label)
        for claim, key, label in ClaimCoding.objects.filter(
            claim__collection=collection, variable__key=CLAIM_TYPE
        ).values_list("claim", "code__key", "code__label")
    }
    rows = [
        Row(claim.pk, claim.number, claim.statement, kind=kinds.get(claim.pk)) for claim in listed
    ]
    return visible, codes, columns, rows


def _cells(
    said: Standing, columns: list[Column], *, user: User, coder: int | None
) -> dict[int, dict[int, Cell]]:
    """The cells of which anything is said, by claim and document."""
    known = {column.pk: column for column in columns}
    cells: dict[int, dict[int, Cell]] = defaultdict(dict)
    for (claim, document), parts in said.items():
        if document in known:
            cells[claim][document] = _cell(
                claim, known[document], parts, viewer=user.username, coder=coder
            )
    return cells


def _row(row: Row, cells: Mapping[int, Cell], columns: int) -> Row:
    """The row with its cells counted, of which it has none yet."""
    return replace(
        row,
        tally=_tally((cell.position for cell in cells.values()), columns),
        differing=sum(cell.differ for cell in cells.values()),
    )


def _filled(row: Row, cells: Mapping[int, Cell], columns: list[Column]) -> Row:
    shown = (
        cells.get(column.pk) or _cell(row.pk, column, {}, viewer="", coder=None)
        for column in columns
    )
    return replace(row, cells=tuple(shown))


def _counted(column: Column, rows: list[Row], cells: Mapping[int, Mapping[int, Cell]]) -> Column:
    found = (cells.get(row.pk, {}).get(column.pk) for row in rows)
    return replace(column, tally=_tally((cell.position for cell in found if cell), len(rows)))


def _tally(positions: Iterable[Position], of: int) -> Tally:
    """The positions counted; what is left of so many nobody has looked at."""
    counts = Counter(positions)
    counts[Position.NOT_LOOKED_AT] += of - counts.total()
    return Tally.of(counts.elements())


def _sum(tallies: Iterable[Tally]) -> Tally:
    counts: Counter[Position] = Counter()
    for tally in tallies:
        counts.update(dict(tally.counts))
    return Tally(tuple((kind, counts[kind]) for kind in Position if counts[kind]))


def _columns(
    collection: Collection,
    visible: AnnotationQuerySet,
    codes: Mapping[tuple[str, str], CodeName],
    wanted: Wanted,
) -> list[Column]:
    """The documents, those of one story together and in it those of one origin."""
    given: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for about, coder, variable, code in Coding.objects.filter(
        annotation__in=visible,
        document__isnull=False,
        claim__isnull=True,
        variable__key__in=[STANCE, ORIGIN],
    ).values_list("document", "creator", "variable__key", "code__key"):
        if about is not None and wanted.coder in (None, coder):
            given[about, variable][coder] = code
    documents = Document.objects.filter(collection=collection).for_lists()
    columns = []
    for document in documents.select_related("story").in_order():
        # A grid is published: it shows what most coders say, not what the viewer does.
        stance, origin = (
            codes.get((variable, verdict(given[document.pk, variable], viewer=0).code or ""))
            for variable in (STANCE, ORIGIN)
        )
        columns.append(
            Column(
                document.pk,
                document.title,
                document.publisher,
                document.published_on,
                stance=in_words(stance, origin),
                story=document.story.name if document.story else "",
                origin=origin.label if origin else "",
                file_name=document.original_name,
            )
        )
    columns = _told_apart(columns)
    if wanted.grouping == "story":
        stories = list(dict.fromkeys(column.story for column in columns))
        origins = [name.label for (variable, _), name in codes.items() if variable == ORIGIN]
        rank = {label: place for place, label in enumerate(origins)}
        columns.sort(
            key=lambda column: (
                not column.story,
                stories.index(column.story),
                rank.get(column.origin, len(rank)),
            )
        )
    return columns


def _told_apart(columns: list[Column]) -> list[Column]:
    known = [column.known for column in columns]
    seen = [f"{row.title} {row.publisher} {row.published_on}" for row in known]
    named = zip(columns, names(known), apart(known, seen), strict=True)
    return [replace(column, name=name, apart=", ".join(more)) for column, name, more in named]


def _groups(keyed: Iterable[tuple[object, str]]) -> tuple[Group, ...]:
    """Neighbours with the same key, by their label; none where no label says anything."""
    groups = []
    for _, members in groupby(keyed, lambda pair: pair[0]):
        labels = [label for _, label in members]
        groups.append(Group(labels[0] or "Others", len(labels)))
    return tuple(groups) if any(group.label != "Others" for group in groups) else ()


def _places(spans: Iterable[Span]) -> int:
    """How many stretches of text the spans cover, those that overlap being one."""
    count, reached = 0, -1
    for start, end in sorted(spans):
        count += start >= reached
        reached = max(reached, end)
    return count


def _cell(
    claim: int,
    column: Column,
    said: Mapping[str, Said],
    *,
    viewer: str,
    coder: int | None,
) -> Cell:
    shown = {key: part for key, part in said.items() if coder in (None, part.person)}
    combined = combine({key: part.position for key, part in shown.items()})
    return Cell(
        claim,
        column.pk,
        column.name,
        position=combined.position,
        differ=combined.differ,
        passages=_places(span for part in shown.values() for span in part.spans),
        said=tuple(sorted(shown.values(), key=lambda part: part.coder)),
        own=said[viewer].position if viewer in said else Position.NOT_LOOKED_AT,
    )


def _fits(row: Row, wanted: Wanted) -> bool:
    words = row.statement.casefold()
    return all(word in words for word in wanted.text.casefold().split()) and (
        not wanted.kind or (row.kind is not None and row.kind.key == wanted.kind)
    )


def _in_order(rows: Iterable[Row], kinds: list[CodeName], order: str) -> list[Row]:
    """The rows, which come as arranged, in one of ORDERS."""
    if order == "type":
        rank = {kind: place for place, kind in enumerate(kinds)}
        return sorted(
            rows, key=lambda row: rank.get(row.kind, len(rank)) if row.kind else len(rank)
        )
    if order == "dispute":
        return sorted(rows, key=lambda row: (*row.tally.dispute, row.differing), reverse=True)
    return list(rows)
