from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from annotations.access import editable
from annotations.acts import offers as acts
from annotations.acts.offers import Accepting, Choosing
from annotations.forms.marks import ChangeForm
from annotations.forms.words import reasons_of
from annotations.models import Annotation
from annotations.offers import Offer, find
from annotations.reader.address import documents_of, names_of
from annotations.vocabulary import POSITION, VOICE
from corpus.http import Request
from corpus.models import Collection

from .answers import answer, refusal


@require_http_methods(["GET", "HEAD", "POST"])
def offers(request: Request, pk: UUID) -> HttpResponse:
    """Passages of other documents where a mark's claim may stand too: accept, edit or reject them."""
    collection, annotation = editable(request.user, pk)
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
        done = acts.reject(collection, request.user, Choosing(annotation, tuple(unwanted)))
        return _show(request, collection, annotation, view=view, message=done.words)
    if "restore" in request.POST:
        _, rejected = find(request.user, annotation, shown=documents_of(collection, view))
        chosen = Choosing(annotation, tuple(offer.key for offer in rejected))
        acts.offer_again(collection, request.user, chosen)
        return _show(request, collection, annotation, view=view)
    offered, rejected = find(request.user, annotation, shown=documents_of(collection, view))
    wanted = set(request.POST.getlist("accept"))
    accepted = [
        offer
        for offer in offered
        if offer.key in wanted or ("verbatim" in request.POST and offer.verbatim)
    ]
    accepting = Accepting(annotation, tuple(accepted), frozenset(wanted))
    response = answer(request, acts.accept(collection, request.user, accepting))
    if request.htmx:
        left = [offer for offer in offered if offer not in accepted]
        page = _render(request, collection, annotation, left, rejected=len(rejected), view=view)
        response.write(f"\n{page.content.decode()}")
    return response


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
