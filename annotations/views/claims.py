from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations.access import may_rearrange, may_reword, must_rearrange, must_reword
from annotations.acts import claims as acts
from annotations.acts.claims import Merging, Placing, Rewording, Splitting
from annotations.acts.done import Seen
from annotations.forms.claims import ClaimSheet, MergeForm, SplitForm
from annotations.models import Claim, ClaimInUse, EditConflict
from annotations.occurrences import places_of, wordings_of
from annotations.restating import restated
from annotations.similarity import Index
from corpus.http import Request, as_number
from corpus.models import MAY_CODE, Collection

from .library import ARCHIVE
from .panels import current_claims

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def claim(request: Request, slug: str, pk: int) -> HttpResponse:
    """A claim's page; for htmx with `?d=`, only what is said of it in that document."""
    collection = Collection.objects.open_to(request.user, slug)
    claims, at = _listed(collection, pk)
    if at is None:
        return _elsewhere(request, collection, pk)
    page = claims[at]
    places = places_of(request.user, collection, page)
    context = {
        "collection": collection,
        "claim": page,
        "codes": page.codings.select_related("variable", "code").order_by("variable__order"),
        "claims": claims,
        "nth": at + 1,
        "previous": claims[at - 1] if at else None,
        "next": claims[at + 1] if at + 1 < len(claims) else None,
        "places": places,
        "passages": sum(len(place.passages) for place in places),
        "may_rearrange": may_rearrange(request.user, collection),
        "may_reword": may_reword(page, request.user, collection),
    }
    wanted = request.GET.get("d", "")
    if request.htmx and wanted:
        place = next((row for row in places if str(row.column.pk) == wanted), None)
        if place is None:
            raise Http404("No such document.")
        return render(request, "annotations/claim.html#passages", context | {"place": place})
    return render(request, "annotations/claim.html", context)


@require_safe
def claim_wording(request: Request, slug: str, pk: int) -> HttpResponse:
    """What other documents have in place of the claim's passages, as the comparison aligns them."""
    collection = Collection.objects.open_to(request.user, slug)
    claims, at = _listed(collection, pk)
    if at is None:
        return _elsewhere(request, collection, pk)
    wordings, left_out = wordings_of(request.user, collection, claims[at])
    context = {
        "collection": collection,
        "claim": claims[at],
        "wordings": wordings,
        "left_out": left_out,
    }
    template = "annotations/claim_wording.html"
    if request.htmx:
        template += "#wording"
    return render(request, template, context)


@form_view
def claim_new(request: Request, slug: str) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    form = ClaimSheet(request.POST if request.method == "POST" else None, collection=collection)
    twins: list[Claim] = []
    if request.method == "POST" and form.is_valid():
        state = form.state()
        twins = _twins(request, current_claims(collection), state.statement)
        if not twins:
            done = acts.add(collection, request.user, state)
            messages.success(request, done.words)
            return redirect(done.claims_made[0])
    context = {"collection": collection, "form": form, "twins": twins}
    status = 422 if request.method == "POST" else 200
    return render(request, "annotations/claim_form.html", context, status=status)


@form_view
def claim_edit(request: Request, slug: str, pk: int) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims, at = _listed(collection, pk)
    if at is None:
        return _elsewhere(request, collection, pk)
    claim = claims[at]
    must_reword(claim, request.user, collection)
    form = ClaimSheet(
        request.POST if request.method == "POST" else None, collection=collection, claim=claim
    )
    context = {"collection": collection, "claim": claim, "form": form}
    if request.method != "POST":
        return render(request, "annotations/claim_form.html", context)
    if form.is_valid():
        state = form.state()
        others = [other for other in claims if other != claim]
        reworded = state.statement != claim.statement
        context["twins"] = _twins(request, others, state.statement) if reworded else []
        if not context["twins"]:
            try:
                sent = Rewording(claim, state, form.cleaned_data["version"])
                acts.reword(collection, request.user, sent)
            except EditConflict as conflict:
                # Saving again from this page is a decision: both texts are on it.
                again = request.POST.copy()
                again["version"] = str(conflict.current.version)
                context["form"] = ClaimSheet(again, collection=collection, claim=claim)
                context["theirs"] = conflict.current
                return render(request, "annotations/claim_form.html", context, status=409)
            messages.success(request, "Saved.")
            return redirect("annotations:claim", slug, pk)
    return render(request, "annotations/claim_form.html", context, status=422)


