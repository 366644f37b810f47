from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4, uuid5

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from annotations.access import may_rearrange
from annotations.acts import claims as acts
from annotations.acts.claims import Absence
from annotations.acts.undoing import Kind
from annotations.exports.grids import csv_long, csv_wide, drawing
from annotations.grid import GROUPINGS, ORDERS, Grid, Part, Wanted, claim_grid, crossing
from annotations.models import Annotation, Claim, ClaimInUse, numbered
from annotations.positions import Position
from corpus.http import Request, as_number
from corpus.models import MAY_CODE, Collection, Document

from .library import ARCHIVE
from .panels import undo_state
from .undoing import replay, sent_id

MARKED = (
    "You have marked a passage of “{document}” with claim {number}, so it is not absent. "
    "Delete the mark in the reader first."
)


@require_safe
def claims(request: Request, slug: str) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug)
    if request.GET.get("shelf") == ARCHIVE:
        return _archive(request, collection)
    template = "annotations/claims.html"
    if request.htmx:
        template += "#grid"
    return render(request, template, _context(request, collection, request.GET))


def _archive(request: Request, collection: Collection) -> HttpResponse:
    """The claims that are archived, those that went there last first."""
    found = (
        Claim.objects.seen_by(request.user, collection).archived().order_by("-archived_at", "pk")
    )
    marks = dict(
        Annotation.objects.seen_by(request.user, collection)
        .archived()
        .marks()
        .filter(claim__in=found.values("pk"))
        .values_list("claim")
        .annotate(Count("pk"))
    )
    claims = numbered(request.user, collection, list(found))
    context = {
        "collection": collection,
        "rows": [(claim, marks.get(claim.pk, 0)) for claim in claims],
        "may_rearrange": may_rearrange(request.user, collection),
    }
    return render(request, "annotations/claims_archive.html", context)


@require_POST
def absent(request: Request, slug: str) -> HttpResponse:
    """Confirm that a document leaves a claim out (`absent`), or take that back (`withdraw`).

    The value names the cell: the claim's id, a hyphen, the document's.
    """
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    withdraw = "withdraw" in request.POST
    cell = request.POST.get("withdraw" if withdraw else "absent", "")
    claim_pk, _, document_pk = cell.partition("-")
    claims = Claim.objects.seen_by(request.user, collection).current()
    claim = get_object_or_404(claims, pk=as_number(claim_pk))
    numbered(request.user, collection, [claim])
    documents = Document.objects.filter(collection=collection).for_lists()
    document = get_object_or_404(documents, pk=as_number(document_pk))
    refused, closed = False, ""
    try:
        if withdraw:
            done = acts.withdraw_absent(collection, request.user, Absence(claim, document))
        else:
            done = acts.confirm_absent(collection, request.user, Absence(claim, document))
    except ClaimInUse:
        refused = True
    except ValidationError as error:
        refused, closed = True, " ".join(error.messages)
    if not request.htmx and not refused:
        if request.POST.get("back") == "claim":
            return redirect(f"{claim.get_absolute_url()}#d{document.pk}")
        address = reverse("annotations:claims", args=[slug])
        return redirect(f"{address}?{_kept(request.POST)}#cell-{cell}")
    if closed:
        status = closed
    elif refused:
        status = MARKED.format(document=document, number=claim.number)
    else:
        status = done.words if withdraw else f"{done.words} The same key takes it back."
    if not request.htmx:
        messages.error(request, status)
        context = _context(request, collection, request.POST)
        return render(request, "annotations/claims.html", context, status=422)
    wanted = Wanted.from_query(request.POST)
    found = crossing(collection, request.user, wanted, claim=claim.pk, document=document.pk)
    context = _shared(request, collection, request.POST) | {"status": status}
    if found is not None:
        row, column = found
        context |= {"row": row, "column": column, "cell": row.cells[0]}
    return render(
        request, "annotations/claims.html#answer", context, status=422 if refused else 200
    )


