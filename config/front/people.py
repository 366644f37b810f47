"""Which sessions belong to people who are signed in."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse

PERSON = "copytaster.person"


def person_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Leave in the environment who asked, where the request had to find that out anyway."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "_cached_user", None)
        if user is not None:
            request.META[PERSON] = str(user.pk) if user.is_authenticated else ""
        return response

    return middleware


def person_of(environ: Mapping[str, Any]) -> str | None:
    """Who asked, as the middleware has left it: nothing where nobody looked, "" for nobody."""
    found: str | None = environ.get(PERSON)
    return found


class People:
    """Which sessions were last seen signed in, and as whom; the least recent are forgotten."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._people: OrderedDict[bytes, str] = OrderedDict()

    def get(self, session: str) -> str | None:
        """Who was last seen with this session, at no cost."""
        return self._people.get(_digest(session)) if session else None

    def learn(self, session: str, person: str | None) -> None:
        """Remember what the application found out about a session."""
        if not session or person is None:
            return
        key = _digest(session)
        self._people.pop(key, None)
        if person:
            self._people[key] = person
            if len(self._people) > self._most:
                self._people.popitem(last=False)

    def look_up(self, session: str) -> str | None:
        """Who is signed in with this session, asked of the database."""
        engine = import_module(settings.SESSION_ENGINE)
        request = HttpRequest()
        try:
            request.session = engine.SessionStore(session)
            user = get_user(request)
            return str(user.pk) if user.is_authenticated else None
        finally:
            close_old_connections()


def _digest(session: str) -> bytes:
    return sha256(session.encode("utf-8", "surrogateescape")).digest()
