from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from annotations.access import editable
from annotations.acts import marks as acts
from annotations.acts.done import Done, Seen
from annotations.acts.marks import Change, Marking, Moving
from annotations.forms.marks import ChangeForm, MarkForm, MoveForm, spoken
from annotations.forms.words import reasons_of
from annotations.models import Annotation, Claim, EditConflict
from annotations.reader.address import reader_url
from annotations.similarity import nearest
from annotations.states import touched_by
from annotations.vocabulary import SPANS
from corpus.http import Request, as_number
from corpus.models import MAY_CODE, Collection, Document

from .answers import answer, refusal
from .pairing import edit_pair
from .panels import current_claims
from .versions import conflict_page, past


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: Request, slug: str) -> HttpResponse:
    """Make a mark; a GET shows the form for a passage (?d=, start=, end=)."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    if request.method != "POST":
        claims = current_claims(collection)
        initial = _passage_asked_for(request, collection)
        form = MarkForm(collection=collection, claims=claims, initial=initial)
        return _form_page(request, collection, form, claims=claims)
    # Which claims there are to choose from matters only where the form is shown again.
    form = MarkForm(request.POST, collection=collection, claims=[])
    if not form.is_valid():
        return _refused(request, collection, form)
    try:
        done = acts.mark(collection, request.user, _marking(form))
    except EditConflict:
        return refusal(request, collection, ["Another mark has this id."], status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return _refused(request, collection, form)
    return answer(request, done)


def _marking(form: MarkForm) -> Marking:
    data = form.cleaned_data
    return Marking(
        form.state(claim=data["claim"]),
        data["statement"],
        id=data["id"],
        via=data["via"],
        generator=data["generator"],
        toggled=tuple(
            (variable.key, code)
            for variable in form.variables
            for code in data.get(f"add_code_{variable.key}") or ()
        ),
        guessed=not any(data.get(f"{role}_words") for role in SPANS),
        documents=(data["document"],),
    )


def _passage_asked_for(request: Request, collection: Collection) -> dict[str, Any]:
    numbers = [request.GET.get(name, "") for name in ("d", "start", "end")]
    pk, start, end = (as_number(value) for value in numbers)
    documents = Document.objects.filter(collection=collection).for_reading()
    document = get_object_or_404(documents, pk=pk)
    if not start < end <= len(document.text):
        start, end = document.sentences[0] if document.sentences else (0, len(document.text))
    return {
        "id": uuid4(),
        "document": document,
        "start": start,
        "end": end,
        "words": document.text[start:end],
        "view": request.GET.get("view") or f"d={document.pk}",
        **{name: words for name, _, words in _spoken(document, start, end)},
        **{name: request.GET.get(name, "") for name in ("claim", "button", "via", "generator")},
    }


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: UUID) -> HttpResponse:
    """Change a mark. With `partial`, what the form leaves out stays as it is.

    The same `id` again is a repetition, which changes nothing.
    """
    collection, annotation = editable(request.user, pk)
    if annotation.motivation == Annotation.Motivation.LINKING:
        return edit_pair(request, collection, annotation)
    claims = current_claims(collection)
    if not any(target.start is not None for target in annotation.as_state().targets):
        raise PermissionDenied("Only marked passages are edited here.")
    if request.method != "POST":
        form = MarkForm(
            collection=collection,
            claims=claims,
            annotation=annotation,
            initial={"view": request.GET.get("view", ""), "bring_back": annotation.deleted},
        )
        form.initial["words"] = form.initial["exact"]
        return _form_page(request, collection, form, claims=claims, annotation=annotation)
    form = MarkForm(
        request.POST,
        collection=collection,
        claims=claims,
        annotation=annotation,
        partial="partial" in request.POST,
    )
    if not form.is_valid():
        return _refused(request, collection, form, annotation=annotation)
    data = form.cleaned_data
    state = form.state(claim=data["claim"])
    try:
        sent = Change(
            annotation, state, data["version"], data["statement"], bring_back=data["bring_back"]
        )
        done = acts.change(collection, request.user, sent, operation=data["id"])
    except EditConflict as conflict:
        return conflict_page(request, collection, conflict)
    except ValidationError as error:
        form.add_error(None, error)
        return _refused(request, collection, form, annotation=annotation)
    return answer(request, done)


@require_POST
def move(request: Request, pk: UUID) -> HttpResponse:
    """Move the boundaries of a mark's passage; of a pair, the one in the `document` that is sent.

    Where none is sent, it is the one whose document has the words.
    """
    collection, annotation = editable(request.user, pk)
    before = annotation.as_state()
    passages = [row for row in before.targets if row.role == "passage" and row.start is not None]
    if not passages:
        raise PermissionDenied("A code of the whole document has no boundaries to move.")
    if "document" in request.POST:
        asked = as_number(request.POST["document"])
        passages = [row for row in passages if row.document == asked]
    if not passages:
        return refusal(request, collection, ["This mark has no passage in that document."])
    documents = Document.objects.for_reading().in_bulk([row.document for row in passages])
    tried = [(row, MoveForm(request.POST, document=documents[row.document])) for row in passages]
    passage, form = next((one for one in tried if one[1].is_valid()), tried[0])
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    data = form.cleaned_data
    moved = replace(passage, start=data["start"], end=data["end"], exact=data["exact"])
    try:
        sent = Moving(annotation, passage, moved, data["version"], bring_back=data["bring_back"])
        done = acts.move(collection, request.user, sent)
    except EditConflict as conflict:
        return conflict_page(request, collection, conflict)
    except ValidationError as error:
        return refusal(request, collection, error.messages)
    return answer(request, done)


@require_POST
def delete(request: Request, pk: UUID) -> HttpResponse:
    collection, annotation = editable(request.user, pk)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    try:
        seen = Seen(annotation, form.cleaned_data["version"])
        done = acts.delete(collection, request.user, seen)
    except EditConflict as conflict:
        return conflict_page(request, collection, conflict)
    except ValidationError as error:
        return refusal(request, collection, error.messages)
    return answer(request, done)


@require_POST
def bring_back(request: Request, pk: UUID) -> HttpResponse:
    collection, annotation = editable(request.user, pk)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    try:
        done = acts.bring_back(collection, request.user, annotation)
    except ValidationError as error:
        # A stance given anew since leaves no room for the deleted one.
        touched, words = touched_by(annotation.as_state()), " ".join(error.messages)
        done = Done(words, collection=collection, touched=touched, warning=True)
    return answer(request, done)


@require_POST
def archive(request: Request, pk: UUID) -> HttpResponse:
    """Put a mark away, or (`take_out`) take it out of the archive."""
    collection, annotation = editable(request.user, pk)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    try:
        if "take_out" in request.POST:
            return answer(request, acts.take_out(collection, request.user, annotation))
        seen = Seen(annotation, form.cleaned_data["version"])
        return answer(request, acts.archive(collection, request.user, seen))
    except EditConflict:
        told = "Somebody has changed or deleted this mark since, so it is not archived."
        return refusal(request, collection, [told], status=409)
    except ValidationError as error:
        return refusal(request, collection, error.messages)


# --- pages and refusals --------------------------------------------------------------------------


def _form_page(
    request: Request,
    collection: Collection,
    form: MarkForm,
    *,
    claims: list[Claim],
    annotation: Annotation | None = None,
    status: int = 200,
) -> HttpResponse:
    document = _document_of(form, collection)
    start, end = as_number(form["start"].value()), as_number(form["end"].value())
    text = document.text if document else ""
    view = form["view"].value() or ""
    ranked = nearest(text[start:end], [row.statement for row in claims])
    context = {
        "collection": collection,
        "form": form,
        "annotation": annotation,
        "document": document,
        "sentences": [
            (first, last, text[first:last])
            for first, last in (document.sentences if document else [])
            if start <= first and last <= end
        ],
        "spoken": _spoken(document, start, end) if document and annotation else [],
        "likely": [(claims[index].number, claims[index]) for index, _ in ranked],
        "history": past(collection, annotation) if annotation else [],
        "view": view,
        "back": reader_url(collection, view),
    }
    template = "annotations/mark_form.html"
    if request.htmx:
        template += "#mark_form"
    return render(request, template, context, status=status)


def _spoken(document: Document, start: int, end: int) -> list[tuple[str, str, str]]:
    """Who says the passage, as the engine reads it: field, label, words."""
    return [
        (f"{role}_words", role.capitalize(), document.text[first:last])
        for role, (first, last) in spoken(document, start=start, end=end).items()
    ]


def _document_of(form: MarkForm, collection: Collection) -> Document | None:
    value = form["document"].value()
    if isinstance(value, Document):
        return value
    with suppress(ValueError, TypeError):
        return Document.objects.filter(collection=collection, pk=value).for_reading().first()
    return None


def _refused(
    request: Request,
    collection: Collection,
    form: MarkForm,
    *,
    annotation: Annotation | None = None,
) -> HttpResponse:
    """422: to a script the reasons, to a person the form with the reasons in it."""
    if request.htmx:
        return refusal(request, collection, reasons_of(form))
    claims = current_claims(collection)
    form.offer_claims(claims)
    return _form_page(request, collection, form, claims=claims, annotation=annotation, status=422)
