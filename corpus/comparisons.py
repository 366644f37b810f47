from django.db import models


class StoredComparison(models.Model):
    """Two texts compared by a version of the engine: found by the texts' hashes, whoever has them."""

    source = models.CharField(max_length=64)
    derived = models.CharField(max_length=64)
    version = models.CharField(max_length=20)
    language = models.CharField(
        max_length=35, help_text="As both documents say; empty for guessed."
    )
    value = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bytes of the value.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "derived", "version", "language"], name="corpus_compared_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source[:8]} and {self.derived[:8]}"
