"""Relating in the background: what an import, a copy or a move brings waits in the database."""

from time import monotonic

from django.tasks import task

from corpus.jobs.queue import enqueue_once
from corpus.models import Collection, WaitingComparison

from .relating import relate_waiting

# After so long another task has its turn, of another collection perhaps.
SECONDS = 20.0


@task
def relate_collection(number: int) -> None:
    """Go on with what waits to be looked up and compared in a collection.

    Each portion is stored as it is done, so that what was killed goes on there.
    """
    collection = Collection.objects.filter(pk=number).first()
    until = monotonic() + SECONDS
    while collection is not None and relate_waiting(collection):
        if monotonic() > until:
            relate_soon(collection)
            return


def relate_soon(collection: Collection) -> None:
    """Have what waits in the collection related in the background."""
    enqueue_once(relate_collection, collection.pk)


def catch_up() -> None:
    """Enqueue what waits to be related, where whoever left it came to no task."""
    waiting = WaitingComparison.objects.filter(first__deleted_at=None).values("first__collection")
    for collection in Collection.objects.filter(pk__in=waiting):
        relate_soon(collection)
