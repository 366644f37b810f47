"""Answers in words to what is too large, too slow or too much, made without the database."""

import json

from config.busy import plain_page, wants_json

from .answers import Answer
from .visits import Visit

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
NOT_TAKEN = "What you sent was not taken. Your browser still has it: go back to it."
KEPT = "What you sent was not taken. Your browser still has it: go back to it, or reload this page to send it again."


def too_large(visit: Visit, limit: int, *, known: bool) -> Answer:
    """The body has more than its kind may have."""
    if known:
        reason = f"It may have {_size(limit)} in one go. Send it in parts: fewer files at a time, or a shorter text."
    else:
        reason = f"Before you sign in, no more than {_size(limit)} are taken. Sign in, and send it again."
    return _refusal(
        visit, 413, "That is too much to send at once", reason, closing=True, kept=NOT_TAKEN
    )


def cut_off(visit: Visit) -> Answer:
    """The body ended before its end, or is not written as one."""
    reason = "What you sent did not arrive whole, so none of it was taken."
    return _refusal(visit, 400, "That did not arrive whole", reason, closing=True)


def too_slow(visit: Visit) -> Answer:
    """The body did not come in time."""
    reason = "What you sent came too slowly to be taken, or stopped on the way. Try again when the connection is better."
    return _refusal(visit, 408, "The connection was too slow", reason, closing=True)


def too_many(visit: Visit) -> Answer:
    """One person has more requests waiting, or large ones coming, than is fair."""
    reason = "You have asked for many things at once. Wait until some of them are answered."
    return _refusal(visit, 429, "That is too much at once", reason, retry=5)


def busy(visit: Visit) -> Answer:
    """No thread, or no database, was free in time."""
    reason = "Too many people are waiting just now. Try again in a moment."
    return _refusal(visit, 503, "The server is busy", reason, retry=5)


def too_long(visit: Visit) -> Answer:
    """The answer takes longer than anybody waits."""
    reason = (
        "This is taking longer than two minutes, so nobody waits for it any more. If you were "
        "changing something, it may still come about: look before you send it again."
    )
    return _refusal(visit, 503, "This takes too long", reason, retry=60, kept="")


def locked(visit: Visit) -> Answer:
    """The database was busy while the answer was being made."""
    reason = "The database could not take part in time. Try again in a moment."
    return _refusal(visit, 503, "The server is busy", reason, retry=5)


def broken(visit: Visit) -> Answer:
    """The application raised an error itself."""
    reason = "Try again; if it happens again, tell whoever runs this site what you were doing."
    return _refusal(visit, 500, "Something went wrong on our side", reason, kept="")


def _refusal(
    visit: Visit,
    status: int,
    title: str,
    reason: str,
    *,
    retry: int = 0,
    closing: bool = False,
    kept: str = KEPT,
) -> Answer:
    if visit.method in {"GET", "HEAD"}:
        kept = ""
    if wants_json(visit.headers.get("accept", "")):
        kind = "application/json"
        text = json.dumps({"error": title, "reason": reason})
    else:
        kind = "text/html; charset=utf-8"
        text = plain_page({"status": status, "title": title, "reason": reason, "kept": kept})
    body = text.encode()
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", POLICY.encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    if retry:
        headers.append((b"retry-after", str(retry).encode()))
    if closing:
        headers.append((b"connection", b"close"))
    return Answer(status, headers, body, len(body))


def _size(size: int) -> str:
    return f"{size // 2**20} MB" if size >= 2**20 else f"{size // 2**10} KB"
