"""The rows of the reading page, from the database to plain values."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from annotations.access import may_change_those_of
from annotations.models import Annotation, Coding, Target, listed_claims
from annotations.positions import Occurrence
from annotations.vocabulary import CHANGE, POSITION, VOICE
from corpus import windows
from corpus.comparing import comparison_of, is_comparable
from corpus.comparison import Quotation
from corpus.http import Request
from corpus.models import Collection, Derivation, Document
from corpus.quoting import quotations_of, quotations_within

from . import page
from .address import Params
from .codebook import codebook_of
from .page import Column
from .pieces import Facing, Mark, Text


def opened_documents(collection: Collection, params: Params) -> list[Document]:
    """The documents in the order of the address; Http404 where one is not in the collection."""
    found = collection.documents.for_reading().in_bulk(params.documents)
    if len(found) < len(params.documents):
        raise Http404("One of these documents is not in this collection.")
    return [found[pk] for pk in params.documents]


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


def marks_on(
    collection: Collection, documents: Sequence[Document], *, request: Request
) -> list[Mark]:
    """The passages of these documents that the viewer may see marked, in the order of the text."""
    pks = [document.pk for document in documents]
    passages = Target.objects.filter(document__in=pks, start__isnull=False)
    codebook = codebook_of(collection)
    codes = {
        code.pk: (variable.key, code.key, code.label, code.colour)
        for variable, code in codebook.coded()
    }
    codings: dict[Any, list[int]] = defaultdict(list)
    for annotation, code in Coding.objects.filter(
        annotation__in=passages.values("annotation")
    ).values_list("annotation", "code"):
        codings[annotation].append(code)
    claims = {
        claim.pk: (claim.number, claim.statement)
        for claim in listed_claims(request.user, collection)
    }
    # Resolving an address takes longer than all else that is done for a mark.
    nobody = UUID(int=0)
    before, after = reverse("annotations:edit", args=[nobody]).split(str(nobody))
    texts = {document.pk: document.text for document in documents}
    sources: dict[Any, str] = {}
    named: dict[frozenset[int], tuple[str, str, int, frozenset[str], Occurrence]] = {}
    found = []
    # One filter() for the targets, so that the rows are those of the very targets it lets through.
    rows: list[Any] = list(
        Annotation.objects.visible_to(request.user)
        .live()
        .filter(targets__document__in=pks, targets__start__isnull=False)
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
            "creator",
            "creator__username",
            "motivation",
            "creator__first_name",
            "creator__last_name",
        )
    )
    for annotation, document, start, end, role, *_ in rows:
        if role == "source":
            sources[annotation] = " ".join(texts[document][start:end].split())
    for (
        annotation,
        document,
        start,
        end,
        role,
        claim,
        note,
        unsure,
        version,
        creator,
        coder,
        motivation,
        *name,
    ) in rows:
        key = str(annotation)
        number, statement = claims.get(claim, (None, ""))
        coded = frozenset(codings[annotation])
        if coded not in named:
            named[coded] = _named(
                [row for pk, row in codes.items() if pk in coded], codebook.labels
            )
        label, letter, colour, keys, said = named[coded]
        found.append(
            Mark(
                annotation=key,
                document=document,
                start=start,
                end=end,
                role=role,
                number=number,
                claim=claim,
                statement=statement,
                label=label or ("Note" if note else "Marked"),
                letter=letter,
                colour=colour,
                coder=coder,
                initials=_initials(coder, *name),
                codes=keys,
                said=None if motivation == Annotation.Motivation.LINKING else said,
                note=note,
                unsure=unsure,
                version=version,
                source=sources.get(annotation, "") if role == "passage" else "",
                edit_url=f"{before}{key}{after}"
                if may_change_those_of(creator, request.user, collection)
                else "",
            )
        )
    return found


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


def copies_of(documents: Sequence[Document], columns: Sequence[Column]) -> dict[int, list[int]]:
    """For each document that has nothing of the base, those beside it that were made from it."""
    found: dict[int, list[int]] = defaultdict(list)
    others = [
        document
        for document, column in zip(documents, columns, strict=True)
        if column.relation and not column.relation.shares_words
    ]
    if len(others) > 1:
        pairs = Derivation.objects.filter(source__in=others, derived__in=others)
        for source, derived in pairs.order_by("pk").values_list("source", "derived"):
            found[source].append(derived)
    return found
