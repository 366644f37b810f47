from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from annotations.acts import pairs
from annotations.acts.marks import Change, Marking
from annotations.forms.marks import PairForm
from annotations.forms.words import reasons_of
from annotations.models import Annotation, EditConflict, Variable
from annotations.propagation import project, suggested_codes
from annotations.reader.address import reader_url
from annotations.states import TargetState
from annotations.vocabulary import CHANGE
from corpus.comparing import TOO_LONG, comparison_of, is_comparable
from corpus.comparison.wording import label_beside
from corpus.http import Request, as_number
from corpus.models import MAY_CODE, Collection, Document

from .answers import answer, refusal
from .panels import current_claims
from .versions import conflict_page, past

SIDES = ("a", "b")


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: Request, slug: str) -> HttpResponse:
    """Say what changed between two aligned passages (a=DOC:START:END, b=...).

    Where b names only a document, the engine's counterpart is taken. The engine's named changes
    are preselected; the coder confirms or corrects them. The same two passages by the same person
    are one pair.
    """
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    variable = _variable(collection)
    query = request.POST or request.GET
    targets = _sides(collection, query)
    stored = _stored(request, collection, targets)
    if stored is not None and str(stored.pk) != query.get("id"):
        return edit_pair(request, collection, stored)
    claims = current_claims(collection)
    if request.method != "POST":
        initial = {"id": uuid4(), "view": query.get("view", "")}
        form = PairForm(collection=collection, variable=variable, claims=claims, initial=initial)
        return _form_page(request, form, targets)
    form = PairForm(request.POST, collection=collection, variable=variable, claims=claims)
    if not form.is_valid():
        return _refused(request, form, targets)
    data = form.cleaned_data
    state = form.state(targets, claim=data["claim"])
    try:
        sent = Marking(state, data["statement"], id=data["id"])
        done = pairs.code(collection, request.user, sent)
    except EditConflict:
        told = "This pair was coded meanwhile, in another window. Open it again to see how."
        return refusal(request, collection, [told], status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return _refused(request, form, targets)
    return answer(request, done)


def edit_pair(request: Request, collection: Collection, annotation: Annotation) -> HttpResponse:
    """Correct what is said of a pair. With `partial`, what the form leaves out stays as it is."""
    before = annotation.as_state()
    form = PairForm(
        request.POST if request.method == "POST" else None,
        collection=collection,
        variable=_variable(collection),
        claims=current_claims(collection),
        before=before,
        initial={
            "view": request.GET.get("view", ""),
            "version": annotation.version,
            "bring_back": annotation.deleted,
        },
    )
    if request.method != "POST":
        return _form_page(request, form, before.targets, annotation=annotation)
    if not form.is_valid():
        return _refused(request, form, before.targets, annotation=annotation)
    data = form.cleaned_data
    state = form.state(before.targets, claim=data["claim"])
    try:
        sent = Change(
            annotation, state, data["version"], data["statement"], bring_back=data["bring_back"]
        )
        done = pairs.correct(collection, request.user, sent)
    except EditConflict as conflict:
        return conflict_page(request, collection, conflict)
    except ValidationError as error:
        form.add_error(None, error)
        return _refused(request, form, before.targets, annotation=annotation)
    return answer(request, done)


def _variable(collection: Collection) -> Variable:
    return get_object_or_404(
        Variable.objects.filter(codebook__collection=collection).prefetch_related("codes"),
        key=CHANGE,
    )


def _sides(collection: Collection, query: QueryDict) -> tuple[TargetState, TargetState]:
    """The two passages asked for; Http404 where there are not two in two documents."""
    numbers = [
        [as_number(part) for part in query.get(side, "").split(":") if part.isdecimal()]
        for side in SIDES
    ]
    pks = [side[0] for side in numbers if side]
    found = Document.objects.filter(collection=collection).for_reading().in_bulk(pks)
    if len(found) != 2 or len(numbers[0]) != 3:
        raise Http404("A pair is two passages of two documents of this collection.")
    here, there = found[pks[0]], found[pks[1]]
    first = _target(here, *numbers[0][1:])
    if len(numbers[1]) == 3:
        return first, _target(there, *numbers[1][1:])
    if not is_comparable(here, there):
        raise Http404(f"{TOO_LONG} Name the passage of both.")
    projected = project(
        comparison_of(here, there),
        (numbers[0][1], numbers[0][2]),
        source=here.text,
        derived=there.text,
    )
    if projected is None:
        raise Http404("No passage of the other document answers to this one.")
    return first, _target(there, projected.start, projected.end)


def _target(document: Document, start: int, end: int) -> TargetState:
    if not 0 <= start < end <= len(document.text):
        raise Http404(f"“{document}” has no passage from {start} to {end}.")
    return TargetState(document.pk, start, end, document.text[start:end])


def _stored(
    request: Request, collection: Collection, targets: tuple[TargetState, TargetState]
) -> Annotation | None:
    """The person's own coding of the very same pair, in either order."""
    found = (
        Annotation.objects.live()
        .by(request.user)
        .filter(
            collection=collection,
            motivation="linking",
            targets__document=targets[0].document,
            targets__start=targets[0].start,
            targets__end=targets[0].end,
        )
        .with_parts()
        .order_by("created", "pk")
    )
    return next((row for row in found if set(row.as_state().targets) == set(targets)), None)


def _refused(
    request: Request,
    form: PairForm,
    targets: tuple[TargetState, ...],
    *,
    annotation: Annotation | None = None,
) -> HttpResponse:
    """422: to a script the reasons, to a person the form with the reasons in it."""
    if request.htmx:
        return refusal(request, form.collection, reasons_of(form))
    return _form_page(request, form, targets, annotation=annotation, status=422)


def _form_page(
    request: Request,
    form: PairForm,
    targets: tuple[TargetState, ...],
    *,
    annotation: Annotation | None = None,
    status: int = 200,
) -> HttpResponse:
    collection = form.collection
    found = Document.objects.filter(collection=collection).for_reading()
    documents = found.in_bulk([target.document for target in targets])
    codes, named = _suggested(documents, targets)
    if annotation is None and not form.is_bound:
        form.initial["codes"] = list(codes)
    known = {code.key: code for code in form.variable.codes.all()}
    view = form["view"].value() or ""
    context = {
        "collection": collection,
        "form": form,
        "boxes": [(box, [known[box.data["value"]]]) for box in form["codes"]],
        "sides": [
            (
                name,
                f"{target.document}:{target.start}:{target.end}",
                documents[target.document],
                target,
            )
            for name, target in zip(SIDES, targets, strict=True)
        ],
        "named": named,
        "suggested": codes,
        "annotation": annotation,
        "history": past(collection, annotation) if annotation else [],
        "view": view,
        "back": reader_url(collection, view),
    }
    template = "annotations/pair_form.html"
    if request.htmx:
        template += "#pair_form"
    return render(request, template, context, status=status)


def _suggested(
    documents: dict[int, Document], targets: tuple[TargetState, ...]
) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """The engine's suggestion: codes, and each named change with its reason."""
    first, second = targets
    here, there = documents[first.document], documents[second.document]
    passage = (first.start or 0, first.end or 0)
    if not is_comparable(here, there):
        return (), []
    found = project(comparison_of(here, there), passage, source=here.text, derived=there.text)
    if found is None:
        return (), []
    codes = suggested_codes(found.pair, found.changes)
    return codes, [(label_beside(change), change.note) for change in found.changes]
