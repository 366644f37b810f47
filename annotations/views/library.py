from collections import defaultdict
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from annotations.acts.collections import start_collection
from annotations.models import Annotation, Code, Coding, Target
from annotations.reader.address import MOST
from annotations.vocabulary import ORIGIN, STANCE
from annotations.wording import CodeName, Verdict, in_words, verdict
from corpus.forms import CollectionForm
from corpus.http import Request
from corpus.models import Collection, Document

PER_PAGE = 100
ARCHIVE = "archive"  # the shelf of documents that are read and marked no more
ORDERS = {
    "date": ("Oldest first", (F("published_on").asc(nulls_last=True), "title", "pk")),
    "newest": ("Newest first", (F("published_on").desc(nulls_last=True), "title", "pk")),
    "story": (
        "Story",
        (
            F("story__name").asc(nulls_last=True),
            "story",
            F("published_on").asc(nulls_last=True),
            "title",
            "pk",
        ),
    ),
    "title": ("Title", ("title", "pk")),
    "publisher": ("Publisher", ("publisher", "title", "pk")),
    "imported": ("Last imported", ("-imported_at", "-pk")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the library lists it."""

    document: Document
    words: str
    stance: Verdict
    origin: Verdict
    marks: int


@require_safe
def home(request: Request) -> HttpResponse:
    collections = list(
        Collection.objects.visible_to(request.user)
        .with_role(request.user)
        .with_counts()
        .order_by("name", "pk")
    )
    marks = dict(
        Annotation.objects.seen_among(collections, request.user)
        .live()
        .marks()
        .values_list("collection")
        .annotate(Count("pk"))
    )
    rows = [(collection, marks.get(collection.pk, 0)) for collection in collections]
    used = [row for row in rows if row[0].archived_at is None]
    archived = [row for row in rows if row[0].archived_at is not None]
    context = {
        "shelves": [
            {"title": title, "rows": shelf}
            for title, shelf in (("", used), ("Archived", archived))
            if shelf
        ],
        "deleted": Collection.everything.deleted().managed_by(request.user).count(),
    }
    return render(request, "annotations/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def collection_new(request: Request) -> HttpResponse:
    """Make a collection, with its maker as owner and the default codebook."""
    form = CollectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(start_collection(form.save(commit=False), request.user))
    status = 422 if request.method == "POST" else 200
    return render(request, "annotations/collection_new.html", {"form": form}, status=status)


@require_safe
def collection(request: Request, slug: str) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug)
    wanted = {
        name: request.GET.get(name, "").strip()
        for name in ("q", STANCE, "publisher", "order", "shelf")
    }
    order = wanted["order"] if wanted["order"] in ORDERS else "date"
    there = Document.objects.filter(collection=collection)
    archived = there.archived().count()
    documents = there.archived() if wanted["shelf"] == ARCHIVE else there.in_use()
    publishers = list(
        documents.exclude(publisher="")
        .order_by("publisher")
        .values_list("publisher", flat=True)
        .distinct()
    )
    if wanted["q"]:
        documents = documents.filter(
            Q(title__icontains=wanted["q"])
            | Q(publisher__icontains=wanted["q"])
            | Q(byline__icontains=wanted["q"])
            | Q(text__icontains=wanted["q"])
        )
    if wanted["publisher"]:
        documents = documents.filter(publisher=wanted["publisher"])
    if wanted[STANCE]:
        coded = document_codings(request, collection).filter(
            variable__key=STANCE, code__key=wanted[STANCE]
        )
        documents = documents.filter(pk__in=coded.values("document"))
    documents = documents.for_lists().select_related("story").order_by(*ORDERS[order][1])
    page = Paginator(documents, PER_PAGE).get_page(request.GET.get("page"))
    codes = codes_of(collection)
    context = {
        "collection": collection,
        "rows": rows_of(request, collection, page, codes),
        "page": page,
        "wanted": wanted | {"order": order},
        "filtered": any(wanted[name] for name in ("q", STANCE, "publisher", "shelf")),
        "archived": archived,
        "publishers": publishers,
        "stances": [code for code in codes if code.variable.key == STANCE],
        "most": MOST,
        "orders": [(key, label) for key, (label, _) in ORDERS.items()],
    }
    template = "annotations/collection.html"
    if request.htmx:
        template += "#documents"
    return render(request, template, context)


def codes_of(collection: Collection) -> list[Code]:
    """The codes of stance and origin, in the codebook's order; one query."""
    return list(
        Code.objects.filter(
            variable__codebook__collection=collection, variable__key__in=[STANCE, ORIGIN]
        )
        .select_related("variable")
        .order_by("variable__order", "order", "pk")
    )


def document_codings(request: Request, collection: Collection):  # type: ignore[no-untyped-def]
    """The visible stance and origin codings of whole documents."""
    visible = Annotation.objects.seen_by(request.user, collection).live()
    return Coding.objects.filter(document__isnull=False, claim__isnull=True).filter(
        Exists(visible.filter(pk=OuterRef("annotation")))
    )


def rows_of(
    request: Request, collection: Collection, page: "Page[Document]", codes: list[Code]
) -> list[Row]:
    """The page's rows, in two queries whatever their number; `codes` as codes_of()."""
    names = {(code.variable.key, code.key): CodeName(code.key, code.label) for code in codes}
    pks = [document.pk for document in page]
    given: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    codings = document_codings(request, collection).filter(
        document__in=pks, variable__key__in=[STANCE, ORIGIN]
    )
    for document, coder, variable, code in codings.values_list(
        "document", "creator", "variable__key", "code__key"
    ):
        given[document, variable][coder] = code
    marks = Target.objects.counts(Annotation.objects.seen_by(request.user, collection).live(), pks)
    rows = []
    for document in page:
        stance = verdict(given[document.pk, STANCE], request.user.pk)
        origin = verdict(given[document.pk, ORIGIN], request.user.pk)
        words = in_words(
            names.get((STANCE, stance.code or "")), names.get((ORIGIN, origin.code or ""))
        )
        rows.append(Row(document, words, stance, origin, marks.get(document.pk, 0)))
    return rows
