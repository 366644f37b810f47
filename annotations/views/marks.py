from bisect import bisect
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.access import may_change
from annotations.models import (
    Annotation,
    AnnotationQuerySet,
    Claim,
    Code,
    Coding,
    Target,
    numbered,
)
from annotations.reader.address import reader_url, titles_of
from corpus.http import Request, as_number
from corpus.models import Collection, Document

from .library import ARCHIVE
from .panels import current_claims

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A mark with where it stands; `number` is its claim's, None without one."""

    annotation: Annotation
    passages: tuple["Place", ...]
    number: int | None
    said: str
    may_take_out: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A passage, or a whole document where there are no words, and where the reader shows it."""

    title: str
    words: str
    url: str


@require_safe
def marks(request: Request, slug: str) -> HttpResponse:
    """All marks that one may see, and what was noted of whole documents, to sift and to jump to."""
    collection = Collection.objects.open_to(request.user, slug)
    claims = current_claims(collection)
    names = ("q", "document", "code", "claim", "coder", "note", "unsure", "shelf")
    wanted = {name: request.GET.get(name, "").strip() for name in names}
    seen = Annotation.objects.seen_by(request.user, collection)
    visible = seen.live()
    archived = _in_order(seen.archived()).count()
    if wanted["shelf"] == ARCHIVE:
        visible = seen.archived()
        away = Claim.objects.seen_by(request.user, collection).archived().in_order()
        claims = [*claims, *numbered(request.user, collection, list(away))]
    found = _sifted(_in_order(visible), wanted)
    found_marks = found.marks().count()
    page = Paginator(found.with_parts(), PER_PAGE).get_page(request.GET.get("page"))
    # Asked as a set: a join would read each coding of each code, which PostgreSQL does at great length.
    said = Coding.objects.filter(annotation__in=visible.values("pk"))
    codes = (
        Code.objects.filter(pk__in=said.values("code"))
        .select_related("variable")
        .order_by("variable__order", "variable", "order", "pk")
    )
    context = {
        "collection": collection,
        "rows": _rows(collection, list(page), {claim.pk: claim.number for claim in claims}),
        "page": page,
        "mark_count": found_marks,
        "answer_count": page.paginator.count - found_marks,
        "wanted": wanted,
        "filtered": any(wanted.values()),
        "archived": archived,
        "documents": [
            (str(key), title)
            for key, title in titles_of(
                list(
                    Document.objects.filter(collection=collection)
                    .for_lists()
                    .order_by("title", "pk")
                )
            ).items()
        ],
        "codes": [(f"{code.variable.key}:{code.key}", code) for code in codes],
        "claims": [(str(claim.pk), claim.number, claim) for claim in claims],
        "coders": list(User.objects.filter(pk__in=visible.values("creator")).order_by("username")),
    }
    template = "annotations/marks.html"
    if request.htmx:
        template += "#marks"
    return render(request, template, context)


def _in_order(annotations: AnnotationQuerySet) -> AnnotationQuerySet:
    """Those of passages, and of whole documents those with a note or a doubt, as in the texts."""
    first = Target.objects.filter(annotation=OuterRef("pk"), role="passage").order_by("order", "pk")
    return (
        annotations.annotate(
            title=Subquery(first.values("document__title")[:1]),
            document=Subquery(first.values("document")[:1]),
            start=Subquery(first.values("start")[:1]),
        )
        .filter(Q(start__isnull=False) | ~Q(note="") | Q(unsure=True))
        .order_by("title", "document", "start", "created", "pk")
    )


def _sifted(annotations: AnnotationQuerySet, wanted: dict[str, str]) -> AnnotationQuerySet:
    targets = Target.objects.filter(annotation=OuterRef("pk"))
    if words := wanted["q"]:
        annotations = annotations.filter(
            Exists(targets.filter(exact__icontains=words)) | Q(note__icontains=words)
        )
    if wanted["document"]:
        annotations = annotations.filter(
            Exists(targets.filter(document=as_number(wanted["document"])))
        )
    if wanted["code"]:
        variable, _, code = wanted["code"].partition(":")
        coded = Coding.objects.filter(
            annotation=OuterRef("pk"), variable__key=variable, code__key=code
        )
        annotations = annotations.filter(Exists(coded))
    if wanted["claim"] == "none":
        annotations = annotations.filter(claim__isnull=True)
    elif wanted["claim"]:
        annotations = annotations.filter(claim=as_number(wanted["claim"]))
    if wanted["coder"]:
        annotations = annotations.filter(creator__username=wanted["coder"])
    if wanted["note"]:
        annotations = annotations.exclude(note="")
    if wanted["unsure"]:
        annotations = annotations.filter(unsure=True)
    return annotations


def _rows(
    collection: Collection, annotations: list[Annotation], numbers: dict[int, int]
) -> list[Row]:
    """One query for the documents; the annotations bring their parts."""
    keys = {target.document_id for row in annotations for target in row.targets.all()}
    documents = Document.objects.only("title", "sentences").in_bulk(keys)
    return [
        Row(
            annotation,
            tuple(
                _place(collection, documents[target.document_id], target)
                for target in annotation.targets.all()
                if target.role == "passage"
            ),
            numbers.get(annotation.claim_id or 0),
            " · ".join(coding.code.label for coding in annotation.codings.all()),
            annotation.archived_at is not None
            and may_change(annotation, collection.viewer, collection),
        )
        for annotation in annotations
    ]


def _place(collection: Collection, document: Document, target: Target) -> Place:
    fragment = f"column-{document.pk}"
    if target.start is not None:
        number = bisect(document.sentences, target.start, key=lambda span: span[0]) - 1
        fragment = f"s-{document.pk}-{max(0, number)}"
    url = reader_url(collection, f"d={document.pk}", fragment)
    return Place(document.title, target.exact, url)
