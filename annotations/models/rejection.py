from django.conf import settings
from django.db import models
from django.db.models import F, Q

from corpus.models import Document

from .claim import Claim


class Rejection(models.Model):
    """A suggested occurrence of a claim that a person does not want to be offered again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="rejections")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="rejections")
    document = models.ForeignKey(Document, models.CASCADE, related_name="rejections")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "claim", "document", "start", "end"],
                name="annotations_rejection_once",
                violation_error_message="This suggestion was rejected before.",
            ),
            models.CheckConstraint(
                condition=Q(start__lt=F("end")),
                name="annotations_rejection_span_not_empty",
                violation_error_message="A passage needs at least one character.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} at {self.start} to {self.end} of {self.document}"
