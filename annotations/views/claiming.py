from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from annotations.forms import ClaimForm, reasons_of
from annotations.models import Annotation, Claim, EditConflict
from annotations.similarity import nearest
from annotations.states import ClaimState, TargetState
from corpus.http import Request
from corpus.models import MAY_CODE, Collection

from .answers import answer, refusal, touched_by
from .panels import current_claims


@require_POST
def add_claim(request: Request, slug: str) -> HttpResponse:
    """Put a claim at the end of the list; the same statement again is the same claim."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    statement = form.cleaned_data["statement"]
    made = None
    known = Claim.objects.filter(collection=collection, statement__iexact=statement).current()
    if found := known.in_order().first():
        message = f"This claim is already in the list: “{found}”"
    else:
        made = Claim.objects.record(
            ClaimState(statement=statement), collection=collection, user=request.user
        )
        message = f"New claim: “{made}”"
    return answer(
        request,
        collection,
        view=form.cleaned_data["view"],
        message=message,
        made=made,
    )


@require_POST
def rename_claim(request: Request, slug: str, pk: int) -> HttpResponse:
    """Word a claim anew; its occurrences stay."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claim = get_object_or_404(Claim.objects.filter(collection=collection).current(), pk=pk)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    state = replace(claim.as_state(), statement=form.cleaned_data["statement"])
    try:
        claim.change(
            state, user=request.user, action="rename", version=form.cleaned_data["version"]
        )
    except EditConflict as conflict:
        if conflict.current.as_state() != state:
            told = f"Somebody has reworded it meanwhile: “{conflict.current}”. Yours: “{state.statement}”."
            return refusal(request, collection, [told], status=409)
    return answer(
        request,
        collection,
        view=form.cleaned_data["view"],
        message=f"Renamed: “{claim}”",
        touched=_occurrences(request, claim),
    )


@require_GET
def likely_claims(request: Request, slug: str) -> HttpResponse:
    """The claims that a passage most likely makes (?words=), best first, as a short list."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims = current_claims(collection)
    ranked = nearest(request.GET.get("words", "")[:2000], statements_of(claims))
    context = {
        "collection": collection,
        "likely": [(index + 1, claims[index]) for index, _ in ranked],
    }
    return render(request, "annotations/claims_panel.html#likely", context)


def statements_of(claims: list[Claim]) -> list[str]:
    return [claim.statement for claim in claims]


def _occurrences(request: Request, claim: Claim) -> list[TargetState]:
    """The passages whose cards name the claim."""
    marks = Annotation.objects.visible_to(request.user).live().about(claim).with_parts()
    return touched_by(*(annotation.as_state() for annotation in marks))
