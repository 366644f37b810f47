from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from annotations import access
from annotations.states import AnnotationState, Codings, TargetState
from corpus.models import Collection, Document, LivingQuerySet

from .absence import settle_absence
from .claim import CLAIM_ARCHIVED, Claim
from .codebook import Variable
from .errors import EditConflict, QuoteMismatch
from .fitting import Fitted, check_open, fit
from .revision import Revision
from .target import Coding, Target

# What a mark goes through with its claim, on whatever document it is.
FOLLOWING = frozenset({"merge", "split"})


class AnnotationQuerySet(LivingQuerySet["Annotation"]):
    def visible_to(self, user: User) -> Self:
        """In the person's collections; where coding is blind, coders see only their own.

        What is on a deleted document is visible to nobody until that is brought back.
        """
        return self.filter(access.annotations(user)).readable()

    def seen_by(self, user: User, collection: Collection) -> Self:
        """Those of visible_to() in a collection that is open to the person, without a join."""
        return self.filter(access.marks(user, collection)).readable(collection)

    def seen_among(self, collections: Iterable[Collection], user: User) -> Self:
        """Those of visible_to() in some of the person's collections; each knows their role."""
        return self.filter(access.annotations_among(collections, user)).readable()

    def readable(self, collection: Collection | None = None) -> Self:
        """Not on a document that has been deleted, with which its marks are out of sight."""
        gone = Document.everything.deleted()
        if collection is not None:
            gone = gone.filter(collection=collection)
        return self.exclude(
            pk__in=Target.objects.filter(document__in=gone.values("pk")).values("annotation")
        )

    def live(self) -> Self:
        """In use, whatever became of its document: a merge takes it along."""
        return self.in_use()

    def marks(self) -> Self:
        """Those with a passage of a text: what every page calls marks, and counts as such.

        A mark of two passages is one mark, whichever documents they are in. The others are answers
        about whole documents: stance, origin, that a claim is absent, a note on it all.
        """
        passages = Target.objects.filter(annotation=models.OuterRef("pk"), start__isnull=False)
        return self.filter(models.Exists(passages))

    def by(self, user: User) -> Self:
        return self.filter(creator=user)

    def on(self, document: Document) -> Self:
        targets = Target.objects.filter(annotation=models.OuterRef("pk"), document=document)
        return self.filter(models.Exists(targets))

    def about(self, claim: Claim) -> Self:
        return self.filter(claim=claim)

    def overlapping(self, document: Document, *, start: int, end: int) -> Self:
        targets = Target.objects.filter(
            annotation=models.OuterRef("pk"), document=document, start__lt=end, end__gt=start
        )
        return self.filter(models.Exists(targets))

    def with_parts(self) -> Self:
        """Everything a page or an export shows of an annotation, in a constant number of queries."""
        return self.select_related("creator", "claim").prefetch_related(
            models.Prefetch("targets", Target.objects.order_by("order", "pk")),
            models.Prefetch(
                "codings",
                Coding.objects.select_related("variable", "code").order_by(
                    "variable__order", "variable__pk", "code__order", "code__pk"
                ),
            ),
        )

    def for_export(self) -> Self:
        """With all parts, in an order that never depends on the database."""
        return self.with_parts().order_by("created", "pk")

    def record(
        self,
        state: AnnotationState,
        *,
        collection: Collection,
        user: User,
        id: UUID | None = None,
        via: "Annotation | None" = None,
        generator: str = "",
        operation: UUID | None = None,
        action: str = "create",
        fitted: Fitted | None = None,
        is_new: bool = False,
    ) -> "Annotation":
        """Make an annotation, durably, with its first revision.

        A repeated request with the same id and content finds the annotation it made the first
        time. Raises EditConflict where the id stands for something else, QuoteMismatch where the
        quoted words are not there, Code.DoesNotExist for unknown codes, and ValidationError where a
        constraint refuses. `fitted` is the state's, where the caller has read it already; with
        `is_new` the caller knows that the id stands for nothing.
        """
        fitted = fitted or fit(state, collection)
        with transaction.atomic():
            found = self.filter(pk=id).first() if id and not is_new else None
            if found is not None:
                if found.creator_id == user.pk and found.as_state() == found.fitted(state):
                    return found
                raise EditConflict(found)
            operation = operation or uuid4()
            fitted.check_open()
            annotation = self.model(
                id=id or uuid4(),
                collection=collection,
                creator=user,
                via=via,
                generator=generator,
            )
            fitted = fitted.standing()
            annotation._write(fitted, before=None)
            settle_absence(annotation, fitted.state, user=user, operation=operation)
            annotation._keep_claim(fitted.claim, user=user, operation=operation)
            Revision.objects.create(
                collection=collection,
                annotation=annotation,
                user=user,
                operation=operation,
                action=action,
                before=None,
                after=fitted.state.as_dict(),
            )
        return annotation


