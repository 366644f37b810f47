"""What a change answers with: the pieces of the reader that it touched, and a line that says so."""

from collections.abc import Sequence
from typing import Any, Literal

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from annotations.access import may_rearrange
from annotations.acts.done import ALL, Done
from annotations.models import Claim
from annotations.reader.address import Jumps, Params, documents_of, reader_url
from annotations.restating import restated
from annotations.states import TargetState
from corpus.http import Request
from corpus.models import Collection, Document

from .panels import claims_panel_context, current_claims, stance_controls, undo_state
from .reader import render_paragraphs


def answer(request: Request, done: Done) -> HttpResponse:
    """After an act: back to the reader, or for a script the elements to replace, each by its id.

    The page that it was done on is what the request calls `view`. Where another claim says in the
    same words what a newly made one says, that is told, and merging is offered.
    """
    collection, view = done.collection, request.POST.get("view", "").strip()
    message, warning = done.words, done.warning
    for made in done.claims_made:
        if twin := _twin(collection, made):
            warning = True
            told = {"message": message, "made": made, "twin": twin, "collection": collection}
            told["may_merge"] = may_rearrange(request.user, collection)
            message = render_to_string("annotations/twin.html", told)
    place = done.touched[0].document if done.touched else None
    if "d" not in QueryDict(view) and place:
        view = f"d={place}"
    if not request.htmx:
        messages.add_message(request, messages.WARNING if warning else messages.SUCCESS, message)
        return redirect(reader_url(collection, view, f"column-{place}" if place else ""))
    documents = documents_of(collection, view)
    context = {
        "collection": collection,
        "jumps": Jumps.on(documents, QueryDict(view)),
        "undoable": undo_state(request.user, collection),
        "query": view,
        "message": message,
        "warning": warning,
    }
    pieces = [
        *_blocks(request, collection, documents, touched=done.touched, view=view),
        *_claims(request, collection, documents, context, claims=done.claims),
        *_stances(request, collection, documents, touched=done.touched, view=view),
        render_to_string("annotations/marking_bar.html#undoing", context, request),
        render_to_string("annotations/marking_bar.html#status", context, request),
    ]
    return HttpResponse("\n".join(pieces))


def _twin(collection: Collection, made: Claim) -> Claim | None:
    """The first claim of the list that says the same as a new one."""
    others = [claim for claim in current_claims(collection) if claim != made]
    found = restated(made.statement, [claim.statement for claim in others])
    return others[found[0]] if found else None


def _claims(
    request: Request,
    collection: Collection,
    documents: list[Document],
    context: dict[str, Any],
    *,
    claims: frozenset[int] | Literal["all"],
) -> list[str]:
    """The panel, or only the rows of some claims."""
    only = None if claims == ALL else claims
    if only is not None and not only:
        return []
    panel = claims_panel_context(request.user, collection, documents, only=only)
    template = "annotations/claims_panel.html"
    if only is None:
        return [render_to_string(f"{template}#claims", context | panel, request)]
    return [
        render_to_string(f"{template}#claim", {**context, "row": row}, request)
        for row in panel["panel_claims"]
    ]


def _blocks(
    request: Request,
    collection: Collection,
    documents: list[Document],
    *,
    touched: Sequence[TargetState],
    view: str,
) -> list[str]:
    params = Params.read(QueryDict(view))
    html = []
    for document in documents:
        spans = [
            (target.start, target.end)
            for target in touched
            if target.document == document.pk and target.start is not None and target.end
        ]
        indices = [
            index
            for index, (start, end) in enumerate(document.paragraphs)
            if any(first < end and start < last for first, last in spans)
        ]
        if indices:
            html.append(
                render_paragraphs(
                    request, collection, document=document, indices=indices, params=params
                )
            )
    return html


def _stances(
    request: Request,
    collection: Collection,
    documents: list[Document],
    *,
    touched: Sequence[TargetState],
    view: str,
) -> list[str]:
    whole = {target.document for target in touched if target.start is None}
    coded = [document for document in documents if document.pk in whole]
    if not coded:
        return []
    controls = stance_controls(request.user, collection, coded)
    return [
        render_to_string(
            "annotations/stance.html#stance",
            {
                "collection": collection,
                "document": document,
                "stance": controls[document.pk],
                "query": view,
            },
            request,
        )
        for document in coded
    ]


def refusal(
    request: Request, collection: Collection, reasons: list[str], *, status: int = 422
) -> HttpResponse:
    """Why a change was refused: a line for a script, a page for a person."""
    context = {"collection": collection, "reasons": reasons}
    template = "annotations/conflict.html#refused" if request.htmx else "annotations/conflict.html"
    return render(request, template, context, status=status)
