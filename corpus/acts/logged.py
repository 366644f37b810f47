"""Where the acts of this package say what was done, by whom: in the log that the administration has."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from corpus.models import Collection


def log(user: User, deed: str, *, collection: Collection, words: str) -> None:
    """Note what a person did to a collection; call it in the transaction of the act."""
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Collection),
        object_id=str(collection.pk),
        object_repr=str(collection)[:200],
        action_flag=CHANGE,
        change_message=f"{deed[:1].upper()}{deed[1:]}: {words}",
    )


def logged(collection: Collection, *, most: int) -> list[LogEntry]:
    """The latest that was done to a collection, newest first."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Collection), object_id=str(collection.pk)
    )
    return list(entries.select_related("user").order_by("-action_time", "-pk")[:most])
