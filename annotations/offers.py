"""What is offered for a mark: passages of other documents where its claim may stand too."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from annotations.models import Annotation, Claim, Rejection
from annotations.propagation import Projection, project
from annotations.similarity import Index
from annotations.states import TargetState
from corpus.comparing import comparison_of, is_comparable
from corpus.comparison import VERSION
from corpus.comparison.wording import label_beside
from corpus.models import Document
from corpus.text import Span

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
        return key_of(self.document.pk, self.start, self.end)

    @property
    def words(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def target(self) -> TargetState:
        return TargetState(self.document.pk, self.start, self.end, self.words)


def find(
    user: User, annotation: Annotation, *, shown: list[Document]
) -> tuple[list[Offer], list[Offer]]:
    """Passages of other documents where a mark's claim may stand too; `shown` come first.

    Aligned passages first, then similar ones, none that is marked with the claim; and those
    that the person has rejected, which would be offered otherwise.
    """
    state = annotation.as_state()
    passage = next((row for row in state.targets if row.start is not None), None)
    if state.claim is None or passage is None or passage.start is None or passage.end is None:
        return [], []
    if state.motivation == Annotation.Motivation.LINKING:
        return [], []
    home, *others = _documents(annotation, passage.document, shown)
    taken = _taken(user, others, claim=state.claim)
    unwanted = {
        key_of(*place)
        for place in rejections(user, annotation).values_list("document", "start", "end")
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


def _documents(annotation: Annotation, pk: int, shown: list[Document]) -> list[Document]:
    """The marked document, then those on screen, then its copies and sources in the collection."""
    documents = Document.objects.filter(collection=annotation.collection_id).for_reading()
    home = documents.get(pk=pk)
    shown = [document for document in shown if document.pk != pk]
    kin = Q(origins__source=pk) | Q(derivatives__derived=pk)
    if home.story_id:
        kin |= Q(story=home.story_id)
    known = [pk, *(document.pk for document in shown)]
    copies = documents.filter(kin).exclude(pk__in=known).distinct().in_order()[:MOST_COPIES]
    return [home, *shown, *copies]


def _taken(
    user: User, documents: list[Document], *, claim: int
) -> dict[int, list[tuple[int, int]]]:
    taken: dict[int, list[tuple[int, int]]] = {document.pk: [] for document in documents}
    rows = (
        Annotation.objects.by(user)
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


def rejections(user: User, annotation: Annotation) -> QuerySet[Rejection]:
    """What the person has rejected for the claim, or for one that has become part of it."""
    if annotation.claim_id is None:
        return Rejection.objects.none()
    claims = Claim.objects.filter(collection=annotation.collection_id)
    parts = claims.parts_of(annotation.claim_id)
    return Rejection.objects.filter(user=user, claim__in=parts)


def key_of(document: int, start: int, end: int) -> str:
    """What names a passage in a form."""
    return f"{document}:{start}:{end}"
