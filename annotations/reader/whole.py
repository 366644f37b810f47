"""What the page of a very long document, of which it shows a window, has to know of all its marks.

Offsets are code points. Nothing here is asked where the documents of a page are shown whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    StringAgg,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Cast, RowNumber

from annotations.models import Annotation, Coding, Target
from corpus.http import as_number
from corpus.models import Collection, Document

from .address import Params
from .codebook import CodebookValue
from .page import STRIP_STEPS


@dataclass(frozen=True, slots=True)
class Alike:
    """Marks of one coder on a document with the same claim, codes (their keys) and motivation.

    `start` is where the first of their passages starts. A mark on several documents of the page
    is among the `count` of the first of them only.
    """

    document: int
    coder: str
    claim: int | None
    coded: tuple[int, ...]
    motivation: str
    start: int
    count: int


def alike_on(collection: Collection, documents: Sequence[int], user: User) -> list[Alike]:
    """All marks that the person sees on the documents, as kinds and how many of each; one query."""
    codes = (
        Coding.objects.filter(annotation=OuterRef("pk"))
        .order_by()
        .values("annotation")
        .annotate(all=StringAgg(Cast("code", CharField()), Value(" ")))
        .values("all")
    )
    # Conditions within the sum: as those of the rows they have the planner read whole documents.
    among = Q(document__in=documents, role="passage", start__isnull=False)
    first = (
        Target.objects.filter(annotation=OuterRef("pk"))
        .order_by()
        .values("annotation")
        .annotate(first=Min("pk", filter=among))
        .values("first")
    )
    marks = _passages(collection, documents, user).order_by().annotate(coded=Subquery(codes))
    number = Count("pk", distinct=True)
    if len(documents) > 1:
        marks = marks.annotate(counted=Subquery(first))
        number = Count("pk", filter=Q(counted=F("targets__pk")))
    rows: Any = (
        marks.values_list("targets__document", "creator__username", "claim", "coded", "motivation")
        .annotate(first=Min("targets__start"), number=number)
        .order_by("targets__document", "first", "creator__username", "coded")
    )
    return [
        Alike(document, coder, claim, tuple(sorted(map(int, (coded or "").split()))), *rest)
        for document, coder, claim, coded, *rest in rows
    ]


def needed(
    collection: Collection,
    documents: Sequence[Document],
    user: User,
    *,
    shown: Mapping[int, range],
    params: Params,
    codebook: CodebookValue,
) -> Q:
    """Which annotations a page with these windows draws.

    Those with a place in a window, on a document shown whole or about a whole one, and those that
    the overview strip draws: of what starts at each of its places the first and the one that
    reaches furthest, which together cover all that the others cover.
    """
    on = Q(start__isnull=True)
    for document in documents:
        here = Q(document=document.pk)
        if window := shown.get(document.pk):
            here &= Q(
                start__lt=document.paragraphs[window.stop - 1][1],
                end__gt=document.paragraphs[window.start][0],
            )
        on |= here
    places = Target.objects.filter(on, document__in=[row.pk for row in documents])
    marks = _filtered(_passages(collection, list(shown), user), params, codebook)
    step = F("targets__start") * STRIP_STEPS / F("targets__document__length")
    same = [F("targets__document"), step]
    ranked = marks.order_by().annotate(
        first=_rank(same, "targets__start", "-targets__end", "created", "targets__pk"),
        furthest=_rank(same, "-targets__end", "targets__start", "created", "targets__pk"),
    )
    drawn = ranked.filter(Q(first=1) | Q(furthest=1)).values("pk")
    return Q(pk__in=places.values("annotation")) | Q(pk__in=drawn)


def _passages(
    collection: Collection, documents: Sequence[int], user: User
) -> "QuerySet[Annotation]":
    return (
        Annotation.objects.seen_by(user, collection)
        .live()
        .filter(
            targets__document__in=documents,
            targets__start__isnull=False,
            targets__role="passage",
        )
    )


def _filtered(
    marks: "QuerySet[Annotation]", params: Params, codebook: CodebookValue
) -> "QuerySet[Annotation]":
    """At least those of the marks that the filters of the page admit."""
    if params.coder:
        marks = marks.filter(creator__username=params.coder)
    if params.claim:
        marks = marks.filter(claim=as_number(params.claim))
    if params.code:
        keys = [
            code.pk
            for variable, code in codebook.coded()
            if f"{variable.key}.{code.key}" == params.code
        ]
        coded = Coding.objects.filter(annotation=OuterRef("pk"), code__in=keys)
        marks = marks.filter(Exists(coded))
    return marks


def _rank(partition: Sequence[Any], *order: str) -> Window:
    return Window(
        RowNumber(), partition_by=list(partition), order_by=order, output_field=IntegerField()
    )
