"""What tells our own htmx attributes from any that came in with somebody's words."""

from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject


def mark_of(person: int | None) -> str:
    """The word on our elements in this person's pages; nobody else can know or make it."""
    return salted_hmac("config.guarding", str(person), algorithm="sha256").hexdigest()[:32]


def context(request: HttpRequest) -> dict[str, Any]:
    """`ours`, which stands as `data-ours` on each element that acts (static/js/guard.js)."""
    user = getattr(request, "user", None)
    return {"ours": SimpleLazyObject(lambda: mark_of(user.pk if user else None))}
