"""A request before its body: who it seems to come from, and how much it says it brings."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, Self

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Visit:
    """The first lines of a request."""

    scope: Mapping[str, Any]
    headers: Mapping[str, str]
    client: str
    session: str

    @classmethod
    def of(cls, scope: Mapping[str, Any]) -> Self:
        """The visit that a server's scope describes."""
        headers = headers_of(scope)
        address = str((scope.get("client") or ("", 0))[0])
        client = client_of(address, headers, proxies=settings.PROXIES)
        return cls(scope, headers, client, session_of(headers.get("cookie", "")))

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @property
    def declared(self) -> int | None:
        """How long the body is said to be."""
        length = self.headers.get("content-length", "")
        return int(length) if length.isdecimal() and len(length) < 19 else None

    @property
    def has_body(self) -> bool:
        return bool(self.declared) or "transfer-encoding" in self.headers


def headers_of(scope: Mapping[str, Any]) -> dict[str, str]:
    """The headers of a request by their names in small letters, repeated ones joined.

    A name with an underscore is left out: `X_Person` would look to the application like `X-Person`,
    which a proxy may have set or taken away.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in scope["headers"]:
        found[name.decode("latin-1").lower()].append(value.decode("latin-1"))
    return {
        name: ("; " if name == "cookie" else ",").join(values)
        for name, values in found.items()
        if "_" not in name
    }


def client_of(address: str, headers: Mapping[str, str], *, proxies: int) -> str:
    """The address of who asks: what the outermost of our own proxies saw, if there are any."""
    seen = [one.strip() for one in headers.get("x-forwarded-for", "").split(",") if one.strip()]
    return seen[-proxies] if 0 < proxies <= len(seen) else address


def session_of(cookies: str) -> str:
    """The session that the cookies name, which may be an invented one."""
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""


def limit_of(visit: Visit) -> int:
    """How large a body of its kind may be from somebody who is signed in."""
    if visit.headers.get("content-type", "").startswith("multipart/form-data"):
        return int(settings.UPLOAD_MAX_SIZE)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
