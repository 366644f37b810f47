from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from annotations.forms import MarkForm, MoveForm, PassageForm, quoted, reasons_of, spoken
from annotations.models import Annotation, Claim, Code, EditConflict
from annotations.similarity import nearest
from annotations.states import AnnotationState, ClaimState, TargetState
from corpus.http import Request
from corpus.models import MAY_CODE, Collection, Document

from .answers import answer, reader_url, refusal, touched_by
from .panels import current_claims


def editable(request: Request, pk: UUID) -> tuple[Collection, Annotation]:
    """The annotation, if the person may change it: their own, or any as owner or curator."""
    annotation = get_object_or_404(
        Annotation.objects.visible_to(request.user).with_parts().select_related("collection"), pk=pk
    )
    slug = annotation.collection.slug
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    if annotation.creator_id != request.user.pk and not collection.may_curate:
        raise PermissionDenied(
            "This mark is somebody else's. Only owners and curators may edit it."
        )
    return collection, annotation


@require_http_methods(["GET", "POST"])
def mark(request: Request, slug: str) -> HttpResponse:
    """Make a mark; a GET shows the form for a passage (?d=, start=, end=)."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims = current_claims(collection)
    if request.method == "GET":
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
    pk, start, end = (_number(value) for value in numbers)
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

    The same passage and claim by the same person is one mark: marking again changes its codes.
    """
    data, user = form.cleaned_data, request.user
    operation = uuid4()
    with transaction.atomic():
        claim, made = _claim(request, collection, form, operation=operation)
        state = form.state(claim=claim)
        same = _same_passage(request, collection, state) if data["id"] else None
        if same is not None and not Annotation.objects.filter(pk=data["id"]).exists():
            before = same.as_state()
            merged = replace(state, note=state.note or before.note)
            same.change(merged, user=user, operation=operation)
            message = "Already marked so" if merged == before else "Mark changed"
            return f"{message}: {_told(state)}", touched_by(before, merged), {claim}, made
        via = None
        if data["via"]:
            via = Annotation.objects.visible_to(user).filter(pk=data["via"]).first()
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
    source = next((f". Source: {row.exact}" for row in state.targets if row.role == "source"), "")
    return f"Marked{new}: {_told(state)}{source}", touched_by(state), {claim}, made


def _told(state: AnnotationState) -> str:
    return quoted(state.targets[0].exact)


def _claim(
    request: Request, collection: Collection, form: MarkForm, *, operation: UUID
) -> tuple[int | None, Claim | None]:
    """The claim the form names, and whether it was made just now: a statement already there is
    that claim."""
    statement = " ".join(form.cleaned_data["statement"].split())
    if not statement:
        return form.cleaned_data["claim"], None
    known = Claim.objects.filter(collection=collection, statement__iexact=statement).current()
    if found := known.in_order().first():
        return found.pk, None
    claim = Claim.objects.record(
        ClaimState(statement=statement),
        collection=collection,
        user=request.user,
        operation=operation,
    )
    return claim.pk, claim


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


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: UUID) -> HttpResponse:
    """Change a mark. With `partial`, what the form leaves out stays as it is."""
    collection, annotation = editable(request, pk)
    claims = current_claims(collection)
    if not any(target.start is not None for target in annotation.as_state().targets):
        raise PermissionDenied("Only marked passages are edited here.")
    if request.method == "GET":
        form = MarkForm(
            collection=collection,
            claims=claims,
            annotation=annotation,
            initial={"view": request.GET.get("view", "")},
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
    operation = uuid4()
    try:
        with transaction.atomic():
            claim, made = _claim(request, collection, form, operation=operation)
            state = replace(form.state(claim=claim), deleted=before.deleted)
            annotation.change(
                state,
                user=request.user,
                version=form.cleaned_data["version"],
                operation=operation,
            )
    except EditConflict as conflict:
        # A repeated request meets its own first success.
        if conflict.current.as_state() != state:
            return _conflict(request, collection, conflict.current, form=form)
    except ValidationError as error:
        form.add_error(None, error)
        return _refused(request, collection, form, claims=claims, annotation=annotation)
    return answer(
        request,
        collection,
        view=form.cleaned_data["view"],
        message=f"Mark changed: {_told(state)}",
        touched=touched_by(before, state),
        claims=None if made else {before.claim, state.claim},
        made=made,
    )


@require_POST
def move(request: Request, pk: UUID) -> HttpResponse:
    """Move the boundaries of a mark's passage."""
    collection, annotation = editable(request, pk)
    before = annotation.as_state()
    passage = next((row for row in before.targets if row.start is not None), None)
    if passage is None:
        raise PermissionDenied("A code of the whole document has no boundaries to move.")
    document = Document.objects.for_reading().get(pk=passage.document)
    form = MoveForm(request.POST, document=document)
    if not form.is_valid():
        return _refused(request, collection, form)
    data = form.cleaned_data
    moved = replace(passage, start=data["start"], end=data["end"], exact=data["exact"])
    targets = tuple(moved if row is passage else row for row in before.targets)
    state = replace(before, targets=targets)
    try:
        annotation.change(state, user=request.user, action="move", version=data["version"])
    except EditConflict as conflict:
        if conflict.current.as_state() != state:
            return _conflict(request, collection, conflict.current, form=form, moved=state)
    return answer(
        request,
        collection,
        view=data["view"],
        message=f"Moved to {_told(replace(state, targets=(moved,)))}",
        touched=touched_by(before, state),
        claims={state.claim},
    )


@require_POST
def delete(request: Request, pk: UUID) -> HttpResponse:
    collection, annotation = editable(request, pk)
    if not annotation.deleted:
        version = request.POST.get("version", "")
        try:
            annotation.delete_softly(
                user=request.user, version=int(version) if version.isdecimal() else None
            )
        except EditConflict as conflict:
            return _conflict(request, collection, conflict.current)
    return answer(
        request,
        collection,
        view=request.POST.get("view", ""),
        message="Deleted. Undo brings it back.",
        touched=touched_by(annotation.as_state()),
        claims={annotation.claim_id},
    )


@require_POST
def bring_back(request: Request, pk: UUID) -> HttpResponse:
    collection, annotation = editable(request, pk)
    state = annotation.as_state()
    try:
        annotation.bring_back(user=request.user)
    except ValidationError as error:
        # A stance given anew since leaves no room for the deleted one.
        return answer(
            request,
            collection,
            view=request.POST.get("view", ""),
            message=" ".join(error.messages),
            touched=touched_by(state),
            warning=True,
        )
    return answer(
        request,
        collection,
        view=request.POST.get("view", ""),
        message="Brought back.",
        touched=touched_by(state),
        claims={state.claim},
    )


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
    start, end = _number(form["start"].value()), _number(form["end"].value())
    text = document.text if document else ""
    view = form["view"].value() or ""
    ranked = nearest(text[start:end], [row.statement for row in claims])
    labels = _Labels.of(collection) if annotation else None
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
        "likely": [(index + 1, claims[index]) for index, _ in ranked],
        "history": [
            (row, labels.lines(AnnotationState.from_dict(row.after or row.before or {})))
            for row in annotation.revisions.select_related("user").newest_first()[:50]
        ]
        if annotation and labels
        else [],
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


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isdecimal() else 0


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
    form: PassageForm,
    *,
    claims: list[Claim] | None = None,
    annotation: Annotation | None = None,
) -> HttpResponse:
    """422: to a script the reasons, to a person the form with the reasons in it."""
    if isinstance(form, MarkForm) and not request.htmx and claims is not None:
        return _form_page(
            request, collection, form, claims=claims, annotation=annotation, status=422
        )
    return refusal(request, collection, reasons_of(form))


