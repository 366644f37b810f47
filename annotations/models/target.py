from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from annotations.states import CONTEXT, TargetState
from corpus.models import Document

from .claim import Claim
from .codebook import Code, Variable
from .errors import QuoteMismatch

if TYPE_CHECKING:
    from .annotation import AnnotationQuerySet


class TargetQuerySet(models.QuerySet["Target"]):
    def counts(self, annotations: "AnnotationQuerySet", documents: Iterable[int]) -> dict[int, int]:
        """How many of the annotations mark a passage of each document, by its key; one query.

        It starts from the documents: what is said elsewhere in the collection is not looked at.
        """
        found = self.filter(document__in=documents, start__isnull=False).filter(
            models.Exists(annotations.filter(pk=models.OuterRef("annotation")))
        )
        return dict(
            found.order_by()
            .values_list("document")
            .annotate(models.Count("annotation", distinct=True))
        )


class Target(models.Model):
    """What an annotation is about: a passage of a document, or the whole document."""

    class Role(models.TextChoices):
        PASSAGE = "passage", "Passage"
        SOURCE = "source", "Words that name the source"
        CUE = "cue", "Words that signal attribution"

    annotation = models.ForeignKey("annotations.Annotation", models.CASCADE, related_name="targets")
    document = models.ForeignKey(Document, models.RESTRICT, related_name="targets")
    order = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(max_length=8, choices=Role, default=Role.PASSAGE)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=CONTEXT, blank=True)
    suffix = models.CharField(max_length=CONTEXT, blank=True)

    objects = TargetQuerySet.as_manager()

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
    def at(cls, document: Document, state: TargetState, *, annotation: Any, order: int) -> Self:
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

    annotation = models.ForeignKey("annotations.Annotation", models.CASCADE, related_name="codings")
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
