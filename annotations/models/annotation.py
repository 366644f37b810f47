from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from annotations import access
from annotations.states import CONTEXT, AnnotationState, TargetState
from corpus.models import Collection, Document

from .absence import settle_absence
from .claim import Claim
from .codebook import Code, Codebook, Variable, resolve
from .errors import EditConflict, QuoteMismatch
from .revision import Revision

# What a mark goes through with its claim, on whatever document it is.
FOLLOWING = frozenset({"merge", "split"})


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def visible_to(self, user: User) -> Self:
        """In the person's collections; where coding is blind, coders see only their own.

        What is on a deleted document is visible to nobody until that is brought back.
        """
        return self.filter(access.annotations(user)).readable()

    def readable(self) -> Self:
        """Not on a document that has been deleted, with which its marks are out of sight."""
        gone = Document.everything.deleted()
        return self.exclude(
            pk__in=Target.objects.filter(document__in=gone.values("pk")).values("annotation")
        )

    def live(self) -> Self:
        """Not deleted; where its document is, it goes on as that stands: a merge takes it along."""
        return self.filter(deleted_at__isnull=True)

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
    ) -> "Annotation":
        """Make an annotation, durably, with its first revision.

        A repeated request with the same id and content finds the annotation it made the first
        time. Raises EditConflict where the id stands for something else, QuoteMismatch where the
        quoted words are not there, Code.DoesNotExist for unknown codes, and ValidationError where a
        constraint refuses.
        """
        with transaction.atomic():
            found = self.filter(pk=id).first() if id else None
            if found is not None:
                if found.creator_id == user.pk and found.as_state() == found.fitted(state):
                    return found
                raise EditConflict(found)
            operation = operation or uuid4()
            check_open(state.documents, collection)
            annotation = self.model(
                id=id or uuid4(),
                collection=collection,
                creator=user,
                via=via,
                generator=generator,
            )
            fitted, rows = annotation._resolved(state)
            annotation._write(fitted, rows, before=None)
            settle_absence(annotation, fitted, user=user, operation=operation)
            annotation._keep_claim(user=user, operation=operation)
            Revision.objects.create(
                collection=collection,
                annotation=annotation,
                user=user,
                operation=operation,
                action=action,
                before=None,
                after=annotation.as_state().as_dict(),
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
        with transaction.atomic():
            current = type(self).objects.select_for_update().get(pk=self.pk)
            if version is not None and current.version != version:
                raise EditConflict(current)
            before = current.as_state()
            fitted, rows = self._resolved(state)
            if before in (state, fitted):
                return
            if kind == "do" and not along and action not in FOLLOWING:
                check_open(before.documents | state.documents, self.collection_id)
            self.version = current.version + 1
            self._write(fitted, rows, before=before)
            settle_absence(self, fitted, user=user, operation=operation, kind=kind, of=of)
            self._keep_claim(user=user, operation=operation, kind=kind, of=of)
            Revision.objects.create(
                collection_id=self.collection_id,
                annotation=self,
                user=user,
                operation=operation,
                kind=kind,
                of=of,
                action=action,
                before=before.as_dict(),
                after=self.as_state().as_dict(),
            )

    def fitted(self, state: AnnotationState) -> AnnotationState:
        """The state as it is stored: merged codes and claims lead on to those that took them."""
        return self._resolved(state)[0]

    def _resolved(
        self, state: AnnotationState
    ) -> tuple[AnnotationState, list[tuple[Variable, Code]]]:
        """The state fitted, and the rows behind its codes."""
        rows = resolve(state.codings, self.collection_id)
        codings = tuple((variable.key, code.key) for variable, code in rows)
        return replace(state, codings=codings, claim=self._standing(state.claim)), rows

    def _standing(self, claim: int | None) -> int | None:
        if claim is None:
            return None
        return Claim.objects.filter(collection=self.collection_id).standing_for(claim).pk

    def _keep_claim(
        self, *, user: User, operation: UUID, kind: str = "do", of: UUID | None = None
    ) -> None:
        """Bring a deleted claim back in the same step: a live mark is always about a listed one."""
        if self.deleted or self.claim_id is None:
            return
        for claim in Claim.objects.filter(pk=self.claim_id, deleted_at__isnull=False):
            claim.change(
                replace(claim.as_state(), deleted=False),
                user=user,
                action="bring back",
                operation=operation,
                kind=kind,
                of=of,
            )

    def _write(
        self,
        state: AnnotationState,
        rows: list[tuple[Variable, Code]],
        *,
        before: AnnotationState | None,
    ) -> None:
        """Store what _resolved() gave."""
        targets = self._targets(state.targets, stood=before.documents if before else frozenset())
        self.motivation = state.motivation
        self.claim_id = state.claim
        self.note = state.note
        self.unsure = state.unsure
        self.deleted_at = (self.deleted_at or timezone.now()) if state.deleted else None
        if before is None or before.codings != state.codings:
            self.codebook_version = (
                Codebook.objects.filter(collection=self.collection_id)
                .values_list("version", flat=True)
                .first()
            )
        self.clean_fields(exclude=["collection", "creator", "claim", "via"])
        self.save()
        # What was prefetched is about to be wrong.
        self._prefetched_objects_cache: dict[str, object] = {}
        self.targets.all().delete()
        self.codings.all().delete()
        Target.objects.bulk_create(targets)
        whole = [target.document_id for target in targets if target.start is None]
        given = Counter(variable for variable, _ in rows)
        stood = before.codings if before else ()
        for variable, code in rows:
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
                document_id=whole[0] if len(whole) == 1 and not state.deleted else None,
                claim_id=state.claim,
            )
            for variable, code in rows
        ]
        for coding in codings:
            # Only what is said of a whole document can clash with another annotation's codings.
            if coding.document_id is not None:
                coding.validate_constraints()
        Coding.objects.bulk_create(codings)

    def _targets(self, states: Iterable[TargetState], *, stood: frozenset[int]) -> list["Target"]:
        """Unsaved targets; only one that stood may be on a document deleted since."""
        states = list(states)
        wanted = {state.document for state in states}
        rows = Document.everything.filter(Q(deleted_at=None) | Q(pk__in=stood))
        rows = rows.filter(collection=self.collection_id).only("title", "text")
        documents = rows.in_bulk(wanted)
        targets = []
        for order, state in enumerate(states):
            document = documents.get(state.document)
            if document is None:
                raise Document.DoesNotExist("The passage is in no document of this collection.")
            targets.append(Target.at(document, state, annotation=self, order=order))
        if not targets:
            raise QuoteMismatch("An annotation needs a document or a passage.")
        return targets


