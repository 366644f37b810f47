"""What is exported of an annotation: plain values, in an order that is always the same."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import batched
from uuid import UUID

from django.db.models import QuerySet

from annotations.models import AnnotationQuerySet, Claim, ClaimCoding, Code, Coding, Known, Target
from corpus.models import Document

# Annotations whose parts are in memory at once; each chunk costs the same number of queries.
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an export comes from; `base` is the site's address and ends in a slash."""

    base: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    id: int
    title: str
    publisher: str
    published_on: date | None
    url: str
    language: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """[start, end) in code points of the document's text; None and "" for a whole document."""

    document: DocumentRow
    role: str
    start: int | None
    end: int | None
    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class CodingRow:
    variable: str
    variable_label: str
    code: str
    code_label: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    id: int
    number: int
    statement: str
    description: str
    order: int
    codings: tuple[CodingRow, ...]


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    id: UUID
    motivation: str
    creator: str
    creator_name: str
    created: datetime
    modified: datetime
    version: int
    codebook_version: int | None
    claim: ClaimRow | None
    note: str
    unsure: bool
    archived: bool
    via: UUID | None
    generator: str
    targets: tuple[TargetRow, ...]
    codings: tuple[CodingRow, ...]


def annotation_rows(
    annotations: AnnotationQuerySet,
    *,
    start: int = 0,
    limit: int | None = None,
    known: Mapping[int, Known] | None = None,
) -> Iterator[AnnotationRow]:
    """The annotations as values, oldest first, in constant memory.

    `known` are the claims' numbers and places as the person is to know them (known_claims),
    None for those that are stored.

    Plain tuples and one query for each kind of part: building model instances for every mark would
    take five times as long.
    """
    ordered = annotations.order_by("created", "pk")
    if not ordered.totally_ordered:
        raise AssertionError("An export needs a total order.")
    stop = None if limit is None else start + limit
    found = ordered.values_list(
        "pk",
        "motivation",
        "creator__username",
        "creator__first_name",
        "creator__last_name",
        "created",
        "modified",
        "version",
        "codebook_version",
        "claim",
        "note",
        "unsure",
        "archived_at",
        "via",
        "generator",
    )[start:stop]
    codes = _Codes()
    for chunk in batched(found.iterator(chunk_size=CHUNK), CHUNK, strict=False):
        keys = [row[0] for row in chunk]
        targets = _targets(keys)
        codings: dict[UUID, tuple[CodingRow, ...]] = _codings(
            Coding.objects.filter(annotation__in=keys), "annotation", codes
        )
        claims = _claims({row[9] for row in chunk if row[9]}, codes, known=known)
        for row in chunk:
            key, motivation, username, first, last, created, modified, version = row[:8]
            codebook_version, claim, note, unsure, archived_at, via, generator = row[8:]
            yield AnnotationRow(
                id=key,
                motivation=motivation,
                creator=username,
                creator_name=f"{first} {last}".strip(),
                created=created,
                modified=modified,
                version=version,
                codebook_version=codebook_version,
                claim=claims.get(claim),
                note=note,
                unsure=unsure,
                archived=archived_at is not None,
                via=via,
                generator=generator,
                targets=targets[key],
                codings=codings.get(key, ()),
            )


def _targets(keys: list[UUID]) -> dict[UUID, tuple[TargetRow, ...]]:
    found = list(
        Target.objects.filter(annotation__in=keys)
        .order_by("order", "pk")
        .values_list("annotation", "document", "role", "start", "end", "exact", "prefix", "suffix")
    )
    documents = {
        row[0]: DocumentRow(*row)
        for row in Document.objects.filter(pk__in={target[1] for target in found}).values_list(
            "pk", "title", "publisher", "published_on", "url", "language", "sha256"
        )
    }
    targets: dict[UUID, tuple[TargetRow, ...]] = defaultdict(tuple)
    for key, document, role, first, end, exact, prefix, suffix in found:
        place = TargetRow(documents[document], role, first, end, exact, prefix, suffix)
        targets[key] += (place,)
    return targets


def _claims(
    keys: set[int], codes: "_Codes", *, known: Mapping[int, Known] | None
) -> dict[int | None, ClaimRow]:
    codings: dict[int, tuple[CodingRow, ...]] = _codings(
        ClaimCoding.objects.filter(claim__in=keys), "claim", codes
    )
    return {
        row[0]: ClaimRow(
            row[0],
            row[1] if known is None else known[row[0]].number,
            row[2],
            row[3],
            row[4] if known is None else known[row[0]].place,
            codings.get(row[0], ()),
        )
        for row in Claim.objects.filter(pk__in=keys).values_list(
            "pk", "number", "statement", "description", "order"
        )
    }


class _Codes(dict[int, tuple[tuple[int, ...], CodingRow]]):
    """The codes met so far, by their key, each with its place in the codebook."""

    def learn(self, keys: set[int]) -> None:
        if unknown := keys - self.keys():
            for code in Code.objects.filter(pk__in=unknown).select_related("variable"):
                place = (code.variable.order, code.variable.pk, code.order, code.pk)
                row = CodingRow(code.variable.key, code.variable.label, code.key, code.label)
                self[code.pk] = place, row


def _codings[Key](
    found: QuerySet[Coding] | QuerySet[ClaimCoding], of: str, codes: _Codes
) -> dict[Key, tuple[CodingRow, ...]]:
    """The codes given, in the codebook's order, by the annotation or claim that gives them."""
    pairs = list(found.values_list(of, "code"))
    codes.learn({code for _, code in pairs})
    given: dict[Key, list[int]] = defaultdict(list)
    for key, code in pairs:
        given[key].append(code)
    return {
        key: tuple(row for _, row in sorted(codes[code] for code in own))
        for key, own in given.items()
    }


def moment(value: datetime) -> str:
    """A moment as xsd:dateTime in UTC, marked Z."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
