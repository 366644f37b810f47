"""What is exported of an annotation: plain values, in an order that is always the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import Prefetch

from annotations.models import (
    Annotation,
    AnnotationQuerySet,
    Claim,
    ClaimCoding,
    Code,
    Coding,
    Target,
    Variable,
)
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
    via: UUID | None
    generator: str
    targets: tuple[TargetRow, ...]
    codings: tuple[CodingRow, ...]


def rows(
    annotations: AnnotationQuerySet, *, start: int = 0, limit: int | None = None
) -> Iterator[AnnotationRow]:
    """The annotations as values, oldest first, in constant memory."""
    ordered = annotations.order_by("created", "pk").select_related("creator")
    if not ordered.totally_ordered:
        raise AssertionError("An export needs a total order.")
    stop = None if limit is None else start + limit
    for annotation in ordered.prefetch_related(*PARTS)[start:stop].iterator(chunk_size=CHUNK):
        yield _row(annotation)


# Variables, codes, claims and documents are few beside the marks on them: a prefetch reads each
# once in a chunk, where a join would read and build it again for every mark.
_CODES = ("code", Code.objects.only("key", "label"))
_VARIABLES = ("variable", Variable.objects.only("key", "label"))
_IN_CODEBOOK_ORDER = ("variable__order", "variable__pk", "code__order", "code__pk")
PARTS = (
    Prefetch("targets", Target.objects.order_by("order", "pk")),
    Prefetch("targets__document", Document.objects.for_lists()),
    Prefetch(
        "codings",
        Coding.objects.only("annotation", "variable", "code")
        .prefetch_related(Prefetch(*_VARIABLES), Prefetch(*_CODES))
        .order_by(*_IN_CODEBOOK_ORDER),
    ),
    Prefetch("claim", Claim.objects.all()),
    Prefetch(
        "claim__codings",
        ClaimCoding.objects.prefetch_related(Prefetch(*_VARIABLES), Prefetch(*_CODES)).order_by(
            *_IN_CODEBOOK_ORDER
        ),
    ),
)


def _row(annotation: Annotation) -> AnnotationRow:
    claim = annotation.claim
    return AnnotationRow(
        id=annotation.pk,
        motivation=annotation.motivation,
        creator=annotation.creator.username,
        creator_name=annotation.creator.get_full_name(),
        created=annotation.created,
        modified=annotation.modified,
        version=annotation.version,
        codebook_version=annotation.codebook_version,
        claim=ClaimRow(
            id=claim.pk,
            statement=claim.statement,
            description=claim.description,
            order=claim.order,
            codings=_codings(claim.codings.all()),
        )
        if claim
        else None,
        note=annotation.note,
        unsure=annotation.unsure,
        via=annotation.via_id,
        generator=annotation.generator,
        targets=tuple(
            TargetRow(
                document=_document(target.document),
                role=target.role,
                start=target.start,
                end=target.end,
                exact=target.exact,
                prefix=target.prefix,
                suffix=target.suffix,
            )
            for target in annotation.targets.all()
        ),
        codings=_codings(annotation.codings.all()),
    )


def _codings(codings: Iterable[Coding] | Iterable[ClaimCoding]) -> tuple[CodingRow, ...]:
    return tuple(
        CodingRow(
            variable=coding.variable.key,
            variable_label=coding.variable.label,
            code=coding.code.key,
            code_label=coding.code.label,
        )
        for coding in codings
    )


def _document(document: Document) -> DocumentRow:
    return DocumentRow(
        id=document.pk,
        title=document.title,
        publisher=document.publisher,
        published_on=document.published_on,
        url=document.url,
        language=document.language,
        sha256=document.sha256,
    )


def moment(value: datetime) -> str:
    """A moment as xsd:dateTime in UTC, marked Z."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