def check_open(documents: Iterable[int], collection: Collection | int) -> None:
    """Raise ValidationError, in words, unless marks on these documents may be made and changed."""
    rows = Document.everything.filter(collection=collection, pk__in=set(documents)).order_by("pk")
    closed = rows.exclude(deleted_at=None, archived_at=None)
    for document in closed.only("title", "deleted_at", "archived_at"):
        if document.deleted_at is not None:
            raise ValidationError(f"“{document}” has been deleted; an owner can bring it back.")
        raise ValidationError(f"“{document}” is archived: it is read, and marked no more.")


class Target(models.Model):
    """What an annotation is about: a passage of a document, or the whole document."""

    class Role(models.TextChoices):
        PASSAGE = "passage", "Passage"
        SOURCE = "source", "Words that name the source"
        CUE = "cue", "Words that signal attribution"

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="targets")
    document = models.ForeignKey(Document, models.RESTRICT, related_name="targets")
    order = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(max_length=8, choices=Role, default=Role.PASSAGE)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=CONTEXT, blank=True)
    suffix = models.CharField(max_length=CONTEXT, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True, exact="")
                | Q(start__isnull=False, end__isnull=False, start__gte=0, end__gt=F("start"))
                & ~Q(exact=""),
                name="annotations_target_span_not_empty",
                violation_error_message="A passage needs at least one character.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["passage", "source", "cue"]),
                name="annotations_target_role_is_known",
            ),
        ]
        indexes = [models.Index(fields=["document", "start"])]

    def __str__(self) -> str:
        return self.exact or str(self.document)

    @classmethod
    def at(
        cls, document: Document, state: TargetState, *, annotation: Annotation, order: int
    ) -> Self:
        """An unsaved target; raises QuoteMismatch unless the words are at the place named."""
        if state.start is None or state.end is None:
            return cls(annotation=annotation, document=document, order=order, role=state.role)
        text, start, end = document.text, state.start, state.end
        if not 0 <= start < end <= len(text) or text[start:end] != state.exact:
            raise QuoteMismatch(f"{document}: the quoted words are not at {start} to {end}.")
        return cls(
            annotation=annotation,
            document=document,
            order=order,
            role=state.role,
            start=start,
            end=end,
            exact=state.exact,
            prefix=text[max(0, start - CONTEXT) : start],
            suffix=text[end : end + CONTEXT],
        )


class Coding(models.Model):
    """A code given in a variable by an annotation.

    `creator`, `claim` and `document` repeat the annotation's, so that "one stance per document and
    coder" is a rule of the database; `document` is set while a live annotation is about one whole
    document.
    """

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="codings")
    variable = models.ForeignKey(Variable, models.RESTRICT, related_name="codings")
    code = models.ForeignKey(Code, models.RESTRICT, related_name="codings")
    single = models.BooleanField(default=True, editable=False)
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="codings", editable=False
    )
    document = models.ForeignKey(
        Document, models.RESTRICT, null=True, related_name="codings", editable=False
    )
    claim = models.ForeignKey(
        Claim, models.RESTRICT, null=True, related_name="document_codings", editable=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["annotation", "variable", "code"], name="annotations_code_once"
            ),
            models.UniqueConstraint(
                fields=["annotation", "variable"],
                condition=Q(single=True),
                name="annotations_one_code_per_single_choice",
                violation_error_message="This variable takes one code.",
            ),
            models.UniqueConstraint(
                fields=["creator", "document", "variable"],
                condition=Q(single=True, document__isnull=False, claim__isnull=True),
                name="annotations_one_stance_per_document_and_coder",
                violation_error_message="You have already coded this variable for the document.",
            ),
            models.UniqueConstraint(
                fields=["creator", "document", "claim", "variable"],
                condition=Q(single=True, document__isnull=False, claim__isnull=False),
                name="annotations_one_presence_per_claim_document_and_coder",
                violation_error_message="You have already coded this claim for the document.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variable}: {self.code}"
