"""What the marking side of the reader shows: claims, stances, what undo reaches, the buttons."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection as Collect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from annotations.access import may_reword
from annotations.acts.undoing import told
from annotations.models import Annotation, Claim, Coding, Revision, Variable, listed_claims
from annotations.positions import Occurrence, Position, combine, derive
from annotations.reader.codebook import CodeValue, VariableValue, codebook_of
from annotations.reader.pieces import Mark
from annotations.vocabulary import ORIGIN, POSITION, PRESENCE, STANCE, VOICE
from annotations.wording import CodeName, in_words, verdict
from corpus.models import Collection, Document


def current_claims(collection: Collection) -> list[Claim]:
    """The list of claims, as who has opened the collection may see it."""
    return listed_claims(collection.viewer, collection)


# --- the claims panel ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one open document stands on a claim; `sentence` is the first occurrence's number."""

    document: Document
    column: int
    position: Position
    sentence: int | None


@dataclass(frozen=True, slots=True)
class PanelClaim:
    number: int
    claim: Claim
    url: str
    cells: list[Cell]
    may_reword: bool


def claims_panel_context(
    user: User,
    collection: Collection,
    documents: Sequence[Document],
    *,
    only: Collect[int] | None = None,
    marks: Sequence[Mark] | None = None,
) -> dict[str, Any]:
    """The claims, or `only` some of them, with their positions in the open documents; three queries.

    `marks` are all that the viewer sees in the documents, where they are known already.
    """
    claims = current_claims(collection)
    positions, first = _positions(user, collection, documents, only=only, marks=marks)
    rows = [
        PanelClaim(
            claim.number,
            claim,
            reverse("annotations:claim", args=[collection.slug, claim.pk]),
            [
                Cell(
                    document,
                    column,
                    positions.get((claim.pk, document.pk), Position.NOT_LOOKED_AT),
                    _sentence(document, first.get((claim.pk, document.pk))),
                )
                for column, document in enumerate(documents, start=1)
            ],
            may_reword(claim, user, collection),
        )
        for claim in claims
        if only is None or claim.pk in only
    ]
    return {"panel_claims": rows, "panel_documents": documents}


def _positions(
    user: User,
    collection: Collection,
    documents: Sequence[Document],
    *,
    only: Collect[int] | None,
    marks: Sequence[Mark] | None,
) -> tuple[dict[tuple[int, int], Position], dict[tuple[int, int], int]]:
    """For (claim, document): the coders' combined position, and where the first occurrence starts."""
    sought: dict[str, Any] = {"targets__document__in": documents, "targets__role": "passage"}
    if marks is not None:
        sought["targets__start__isnull"] = True  # what is said of a whole document is no mark
    annotations = (
        Annotation.objects.visible_to(user)
        .live()
        .filter(collection=collection, claim__isnull=False, **sought)
        .exclude(motivation="linking")
    )
    if only is not None:
        annotations = annotations.filter(claim__in=only)
    codes: dict[Any, dict[str, str]] = defaultdict(dict)
    for pk, variable, code in Coding.objects.filter(
        annotation__in=annotations.values("pk"), variable__key__in=[VOICE, POSITION, PRESENCE]
    ).values_list("annotation", "variable__key", "code__key"):
        codes[pk][variable] = code
    found: dict[tuple[int, int], dict[str, list[Occurrence]]] = defaultdict(dict)
    absent: dict[tuple[int, int], set[str]] = defaultdict(set)
    first: dict[tuple[int, int], int] = {}
    for mark in marks or ():
        if mark.claim is not None and mark.said is not None and mark.role == "passage":
            place = (mark.claim, mark.document)
            found[place].setdefault(mark.coder, []).append(mark.said)
            first[place] = min(first.get(place, mark.start), mark.start)
    rows = annotations.values_list(
        "pk", "creator__username", "claim", "targets__document", "targets__start"
    )
    for pk, coder, claim, document, start in rows:
        place = (claim, document)
        found[place].setdefault(coder, [])
        if start is None:
            if codes[pk].get(PRESENCE) == "absent":
                absent[place].add(coder)
            continue
        found[place][coder].append(Occurrence(codes[pk].get(VOICE), codes[pk].get(POSITION)))
        first[place] = min(first.get(place, start), start)
    positions = {
        place: combine(
            {coder: derive(said, absent=coder in absent[place]) for coder, said in coders.items()}
        ).position
        for place, coders in found.items()
    }
    return positions, first


