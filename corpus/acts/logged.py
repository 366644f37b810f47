"""Where the acts of this package say what was done, by whom."""

from typing import Any

from django.contrib.auth.models import User

from corpus.models import Collection
from corpus.people import log as security
from corpus.people.models import SecurityEvent

LIFE, ROLE = security.Kind.LIFE, security.Kind.ROLE


def log(
    user: User,
    deed: str,
    *,
    collection: Collection,
    words: str,
    kind: str = LIFE,
    about: Any = None,
) -> None:
    """Note what a person did to a collection; call it in the transaction of the act."""
    said = f"{deed[:1].upper()}{deed[1:]}: {words}"
    security.log(kind, user=user, about=about, collection=collection, words=said)


def logged(collection: Collection, *, most: int) -> list[SecurityEvent]:
    """The latest that was done to a collection, newest first."""
    events = SecurityEvent.objects.filter(collection=collection, kind__in=[LIFE, ROLE])
    return list(events.newest_first()[:most])
