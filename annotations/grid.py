"""The claim grid: what each document of a collection does with each claim, as plain values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from django.contrib.auth.models import User
from django.db.models import Prefetch, prefetch_related_objects

from annotations.models import (
    Annotation,
    AnnotationQuerySet,
    ClaimCoding,
    Code,
    Coding,
    Target,
    listed_claims,
)
from annotations.naming import Known, apart, names
from annotations.positions import Occurrence, Position, Tally, combine, derive
from annotations.vocabulary import CLAIM_TYPE, ORIGIN, POSITION, PRESENCE, STANCE, VOICE
from annotations.wording import CodeName, in_words, verdict
from corpus.http import as_number
from corpus.models import Collection, Document
from corpus.text import Span

ORDERS = {"order": "As arranged", "type": "Kind of claim", "dispute": "Most disputed first"}
GROUPINGS = {"story": "By story and origin", "date": "By date"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which grid is asked for. `coder` is a user's id, None for all coders combined."""

    text: str = ""
    kind: str = ""
    coder: int | None = None
    order: str = "order"
    grouping: str = "story"

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
        )

    @property
    def filtered(self) -> bool:
        return bool(self.text or self.kind)


@dataclass(frozen=True, slots=True)
class Said:
    """One coder's part in a cell; `spans` are the passages marked."""

    coder: str
    position: Position
    spans: tuple[Span, ...]

    def __str__(self) -> str:
        return f"{self.coder}: {self.position.label.lower()}"


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
    """A claim; its `number` never changes, whatever is shown and however that is ordered."""

    pk: int
    number: int
    statement: str
    kind: CodeName | None
    cells: tuple[Cell, ...]

    @property
    def tally(self) -> Tally:
        return Tally.of(cell.position for cell in self.cells)

    @property
    def differing(self) -> int:
        """In how many documents the coders differ."""
        return sum(cell.differ for cell in self.cells)


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
class Grid:
    """Claims by documents. `kinds` are the kinds of claim in use, `coders` ids and names."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    stories: tuple[Group, ...]
    origins: tuple[Group, ...]
    coders: tuple[tuple[int, str], ...]
    kinds: tuple[CodeName, ...]
    claims: int

    @property
    def headings(self) -> tuple[tuple[Group, ...], ...]:
        """The rows of group names over the documents: stories, then origins, where there are any."""
        return tuple(filter(None, (self.stories, self.origins)))

    @property
    def tally(self) -> Tally:
        return Tally.of(cell.position for row in self.rows for cell in row.cells)

    @property
    def differing(self) -> int:
        """In how many cells the coders differ."""
        return sum(row.differing for row in self.rows)


# (claim, document) -> coder -> what that coder says
_Said = dict[tuple[int, int], dict[int, Said]]


def claim_grid(collection: Collection, user: User, wanted: Wanted) -> Grid:
    """The grid as this person may see it, in a constant number of queries."""
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
    said, coders = _said(visible)
    claims = listed_claims(user, collection)
    prefetch_related_objects(
        claims,
        Prefetch(
            "codings",
            ClaimCoding.objects.filter(variable__key=CLAIM_TYPE).select_related("code"),
        ),
    )
    rows = [
        Row(
            claim.pk,
            claim.number,
            claim.statement,
            kind=next(
                (CodeName(row.code.key, row.code.label) for row in claim.codings.all()), None
            ),
            cells=tuple(
                _cell(
                    claim.pk,
                    column,
                    said[claim.pk, column.pk],
                    viewer=user.pk,
                    coder=wanted.coder,
                )
                for column in columns
            ),
        )
        for claim in claims
    ]
    kinds = [name for (variable, _), name in codes.items() if variable == CLAIM_TYPE]
    used = {row.kind for row in rows}
    grouped = wanted.grouping == "story"
    shown = tuple(_in_order((row for row in rows if _fits(row, wanted)), kinds, wanted.order))
    return Grid(
        rows=shown,
        columns=tuple(
            replace(column, tally=Tally.of(row.cells[place].position for row in shown))
            for place, column in enumerate(columns)
        ),
        stories=_groups((column.story, column.story) for column in columns) if grouped else (),
        origins=_groups(((column.story, column.origin), column.origin) for column in columns)
        if grouped
        else (),
        coders=tuple(sorted(coders.items(), key=lambda pair: (pair[1], pair[0]))),
        kinds=tuple(kind for kind in kinds if kind in used),
        claims=len(claims),
    )


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


def _said(visible: AnnotationQuerySet) -> tuple[_Said, dict[int, str]]:
    """What each coder says in each cell, and the coders' names."""
    about = visible.filter(claim__isnull=False).exclude(motivation=Annotation.Motivation.LINKING)
    coded: dict[object, dict[str, str]] = defaultdict(dict)
    for annotation, variable, code in Coding.objects.filter(
        annotation__in=about, variable__key__in=[VOICE, POSITION, PRESENCE]
    ).values_list("annotation", "variable__key", "code__key"):
        coded[annotation][variable] = code
    names: dict[int, str] = {}
    marked: dict[tuple[int, int, int], list[tuple[Span, Occurrence]]] = defaultdict(list)
    absent: set[tuple[int, int, int]] = set()
    for annotation, claim, coder, name, document, start, end in Target.objects.filter(
        annotation__in=about, role=Target.Role.PASSAGE
    ).values_list(
        "annotation",
        "annotation__claim",
        "annotation__creator",
        "annotation__creator__username",
        "document",
        "start",
        "end",
    ):
        codes, place = coded[annotation], (claim, document, coder)
        names[coder] = name
        if start is not None and end is not None:
            occurrence = Occurrence(codes.get(VOICE), codes.get(POSITION))
            marked[place].append(((start, end), occurrence))
        elif codes.get(PRESENCE) == "absent":
            absent.add(place)
    said: _Said = defaultdict(dict)
    for place in marked.keys() | absent:
        claim, document, coder = place
        said[claim, document][coder] = Said(
            names[coder],
            derive((found for _, found in marked[place]), absent=place in absent),
            tuple(sorted(span for span, _ in marked[place])),
        )
    return said, names


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
    said: Mapping[int, Said],
    *,
    viewer: int,
    coder: int | None,
) -> Cell:
    shown = {key: part for key, part in said.items() if coder in (None, key)}
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
