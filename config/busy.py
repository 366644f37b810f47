"""Tells a database that is only busy from one that is broken, and says so with 503 and Retry-After."""

import json
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static

RETRY_SECONDS = 3

# https://www.sqlite.org/rescode.html: busy, locked, and a lock of the log that is not to be had.
_SQLITE = {5, 6, 15}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connections, resources, an operator
# who stops the server or a statement; of the others those that only a colleague's work brought about.
_CLASSES = {"08", "53", "57"}
_STATES = {"25P03", "40001", "40P01", "55P03"}
_DISK_FULL = "53100"


def is_busy(error: BaseException | None) -> bool:
    """Whether the same request may well succeed in a moment."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return code & 0xFF in _SQLITE
    if cause is None or not hasattr(cause, "sqlstate"):
        return False
    # A connection that is not to be had, or that broke, has no state.
    state: str | None = cause.sqlstate
    return state is None or (state != _DISK_FULL and (state[:2] in _CLASSES or state in _STATES))


def busy_page(request: HttpRequest) -> HttpResponse:
    """Say that nothing was changed and when to try again, without asking the database anything."""
    title = "The server is busy"
    reason = "Many people are saving just now, and the database could not take this in time."
    kept = (
        ""
        if request.method in {"GET", "HEAD"}
        else "Nothing of it was stored. "
        "Your browser still has what you sent: reload this page to send it again, or go back to it."
    )
    if wants_json(request.headers.get("Accept", "")):
        text = json.dumps({"error": title, "reason": f"{reason} {kept}".strip()})
        response = HttpResponse(text, content_type="application/json")
    else:
        context = {"status": 503, "title": title, "reason": reason, "kept": kept}
        response = HttpResponse(plain_page(context))
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def wants_json(accepted: str) -> bool:
    """Whether a program asks, and no page."""
    return "json" in accepted and "text/html" not in accepted


def plain_page(context: dict[str, object]) -> str:
    """A page that needs neither the database nor a session nor collected files."""
    return render_to_string("plain.html", context | {"stylesheet": _stylesheet()})


def _stylesheet() -> str:
    try:
        return static("css/app.css")
    except ValueError:
        return ""
