"""The rows of the reading page, from the database to plain values."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from annotations import models
from annotations.access import may_change_those_of
from annotations.models import Annotation, Claim, Coding, listed_claims
from annotations.positions import Occurrence
from annotations.vocabulary import CHANGE, POSITION, PRESENCE, VOICE
from corpus import windows
from corpus.comparing import comparison_of, is_comparable
from corpus.comparison import Quotation
from corpus.models import Collection, Derivation, Document
from corpus.quoting import quotations_of, quotations_within

from . import page
from .address import Params
from .codebook import CodebookValue, codebook_of
from .page import Column
from .pieces import Facing, Mark, Text
from .whole import Alike, alike_on, needed


def opened_documents(
    collection: Collection, params: Params, *, texts: bool = True
) -> list[Document]:
    """The documents in the order of the address, with their texts or without.

    Raises Http404 where one is not in the collection.
    """
    without = ["original"] if texts else ["original", "text"]
    found = collection.documents.defer(*without).in_bulk(params.documents)
    if len(found) < len(params.documents):
        raise Http404("One of these documents is not in this collection.")
    return [found[pk] for pk in params.documents]


def load_texts(documents: Sequence[Document]) -> None:
    """Load the texts that are still deferred; one query, or none."""
    without = [row.pk for row in documents if "text" in row.get_deferred_fields()]
    texts = (
        dict(Document.objects.filter(pk__in=without).values_list("pk", "text")) if without else {}
    )
    for document in documents:
        if document.pk in texts:
            document.text = texts[document.pk]


def text_of(document: Document, window: range | None = None) -> Text:
    """The document as reading needs it; of a long one the quotations in the window alone."""
    if window is None and windows.is_windowed(document.paragraphs):
        quoted: Sequence[Quotation] = ()
    elif window is None:
        quoted = quotations_of(document)
    else:
        start, end = document.paragraphs[window.start][0], document.paragraphs[window.stop - 1][1]
        quoted = quotations_within(document, start, end)
    return Text(
        document.pk,
        document.title,
        document.text,
        tuple((start, end) for start, end in document.paragraphs),
        tuple((start, end) for start, end in document.sentences),
        tuple(quoted),
    )


def columns_of(
    documents: Sequence[Document],
    marks: Sequence[Mark],
    *,
    windowed: Mapping[int, range] = MappingProxyType({}),
) -> list[Column]:
    """The columns of the page; the first document is the base that the others are compared with.

    Those too long to be compared with it while somebody waits just stand beside it.
    """
    texts = [text_of(document, windowed.get(document.pk)) for document in documents]
    on: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        on[mark.document].append(mark)
    base, *others = texts
    facing_base = []
    columns = []
    for document, text in zip(documents[1:], others, strict=True):
        if not is_comparable(documents[0], document):
            columns.append(page.column(text, marks=on[text.pk], window=windowed.get(text.pk)))
            continue
        comparison = comparison_of(documents[0], document)
        here, there = page.facings(base, text, comparison)
        facing_base.append(here)
        columns.append(
            page.column(
                text,
                facing=[there],
                marks=on[text.pk],
                relation=page.relation_of(comparison),
                window=windowed.get(text.pk),
            )
        )
    first = page.column(base, facing=facing_base, marks=on[base.pk], window=windowed.get(base.pk))
    return [first, *columns]


def facing_of(documents: Sequence[Document], document: Document) -> list[Facing]:
    """The comparisons of the page that a document takes part in, seen from its side."""
    base = documents[0]
    sides = [
        page.facings(text_of(base), text_of(other), comparison_of(base, other))
        for other in documents[1:]
        if document in (base, other) and is_comparable(base, other)
    ]
    return [here if document == base else there for here, there in sides]


@dataclass(frozen=True, slots=True)
class Target:
    """What an annotation that the viewer sees says of one place in an opened document.

    `start` is None where it is about the whole document; `coded` are keys of codes, in order.
    """

    coded: tuple[int, ...]
    annotation: UUID
    document: int
    start: int | None
    end: int | None
    role: str
    claim: int | None
    note: str
    unsure: bool
    version: int
    motivation: str
    creator: int
    coder: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Rows:
    """All that the database has for the page of one person, apart from the texts themselves.

    `derivations` are (source, derived) among the documents, where more than two are open. Where
    windows are `shown` of some, `targets` are those that are drawn, and `alike` tells of all.
    """

    documents: list[Document]
    targets: list[Target]
    claims: list[Claim]
    codebook: CodebookValue
    derivations: list[tuple[int, int]]
    shown: Mapping[int, range]
    alike: list[Alike]


def rows_of(
    collection: Collection,
    documents: list[Document],
    user: User,
    params: Params,
    *,
    shown: Mapping[int, range] = MappingProxyType({}),
) -> Rows:
    """What the page of these documents shows this person; as many queries for any number of marks."""
    pks = [document.pk for document in documents]
    derivations: list[tuple[int, int]] = []
    if len(documents) > 2:
        pairs = Derivation.objects.filter(source__in=pks, derived__in=pks)
        derivations = list(pairs.order_by("pk").values_list("source", "derived"))
    codebook = codebook_of(collection)
    drawn = (
        needed(collection, documents, user, shown=shown, params=params, codebook=codebook)
        if shown
        else None
    )
    return Rows(
        documents,
        targets_on(collection, pks, user, drawn=drawn),
        listed_claims(user, collection),
        codebook,
        derivations,
        shown,
        alike_on(collection, pks, user) if shown else [],
    )


def targets_on(
    collection: Collection, documents: Sequence[int], user: User, *, drawn: Q | None = None
) -> list[Target]:
    """Every target on these documents that the person may see, in the order of the texts.

    Of the annotations that are `drawn` alone, where that is said.
    """
    annotations = Annotation.objects.seen_by(user, collection).live()
    if drawn is not None:
        annotations = annotations.filter(drawn)
    # One filter() for the targets, so that the rows are those of the very targets it lets through.
    rows: Any = list(
        annotations.filter(targets__document__in=documents)
        .order_by("targets__document", "targets__start", "-targets__end", "created", "targets__pk")
        .values_list(
            "pk",
            "targets__document",
            "targets__start",
            "targets__end",
            "targets__role",
            "claim",
            "note",
            "unsure",
            "version",
            "motivation",
            "creator",
            "creator__username",
            "creator__first_name",
            "creator__last_name",
        )
    )
    coded: dict[UUID, list[int]] = defaultdict(list)
    on: Any = (
        models.Target.objects.filter(document__in=documents).values("annotation")
        if drawn is None
        else {row[0] for row in rows}
    )
    for annotation, code in Coding.objects.filter(annotation__in=on).values_list(
        "annotation", "code"
    ):
        coded[annotation].append(code)
    return [Target(tuple(sorted(coded[row[0]])), *row) for row in rows]


class _Naming:
    """What marks with certain codes are called: label, letter, colour, keys of codes, what they say."""

    def __init__(self, codebook: CodebookValue) -> None:
        self._labels = codebook.labels
        self._codes = {
            code.pk: (variable.key, code.key, code.label, code.colour)
            for variable, code in codebook.coded()
        }
        self._named: dict[tuple[int, ...], tuple[str, str, int, frozenset[str], Occurrence]] = {}

    def of(self, coded: tuple[int, ...]) -> tuple[str, str, int, frozenset[str], Occurrence]:
        if coded not in self._named:
            codes = [code for pk, code in self._codes.items() if pk in coded]
            self._named[coded] = _named(codes, self._labels)
        return self._named[coded]


def marks_on(collection: Collection, rows: Rows, user: User) -> list[Mark]:
    """The passages of the documents that the viewer may see marked, in the order of the text."""
    naming = _Naming(rows.codebook)
    claims = {claim.pk: (claim.number, claim.statement) for claim in rows.claims}
    # Resolving an address takes longer than all else that is done for a mark.
    nobody = UUID(int=0)
    before, after = reverse("annotations:edit", args=[nobody]).split(str(nobody))
    texts = {document.pk: document.text for document in rows.documents}
    sources: dict[UUID, str] = {}
    for row in rows.targets:
        if row.role == "source":
            sources[row.annotation] = " ".join(texts[row.document][row.start : row.end].split())
    found = []
    for row in rows.targets:
        if row.start is None or row.end is None:
            continue
        key = str(row.annotation)
        number, statement = claims.get(row.claim or 0, (None, ""))
        label, letter, colour, keys, said = naming.of(row.coded)
        may_edit = may_change_those_of(row.creator, user, collection)
        found.append(
            Mark(
                annotation=key,
                document=row.document,
                start=row.start,
                end=row.end,
                role=row.role,
                number=number,
                claim=row.claim,
                statement=statement,
                label=label or ("Note" if row.note else "Marked"),
                letter=letter,
                colour=colour,
                coder=row.coder,
                initials=_initials(row.coder, row.first_name, row.last_name),
                codes=keys,
                said=None if row.motivation == Annotation.Motivation.LINKING else said,
                note=row.note,
                unsure=row.unsure,
                version=row.version,
                source=sources.get(row.annotation, "") if row.role == "passage" else "",
                edit_url=f"{before}{key}{after}" if may_edit else "",
                mine=row.creator == user.pk,
            )
        )
    return found


def kinds_on(rows: Rows, marks: Sequence[Mark]) -> list[tuple[Mark, int]]:
    """The marks on the whole documents, one of each kind where it starts first, and how many it is.

    What is shown whole has each of its `marks` as a kind; their passages are in the same order.
    """
    if not rows.shown:
        seen: set[str] = set()
        kinds = []
        for mark in marks:
            kinds.append((mark, int(mark.annotation not in seen)))
            seen.add(mark.annotation)
        return kinds
    naming = _Naming(rows.codebook)
    claims = {claim.pk: (claim.number, claim.statement) for claim in rows.claims}
    found = []
    for row in rows.alike:
        number, statement = claims.get(row.claim or 0, (None, ""))
        *_, keys, said = naming.of(row.coded)
        first = Mark(
            annotation="",
            document=row.document,
            start=row.start,
            end=row.start,
            number=number,
            claim=row.claim,
            statement=statement,
            coder=row.coder,
            codes=keys,
            said=None if row.motivation == Annotation.Motivation.LINKING else said,
        )
        found.append((first, row.count))
    return found


def answers_on(rows: Rows) -> dict[tuple[int, str], dict[int, str]]:
    """For (document, variable): the code that each coder gave the whole document."""
    named = {code.pk: (variable.key, code.key) for variable, code in rows.codebook.coded()}
    found: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for row in rows.targets:
        if row.start is None and row.claim is None:
            for variable, code in (named[pk] for pk in row.coded if pk in named):
                found[row.document, variable][row.creator] = code
    return found


def absences_on(rows: Rows) -> list[tuple[int, int, str, bool]]:
    """(claim, document, coder, whether it is absent) of what is said of claims in whole documents."""
    absent = {
        code.pk
        for variable, code in rows.codebook.coded()
        if (variable.key, code.key) == (PRESENCE, "absent")
    }
    return [
        (row.claim, row.document, row.coder, not absent.isdisjoint(row.coded))
        for row in rows.targets
        if row.start is None
        and row.claim is not None
        and row.role == "passage"
        and row.motivation != Annotation.Motivation.LINKING
    ]


def _named(
    codings: Sequence[tuple[str, str, str, int]], buttons: dict[tuple[str | None, str], str]
) -> tuple[str, str, int, frozenset[str], Occurrence]:
    """What marks with these codes are called, with which letter and colour, and what they say."""
    by_variable = {variable: code for variable, code, *_ in codings}
    keys = frozenset(f"{variable}.{code}" for variable, code, *_ in codings)
    said = Occurrence(by_variable.get(VOICE), by_variable.get(POSITION))
    return (*_label(codings, buttons), keys, said)


def _label(
    codings: Sequence[tuple[str, str, str, int]], buttons: dict[tuple[str | None, str], str]
) -> tuple[str, str, int]:
    """What a mark is called, its letter, and the number of its colour in the palette.

    The letter is the first of the position, small where a source speaks; a pair has "≠".
    """
    by_variable = {variable: (code, label, colour) for variable, code, label, colour in codings}
    voice = by_variable.get(VOICE, ("", "", 0))[0]
    if POSITION in by_variable:
        position, label, colour = by_variable[POSITION]
        name = buttons.get((voice or None, position)) or buttons.get((None, position)) or label
        initial = label[:1]
        return name, initial.lower() if voice == "source" else initial.upper(), colour
    if not codings:
        return "", "", 0
    names = [label for _, _, label, _ in codings]
    return ", ".join(names), "≠" if CHANGE in by_variable else "", codings[0][3]


def _initials(username: str, first: str, last: str) -> str:
    return (first[:1] + last[:1]).upper() if first and last else (first or username)[:2].title()


def copies_of(rows: Rows, columns: Sequence[Column]) -> dict[int, list[int]]:
    """For each document that has nothing of the base, those beside it that were made from it."""
    others = {
        column.document
        for column in columns
        if column.relation and not column.relation.shares_words
    }
    found: dict[int, list[int]] = defaultdict(list)
    for source, derived in rows.derivations:
        if {source, derived} <= others:
            found[source].append(derived)
    return found
