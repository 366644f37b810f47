from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from corpus import windows
from corpus.forms import DocumentForm
from corpus.http import Request, as_number
from corpus.models import MAY_CURATE, Collection, Derivation, Document
from corpus.relatives.relating import BY_AGE, kinship
from corpus.text import visible

MOST_RELATIVES = 20
LONG = ("text", "original", "paragraphs", "sentences")


@dataclass(frozen=True, slots=True)
class Relative:
    """Another document that shares text with this one.

    `kept` is the part of the source's words that the derived one has, `owed` the part of the
    derived one's words that the source has, in whole per cent. `guessed` says that the texts do not
    tell which of the two came first.
    """

    document: Document
    kinship: str
    link: Derivation
    is_source: bool
    kept: int
    owed: int
    guessed: bool


@require_safe
def document(request: Request, slug: str, pk: int) -> HttpResponse:
    """One document: its text to read, what is known of it, where it comes from, its relatives."""
    collection = Collection.objects.open_to(request.user, slug)
    document = get_object_or_404(
        Document.objects.for_reading().select_related("batch", "replaces", "story"),
        collection=collection,
        pk=pk,
    )
    shown = document.paragraphs
    window = None
    if windows.is_windowed(shown):
        wanted = windows.from_paragraph(shown, as_number(request.GET.get("paragraph", "")) - 1)
        window = _window(shown, wanted)
        shown = shown[wanted.start : wanted.stop]
    context = {
        "collection": collection,
        "document": document,
        "paragraphs": [visible(document.text[start:end]) for start, end in shown],
        "window": window,
        "word_count": len(document.text.split()),
        "replacements": document.replacements.for_lists().order_by("pk"),
        "relatives": list(_relatives(document)),
        "has_original": Document.objects.filter(pk=pk).exclude(original=b"").exists(),
    }
    return render(request, "corpus/document.html", context)


def _window(paragraphs: list[list[int]], shown: range) -> windows.Window:
    first = windows.to_paragraph(paragraphs, shown.start).start
    return windows.Window(
        shown.start + 1,
        shown.stop,
        len(paragraphs),
        f"?paragraph={first + 1}" if shown.start else "",
        f"?paragraph={shown.stop + 1}" if shown.stop < len(paragraphs) else "",
    )


def _relatives(document: Document) -> Iterator[Relative]:
    links = (
        Derivation.objects.filter(Q(source=document) | Q(derived=document))
        .filter(source__deleted_at=None, derived__deleted_at=None)
        .select_related("source", "derived")
        .defer(*(f"{end}__{name}" for end in ("source", "derived") for name in LONG))
        .order_by("-score", "pk")
    )
    for link in links[:MOST_RELATIVES]:
        is_source = link.derived_id == document.pk
        from_source, into_derived = kinship(link)
        yield Relative(
            document=link.source if is_source else link.derived,
            kinship=from_source if is_source else into_derived,
            link=link,
            is_source=is_source,
            kept=round(100 * link.source_in_derived),
            owed=round(100 * link.derived_in_source),
            guessed=link.relation != "same" and link.algorithm.endswith(BY_AGE),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def document_edit(request: Request, slug: str, pk: int) -> HttpResponse:
    """Correct what is known of a document."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CURATE)
    document = get_object_or_404(Document.objects.for_lists(), collection=collection, pk=pk)
    form = DocumentForm(request.POST or None, instance=document)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("corpus:document", slug, pk)
    context = {"collection": collection, "document": document, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "corpus/document_edit.html", context, status=status)


@require_safe
def original(request: Request, slug: str, pk: int) -> HttpResponse:
    """The imported file as it came, to be saved and never shown: it may hold anything."""
    collection = Collection.objects.open_to(request.user, slug)
    document = get_object_or_404(
        Document.objects.only("original", "original_name"), collection=collection, pk=pk
    )
    if not document.original:
        raise Http404("The imported file was not kept.")
    name = PurePath(document.original_name).name or f"document-{pk}.txt"
    return HttpResponse(
        bytes(document.original),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
            "X-Content-Type-Options": "nosniff",
        },
    )
