from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from corpus.acts.comparing import compare_waiting
from corpus.forms import DocumentForm, ImportForm
from corpus.http import Request, as_number
from corpus.imports import ENDINGS, MAX_BYTES
from corpus.imports.storing import ImportBroken, import_files
from corpus.jobs.queue import is_worked_on
from corpus.models import (
    MAY_CURATE,
    Collection,
    Derivation,
    Document,
    ImportBatch,
    ImportedFile,
)
from corpus.relatives.relating import kinship, what_waits
from corpus.weighing import weigh_documents

PER_PAGE = 50
OPENING = 220
Outcome = ImportedFile.Outcome
MOST_STORIES, MOST_LINKS = 5, 20
LONG_ENDS = [
    f"{end}__{name}"
    for end in ("source", "derived")
    for name in ("text", "original", "paragraphs", "sentences")
]
REFUSED = [Outcome.DUPLICATE, Outcome.FAILED]
LONG = [f"document__{name}" for name in ("text", "original", "paragraphs", "sentences")]


@require_http_methods(["GET", "HEAD", "POST"])
def import_documents(request: Request, slug: str) -> HttpResponse:
    """Take files or a pasted text into the collection.

    With `replaces` in the address, what is imported corrects that document; with `finishes`, it
    goes on with that import, which broke off.
    """
    collection = Collection.objects.open_to(request.user, slug, MAY_CURATE)
    replaced = _named(request, "replaces", collection.documents.for_lists())
    finished = _named(request, "finishes", collection.batches.all())
    form = ImportForm()
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        sources = form.sources() if form.is_valid() else []
        if replaced and len(sources) > 1:
            form.add_error(
                None, "A correction is one document: choose one file, or paste one text."
            )
        elif sources:
            try:
                batch = import_files(
                    collection,
                    request.user,
                    sources,
                    replaces=replaced,
                    finishing=finished,
                )
            except ImportBroken as broken:
                batch = broken.batch  # its page says how far it came, and how to go on
            return redirect(batch)
    context = {
        "collection": collection,
        "form": form,
        "replaced": replaced,
        "finished": finished,
        "endings": ENDINGS,
        "megabytes": MAX_BYTES // 2**20,
        "batches": collection.batches.select_related("creator")
        .annotate(
            imported=Count("files", filter=Q(files__outcome=Outcome.IMPORTED)),
            refused=Count("files", filter=Q(files__outcome__in=REFUSED)),
            waiting=Count("files", filter=Q(files__outcome=Outcome.WAITING)),
        )
        .order_by("-pk")[:5],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "corpus/import.html", context, status=status)


def _named[M: Model](request: Request, name: str, rows: QuerySet[M]) -> M | None:
    """The row that the address names, if it names one."""
    number = request.GET.get(name, "")
    return get_object_or_404(rows, pk=as_number(number)) if number else None


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: Request, slug: str, pk: int) -> HttpResponse:
    """What became of each file, and what is known of each document, to be corrected on the spot."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CURATE)
    batch = get_object_or_404(
        ImportBatch.objects.select_related("creator", "collection"), collection=collection, pk=pk
    )
    if request.htmx:
        related = {"collection": collection, "batch": batch, "polled": True}
        return render(request, "corpus/batch.html#related", related | _related(batch))
    files = batch.files.select_related("document").defer(*LONG).order_by("pk")
    refused = list(files.exclude(outcome=Outcome.IMPORTED))
    imported = files.filter(outcome=Outcome.IMPORTED, document__isnull=False)
    imported = imported.filter(document__deleted_at=None, document__collection=collection)
    imported = imported.annotate(opening=Left("document__text", OPENING))
    page = Paginator(imported, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (file, DocumentForm(_posted(request, file), instance=file.document, prefix=f"d{file.pk}"))
        for file in page
    ]
    if request.method == "POST":
        changed = [form for _, form in rows if form.is_bound and form.has_changed()]
        wrong = [form for form in changed if not form.is_valid()]
        if not wrong:
            with transaction.atomic():
                for form in changed:
                    form.save()
            messages.success(request, _saved(len(changed)))
            return redirect(request.get_full_path())
    context = {
        "collection": collection,
        "batch": batch,
        "may_undo": collection.may_manage or batch.creator_id == request.user.pk,
        "weights": weigh_documents(batch.documents.all()),
        "rows": rows,
        "page": page,
        "duplicates": [file for file in refused if file.outcome == Outcome.DUPLICATE],
        "failures": [file for file in refused if file.outcome == Outcome.FAILED],
        "waiting": [file for file in refused if file.outcome == Outcome.WAITING],
        **_related(batch),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "corpus/batch.html", context, status=status)


@require_POST
def compare(request: Request, slug: str, pk: int) -> HttpResponse:
    """Go on with the comparisons that imports left waiting."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CURATE)
    batch = get_object_or_404(collection.batches.all(), pk=pk)
    messages.info(request, compare_waiting(collection, request.user).words)
    return redirect(batch)


def _related(batch: ImportBatch) -> dict[str, Any]:
    """What shares text with the documents of the import, and what waits to be compared."""
    to_compare, too_long = what_waits(batch.collection)
    return {
        "to_compare": to_compare,
        "too_long": too_long,
        "worked_on": bool(to_compare) and is_worked_on(),
        "stories": list(_stories(batch)),
        "links": list(_links(batch)),
    }


def _stories(batch: ImportBatch) -> Iterator[str]:
    """Which documents of the import are one story, in words: what matters first."""
    documents = batch.documents.alive()
    total = documents.count()
    counts = (
        documents.filter(story__isnull=False)
        .values_list("story", "story__name")
        .annotate(here=Count("pk"))
        .order_by("-here", "story__name", "story")[:MOST_STORIES]
    )
    sizes = dict(
        Document.objects.alive()
        .filter(story__in=[row[0] for row in counts])
        .values_list("story")
        .annotate(Count("pk"))
    )
    for story, name, here in counts:
        before = sizes.get(story, here) - here
        also = (
            f", with {before} that {'were' if before > 1 else 'was'} here before" if before else ""
        )
        if here > 1:
            yield f"{here} of your {total} documents are one story: {name}{also}."
        elif before:
            which = f"1 of your {total} documents" if total > 1 else "Your document"
            yield f"{which} belongs to a story that is here already: {name}{also}."


def _links(batch: ImportBatch) -> Iterator[tuple[Derivation, str]]:
    """What was made from what among the documents of the import, and those that it found here."""
    mine = batch.documents.alive().values("pk")
    rows = Derivation.objects.filter(Q(source__in=mine) | Q(derived__in=mine))
    rows = rows.filter(source__deleted_at=None, derived__deleted_at=None)
    rows = rows.select_related("source", "derived").defer(*LONG_ENDS)
    for row in rows.order_by("-score", "pk")[:MOST_LINKS]:
        yield row, kinship(row)[0].lower()


def _posted(request: Request, file: ImportedFile) -> QueryDict | None:
    """The posted form, where it has this file; the page may have grown since it was shown."""
    return request.POST if f"d{file.pk}-title" in request.POST else None


def _saved(count: int) -> str:
    return (
        f"Saved {count} document{'s' if count != 1 else ''}." if count else "Nothing was changed."
    )
