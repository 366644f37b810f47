from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from annotations.forms.marks import ChangeForm
from annotations.forms.words import reasons_of
from annotations.models import Annotation, EditConflict, Rejection
from annotations.offers import Offer, find, rejections
from annotations.reader.address import documents_of, names_of
from annotations.states import AnnotationState
from annotations.vocabulary import POSITION, VOICE
from corpus.http import Request, as_number
from corpus.models import Collection, Document

from .answers import answer, refusal, touched_by
from .marking import editable


@require_http_methods(["GET", "HEAD", "POST"])
def offers(request: Request, pk: UUID) -> HttpResponse:
    """Passages of other documents where a mark's claim may stand too: accept, edit or reject them."""
    collection, annotation = editable(request, pk)
    form = ChangeForm(request.POST or request.GET)
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    view = form.cleaned_data["view"]
    if annotation.deleted:
        told = "This mark is deleted. Bring it back to find its claim in other documents."
        return refusal(request, collection, [told])
    if request.method != "POST":
        return _show(request, collection, annotation, view=view)
    if unwanted := request.POST.getlist("reject"):
        _reject(request, collection, annotation, unwanted)
        return _show(request, collection, annotation, view=view, message="Not offered again.")
    if "restore" in request.POST:
        _, rejected = find(request.user, annotation, shown=documents_of(collection, view))
        for offer in rejected:
            rejections(request.user, annotation).filter(**offer.place).delete()
        return _show(request, collection, annotation, view=view)
    offered, rejected = find(request.user, annotation, shown=documents_of(collection, view))
    wanted = set(request.POST.getlist("accept"))
    accepted = [
        offer
        for offer in offered
        if offer.key in wanted or ("verbatim" in request.POST and offer.verbatim)
    ]
    made = _accept(request, collection, annotation, accepted)
    # A repeated request shows what the first one made.
    ids = [_id(request, annotation, key) for key in wanted]
    shown = Annotation.objects.filter(pk__in=[*ids, *(one.pk for one in made)]).with_parts()
    left = [offer for offer in offered if offer not in accepted]
    count = f"{len(made)} passage{'' if len(made) == 1 else 's'}"
    return answer(
        request,
        collection,
        view=view,
        message=f"Marked {count} in other documents." if made else "Already marked.",
        touched=touched_by(*(one.as_state() for one in shown)),
        claims={annotation.claim_id},
        extra=[
            _render(
                request, collection, annotation, left, rejected=len(rejected), view=view
            ).content.decode()
        ]
        if request.htmx
        else [],
    )


def _show(
    request: Request,
    collection: Collection,
    annotation: Annotation,
    *,
    view: str,
    message: str = "",
) -> HttpResponse:
    found, rejected = find(request.user, annotation, shown=documents_of(collection, view))
    return _render(
        request,
        collection,
        annotation,
        found,
        rejected=len(rejected),
        view=view,
        message=message,
    )


def _render(
    request: Request,
    collection: Collection,
    annotation: Annotation,
    found: list[Offer],
    *,
    rejected: int,
    view: str,
    message: str = "",
) -> HttpResponse:
    state = annotation.as_state()
    codes = dict(state.codings)
    names = names_of([offer.document for offer in found])
    rows = [
        (
            offer,
            names[offer.document.pk],
            f"{reverse('annotations:mark', args=[collection.slug])}?"
            + urlencode(
                {
                    "d": offer.document.pk,
                    "start": offer.start,
                    "end": offer.end,
                    "view": view,
                    "claim": state.claim or "",
                    "button": f"{codes.get(VOICE, '')}:{codes.get(POSITION, '')}",
                    "via": str(annotation.pk),
                    "generator": offer.generator,
                }
            ),
        )
        for offer in found
    ]
    context = {
        "collection": collection,
        "annotation": annotation,
        "offers": rows,
        "verbatim": sum(offer.verbatim for offer in found),
        "rejected": rejected,
        "view": view,
        "message": message,
    }
    template = "annotations/offers.html"
    if request.htmx:
        template += "#offers"
    return render(request, template, context)


def _reject(
    request: Request, collection: Collection, annotation: Annotation, keys: Iterable[str]
) -> None:
    """Remember what the person does not want to see again; what names no passage counts for nothing."""
    lengths = dict(Document.objects.filter(collection=collection).values_list("pk", "length"))
    for key in keys:
        document, start, end = ([as_number(part) for part in key.split(":")] + [0, 0, 0])[:3]
        if annotation.claim_id and start < end <= lengths.get(document, 0):
            Rejection.objects.get_or_create(
                user=request.user,
                claim_id=annotation.claim_id,
                document_id=document,
                start=start,
                end=end,
            )


def _id(request: Request, annotation: Annotation, key: str) -> UUID:
    """The same offer accepted twice, in two tabs or by a retry, is one annotation."""
    return uuid5(annotation.pk, f"{request.user.pk}:{annotation.claim_id}@{key}")


def _accept(
    request: Request, collection: Collection, annotation: Annotation, accepted: Iterable[Offer]
) -> list[Annotation]:
    """Make the offers annotations of the person, all in one undoable step."""
    operation = uuid4()
    made = []
    with transaction.atomic():
        for offer in accepted:
            with suppress(ValidationError):
                made.append(_make(request, collection, annotation, offer, operation=operation))
    return made


def _make(
    request: Request,
    collection: Collection,
    annotation: Annotation,
    offer: Offer,
    *,
    operation: UUID,
) -> Annotation:
    model = annotation.as_state()
    state = AnnotationState(
        model.motivation,
        (offer.target, *offer.said),
        codings=model.codings,
        claim=model.claim,
    )
    record = partial(
        Annotation.objects.record,
        state,
        collection=collection,
        user=request.user,
        via=annotation,
        generator=offer.generator,
        operation=operation,
        action="accept",
    )
    try:
        return record(id=_id(request, annotation, offer.key))
    except EditConflict as conflict:
        before: Annotation = conflict.current
        if not before.deleted:
            # It was changed since it was accepted; what the person made of it stays.
            return record()
        before.change(
            replace(state, note=before.note),
            user=request.user,
            operation=operation,
            action="accept",
        )
        return before
