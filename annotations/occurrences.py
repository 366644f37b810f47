"""Where a claim is made: its passages in their documents, and what copies have in their place."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from annotations.grid import Cell, Column, claim_row
from annotations.models import Annotation, Claim, Target
from annotations.passages import Context, Counterpart, context, counterpart
from corpus.comparing import comparison_of, get_ready, is_comparable
from corpus.comparison.wording import label_beside
from corpus.models import Collection, Derivation, Document

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


def places_of(user: User, collection: Collection, claim: Claim) -> list[Place]:
    """Every document with what the person may see there of the claim, in the grid's order."""
    row, columns = claim_row(collection, user, claim)
    annotations = _annotations(user, collection, claim)
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
        for column, cell in zip(columns, row.cells, strict=True)
    ]


def _annotations(user: User, collection: Collection, claim: Claim) -> list[Annotation]:
    """The claim's occurrences that the person may see, oldest first."""
    return list(
        Annotation.objects.seen_by(user, collection)
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


def wordings_of(user: User, collection: Collection, claim: Claim) -> tuple[list[Wording], int]:
    """What the claim's passages became elsewhere, and how many documents were not compared.

    Each other document of the same story is compared with the one it was derived from where that
    is known, otherwise with the earliest one that makes the claim.
    """
    spans: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for annotation in _annotations(user, collection, claim):
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
    pairs = [
        (texts[parents.get(document.pk, sources[0].pk)], texts[document.pk]) for document in chosen
    ]
    get_ready(pairs)
    wordings = []
    uncompared = 0
    for source, derived in pairs:
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
