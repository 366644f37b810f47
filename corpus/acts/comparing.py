"""Go on comparing what an import left waiting."""

from uuid import UUID

from django.contrib.auth.models import User

from corpus.models import MAY_CURATE, Collection
from corpus.relatives.relating import relate_waiting, waiting_words

from .allowed import check
from .done import Done


def compare_waiting(
    collection: Collection, user: User, values: None = None, *, operation: UUID | None = None
) -> Done:
    """Compare what waits, for a few seconds; the words say how far it came and what still waits."""
    check(collection, user, MAY_CURATE, keeper="change_collection")
    done = relate_waiting(collection)
    left = waiting_words(collection)
    if not done and not left:
        return Done("Nothing waits to be compared.")
    words = (
        f"Compared {done}. {left}" if left else "All documents that may share text are compared."
    )
    return Done(words, made=done, warning=bool(left))