def _sentence(document: Document, start: int | None) -> int | None:
    if start is None:
        return None
    return max(0, bisect_right(document.sentences, start, key=lambda span: span[0]) - 1)


# --- stance and origin ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose; `guide` is the id of what the codebook says of it, its `codes`."""

    key: str
    label: str
    codes: list[CodeValue]
    guide: str
    chosen: bool
    others: int


@dataclass(frozen=True, slots=True)
class Question:
    variable: VariableValue
    options: list[Option]
    chosen: str


@dataclass(frozen=True, slots=True)
class StanceControl:
    """A document's stance and origin in words, and the questions with the viewer's answers."""

    document: Document
    words: str
    own: bool
    questions: list[Question]


def document_variables(collection: Collection) -> list[Variable]:
    """The questions asked of a document as a whole, except whether it leaves a claim out."""
    variables = (
        Variable.objects.filter(codebook__collection=collection, choice=Variable.Choice.ONE)
        .exclude(key=PRESENCE)
        .prefetch_related("codes")
        .order_by("order", "pk")
    )
    return [row for row in variables if "document" in row.level and row.codes.all()]


def stance_controls(
    user: User, collection: Collection, documents: Sequence[Document]
) -> dict[int, StanceControl]:
    """The control of each document, by its key; three queries."""
    variables = codebook_of(collection).of_documents
    visible = Annotation.objects.visible_to(user).live().filter(collection=collection)
    given: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for document, coder, variable, code in Coding.objects.filter(
        annotation__in=visible.values("pk"), document__in=documents, claim__isnull=True
    ).values_list("document", "creator", "variable__key", "code__key"):
        given[document, variable][coder] = code
    return {
        document.pk: _stance_control(user, document, variables, given=given)
        for document in documents
    }


def _stance_control(
    user: User,
    document: Document,
    variables: list[VariableValue],
    *,
    given: dict[tuple[int, str], dict[int, str]],
) -> StanceControl:
    questions, names, own = [], {}, False
    for variable in variables:
        answers = given.get((document.pk, variable.key), {})
        mine = answers.get(user.pk, "")
        own = own or bool(mine)
        leading = verdict(answers, user.pk).code
        others = [code for coder, code in answers.items() if coder != user.pk]
        for code in variable.codes:
            if code.key == leading:
                names[variable.key] = CodeName(code.key, code.label)
        options = [
            Option(
                code.key,
                code.label,
                [code],
                f"guide-{document.pk}-{variable.key}-{code.key}",
                chosen=code.key == mine,
                others=others.count(code.key),
            )
            for code in variable.codes
            if not code.retired or code.key == mine
        ]
        questions.append(Question(variable, options, mine))
    words = in_words(names.get(STANCE), names.get(ORIGIN))
    return StanceControl(document, words, own, questions)


# --- undo and the buttons ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reachable:
    """What undo and redo would do next, in words; empty where there is nothing."""

    undo: str
    redo: str


def undo_state(user: User, collection: Collection) -> Reachable:
    reach = Revision.objects.reach_of(user, collection)
    wanted = [operation for operation in (reach.undo, reach.redo) if operation]
    words: dict[Any, str] = {}
    rows = Revision.objects.filter(operation__in=wanted, collection=collection)
    for row in rows.order_by("pk"):
        words[row.operation] = told(row)
    return Reachable(words.get(reach.undo, ""), words.get(reach.redo, ""))


def marking_context(
    user: User,
    collection: Collection,
    documents: Sequence[Document],
    *,
    marks: Sequence[Mark],
    query: str,
) -> dict[str, Any]:
    """All that the marking side of the reader page shows; `marks` as claims_panel_context()."""
    return {
        **claims_panel_context(user, collection, documents, marks=marks),
        "stances": stance_controls(user, collection, documents),
        "undoable": undo_state(user, collection),
        "codebook": codebook_of(collection),
        "query": query,
    }
