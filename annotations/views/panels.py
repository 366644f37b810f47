"""What the marking side of the reader shows: claims, stances, what undo reaches, the buttons."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection as Collect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Max
from django.urls import reverse

from annotations.access import may_reword
from annotations.acts.undoing import told
from annotations.history import Reach
from annotations.models import Annotation, Claim, Coding, Revision, Variable, listed_claims
from annotations.positions import Occurrence, Position, combine, derive
from annotations.reader.codebook import CodeValue, VariableValue, codebook_of
from annotations.reader.loading import Rows, absences_on, answers_on
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

    @property
    def place(self) -> str:
        """The id of that sentence."""
        return f"s-{self.document.pk}-{self.sentence}"


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
    marks: Sequence[Mark] = (),
    rows: Rows | None = None,
) -> dict[str, Any]:
    """The claims, or `only` some of them, with their positions in the open documents; three queries.

    No query where `rows` are all that the viewer sees of the documents, and `marks` those in them.
    """
    claims = current_claims(collection) if rows is None else rows.claims
    if rows is None:
        positions, first = _positions(user, collection, documents, only=only)
    else:
        positions, first = _positions_among(marks, absences_on(rows))
    listed = [
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
    return {"panel_claims": listed, "panel_documents": documents}


Place = tuple[int, int]  # a claim and a document


def _positions(
    user: User,
    collection: Collection,
    documents: Sequence[Document],
    *,
    only: Collect[int] | None,
) -> tuple[dict[Place, Position], dict[Place, int]]:
    """For (claim, document): the coders' combined position, and where the first occurrence starts."""
    annotations = (
        Annotation.objects.seen_by(user, collection)
        .live()
        .filter(claim__isnull=False, targets__document__in=documents, targets__role="passage")
        .exclude(motivation="linking")
    )
    if only is not None:
        annotations = annotations.filter(claim__in=only)
    codes: dict[Any, dict[str, str]] = defaultdict(dict)
    for pk, variable, code in Coding.objects.filter(
        annotation__in=annotations.values("pk"), variable__key__in=[VOICE, POSITION, PRESENCE]
    ).values_list("annotation", "variable__key", "code__key"):
        codes[pk][variable] = code
    said: list[tuple[Place, str, Occurrence | None, int]] = []
    absent: set[tuple[Place, str]] = set()
    rows = annotations.values_list(
        "pk", "creator__username", "claim", "targets__document", "targets__start"
    )
    for pk, coder, claim, document, start in rows:
        place = (claim, document)
        if start is None:
            said.append((place, coder, None, 0))
            if codes[pk].get(PRESENCE) == "absent":
                absent.add((place, coder))
        else:
            occurrence = Occurrence(codes[pk].get(VOICE), codes[pk].get(POSITION))
            said.append((place, coder, occurrence, start))
    return _combined(said, absent)


def _positions_among(
    marks: Sequence[Mark], absences: Sequence[tuple[int, int, str, bool]]
) -> tuple[dict[Place, Position], dict[Place, int]]:
    """The same, from the marks and what is said of whole documents."""
    said: list[tuple[Place, str, Occurrence | None, int]] = [
        ((mark.claim, mark.document), mark.coder, mark.said, mark.start)
        for mark in marks
        if mark.claim is not None and mark.said is not None and mark.role == "passage"
    ]
    said += [((claim, document), coder, None, 0) for claim, document, coder, _ in absences]
    absent = {((claim, document), coder) for claim, document, coder, gone in absences if gone}
    return _combined(said, absent)


def _combined(
    said: Sequence[tuple[Place, str, Occurrence | None, int]], absent: Collect[tuple[Place, str]]
) -> tuple[dict[Place, Position], dict[Place, int]]:
    """From (place, coder, occurrence or None for the whole document, where it starts)."""
    found: dict[Place, dict[str, list[Occurrence]]] = defaultdict(dict)
    first: dict[Place, int] = {}
    for place, coder, occurrence, start in said:
        occurrences = found[place].setdefault(coder, [])
        if occurrence is not None:
            occurrences.append(occurrence)
            first[place] = min(first.get(place, start), start)
    positions = {
        place: combine(
            {
                coder: derive(occurrences, absent=(place, coder) in absent)
                for coder, occurrences in coders.items()
            }
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
    user: User, collection: Collection, documents: Sequence[Document], *, rows: Rows | None = None
) -> dict[int, StanceControl]:
    """The control of each document, by its key; two queries, none where the `rows` are known."""
    codebook = codebook_of(collection) if rows is None else rows.codebook
    variables = codebook.of_documents
    given = _answers(user, collection, documents) if rows is None else answers_on(rows)
    return {
        document.pk: _stance_control(user, document, variables, given=given)
        for document in documents
    }


def _answers(
    user: User, collection: Collection, documents: Sequence[Document]
) -> dict[tuple[int, str], dict[int, str]]:
    """For (document, variable): the code that each coder gave the whole document."""
    # From the documents on: the other way round all that is visible would be read.
    visible = (
        Annotation.objects.seen_by(user, collection)
        .live()
        .filter(targets__document__in=documents, targets__start__isnull=True)
    )
    given: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for document, coder, variable, code in Coding.objects.filter(
        annotation__in=visible.values("pk"), document__in=documents, claim__isnull=True
    ).values_list("document", "creator", "variable__key", "code__key"):
        given[document, variable][coder] = code
    return given


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


def undo_state(user: User, collection: Collection, reach: Reach | None = None) -> Reachable:
    """What undo and redo would do next; `reach` where that is known already."""
    reach = reach or Revision.objects.reach_of(user, collection)
    wanted = [operation for operation in (reach.undo, reach.redo) if operation]
    words: dict[Any, str] = {}
    if wanted:
        # Of a merge of a thousand marks the last row, which is the claim's own.
        rows = Revision.objects.filter(operation__in=wanted, collection=collection)
        last = rows.order_by().values("operation").annotate(last=Max("pk")).values("last")
        words = {row.operation: told(row) for row in Revision.objects.filter(pk__in=last)}
    return Reachable(words.get(reach.undo, ""), words.get(reach.redo, ""))


def marking_context(
    user: User,
    collection: Collection,
    rows: Rows,
    *,
    marks: Sequence[Mark],
    reach: Reach,
    query: str,
) -> dict[str, Any]:
    """All that the marking side of the reader page shows; `marks` are those in the rows."""
    documents = rows.documents
    return {
        **claims_panel_context(user, collection, documents, marks=marks, rows=rows),
        "stances": stance_controls(user, collection, documents, rows=rows),
        "undoable": undo_state(user, collection, reach),
        "codebook": rows.codebook,
        "query": query,
    }