class Annotation(models.Model):
    """What one person says about passages or whole documents; the model is the W3C's."""

    class Motivation(models.TextChoices):
        CLASSIFYING = "classifying", "Classifying"
        ASSESSING = "assessing", "Assessing"
        COMMENTING = "commenting", "Commenting"
        LINKING = "linking", "Linking"
        IDENTIFYING = "identifying", "Identifying"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="annotations")
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="annotations"
    )
    motivation = models.CharField(max_length=12, choices=Motivation)
    claim = models.ForeignKey(
        Claim, models.RESTRICT, null=True, blank=True, related_name="annotations"
    )
    note = models.TextField(blank=True)
    unsure = models.BooleanField(default=False)
    via = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="propagated",
        help_text="The annotation whose suggestion was accepted.",
    )
    generator = models.CharField(
        max_length=60, blank=True, help_text="The program whose suggestion was accepted."
    )
    created = models.DateTimeField(auto_now_add=True)
    modified = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    codebook_version = models.PositiveIntegerField(null=True, blank=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    motivation__in=[
                        "classifying",
                        "assessing",
                        "commenting",
                        "linking",
                        "identifying",
                    ]
                ),
                name="annotations_motivation_is_known",
                violation_error_message="This motivation is not one of ours.",
            )
        ]
        indexes = [models.Index(fields=["collection", "created"])]

    def __str__(self) -> str:
        return f"{self.motivation} by {self.creator}"

    def get_absolute_url(self) -> str:
        return reverse("annotations:annotation", args=[self.pk])

    @property
    def deleted(self) -> bool:
        return self.deleted_at is not None

    def as_state(self) -> AnnotationState:
        """Queries the parts unless with_parts() fetched them."""
        return AnnotationState(
            motivation=self.motivation,
            targets=tuple(
                TargetState(
                    document=target.document_id,
                    start=target.start,
                    end=target.end,
                    exact=target.exact,
                    role=target.role,  # type: ignore[arg-type]
                )
                for target in sorted(self.targets.all(), key=lambda row: (row.order, row.pk))
            ),
            codings=tuple((row.variable.key, row.code.key) for row in self._coded()),
            claim=self.claim_id,
            note=self.note,
            unsure=self.unsure,
            deleted=self.deleted,
            archived=self.archived_at is not None,
        )

    def _coded(self) -> "Iterable[Coding]":
        """The codings with their codes, in one query or none."""
        if "codings" in getattr(self, "_prefetched_objects_cache", {}):
            return self.codings.all()
        return self.codings.select_related("variable", "code")

    def change(
        self,
        state: AnnotationState,
        *,
        user: User,
        action: str = "edit",
        version: int | None = None,
        operation: UUID | None = None,
        kind: str = "do",
        of: UUID | None = None,
        along: bool = False,
    ) -> None:
        """Write a new state and log it, unless it is the stored one already.

        Raises as record() does, and EditConflict where `version` is no longer the stored one.
        `along` says that the mark follows its claim, which it does on a closed document too.
        """
        operation = operation or uuid4()
        fitted = fit(state, self.collection_id)
        with transaction.atomic():
            current = type(self).objects.select_for_update().get(pk=self.pk)
            if version is not None and current.version != version:
                raise EditConflict(current)
            before = current.as_state()
            fitted = fitted.standing()
            if before in (state, fitted.state):
                return
            if kind == "do" and not along and action not in FOLLOWING:
                fitted.check_open()
                check_open(before.documents - state.documents, self.collection_id)
            self.version = current.version + 1
            self._write(fitted, before=before)
            settle_absence(self, fitted.state, user=user, operation=operation, kind=kind, of=of)
            self._keep_claim(fitted.claim, user=user, operation=operation, kind=kind, of=of)
            Revision.objects.create(
                collection_id=self.collection_id,
                annotation=self,
                user=user,
                operation=operation,
                kind=kind,
                of=of,
                action=action,
                before=before.as_dict(),
                after=fitted.state.as_dict(),
            )

    def fitted(self, state: AnnotationState) -> AnnotationState:
        """The state as it is stored: merged codes and claims lead on to those that took them."""
        return fit(state, self.collection_id).standing().state

    def _keep_claim(
        self,
        claim: Claim | None,
        *,
        user: User,
        operation: UUID,
        kind: str = "do",
        of: UUID | None = None,
    ) -> None:
        """A live mark is always about a listed claim: a deleted one comes back in the same step.

        Raises ValidationError where it is archived.
        """
        if claim is None or self.deleted or self.archived_at is not None:
            return
        if claim.archived_at is not None:
            raise ValidationError(CLAIM_ARCHIVED, code="archived")
        if claim.deleted_at is not None:
            claim.change(
                replace(claim.as_state(), deleted=False),
                user=user,
                action="bring back",
                operation=operation,
                kind=kind,
                of=of,
            )

    def _write(self, fitted: Fitted, *, before: AnnotationState | None) -> None:
        state = fitted.state
        stood = before.documents if before else frozenset()
        targets = self._targets(fitted, stood=stood)
        self.motivation = state.motivation
        self.claim_id = state.claim
        self.note = state.note
        self.unsure = state.unsure
        self.deleted_at = (self.deleted_at or timezone.now()) if state.deleted else None
        self.archived_at = (self.archived_at or timezone.now()) if state.archived else None
        if before is None or before.codings != state.codings:
            self.codebook_version = fitted.codebook_version()
        self.clean_fields(exclude=["collection", "creator", "claim", "via"])
        self.save()
        # What was prefetched is about to be wrong.
        self._prefetched_objects_cache: dict[str, object] = {}
        if before is not None:
            self.targets.all().delete()
            self.codings.all().delete()
        Target.objects.bulk_create(targets)
        whole = [target.document_id for target in targets if target.start is None]
        Coding.objects.bulk_create(
            self._codings(
                fitted,
                document=whole[0] if len(whole) == 1 and state.live else None,
                stood=before.codings if before else (),
            )
        )

    def _codings(self, fitted: Fitted, *, document: int | None, stood: Codings) -> list[Coding]:
        """Unsaved codings; `document` is the one that a live annotation is about as a whole."""
        given = Counter(variable for variable, _ in fitted.codes)
        for variable, code in fitted.codes:
            # Where a variable has come to take one code, what had two stays as it was.
            too_many = variable.choice == Variable.Choice.ONE and given[variable] > 1
            if too_many and (variable.key, code.key) not in stood:
                raise ValidationError("A variable of one choice takes one code.")
        codings = [
            Coding(
                annotation=self,
                variable=variable,
                code=code,
                single=variable.choice == Variable.Choice.ONE and given[variable] == 1,
                creator_id=self.creator_id,
                document_id=document,
                claim_id=fitted.state.claim,
            )
            for variable, code in fitted.codes
        ]
        for coding in codings:
            # Only what is said of a whole document can clash with another annotation's codings.
            if coding.document_id is not None:
                coding.validate_constraints()
        return codings

    def _targets(self, fitted: Fitted, *, stood: frozenset[int]) -> list[Target]:
        """Unsaved targets; only one that stood may be on a document deleted since."""
        targets = []
        for order, state in enumerate(fitted.state.targets):
            document = fitted.documents[state.document]
            if document.deleted_at is not None and document.pk not in stood:
                raise Document.DoesNotExist("The passage is in no document of this collection.")
            targets.append(Target.at(document, state, annotation=self, order=order))
        if not targets:
            raise QuoteMismatch("An annotation needs a document or a passage.")
        return targets
