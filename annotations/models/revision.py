from collections.abc import Iterator
from itertools import groupby
from typing import Any, NoReturn, Self, cast
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q

from annotations import access
from annotations.history import Kind, Reach, Step, reach
from corpus.models import Collection

# What an undo or redo that was refused leaves in the log, so that the next one goes on from there.
PASSED = "pass over"


class AppendOnly(TypeError):
    """The log takes new entries and nothing else."""


class RevisionQuerySet(models.QuerySet["Revision"]):
    def by(self, user: User) -> Self:
        return self.filter(user=user)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("A revision is never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("A revision is never deleted.")

    def seen_by(self, user: User, collection: Collection) -> Self:
        """Those of the collection that this member may read."""
        return self.filter(access.revisions(user, collection))

    def deeds(self) -> Self:
        """Without the traces of what undo and redo passed over, which changed nothing."""
        return self.exclude(action=PASSED)

    def reach_of(self, user: User, collection: Collection) -> Reach:
        """What undo and redo would take next for this person in this collection.

        Only what they might do now is in reach: changes of their own marks, and where coding is
        not blind of the claims that others have marked; for owners and curators all they did.
        """
        curates = access.curates(user, collection)
        rows = (
            self.filter(user=user, collection=collection)
            .exclude(kind="do", before=F("after"))
            .order_by("-pk")
            .values_list("operation", "kind", "of", "action", "claim", "annotation__creator")
        )

        def steps() -> Iterator[Step]:
            # The revisions of one operation stand side by side in one person's log.
            for _, group in groupby(rows.iterator(chunk_size=50), key=lambda row: row[0]):
                parts = list(group)
                operation, kind, of, action, *_ = parts[0]
                own = all(creator in (None, user.pk) for *_, creator in parts)
                of_claims = any(claim is not None for *_, claim, _ in parts)
                if curates or own or (of_claims and not collection.blind):
                    yield Step(operation, cast(Kind, kind), of, passed=action == PASSED)

        return reach(steps())


class Revision(models.Model):
    """One change to an annotation or a claim: who, when, before, after. Never changed itself.

    The revisions of one act (a merge touches many annotations) share an `operation`.
    """

    class Kind(models.TextChoices):
        DO = "do", "Done"
        UNDO = "undo", "Undone"
        REDO = "redo", "Redone"

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="revisions")
    annotation = models.ForeignKey(
        "annotations.Annotation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="revisions",
    )
    claim = models.ForeignKey(
        "annotations.Claim", models.CASCADE, null=True, blank=True, related_name="revisions"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="revisions"
    )
    created = models.DateTimeField(auto_now_add=True)
    operation = models.UUIDField(default=uuid4)
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.DO)
    of = models.UUIDField(null=True, blank=True, help_text="The operation undone or redone.")
    action = models.CharField(max_length=20)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["collection", "user", "id"]),
            models.Index(fields=["operation"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(annotation__isnull=True) ^ Q(claim__isnull=True),
                name="annotations_revision_of_one_thing",
                violation_error_message="A revision is of an annotation or of a claim.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.user}"
