"""What this app keeps about documents and collections, for the acts that end them."""

from collections.abc import Collection as Several
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from corpus.dependents import Weight
from corpus.models import Collection, Document

from .models import Annotation, Claim, Codebook, Revision, Target

# Revisions that delete for their own sake; what a merge deletes belongs to the merge and its undo.
OWN = "delete"


class Marks:
    """Annotations, claims and codebooks, as corpus.dependents asks for them."""

    def weigh(self, documents: QuerySet[Document]) -> list[Weight]:
        on_these = Target.objects.filter(
            annotation=OuterRef("pk"), document__in=documents.values("pk")
        )
        found = Annotation.objects.alive().filter(Exists(on_these))
        passages = found.filter(Exists(on_these.filter(start__isnull=False)))
        whole = found.exclude(Exists(on_these.filter(start__isnull=False)))
        return [
            _by_people(passages, "mark", "marks"),
            _by_people(whole, "answer about a whole document", "answers about whole documents"),
        ]

    def weigh_collection(self, collection: Collection) -> list[Weight]:
        claims = Claim.objects.filter(collection=collection, merged_into=None).alive().count()
        return [Weight(claims, "claim", "claims")]

    def holding(self, documents: Several[int]) -> set[int]:
        there = Target.objects.filter(document__in=documents)
        return set(there.values_list("document", flat=True).distinct())

    def returned(self, documents: Several[int], *, user: User) -> None:
        """A live mark is about a listed claim: one deleted meanwhile comes back with its marks."""
        targets = Target.objects.filter(document__in=documents, annotation__deleted_at=None)
        claims = Claim.objects.filter(
            deleted_at__isnull=False, pk__in=targets.values("annotation__claim")
        )
        operation = uuid4()
        for claim in claims.order_by("pk"):
            claim.change(
                replace(claim.as_state(), deleted=False),
                user=user,
                action="bring back",
                operation=operation,
            )

    def copy(self, source: Collection, made: Collection, *, user: User) -> None:
        book = Codebook.objects.filter(collection=source).first()
        if book is None:
            Codebook.start(made, user=user)
        else:
            Codebook.load(book.as_dict(), collection=made, user=user)

    def due(self, limit: datetime) -> dict[str, int]:
        annotations = set(_annotations(limit).values_list("pk", flat=True))
        claims = [
            claim
            for claim in _claims(limit)
            if not Annotation.objects.filter(claim=claim).exclude(pk__in=annotations).exists()
        ]
        return {"annotations": len(annotations), "claims": len(claims)}

    def purge(self, limit: datetime, *, most: int) -> dict[str, int]:
        if some := list(_annotations(limit).order_by("pk").values_list("pk", flat=True)[:most]):
            Annotation.objects.filter(pk__in=some).delete()
            return {"annotations": len(some)}
        free = _claims(limit).filter(annotations=None)
        if numbers := list(free.order_by("pk").values_list("pk", flat=True)[:most]):
            Claim.objects.filter(pk__in=numbers).delete()
            return {"claims": len(numbers)}
        return {}


def _by_people(found: QuerySet[Annotation], singular: str, plural: str) -> Weight:
    counts = found.order_by().aggregate(number=Count("pk"), people=Count("creator", distinct=True))
    people = counts["people"]
    more = f" by {people:,} {'person' if people == 1 else 'people'}" if people else ""
    return Weight(counts["number"], singular, plural, more)


def _annotations(limit: datetime) -> QuerySet[Annotation]:
    """Those on documents that are due, and those deleted for their own sake that long ago."""
    documents = Document.everything.due(limit)
    gone = Target.objects.filter(annotation=OuterRef("pk"), document__in=documents.values("pk"))
    last = Revision.objects.filter(annotation=OuterRef("pk")).order_by("-pk")
    own = Q(deleted_at__lte=limit) & Exists(
        last.filter(action=OWN, after__deleted=True, kind=Revision.Kind.DO)
    )
    return Annotation.objects.filter(Q(Exists(gone)) | Q(collection__deleted_at__lte=limit) | own)


def _claims(limit: datetime) -> QuerySet[Claim]:
    """Those of collections that are due, and those deleted that long ago that nothing became part of."""
    own = Q(deleted_at__lte=limit, merged=None)
    return Claim.objects.filter(Q(collection__deleted_at__lte=limit) | own).distinct()
