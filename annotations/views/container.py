"""Annotations on the web: the reading part of the W3C's Web Annotation Protocol.

https://www.w3.org/TR/annotation-protocol/ sections 3 and 4; nothing is written here.
"""

import hashlib
from bisect import bisect
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_http_methods

from annotations.access import may_change
from annotations.edits import in_words
from annotations.exports import AnnotationRow, Origin, TargetRow, annotation_rows
from annotations.exports.jsonl import as_line
from annotations.exports.w3c import CONTEXT, MEDIA_TYPE, annotation_iri, as_annotation
from annotations.models import Annotation, AnnotationQuerySet
from annotations.reader.address import reader_url
from annotations.states import AnnotationState
from corpus.http import Request
from corpus.models import Collection, Document

from .history import name_of, names_of

PAGE_SIZE = 100
METHODS = ["GET", "HEAD", "OPTIONS"]

LDP_CONTEXT = "http://www.w3.org/ns/ldp.jsonld"
MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"

CONTAINER_LINKS = (
    '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type", '
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
ANNOTATION_LINKS = (
    '<http://www.w3.org/ns/ldp#Resource>; rel="type", '
    '<http://www.w3.org/ns/oa#Annotation>; rel="type"'
)


@require_http_methods(METHODS)
def container(request: Request, slug: str) -> HttpResponse:
    """The collection's annotations as an Annotation Container, or one page of it."""
    collection = Collection.objects.open_to(request.user, slug)
    preferred = _preferred_type(request)
    if preferred == "text/html":
        response: HttpResponse = redirect("annotations:export", collection.slug)
        return _varied(response)
    if preferred is None:
        return _varied(HttpResponse(status=406))
    wanted = request.headers.get("Prefer", "")
    if IRIS in wanted and DESCRIPTIONS in wanted:
        return HttpResponseBadRequest("Prefer IRIs or descriptions, not both.")
    only_iris = request.GET["iris"] == "1" if "iris" in request.GET else IRIS in wanted
    pages = _Pages(
        request=request,
        collection=collection,
        annotations=Annotation.objects.seen_by(request.user, collection).live(),
        only_iris=only_iris,
    )
    if "page" in request.GET:
        return _linked_data(request, pages.page(_page_number(request)))
    response = _linked_data(request, pages.container(embedded=MINIMAL not in wanted))
    response["Link"] = CONTAINER_LINKS
    response["Content-Location"] = pages.iri
    return response


@require_http_methods(METHODS)
def annotation(request: Request, pk: UUID) -> HttpResponse:
    """One annotation: JSON-LD for programs, a page with its history for people."""
    visible = Annotation.objects.visible_to(request.user).select_related("collection")
    found = get_object_or_404(visible, pk=pk)
    collection = Collection.objects.open_to(request.user, found.collection.slug)
    preferred = _preferred_type(request)
    if request.GET.get("format") == "jsonld":
        preferred = MEDIA_TYPE
    if preferred is None:
        return _varied(HttpResponse(status=406))
    if preferred == "text/html":
        response = _annotation_page(request, collection, found)
    elif found.deleted:
        response = HttpResponse("This annotation was deleted.", "text/plain", status=410)
    else:
        row = next(annotation_rows(Annotation.objects.filter(pk=pk)))
        data = as_annotation(row, _origin(request, collection))
        response = _linked_data(request, {"@context": CONTEXT, **data})
    response["Link"] = ANNOTATION_LINKS
    return _varied(response)


@dataclass(frozen=True, slots=True)
class _Pages:
    """The container and its pages, as JSON-LD."""

    request: Request
    collection: Collection
    annotations: AnnotationQuerySet
    only_iris: bool

    @property
    def iri(self) -> str:
        return self._iri()

    def container(self, *, embedded: bool) -> dict[str, Any]:
        total = self.annotations.count()
        data: dict[str, Any] = {
            "@context": [CONTEXT, LDP_CONTEXT],
            "id": self.iri,
            "type": ["BasicContainer", "AnnotationCollection"],
            "label": self.collection.name,
            "total": total,
        }
        if total:
            data["last"] = self._iri(page=_last(total))
            data["first"] = self._page(0, total=total) if embedded else self._iri(page=0)
        return data

    def page(self, number: int) -> dict[str, Any]:
        total = self.annotations.count()
        if number > _last(total) or not total:
            raise Http404("The container has no such page.")
        data = self._page(number, total=total)
        data["@context"] = CONTEXT
        data["partOf"] = {"id": self.iri, "label": self.collection.name, "total": total}
        return data

    def _page(self, number: int, *, total: int) -> dict[str, Any]:
        start = number * PAGE_SIZE
        data: dict[str, Any] = {
            "id": self._iri(page=number),
            "type": "AnnotationPage",
            "partOf": self.iri,
            "startIndex": start,
            "items": self._items(start),
        }
        if number:
            data["prev"] = self._iri(page=number - 1)
        if number < _last(total):
            data["next"] = self._iri(page=number + 1)
        return data

    def _items(self, start: int) -> list[Any]:
        origin = _origin(self.request, self.collection)
        if self.only_iris:
            keys = self.annotations.order_by("created", "pk").values_list("pk", flat=True)
            return [annotation_iri(key, origin) for key in keys[start : start + PAGE_SIZE]]
        return [
            as_annotation(row, origin)
            for row in annotation_rows(self.annotations, start=start, limit=PAGE_SIZE)
        ]

    def _iri(self, **query: int) -> str:
        url = reverse(
            "annotations:container",
            args=[self.collection.slug],
            query={"iris": int(self.only_iris), **query},
        )
        return self.request.build_absolute_uri(url)


def _last(total: int) -> int:
    """The number of the last page; pages count from 0."""
    return max(0, (total - 1) // PAGE_SIZE)


def _page_number(request: Request) -> int:
    number = request.GET["page"]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Http404("The container has no such page.")
    return int(number)


def _preferred_type(request: Request) -> str | None:
    """JSON-LD unless the reader would rather have a page; None where neither will do.

    JSON-LD comes first: a program that accepts anything, or says nothing, is to get that (4.1).
    """
    return request.get_preferred_type(
        [MEDIA_TYPE, "application/ld+json", "application/json", "text/html"]
    )


def _origin(request: Request, collection: Collection) -> Origin:
    return Origin(request.build_absolute_uri("/"), collection.slug, collection.name)


def _linked_data(request: Request, data: dict[str, Any]) -> HttpResponse:
    """The answer with the headers that the protocol asks of containers, pages and annotations."""
    body = as_line(data).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response: HttpResponse = HttpResponse(body, MEDIA_TYPE)
    response["ETag"] = etag
    response["Allow"] = ", ".join(METHODS)
    _varied(response)
    if request.method == "OPTIONS":
        response.content = b""
        return response
    return get_conditional_response(request, etag=etag, response=response) or response


def _varied(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Accept", "Prefer"])
    return response


@dataclass(frozen=True, slots=True)
class Place:
    """A target, and where the reader shows it."""

    target: TargetRow
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an annotation's history."""

    who: str
    when: datetime
    words: str


def _annotation_page(
    request: Request, collection: Collection, annotation: Annotation
) -> HttpResponse:
    row = next(annotation_rows(Annotation.objects.filter(pk=annotation.pk)))
    places = _places(collection, row)
    context = {
        "collection": collection,
        "annotation": annotation,
        "row": row,
        "reader_url": places[0].url,
        "heading": _HEADINGS[row.motivation],
        "passages": [place for place in places if place.target.role == "passage"],
        "spans": [place for place in places if place.target.role != "passage"],
        "history": _history(collection, annotation),
        "may_edit": may_change(annotation, request.user, collection),
    }
    status = 410 if annotation.deleted else 200
    return render(request, "annotations/annotation.html", context, status=status)


def _places(collection: Collection, row: AnnotationRow) -> list[Place]:
    keys = list(dict.fromkeys(target.document.id for target in row.targets))
    sentences = dict(Document.objects.filter(pk__in=keys).values_list("pk", "sentences"))
    view = urlencode([("d", key) for key in keys])
    places = []
    for target in row.targets:
        key, start = target.document.id, target.start
        fragment = f"column-{key}"
        if start is not None:
            number = bisect(sentences[key], start, key=lambda span: span[0]) - 1
            fragment = f"s-{key}-{max(0, number)}"
        places.append(Place(target, reader_url(collection, view, fragment)))
    return places


def _history(collection: Collection, annotation: Annotation) -> list[Entry]:
    """What became of the annotation, latest first."""
    revisions = list(annotation.revisions.deeds().select_related("user").newest_first())
    states = [state for row in revisions for state in (row.before, row.after) if state]
    names = names_of(collection.viewer, collection, states)
    entries = []
    for revision in revisions:
        if revision.after is None:
            continue
        before = AnnotationState.from_dict(revision.before) if revision.before else None
        phrases = in_words(before, AnnotationState.from_dict(revision.after), names)
        entries.append(
            Entry(
                who=name_of(revision.user),
                when=revision.created,
                words=_DEEDS.get(revision.kind, "") + ("; ".join(phrases) or "saved it unchanged"),
            )
        )
    return entries


_HEADINGS = {
    "classifying": "A classification",
    "assessing": "A marked passage",
    "commenting": "A note",
    "linking": "Two passages compared",
    "identifying": "An identification",
}
_DEEDS = {"undo": "undid that: ", "redo": "did it again: "}