@require_POST
def claims_undo(request: Request, slug: str) -> HttpResponse:
    """Take back the person's latest change in the collection, or do it again (`redo`).

    `id` makes a retry harmless.
    """
    kind: Kind = "redo" if "redo" in request.POST else "undo"
    operation = sent_id(request)
    if operation and kind == "redo":
        operation = uuid5(operation, "redo")  # the two buttons send the id of one form
    done = replay(request, slug, kind, operation=operation)
    tell = messages.warning if done.warning else messages.success
    tell(request, done.words)
    return redirect(f"{reverse('annotations:claims', args=[slug])}?{_kept(request.POST)}")


@require_safe
def grid_svg(request: Request, slug: str) -> HttpResponse:
    """The grid as a picture: no script, no style sheet, its text selectable."""
    collection = Collection.objects.open_to(request.user, slug)
    grid = claim_grid(collection, request.user, Wanted.from_query(request.GET))
    context = {"collection": collection, "drawing": drawing(grid, collection.name)}
    response = render(request, "annotations/grid.svg", context, content_type="image/svg+xml")
    response["Content-Disposition"] = f'inline; filename="{slug}-claims.svg"'
    return response


@require_safe
def grid_csv(request: Request, slug: str) -> HttpResponse:
    """The grid as a table: documents as columns, or (`shape=long`) a row for each coder's cell."""
    collection = Collection.objects.open_to(request.user, slug)
    grid = claim_grid(collection, request.user, Wanted.from_query(request.GET))
    long = request.GET.get("shape") == "long"
    response = HttpResponse(
        csv_long(grid) if long else csv_wide(grid), content_type="text/csv; charset=utf-8"
    )
    name = f"{slug}-claims-by-coder.csv" if long else f"{slug}-claims.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# The parameters that say which grid is shown, kept from page to page.
QUERY = ("q", "kind", "coder", "order", "group", "row", "column")


def _kept(query: QueryDict) -> str:
    return urlencode({key: query[key] for key in QUERY if query.get(key)})


def _shared(request: Request, collection: Collection, query: QueryDict) -> dict[str, Any]:
    """What the page and the answer to a key both show."""
    return {
        "collection": collection,
        "kept": {key: query[key] for key in QUERY if query.get(key)},
        "undoable": undo_state(request.user, collection),
        "undo_id": uuid4(),
    }


def _context(request: Request, collection: Collection, query: QueryDict) -> dict[str, Any]:
    wanted = Wanted.from_query(query)
    grid = claim_grid(collection, request.user, wanted, whole=False)
    rearranges = may_rearrange(request.user, collection)
    return _shared(request, collection, query) | {
        "grid": grid,
        "wanted": wanted,
        "parts": list(_parts(grid, query)),
        "query": _kept(query),
        "orders": ORDERS.items(),
        "groupings": GROUPINGS.items(),
        "positions": list(Position),
        "may_mark": collection.may_code and wanted.coder in (None, request.user.pk),
        "may_arrange": rearranges and not wanted.filtered and wanted.order == "order",
        "arranging": rearranges and "arrange" in query,
        "archived": Claim.objects.seen_by(request.user, collection).archived().count(),
    }


def _parts(grid: Grid, query: QueryDict) -> Iterator[dict[str, Any]]:
    """The parts before and after the one shown, down and across, with their addresses."""

    def link(key: str, part: Part | None) -> str:
        if part is None:
            return ""
        kept = {name: query[name] for name in (*QUERY, "arrange") if query.get(name)}
        return "?" + urlencode(kept | {key: part.first})

    for key, label, part in (
        ("row", "Claims", grid.rows_part),
        ("column", "Documents", grid.columns_part),
    ):
        if part.previous or part.next:
            yield {
                "label": label,
                "part": part,
                "previous": link(key, part.previous),
                "next": link(key, part.next),
            }
