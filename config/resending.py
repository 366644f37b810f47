"""A form that came too late: what was typed is given back, to be sent again by who is there now."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import QueryDict

MOST_SIGNS = 1_000_000  # more than an article by far; a page of more would not help anybody
MOST_FIELDS = 500
# What no page repeats, and without which the form cannot be sent again from here.
SECRETS = ("password", "passphrase", "secret", "token", "otp")
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
FROM_HERE = {"", "same-origin", "none"}


@dataclass(frozen=True, slots=True)
class Field:
    """One value that was sent, and how it is shown."""

    name: str
    value: str

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").replace("-", " ").capitalize()

    @property
    def rows(self) -> int:
        lines = self.value.count("\n") + len(self.value) // 70 + 1
        return min(lines, 12)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a form sent, and where: an address of this site."""

    address: str
    fields: tuple[Field, ...]
    files: tuple[Field, ...]


def kept_from(request: HttpRequest) -> Kept | None:
    """What a person typed into a page of ours; None where that is not sure, or not to be repeated."""
    if request.method != "POST" or not by_form(request) or from_elsewhere(request):
        return None
    try:
        sent, files = request.POST, request.FILES
    except Exception:  # too large, broken off, or no form at all: there is nothing to give back
        return None
    fields = [Field(name, value) for name, value in _pairs(sent) if name != TOKEN]
    size = sum(len(field.name) + len(field.value) for field in fields)
    secret = any(word in field.name.lower() for field in fields for word in SECRETS)
    if secret or size > MOST_SIGNS or len(fields) > MOST_FIELDS:
        return None
    named = tuple(
        Field(name, ", ".join(file.name or "" for file in files.getlist(name))) for name in files
    )
    return Kept(request.get_full_path(), tuple(fields), named)


def by_form(request: HttpRequest) -> bool:
    """Whether a form sent it, to which a page is an answer; our scripts keep what they send."""
    headers = request.headers
    form = request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}
    script = "HX-Request" in headers or "X-Person" in headers
    return form and not script and headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that a page of another site sent it, or will not say which did.

    What such a page made up must not be one press away from being sent in somebody's name.
    """
    headers = request.headers
    if headers.get("Sec-Fetch-Site", "") not in FROM_HERE:
        return True
    for header in ("Origin", "Referer"):
        if header in headers and not _is_here(request, headers[header]):
            return True
    return False


def _is_here(request: HttpRequest, address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}


def _pairs(sent: QueryDict) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, values in sent.lists() for value in values]
