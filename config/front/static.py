"""Static files, which need no thread: they are there while every thread is busy."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

from .answers import Answer
from .visits import Visit

# What the site's other answers carry, as far as it says something to who reads a file.
HEADERS = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]


@cache
def _files() -> dict[str, Any]:
    if settings.DEBUG or not Path(settings.STATIC_ROOT).is_dir():
        return {}
    files: dict[str, Any] = WhiteNoiseMiddleware(lambda request: None).files
    return files


def find(visit: Visit) -> Answer | None:
    """The answer to a request for a static file; none to any other."""
    file = _files().get(visit.path)
    if file is None:
        return None
    wanted = {f"HTTP_{name.upper().replace('-', '_')}": one for name, one in visit.headers.items()}
    found = file.get_response(visit.method, wanted)
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in found.headers]
    if settings.SECURE_HSTS_SECONDS and visit.headers.get("x-forwarded-proto") == "https":
        seconds = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
        headers.append((b"strict-transport-security", seconds.encode()))
    size = int(dict(headers).get(b"content-length", b"0"))
    body = found.file if found.file is not None else b""
    return Answer(int(found.status), headers + HEADERS, body, size)