@require_POST
def claim_move(request: Request, slug: str, pk: int) -> HttpResponse:
    """Move a claim one place up or down (`move`)."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims, at = _listed(collection, pk)
    if at is None:
        return _elsewhere(request, collection, pk)
    must_rearrange(request.user, collection)
    step = -1 if request.POST.get("move") == "up" else 1
    acts.move(collection, request.user, Placing(claims[at], at + step))
    if request.POST.get("back") == "claim":
        return redirect("annotations:claim", slug, pk)
    return redirect(f"{reverse('annotations:claims', args=[slug])}?arrange=1#claim-{pk}")


@form_view
def claim_merge(request: Request, slug: str, pk: int) -> HttpResponse:
    """Give a claim's passages to another claim, and retire it."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims, at = _listed(collection, pk)
    if at is None:
        return _elsewhere(request, collection, pk)
    must_rearrange(request.user, collection)
    claim = claims[at]
    others = [other for other in claims if other != claim]
    scores = Index([other.statement for other in others]).scores(claim.statement)
    ranked = sorted(zip(scores, others, strict=True), key=lambda row: -row[0])
    likest = [other for _, other in ranked]
    form = MergeForm(
        request.POST if request.method == "POST" else None,
        others=likest,
        claim=claim,
    )
    context: dict[str, Any] = {
        "collection": collection,
        "claim": claim,
        "form": form,
        "likest": likest,
        "chosen": as_number(request.POST.get("into") or request.GET.get("into", "")),
    }
    if request.method != "POST":
        return render(request, "annotations/claim_merge.html", context)
    if form.is_valid():
        try:
            sent = Merging(claim, form.other, form.cleaned_data["version"])
            done = acts.merge(collection, request.user, sent)
        except ValueError:
            context["lost"] = what_became_of(collection, Claim.objects.get(pk=form.other.pk))
            return render(request, "annotations/claim_merge.html", context, status=409)
        except EditConflict as conflict:
            if not conflict.current.current:
                return _elsewhere(request, collection, pk)
            context["theirs"] = conflict.current
            return render(request, "annotations/claim_merge.html", context, status=409)
        messages.success(request, done.words)
        return redirect(form.other)
    return render(request, "annotations/claim_merge.html", context, status=422)


@form_view
def claim_split(request: Request, slug: str, pk: int) -> HttpResponse:
    """Give some of a claim's passages to a new claim."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims, at = _listed(collection, pk)
    if at is None:
        return _elsewhere(request, collection, pk)
    must_rearrange(request.user, collection)
    claim = claims[at]
    places = places_of(request.user, collection, claim)
    marked = {
        passage.key: [mark.annotation for mark in passage.marks]
        for place in places
        for passage in place.passages
    }
    form = SplitForm(
        request.POST if request.method == "POST" else None,
        collection=collection,
        passages=list(marked),
    )
    context = {
        "collection": collection,
        "claim": claim,
        "form": form,
        "places": [place for place in places if place.passages],
        "chosen": request.POST.getlist("passages"),
        "twins": [],
    }
    if request.method != "POST":
        return render(request, "annotations/claim_split.html", context)
    if form.is_valid():
        context["twins"] = _twins(request, claims, form.cleaned_data["statement"])
    if form.is_valid() and not context["twins"]:
        # One annotation may mark several passages; it goes once.
        chosen = {row for key in form.cleaned_data["passages"] for row in marked[key]}
        sent = Splitting(claim, form.state(), chosen)
        done = acts.split(collection, request.user, sent)
        messages.success(request, done.words)
        return redirect(done.claims_made[0])
    return render(request, "annotations/claim_split.html", context, status=422)


@form_view
def claim_delete(request: Request, slug: str, pk: int) -> HttpResponse:
    """Take a claim off the list, unless passages are marked with it: those go elsewhere first."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims, at = _listed(collection, pk)
    if at is None:
        return _elsewhere(request, collection, pk)
    must_rearrange(request.user, collection)
    claim = claims[at]
    context: dict[str, Any] = {
        "collection": collection,
        "claim": claim,
        "marked": sum(len(place.passages) for place in places_of(request.user, collection, claim)),
        "others": len(claims) - 1,
        "away": claim.annotations.archived().marks().count(),
    }
    if request.method != "POST":
        return render(request, "annotations/claim_delete.html", context)
    try:
        version = as_number(request.POST.get("version", "")) or None
        done = acts.delete(collection, request.user, Seen(claim, version))
    except ClaimInUse:
        return render(request, "annotations/claim_delete.html", context, status=422)
    except EditConflict as conflict:
        if not conflict.current.current:
            return _elsewhere(request, collection, pk)
        context |= {"theirs": conflict.current, "claim": conflict.current}
        return render(request, "annotations/claim_delete.html", context, status=409)
    messages.success(request, done.words)
    return redirect("annotations:claims", slug)


