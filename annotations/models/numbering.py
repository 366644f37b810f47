from django.db import models, transaction

from corpus.models import Collection


class NumberingQuerySet(models.QuerySet["Numbering"]):
    def take(self, collection: Collection, *, above: int) -> int:
        """A number that no claim of the collection has had yet; it is above the one named.

        Who asks at the same moment waits for the end of the transaction, and gets the next.
        """
        with transaction.atomic():
            # A row of its own is locked: whoever stores a mark holds the collection's.
            row, _ = self.select_for_update().get_or_create(collection=collection)
            row.last = max(row.last, above) + 1
            row.save(update_fields=["last"])
        return row.last


class Numbering(models.Model):
    """The highest number that a claim of a collection has had, even if it is gone for good."""

    collection = models.OneToOneField(Collection, models.CASCADE, related_name="numbering")
    last = models.PositiveIntegerField(default=0)

    objects = NumberingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.collection}: {self.last}"
