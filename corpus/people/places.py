"""Where a person is signed in: seen by them, and ended by them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .log import address_of, device_of
from .models import SignedIn

_SEEN = "seen"
_SEEN_AGAIN = timedelta(minutes=5)  # a write for each request would be too many


def note(request: HttpRequest, user: User) -> None:
    """Note that a person is signed in with the request's session, which is stored by then."""
    request.session[_SEEN] = int(timezone.now().timestamp())
    if not request.session.session_key:
        request.session.save()
    SignedIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "last_seen": timezone.now(),
            "address": address_of(request),
            "device": device_of(request),
        },
    )


def follow(request: HttpRequest, before: str | None) -> None:
    """Keep the browser in the list whose session has another key now, as a new password gives it."""
    after = request.session.session_key
    if before and after and before != after:
        SignedIn.objects.filter(session_key=before).update(session_key=after)


def forget_ended(now: datetime) -> int:
    """Drop the browsers whose session is over, with their addresses; how many that were."""
    going_on = Session.objects.filter(expire_date__gt=now).values("session_key")
    return SignedIn.objects.exclude(session_key__in=going_on).delete()[0]


def places_of(user: User) -> list[SignedIn]:
    """Where the person is signed in now, last seen first."""
    now = timezone.now()
    rows = list(SignedIn.objects.filter(user=user).order_by("-last_seen", "-pk"))
    stored = {
        session.session_key: session.get_decoded()
        for session in Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=now
        )
    }
    return [row for row in rows if _opens(stored.get(row.session_key, {}), user)]


def _opens(session: dict[str, Any], user: User) -> bool:
    """Whether a session is the person's still: a new password has ended those before it."""
    if session.get(SESSION_KEY) != str(user.pk):
        return False
    mark = session.get(HASH_SESSION_KEY)
    return mark in {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}


def end(user: User, *, place: int | None = None, but: str = "") -> int:
    """End one of the person's sessions, or all but the one with the key `but`; how many."""
    rows = SignedIn.objects.filter(user=user)
    rows = rows.exclude(session_key=but) if place is None else rows.filter(pk=place)
    with transaction.atomic():
        keys = list(rows.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        rows.delete()
    return len(keys)


def last_seen_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Keep the time at which a session was last used, to within a few minutes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated and request.session.session_key:
            now = timezone.now()
            seen = request.session.get(_SEEN)
            if seen is not None and now.timestamp() - seen > _SEEN_AGAIN.total_seconds():
                request.session[_SEEN] = int(now.timestamp())
                SignedIn.objects.filter(session_key=request.session.session_key).update(
                    last_seen=now
                )
        return response

    return middleware
