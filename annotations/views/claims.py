from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations.access import may_rearrange, may_reword
from annotations.forms.claims import ClaimSheet, MergeForm, SplitForm
from annotations.grid import Cell, Column, Wanted, claim_grid
from annotations.models import Annotation, Claim, ClaimInUse, EditConflict, Target
from annotations.passages import Context, Counterpart, context, counterpart
from annotations.restating import restated
from annotations.similarity import Index
from corpus.comparing import comparison_of, is_comparable
from corpus.comparison.wording import label_beside
from corpus.http import Request, as_number
from corpus.models import MAY_CODE, Collection, Derivation, Document

from .panels import current_claims

form_view = require_http_methods(["GET", "HEAD", "POST"])

# A claim's passages are compared with so many other documents at once.
COMPARED = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """What one coder says of a passage: the labels of the codes, and who is quoted."""

    annotation: Annotation
    codes: tuple[str, ...]
    source: str
    cue: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage marked with the claim, in its sentence, and all who marked just these words.

    `key` names it in a form: the document's key, start and end.
    """

    key: str
    context: Context
    marks: list[Mark]

    @property
    def said(self) -> list[tuple[str, Mark]]:
        """The coders' names, those who say the same together, each time with one of their marks."""
        names: dict[tuple[object, ...], list[str]] = defaultdict(list)
        first: dict[tuple[object, ...], Mark] = {}
        for mark in self.marks:
            row = mark.annotation
            key = (mark.codes, mark.source, mark.cue, row.unsure, row.note)
            names[key].append(row.creator.username)
            first.setdefault(key, mark)
        return [(", ".join(sorted(names[key])), mark) for key, mark in first.items()]


@dataclass(frozen=True, slots=True)
class Place:
    """All that is said of the claim in one document."""

    column: Column
    cell: Cell
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class Wording:
    """A suggestion: what a document has in place of a passage that is marked in another."""

    source: Document
    derived: Document
    context: Context
    found: Counterpart
    changes: tuple[tuple[str, int, str], ...]
    sentence: int
    marked: bool


@require_safe
def claim(request: Request, slug: str, pk: int) -> HttpResponse:
    """A claim's page; for htmx with `?d=`, only what is said of it in that document."""
    collection = Collection.objects.open_to(request.user, slug)
    claims, at = _listed(collection, pk)
    if at is None:
        return _elsewhere(request, collection, pk)
    page = claims[at]
    places = _places(request, collection, page)
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
        "may_rearrange": may_rearrange(collection),
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
    wordings, left_out = _wordings(request, collection, claims[at])
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
            made = Claim.objects.record(state, collection=collection, user=request.user)
            messages.success(request, f"New claim: “{made}”")
            return redirect(made)
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
    _must_reword(collection, claim)
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
                claim.change(state, user=request.user, version=form.cleaned_data["version"])
            except EditConflict as conflict:
                # Saving again from this page is a decision: both texts are on it.
                sent = request.POST.copy()
                sent["version"] = str(conflict.current.version)
                context["form"] = ClaimSheet(sent, collection=collection, claim=claim)
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
    _must_rearrange(collection)
    step = -1 if request.POST.get("move") == "up" else 1
    claims[at].move(at + step, user=request.user)
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
    _must_rearrange(collection)
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
            claim.merge_into(form.other, user=request.user, version=form.cleaned_data["version"])
        except ValueError:
            context["lost"] = what_became_of(collection, Claim.objects.get(pk=form.other.pk))
            return render(request, "annotations/claim_merge.html", context, status=409)
        except EditConflict as conflict:
            if not conflict.current.current:
                return _elsewhere(request, collection, pk)
            context["theirs"] = conflict.current
            return render(request, "annotations/claim_merge.html", context, status=409)
        messages.success(request, f"Merged: “{claim}” is now part of “{form.other}”.")
        return redirect(form.other)
    return render(request, "annotations/claim_merge.html", context, status=422)


@form_view
def claim_split(request: Request, slug: str, pk: int) -> HttpResponse:
    """Give some of a claim's passages to a new claim."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims, at = _listed(collection, pk)
    if at is None:
        return _elsewhere(request, collection, pk)
    _must_rearrange(collection)
    claim = claims[at]
    places = _places(request, collection, claim)
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
        made = claim.split_off(form.state(), chosen, user=request.user)
        messages.success(
            request, f"Split: {len(chosen)} mark{'s' if len(chosen) > 1 else ''} moved here."
        )
        return redirect(made)
    return render(request, "annotations/claim_split.html", context, status=422)


@form_view
def claim_delete(request: Request, slug: str, pk: int) -> HttpResponse:
    """Take a claim off the list, unless passages are marked with it: those go elsewhere first."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claims, at = _listed(collection, pk)
    if at is None:
        return _elsewhere(request, collection, pk)
    _must_rearrange(collection)
    claim = claims[at]
    context: dict[str, Any] = {
        "collection": collection,
        "claim": claim,
        "marked": sum(len(place.passages) for place in _places(request, collection, claim)),
        "others": len(claims) - 1,
    }
    if request.method != "POST":
        return render(request, "annotations/claim_delete.html", context)
    try:
        claim.delete_softly(
            user=request.user, version=as_number(request.POST.get("version", "")) or None
        )
    except ClaimInUse:
        return render(request, "annotations/claim_delete.html", context, status=422)
    except EditConflict as conflict:
        if not conflict.current.current:
            return _elsewhere(request, collection, pk)
        context |= {"theirs": conflict.current, "claim": conflict.current}
        return render(request, "annotations/claim_delete.html", context, status=409)
    messages.success(request, f"Deleted: “{claim}”. Undo brings it back.")
    return redirect("annotations:claims", slug)


