from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from annotations.access import may_change
from annotations.forms.marks import ChangeForm, MarkForm, MoveForm, spoken
from annotations.forms.words import quoted, reasons_of
from annotations.models import Annotation, Claim, EditConflict, Revision, known_claims
from annotations.reader.address import reader_url
from annotations.similarity import nearest
from annotations.states import AnnotationState, TargetState
from annotations.vocabulary import SPANS
from corpus.http import Request, as_number
from corpus.models import MAY_CODE, Collection, Document

from .answers import answer, refusal, touched_by
from .pairing import edit_pair
from .panels import current_claims
from .versions import change_as_asked, conflict_page, past


def editable(request: Request, pk: UUID) -> tuple[Collection, Annotation]:
    """The annotation, if the person may change it: their own, or any as owner or curator."""
    annotation = get_object_or_404(
        Annotation.objects.visible_to(request.user).with_parts().select_related("collection"), pk=pk
    )
    slug = annotation.collection.slug
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    if not may_change(annotation, request.user, collection):
        raise PermissionDenied(
            "This mark is somebody else's. Only owners and curators may edit it."
        )
    return collection, annotation


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: Request, slug: str) -> HttpResponse:
    """Make a mark; a GET shows the form for a passage (?d=, start=, end=)."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims = current_claims(collection)
    if request.method != "POST":
        initial = _passage_asked_for(request, collection)
        form = MarkForm(collection=collection, claims=claims, initial=initial)
        return _form_page(request, collection, form, claims=claims)
    form = MarkForm(request.POST, collection=collection, claims=claims)
    if not form.is_valid():
        return _refused(request, collection, form, claims=claims)
    try:
        message, touched, changed, made = _record(request, collection, form)
    except EditConflict as conflict:
        # A late repetition: the mark was saved the first time and has been changed since.
        stored: Annotation = conflict.current
        message, touched = "Saved before, and changed since.", touched_by(stored.as_state())
        changed, made = {stored.claim_id}, None
        if stored.creator_id != request.user.pk or stored.collection_id != collection.pk:
            return refusal(request, collection, ["Another mark has this id."], status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return _refused(request, collection, form, claims=claims)
    return answer(
        request,
        collection,
        view=form.cleaned_data["view"],
        message=message,
        touched=touched,
        claims=None if made else changed,
        made=made,
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


def _record(
    request: Request, collection: Collection, form: MarkForm
) -> tuple[str, list[TargetState], set[int | None], Claim | None]:
    """Store what the form says: what was done, in words, and the passages and claims it touched,
    with the claim it made.

    The same passage and claim by the same person is one mark: marking again changes what is sent.
    """
    data, user = form.cleaned_data, request.user
    operation = data["id"] or uuid4()
    with transaction.atomic():
        if data["id"] and (done := _marked_before(request, collection, data["id"])):
            state = done.as_state()
            return (
                f"Already marked so: {_told(request, collection, state)}",
                touched_by(state),
                {state.claim},
                None,
            )
        claim, made = form.settle_claim(user, operation=operation)
        state = form.state(claim=claim)
        same = _same_passage(request, collection, state) if data["id"] else None
        if same is not None and not Annotation.objects.filter(pk=data["id"]).exists():
            before = same.as_state()
            merged = _marked_again(request, form, same).state(claim=claim)
            same.change(merged, user=user, operation=operation)
            message = "Already marked so" if merged == before else "Mark changed"
            return (
                f"{message}: {_told(request, collection, state)}",
                touched_by(before, merged),
                {claim},
                made,
            )
        via = None
        if data["via"]:
            seen = Annotation.objects.visible_to(user).filter(collection=collection)
            via = seen.filter(pk=data["via"]).first()
        Annotation.objects.record(
            state,
            collection=collection,
            user=user,
            id=data["id"],
            via=via,
            generator=data["generator"],
            operation=operation,
        )
    new = " under a new claim" if made else ""
    back = Revision.objects.filter(operation=operation, user=user, action="delete")
    back_words = ". Your “absent” is taken back" if claim and back.exists() else ""
    source = next((f". Source: {row.exact}" for row in state.targets if row.role == "source"), "")
    return (
        f"Marked{new}: {_told(request, collection, state)}{source}{back_words}",
        touched_by(state),
        {claim},
        made,
    )


def _told(request: Request, collection: Collection, state: AnnotationState) -> str:
    """The words marked, and which claim they went to, by the number that this person knows it by.

    Of a claim that the person may not know of, nothing is said.
    """
    words = quoted(state.targets[0].exact)
    if state.claim is None:
        return words if state.motivation == "commenting" else f"{words}, without a claim"
    claim = Claim.objects.standing_for(state.claim)
    known = known_claims(request.user, collection)
    if known is None:
        return f"{words}, claim {claim.number}: {quoted(claim.statement)}"
    if claim.pk not in known:
        return words
    return f"{words}, claim {known[claim.pk].number}: {quoted(claim.statement)}"


def _marked_before(request: Request, collection: Collection, operation: UUID) -> Annotation | None:
    """The mark that the same request has changed already: a retry, which changes nothing."""
    changed = Annotation.objects.by(request.user).exclude(pk=operation).with_parts()
    return changed.filter(
        collection=collection, revisions__operation=operation, revisions__user=request.user
    ).first()


def _marked_again(request: Request, form: MarkForm, same: Annotation) -> MarkForm:
    """The form of a mark with what the form of a new one fills in; the rest stays."""
    sent = QueryDict(mutable=True)
    unsaid = {f"{role}_words" for role in SPANS if role not in form.cleaned_data}
    for name, values in request.POST.lists():
        filled = [value for value in values if value]
        if filled and name not in unsaid:
            sent.setlist(name, filled)
    again = MarkForm(sent, collection=form.collection, claims=[], annotation=same, partial=True)
    if not again.is_valid():
        raise ValidationError(reasons_of(again))
    return again


def _same_passage(
    request: Request, collection: Collection, state: AnnotationState
) -> Annotation | None:
    passage = state.targets[0]
    found = (
        Annotation.objects.live()
        .by(request.user)
        .filter(
            collection=collection,
            claim=state.claim,
            motivation=state.motivation,
            targets__document=passage.document,
            targets__start=passage.start,
            targets__end=passage.end,
            targets__role="passage",
        )
        .with_parts()
        .order_by("created", "pk")
    )
    # Two comments on the same words are two comments.
    return None if state.motivation == "commenting" else found.first()


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: UUID) -> HttpResponse:
    """Change a mark. With `partial`, what the form leaves out stays as it is.

    The same `id` again is a repetition, which changes nothing.
    """
    collection, annotation = editable(request, pk)
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
        return _refused(request, collection, form, claims=claims, annotation=annotation)
    before = annotation.as_state()
    operation = form.cleaned_data["id"] or uuid4()
    if annotation.revisions.filter(operation=operation, user=request.user).exists():
        return _changed(request, collection, form, before=before, state=before)
    try:
        with transaction.atomic():
            claim, made = form.settle_claim(request.user, operation=operation)
            state = form.state(claim=claim)
            change_as_asked(annotation, state, form, user=request.user, operation=operation)
    except EditConflict as conflict:
        # A repeated request meets its own first success.
        if conflict.current.as_state() != state:
            return conflict_page(request, collection, conflict.current, sent=state)
    except ValidationError as error:
        form.add_error(None, error)
        return _refused(request, collection, form, claims=claims, annotation=annotation)
    return _changed(request, collection, form, before=before, state=state, made=made)


def _changed(
    request: Request,
    collection: Collection,
    form: MarkForm,
    *,
    before: AnnotationState,
    state: AnnotationState,
    made: Claim | None = None,
) -> HttpResponse:
    return answer(
        request,
        collection,
        view=form.cleaned_data["view"],
        message=f"Mark changed: {_told(request, collection, state)}",
        touched=touched_by(before, state),
        claims=None if made or form.brings_back(state.claim) else {before.claim, state.claim},
        made=made,
    )


@require_POST
def move(request: Request, pk: UUID) -> HttpResponse:
    """Move the boundaries of a mark's passage; of a pair, the one in the `document` that is sent.

    Where none is sent, it is the one whose document has the words.
    """
    collection, annotation = editable(request, pk)
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
    targets = tuple(moved if row is passage else row for row in before.targets)
    state = replace(before, targets=targets, deleted=False)
    back = _claim_back(annotation)
    try:
        change_as_asked(annotation, state, form, user=request.user, action="move")
    except EditConflict as conflict:
        if conflict.current.as_state() != state:
            return conflict_page(request, collection, conflict.current, sent=state)
    except ValidationError as error:
        return refusal(request, collection, error.messages)
    return answer(
        request,
        collection,
        view=data["view"],
        message=f"Moved to {_told(request, collection, replace(state, targets=(moved,)))}",
        touched=touched_by(before, state),
        claims=None if back else {annotation.claim_id},
    )


@require_POST
def delete(request: Request, pk: UUID) -> HttpResponse:
    collection, annotation = editable(request, pk)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    if not annotation.deleted:
        try:
            annotation.delete_softly(user=request.user, version=form.cleaned_data["version"])
        except EditConflict as conflict:
            if not conflict.current.deleted:
                return conflict_page(request, collection, conflict.current)
        except ValidationError as error:
            return refusal(request, collection, error.messages)
    return answer(
        request,
        collection,
        view=form.cleaned_data["view"],
        message="Deleted. Undo brings it back.",
        touched=touched_by(annotation.as_state()),
        claims={annotation.claim_id},
    )


@require_POST
def bring_back(request: Request, pk: UUID) -> HttpResponse:
    collection, annotation = editable(request, pk)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    state = annotation.as_state()
    back = _claim_back(annotation)
    message, warning = "Brought back.", False
    try:
        annotation.bring_back(user=request.user)
    except ValidationError as error:
        # A stance given anew since leaves no room for the deleted one.
        message, warning, back = " ".join(error.messages), True, None
    if back:
        message = f"Brought back, and with it the claim {quoted(str(back))}."
    return answer(
        request,
        collection,
        view=form.cleaned_data["view"],
        message=message,
        touched=touched_by(state),
        claims=None if back else {annotation.claim_id},
        warning=warning,
    )


def _claim_back(annotation: Annotation) -> Claim | None:
    """The deleted claim that would come back with the mark: its own, or the one that took it."""
    if annotation.claim is None or annotation.claim.current:
        return None
    claim = Claim.objects.standing_for(annotation.claim.pk)
    return None if claim.current else claim


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
    claims: list[Claim],
    annotation: Annotation | None = None,
) -> HttpResponse:
    """422: to a script the reasons, to a person the form with the reasons in it."""
    if request.htmx:
        return refusal(request, collection, reasons_of(form))
    return _form_page(request, collection, form, claims=claims, annotation=annotation, status=422)