@require_POST
def claim_bring_back(request: Request, slug: str, pk: int) -> HttpResponse:
    """Put a deleted claim on the list again."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claim = get_object_or_404(Claim.objects.seen_by(request.user, collection), pk=pk)
    must_rearrange(request.user, collection)
    done = acts.bring_back(collection, request.user, claim)
    if not claim.current:
        return _elsewhere(request, collection, pk)
    messages.success(request, done.words)
    return redirect(claim)


@require_POST
def claim_archive(request: Request, slug: str, pk: int) -> HttpResponse:
    """Put a claim away with its marks, or (`take_out`) take it out of the archive."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claim = get_object_or_404(Claim.objects.seen_by(request.user, collection), pk=pk)
    must_rearrange(request.user, collection)
    taken_out = "take_out" in request.POST
    version = as_number(request.POST.get("version", "")) or None
    try:
        if taken_out:
            done = acts.take_out(collection, request.user, claim)
        else:
            done = acts.archive(collection, request.user, Seen(claim, version))
    except EditConflict as conflict:
        if not conflict.current.current:
            return _elsewhere(request, collection, pk)
        messages.warning(request, "Not archived: somebody has changed this claim meanwhile.")
        return redirect(claim)
    messages.success(request, done.words)
    return redirect(claim) if taken_out else redirect("annotations:claims", slug)


def _listed(collection: Collection, pk: int) -> tuple[list[Claim], int | None]:
    """The claims in order, and the place of one of them, counted from 0."""
    claims = current_claims(collection)
    places = {claim.pk: place for place, claim in enumerate(claims)}
    return claims, places.get(pk)


def what_became_of(collection: Collection, claim: Claim) -> str:
    """A sentence on a claim that has left the list, for who had it open."""
    into = _standing(collection, claim)
    if into is not None and into != claim and into.current:
        return f"“{claim}” has become part of “{into}” meanwhile."
    if claim.archived_at is not None and claim.deleted_at is None:
        return f"“{claim}” is archived."
    return f"“{claim}” has been deleted meanwhile."


def _elsewhere(request: Request, collection: Collection, pk: int) -> HttpResponse:
    """Where to find a claim that is no longer in the list: with the one that took it.

    What somebody has sent for it is told, so that no wording is lost.
    """
    seen = Claim.objects.seen_by(request.user, collection)
    claim = get_object_or_404(seen, pk=pk)
    into = _standing(collection, claim)
    current = into is not None and into.current
    if request.method == "POST":
        sent = [request.POST.get(name, "").strip() for name in ("statement", "description")]
        yours = " ".join(f"“{words}”" for words in sent if words)
        told = what_became_of(collection, claim)
        messages.warning(
            request, f"Not saved: {told} You wrote: {yours}." if yours else f"Not done: {told}"
        )
    elif into is not None and into.archived_at is not None and into.deleted_at is None:
        return redirect(f"{archive_of(collection)}#claim-{into.pk}")
    elif not current:
        raise Http404("No such claim.")
    if into is None or not current:
        return redirect("annotations:claims", collection.slug)
    return redirect("annotations:claim", collection.slug, into.pk)


def archive_of(collection: Collection) -> str:
    """The address of the claims that are archived."""
    return reverse("annotations:claims", args=[collection.slug], query={"shelf": ARCHIVE})


def _standing(collection: Collection, claim: Claim) -> Claim | None:
    """The claim, or the one that took it; None where the person does not see that."""
    into = Claim.objects.standing_for(claim.pk)
    return Claim.objects.seen_by(collection.viewer, collection).filter(pk=into.pk).first()


def _twins(request: Request, others: list[Claim], statement: str) -> list[Claim]:
    """The claims that say the same, unless the person has seen them and insists."""
    if "anyway" in request.POST:
        return []
    found = restated(statement, [other.statement for other in others])
    return [others[index] for index in found[:3]]