@require_POST
def claim_bring_back(request: Request, slug: str, pk: int) -> HttpResponse:
    """Put a deleted claim on the list again."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    claim = get_object_or_404(Claim.objects.seen_by(request.user, collection), pk=pk)
    _must_rearrange(collection)
    claim.bring_back(user=request.user)
    if not claim.current:
        return _elsewhere(request, collection, pk)
    messages.success(request, f"Brought back: “{claim}”")
    return redirect(claim)


def _must_rearrange(collection: Collection) -> None:
    if not may_rearrange(collection):
        raise PermissionDenied(
            "While coding is blind, a curator moves, merges, splits and deletes claims."
        )


def _must_reword(collection: Collection, claim: Claim) -> None:
    if not may_reword(claim, collection.viewer, collection):
        raise PermissionDenied(
            "While coding is blind, only its writer and the curators word a claim anew."
        )


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
    elif not current:
        raise Http404("No such claim.")
    if into is None or not current:
        return redirect("annotations:claims", collection.slug)
    return redirect("annotations:claim", collection.slug, into.pk)


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


def _places(request: Request, collection: Collection, claim: Claim) -> list[Place]:
    """Every document with what the person may see there of the claim, in the grid's order."""
    grid = claim_grid(collection, request.user, Wanted())
    row = next(row for row in grid.rows if row.pk == claim.pk)
    annotations = _annotations(request, claim)
    targets = [target for row in annotations for target in row.targets.all()]
    documents = _texts(collection, {target.document_id for target in targets})
    found: dict[int, dict[tuple[int, int], list[Mark]]] = defaultdict(dict)
    for annotation in annotations:
        codes = tuple(coding.code.label for coding in annotation.codings.all())
        named = {target.role: target.exact for target in annotation.targets.all()}
        mark = Mark(annotation, codes, named.get("source", ""), named.get("cue", ""))
        for pk, span in _spans(annotation):
            found[pk].setdefault(span, []).append(mark)
    return [
        Place(
            column,
            cell,
            [
                Passage(
                    f"{column.pk}-{start}-{end}",
                    context(
                        documents[column.pk].text,
                        documents[column.pk].sentences,
                        start=start,
                        end=end,
                    ),
                    marks,
                )
                for (start, end), marks in sorted(found[column.pk].items(), key=lambda row: row[0])
            ],
        )
        for column, cell in zip(grid.columns, row.cells, strict=True)
    ]


def _annotations(request: Request, claim: Claim) -> list[Annotation]:
    """The claim's occurrences that the person may see, oldest first."""
    return list(
        Annotation.objects.visible_to(request.user)
        .live()
        .about(claim)
        .exclude(motivation=Annotation.Motivation.LINKING)
        .with_parts()
        .order_by("created", "pk")
    )


def _texts(collection: Collection, pks: Iterable[int]) -> dict[int, Document]:
    return Document.objects.filter(collection=collection).for_reading().in_bulk(list(pks))


def _spans(annotation: Annotation) -> Iterable[tuple[int, tuple[int, int]]]:
    """The passages an annotation marks: document's key, (start, end)."""
    for target in annotation.targets.all():
        if (
            target.role == Target.Role.PASSAGE
            and target.start is not None
            and target.end is not None
        ):
            yield target.document_id, (target.start, target.end)


def _wordings(request: Request, collection: Collection, claim: Claim) -> tuple[list[Wording], int]:
    """What the claim's passages became elsewhere, and how many documents were not compared.

    Each other document of the same story is compared with the one it was derived from where that
    is known, otherwise with the earliest one that makes the claim.
    """
    spans: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for annotation in _annotations(request, claim):
        for pk, span in _spans(annotation):
            spans[pk].add(span)
    if not spans:
        return [], 0
    listed = list(Document.objects.filter(collection=collection).for_lists().in_order())
    sources = [document for document in listed if document.pk in spans]
    stories = {document.story_id for document in sources}
    parents = dict(
        Derivation.objects.filter(source__in=spans, derived__collection=collection)
        .order_by("score")
        .values_list("derived", "source")
    )
    others = [
        document
        for document in listed
        if document != sources[0] and (document.story_id in stories or document.pk in parents)
    ]
    chosen = others[:COMPARED]
    texts = _texts(collection, [*spans, *(document.pk for document in chosen)])
    wordings = []
    uncompared = 0
    for document in chosen:
        source, derived = texts[parents.get(document.pk, sources[0].pk)], texts[document.pk]
        if not is_comparable(source, derived):
            uncompared += 1
            continue
        comparison = comparison_of(source, derived)
        told: set[int] = set()
        for start, end in sorted(spans[source.pk]):
            found = counterpart(comparison, derived.text, start=start, end=end)
            if found is None or found.start in told:
                continue
            told.add(found.start)
            around = context(derived.text, derived.sentences, start=found.start, end=found.end)
            wordings.append(
                Wording(
                    source,
                    derived,
                    context(source.text, source.sentences, start=start, end=end),
                    found,
                    changes=tuple(
                        (label_beside(change), change.severity, change.note)
                        for change in found.changes
                    ),
                    sentence=around.sentence,
                    marked=any(
                        first < found.end and found.start < last
                        for first, last in spans.get(derived.pk, ())
                    ),
                )
            )
    return wordings, len(others) - len(chosen) + uncompared