def _conflict(
    request: Request,
    collection: Collection,
    current: Annotation,
    *,
    form: PassageForm | None = None,
    moved: AnnotationState | None = None,
) -> HttpResponse:
    """409: what is stored now beside what was sent, and the choice."""
    stored = Annotation.objects.with_parts().get(pk=current.pk)
    last = stored.revisions.select_related("user").order_by("pk").last()
    sent = moved
    if sent is None and isinstance(form, MarkForm):
        sent = form.state(claim=form.cleaned_data["claim"])
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "version"}
        for value in values
    ]
    labels = _Labels.of(collection)
    context = {
        "collection": collection,
        "stored": stored,
        "stored_lines": labels.lines(stored.as_state()),
        "sent_lines": labels.lines(sent) if sent else ["Delete the mark"],
        "last": last,
        "kept": kept,
        "action": request.path,
        "view_pairs": [
            (name, value)
            for name, values in QueryDict(request.POST.get("view", "")).lists()
            for value in values
        ],
    }
    template = "annotations/conflict.html"
    if request.htmx:
        template += "#conflict"
    return render(request, template, context, status=409)


@dataclass(frozen=True, slots=True)
class _Labels:
    """The words for keys, to tell two states of a mark apart on a page."""

    claims: dict[int, str]
    codes: dict[tuple[str, str], str]

    @classmethod
    def of(cls, collection: Collection) -> Self:
        codes = Code.objects.filter(variable__codebook__collection=collection).values_list(
            "variable__key", "key", "variable__label", "label"
        )
        return cls(
            dict(Claim.objects.filter(collection=collection).values_list("pk", "statement")),
            {(variable, code): f"{question}: {label}" for variable, code, question, label in codes},
        )

    def lines(self, state: AnnotationState) -> list[str]:
        names = {"passage": "", "source": "Source: ", "cue": "Cue: "}
        lines = [
            f"{names[target.role]}{quoted(target.exact, limit=400)}"
            for target in state.targets
            if target.exact
        ]
        if state.claim:
            lines.append(f"Claim: {self.claims.get(state.claim, state.claim)}")
        lines += [self.codes.get(pair, ": ".join(pair)) for pair in state.codings]
        if state.note:
            lines.append(f"Note: {state.note}")
        if state.unsure:
            lines.append("Not sure")
        if state.deleted:
            lines.append("Deleted")
        return lines
