from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from annotations.forms import PairForm, reasons_of
from annotations.models import Annotation, EditConflict, Variable
from annotations.propagation import project, suggested_codes
from annotations.reading import label_of
from annotations.states import AnnotationState, TargetState
from corpus.comparing import comparison_of
from corpus.http import Request
from corpus.models import MAY_CODE, Collection, Document

from .answers import answer, refusal, touched_by

SIDES = ("a", "b")


@require_http_methods(["GET", "POST"])
def pair(request: Request, slug: str) -> HttpResponse:
    """Say what changed between two aligned passages (a=DOC:START:END, b=...).

    Where b names only a document, the engine's counterpart is taken. The engine's named changes
    are preselected; the coder confirms or corrects them.
    """
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    variable = get_object_or_404(
        Variable.objects.filter(codebook__collection=collection).prefetch_related("codes"),
        key="change",
    )
    query = request.POST or request.GET
    documents, targets = _sides(collection, query)
    stored = _stored(request, collection, targets)
    if request.method == "GET":
        return _form_page(request, collection, variable, documents, targets, stored=stored)
    form = PairForm(request.POST, variable=variable)
    if not form.is_valid():
        if request.htmx:
            return refusal(request, collection, reasons_of(form))
        return _form_page(
            request, collection, variable, documents, targets, stored=stored, form=form
        )
    state = form.state(targets)
    try:
        if stored is None:
            Annotation.objects.record(
                state, collection=collection, user=request.user, id=form.cleaned_data["id"]
            )
        else:
            stored.change(state, user=request.user, version=form.cleaned_data["version"])
    except EditConflict as conflict:
        if conflict.current.as_state() != state:
            told = "This pair was coded meanwhile, in another window. Open it again to see how."
            return refusal(request, collection, [told], status=409)
    labels = dict(form.fields["codes"].choices)  # type: ignore[attr-defined]
    told = ", ".join(str(labels[code]) for code in form.cleaned_data["codes"])
    return answer(
        request,
        collection,
        view=form.cleaned_data["view"],
        message=f"Pair coded: {told}",
        touched=touched_by(state),
        claims=(),
    )


def _sides(
    collection: Collection, query: QueryDict
) -> tuple[tuple[Document, Document], tuple[TargetState, TargetState]]:
    """The two passages asked for; Http404 where there are not two in two documents."""
    numbers = [
        [int(part) for part in query.get(side, "").split(":") if part.isdecimal()] for side in SIDES
    ]
    pks = [side[0] for side in numbers if side]
    found = Document.objects.filter(collection=collection).for_reading().in_bulk(pks)
    if len(found) != 2 or len(numbers[0]) != 3:
        raise Http404("A pair is two passages of two documents of this collection.")
    here, there = found[pks[0]], found[pks[1]]
    first = _target(here, *numbers[0][1:])
    if len(numbers[1]) == 3:
        return (here, there), (first, _target(there, *numbers[1][1:]))
    projected = project(
        comparison_of(here, there),
        (numbers[0][1], numbers[0][2]),
        source=here.text,
        derived=there.text,
    )
    if projected is None:
        raise Http404("No passage of the other document answers to this one.")
    return (here, there), (first, _target(there, projected.start, projected.end))


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


def _form_page(
    request: Request,
    collection: Collection,
    variable: Variable,
    documents: tuple[Document, Document],
    targets: tuple[TargetState, TargetState],
    *,
    stored: Annotation | None,
    form: PairForm | None = None,
) -> HttpResponse:
    codes, named = _suggested(documents, targets)
    status = 422 if form else 200
    if form is None:
        initial: dict[str, Any] = {
            "id": uuid4(),
            "codes": list(codes),
            "view": (request.POST or request.GET).get("view", ""),
        }
        if stored is not None:
            state: AnnotationState = stored.as_state()
            initial |= {
                "codes": list(state.codes(variable.key)),
                "note": state.note,
                "version": stored.version,
            }
        form = PairForm(variable=variable, initial=initial)
    sides = [
        (name, f"{target.document}:{target.start}:{target.end}", document, target)
        for name, document, target in zip(SIDES, documents, targets, strict=True)
    ]
    known = {code.key: code for code in variable.codes.all()}
    context = {
        "collection": collection,
        "form": form,
        "boxes": [(box, [known[box.data["value"]]]) for box in form["codes"]],
        "sides": sides,
        "named": named,
        "suggested": codes,
        "stored": stored,
        "view": form["view"].value() or "",
    }
    template = "annotations/pair_form.html"
    if request.htmx:
        template += "#pair_form"
    return render(request, template, context, status=status)


def _suggested(
    documents: tuple[Document, Document], targets: tuple[TargetState, TargetState]
) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """The engine's suggestion: codes, and each named change with its reason."""
    here, there = documents
    passage = (targets[0].start or 0, targets[0].end or 0)
    found = project(comparison_of(here, there), passage, source=here.text, derived=there.text)
    if found is None:
        return (), []
    codes = suggested_codes(found.pair, found.changes)
    return codes, [(label_of(change), change.note) for change in found.changes]
