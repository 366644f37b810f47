from dataclasses import replace

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from annotations.access import may_reword
from annotations.acts import claims as acts
from annotations.acts.claims import Rewording
from annotations.forms.claims import ClaimForm
from annotations.forms.words import reasons_of
from annotations.models import Claim, EditConflict
from annotations.similarity import nearest
from corpus.http import Request
from corpus.models import MAY_CODE, Collection

from .answers import answer, refusal
from .claims import what_became_of
from .panels import current_claims


@require_POST
def add_claim(request: Request, slug: str) -> HttpResponse:
    """Put a claim at the end of the list; the same statement again is the same claim."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    try:
        done = acts.state(collection, request.user, form.cleaned_data["statement"])
    except ValidationError as error:
        return refusal(request, collection, error.messages)
    return answer(request, done)


@require_POST
def rename_claim(request: Request, slug: str, pk: int) -> HttpResponse:
    """Word a claim anew; its occurrences stay."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claim = get_object_or_404(Claim.objects.seen_by(request.user, collection), pk=pk)
    if not may_reword(claim, request.user, collection):
        told = "While coding is blind, only its writer and the curators word a claim anew."
        return refusal(request, collection, [told], status=403)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    state = replace(claim.as_state(), statement=form.cleaned_data["statement"])
    if not claim.current:
        yours = f"{what_became_of(collection, claim)} Yours was not saved: “{state.statement}”."
        return refusal(request, collection, [yours], status=409)
    try:
        sent = Rewording(claim, state, form.cleaned_data["version"])
        done = acts.reword(collection, request.user, sent)
    except EditConflict as conflict:
        return _two_wordings(request, collection, conflict.current, form=form)
    return answer(request, done)


def _two_wordings(
    request: Request, collection: Collection, claim: Claim, *, form: ClaimForm
) -> HttpResponse:
    """Both wordings, to choose one: the claim was reworded after the person had opened it."""
    sent = form.cleaned_data
    view = sent["view"]
    context = {
        "collection": collection,
        "stored": claim,
        "stored_lines": [f"“{claim}”"],
        "sent_lines": [f"“{sent['statement']}”"],
        "kept": [("statement", sent["statement"]), ("view", view)],
        "view_pairs": QueryDict(view).items(),
        "action": request.path,
    }
    template = "annotations/conflict.html"
    if request.htmx:
        template += "#conflict"
    return render(request, template, context, status=409)


@require_safe
def likely_claims(request: Request, slug: str) -> HttpResponse:
    """The claims that a passage most likely makes (?words=), best first, as a short list."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims = current_claims(collection)
    ranked = nearest(request.GET.get("words", "")[:2000], statements_of(claims))
    context = {
        "collection": collection,
        "likely": [(claims[index].number, claims[index]) for index, _ in ranked],
    }
    return render(request, "annotations/claims_panel.html#likely", context)


def statements_of(claims: list[Claim]) -> list[str]:
    return [claim.statement for claim in claims]
