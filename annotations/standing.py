"""What the marks say of claims and documents: read once, for the grid and the claim's page."""

from collections import defaultdict
from collections.abc import Collection as Collect
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from annotations.models import Annotation, AnnotationQuerySet, Coding, Target
from annotations.positions import Occurrence, Position, derive
from annotations.vocabulary import POSITION, PRESENCE, VOICE
from corpus.text import Span


@dataclass(frozen=True, slots=True)
class Said:
    """What one coder says of a claim in a document; `spans` are the passages marked, in order.

    `person` is the coder's key.
    """

    coder: str
    position: Position
    spans: tuple[Span, ...]
    person: int | None = None

    def __str__(self) -> str:
        return f"{self.coder}: {self.position.label.lower()}"


# (claim, document) -> coder -> what that coder says
Standing = dict[tuple[int, int], dict[str, Said]]


def standing(
    annotations: AnnotationQuerySet,
    *,
    claims: Collect[int] | None = None,
    documents: Collect[int] | None = None,
) -> Standing:
    """What each coder says of each claim in each document, in two queries.

    `claims` and `documents` leave the others unread.
    """
    about = annotations.filter(claim__isnull=False).exclude(
        motivation=Annotation.Motivation.LINKING
    )
    if claims is not None:
        about = about.filter(claim__in=claims)
    targets = Target.objects.filter(role=Target.Role.PASSAGE)
    if documents is None:
        targets = targets.filter(annotation__in=about.values("pk"))
    else:
        # From the documents: what is said in all the others is not looked at.
        there = about.filter(pk=OuterRef("annotation"))
        targets = targets.filter(Exists(there), document__in=documents)
    codes: dict[object, dict[str, str]] = defaultdict(dict)
    for annotation, variable, code in Coding.objects.filter(
        annotation__in=targets.values("annotation"), variable__key__in=[VOICE, POSITION, PRESENCE]
    ).values_list("annotation", "variable__key", "code__key"):
        codes[annotation][variable] = code
    found: dict[tuple[int, int, str], list[tuple[Span, Occurrence]]] = defaultdict(list)
    absent: set[tuple[int, int, str]] = set()
    people: dict[str, int] = {}
    for annotation, claim, coder, person, document, start, end in targets.values_list(
        "annotation",
        "annotation__claim",
        "annotation__creator__username",
        "annotation__creator",
        "document",
        "start",
        "end",
    ):
        people[coder] = person
        if start is not None and end is not None:
            said = Occurrence(codes[annotation].get(VOICE), codes[annotation].get(POSITION))
            found[claim, document, coder].append(((start, end), said))
        elif codes[annotation].get(PRESENCE) == "absent":
            absent.add((claim, document, coder))
    read: Standing = defaultdict(dict)
    for place in found.keys() | absent:
        claim, document, coder = place
        read[claim, document][coder] = Said(
            coder,
            derive((said for _, said in found[place]), absent=place in absent),
            tuple(sorted(span for span, _ in found[place])),
            people.get(coder),
        )
    return read
