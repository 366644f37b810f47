from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from annotations.forms.marks import ChangeForm
from annotations.forms.words import reasons_of
from annotations.models import Annotation, Claim, EditConflict, Rejection
from annotations.propagation import Projection, project
from annotations.reader.address import documents_of, names_of
from annotations.similarity import Index
from annotations.spans import Span
from annotations.states import AnnotationState, TargetState
from annotations.vocabulary import POSITION, VOICE
from corpus.comparing import comparison_of, is_comparable
from corpus.comparison import VERSION
from corpus.comparison.wording import label_beside
from corpus.http import Request, as_number
from corpus.models import Collection, Document

from .answers import answer, refusal, touched_by
from .marking import editable

# A sentence less like the marked one than this is not worth a coder's look.
LIKE = 0.4
MOST_SIMILAR = 3
MOST_COPIES = 20
MOST_SENTENCES = 3_000  # of a document that is searched for one like the marked


@dataclass(frozen=True, slots=True)
class Offer:
    """A passage of another document that may say the same; a suggestion, not an annotation.

    `said` are the words there that answer to the marked source and cue.
    """

    document: Document
    start: int
    end: int
    verbatim: bool
    generator: str
    changes: tuple[tuple[str, str], ...] = ()
    likeness: float | None = None
    said: tuple[TargetState, ...] = ()

    @property
    def key(self) -> str:
        return _key(self.document.pk, self.start, self.end)

    @property
    def place(self) -> dict[str, int]:
        return {"document": self.document.pk, "start": self.start, "end": self.end}

    @property
    def words(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def target(self) -> TargetState:
        return TargetState(self.document.pk, self.start, self.end, self.words)


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
        _, rejected = _find(request, collection, annotation, view=view)
        for offer in rejected:
            _rejections(request, annotation).filter(**offer.place).delete()
        return _show(request, collection, annotation, view=view)
    offered, rejected = _find(request, collection, annotation, view=view)
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
    found, rejected = _find(request, collection, annotation, view=view)
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


def _find(
    request: Request, collection: Collection, annotation: Annotation, *, view: str
) -> tuple[list[Offer], list[Offer]]:
    """Aligned passages first, then similar ones, none that is marked with the claim; and those
    that the person has rejected, which would be offered otherwise.
    """
    state = annotation.as_state()
    passage = next((row for row in state.targets if row.start is not None), None)
    if state.claim is None or passage is None or passage.start is None or passage.end is None:
        return [], []
    if state.motivation == Annotation.Motivation.LINKING:
        return [], []
    home, *others = _documents(collection, annotation, passage.document, view=view)
    taken = _taken(request, others, claim=state.claim)
    unwanted = {
        _key(*place)
        for place in _rejections(request, annotation).values_list("document", "start", "end")
    }
    span = (passage.start, passage.end)
    aligned: list[Offer] = []
    similar: list[Offer] = []
    rejected: list[Offer] = []
    for document in others:
        found = _aligned(home, document, passage, beside=state.targets) or _similar(
            home, document, span, annotation
        )
        if found is None or any(
            start < found.end and found.start < end for start, end in taken[document.pk]
        ):
            continue
        if found.key in unwanted:
            rejected.append(found)
        elif found.likeness is None:
            aligned.append(found)
        else:
            similar.append(found)
    likest = sorted(similar, key=lambda offer: -(offer.likeness or 0))[:MOST_SIMILAR]
    return [*aligned, *likest], rejected


def _documents(
    collection: Collection, annotation: Annotation, pk: int, *, view: str
) -> list[Document]:
    """The marked document, then those on screen, then its copies and sources in the collection."""
    documents = Document.objects.filter(collection=collection).for_reading()
    home = documents.get(pk=pk)
    shown = [document for document in documents_of(collection, view) if document.pk != pk]
    kin = Q(origins__source=pk) | Q(derivatives__derived=pk)
    if home.story_id:
        kin |= Q(story=home.story_id)
    known = [pk, *(document.pk for document in shown)]
    copies = documents.filter(kin).exclude(pk__in=known).distinct().in_order()[:MOST_COPIES]
    return [home, *shown, *copies]


def _taken(
    request: Request, documents: list[Document], *, claim: int
) -> dict[int, list[tuple[int, int]]]:
    taken: dict[int, list[tuple[int, int]]] = {document.pk: [] for document in documents}
    rows = (
        Annotation.objects.by(request.user)
        .live()
        .exclude(motivation=Annotation.Motivation.LINKING)
        .filter(claim=claim, targets__document__in=documents, targets__role="passage")
        .values_list("targets__document", "targets__start", "targets__end")
    )
    for document, start, end in rows:
        if start is not None and end is not None:
            taken[document].append((start, end))
    return taken


def _aligned(
    home: Document, document: Document, passage: TargetState, *, beside: Iterable[TargetState]
) -> Offer | None:
    """Where the passage stands in the other document; `beside` are the mark's source and cue."""
    if not is_comparable(home, document):
        return None
    comparison = comparison_of(home, document)

    def follow(target: TargetState) -> Projection | None:
        span = (target.start or 0, target.end or 0)
        return project(comparison, span, source=home.text, derived=document.text)

    found = follow(passage)
    if found is None:
        return None
    said = []
    for target in beside:
        if target.role == "passage" or target.document != home.pk or target.start is None:
            continue
        there = follow(target)
        # Words that were replaced by a whole clause are no longer a name or a verb of speech.
        if there and (there.verbatim or there.end - there.start <= 3 * len(target.exact)):
            words = document.text[there.start : there.end]
            said.append(TargetState(document.pk, there.start, there.end, words, target.role))
    changes = tuple((label_beside(change), change.note) for change in found.changes)
    return Offer(
        document,
        found.start,
        found.end,
        found.verbatim,
        f"aligned {VERSION}",
        changes,
        said=tuple(said),
    )


def _similar(
    home: Document, document: Document, span: Span, annotation: Annotation
) -> Offer | None:
    if len(document.sentences) > MOST_SENTENCES:
        return None
    sentences = [document.text[start:end] for start, end in document.sentences]
    claim = annotation.claim.statement if annotation.claim else ""
    words = f"{home.text[span[0] : span[1]]} {claim}"
    for index, score in Index(sentences).nearest(words, most=1):
        if score >= LIKE:
            start, end = document.sentences[index]
            return Offer(document, start, end, False, "similar 2", likeness=score)
    return None


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


def _rejections(request: Request, annotation: Annotation) -> QuerySet[Rejection]:
    """What the person has rejected for the claim, or for one that has become part of it."""
    if annotation.claim_id is None:
        return Rejection.objects.none()
    claims = Claim.objects.filter(collection=annotation.collection_id)
    parts = claims.parts_of(annotation.claim_id)
    return Rejection.objects.filter(user=request.user, claim__in=parts)


def _key(document: int, start: int, end: int) -> str:
    return f"{document}:{start}:{end}"


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
