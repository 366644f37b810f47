"""Delete for good what was deleted longer ago than the days of grace."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from corpus.dependents import registered
from corpus.models import GRACE, Collection, Document, ImportBatch, Membership

# Rows in one transaction, so that others write in between.
MOST = 200
# Documents, each with the file it came from.
DOCUMENTS = 20


def due(now: datetime | None = None) -> dict[str, int]:
    """What a purge would take, by its name."""
    limit = (now or timezone.now()) - GRACE
    counts = Counter[str]()
    for dependents in registered():
        counts.update(dependents.due(limit))
    counts["documents"] = Document.everything.due(limit).count()
    counts["imports"] = ImportBatch.everything.due(limit).count()
    counts["memberships"] = Membership.everything.due(limit).count()
    counts["collections"] = Collection.everything.due(limit).count()
    return dict(counts)


def purge(
    now: datetime | None = None, *, on_portion: Callable[[dict[str, int]], None] = lambda done: None
) -> dict[str, int]:
    """Delete for good what is due, in portions of a transaction each: how much that was.

    Marks go before their documents, and all before its collection, so that one that broke off leaves
    nothing half and goes on where it was. What is due cannot be brought back any more, so nobody
    brings back what a purge has begun to take.
    """
    limit = (now or timezone.now()) - GRACE
    counts = Counter[str](
        dict.fromkeys(["annotations", "claims", "documents", "imports", "memberships"], 0)
    )
    for dependents in registered():
        while done := _portion(lambda: dependents.purge(limit, most=MOST)):  # noqa: B023
            counts.update(done)
            on_portion(done)
    steps: list[tuple[str, Any, int]] = [
        ("documents", Document.everything, DOCUMENTS),
        ("imports", ImportBatch.everything, DOCUMENTS),
        ("memberships", Membership.everything, MOST),
        ("collections", Collection.everything, 1),
    ]
    counts["collections"] = 0
    for name, rows, most in steps:
        while pks := list(rows.due(limit).order_by("pk").values_list("pk", flat=True)[:most]):
            with transaction.atomic():
                rows.filter(pk__in=pks).delete()
            counts[name] += len(pks)
            on_portion({name: len(pks)})
    return dict(counts)


def _portion(take: Callable[[], dict[str, int]]) -> dict[str, int]:
    with transaction.atomic():
        return take()


def in_words(counts: dict[str, int]) -> str:
    """What was taken or would be, such as "3 documents, 12 annotations"; empty for nothing."""
    parts = [
        f"{number:,} {name if number != 1 else name.removesuffix('s')}"
        for name, number in counts.items()
        if number
    ]
    return ", ".join(parts)
