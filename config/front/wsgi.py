"""Runs a request through a WSGI application in a thread, and keeps the answer it makes."""

import sys
from collections.abc import Callable, Iterable
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from .answers import Answer, Headers
from .visits import Visit

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

IN_MEMORY = 1024 * 1024
# The connection's own business, which must not be repeated to the next one.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "expect"}


def environ_of(visit: Visit, *, body: IO[bytes], size: int) -> Environ:
    """The request as WSGI has it; its length is what was read, whatever the client had said."""
    scope, headers = visit.scope, visit.headers
    host, port = (scope.get("server") or ("localhost", 80))[:2]
    environ: Environ = {
        "REQUEST_METHOD": visit.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": visit.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port or 80),
        "REMOTE_ADDR": visit.client,
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        if name not in HOP_BY_HOP and name not in {"content-type", "content-length"}:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return environ


def run(application: Application, environ: Environ) -> Answer:
    """The whole answer: a streamed one in a file, so that nobody's reading holds the thread."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        begun.append((status, headers))

    parts = application(environ, start_response)
    try:
        body, size = _collect(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
        environ["wsgi.input"].close()
    line, headers = begun[-1]
    status = int(line.split(" ", 1)[0])
    return Answer(status, _headers(status, headers, environ["REQUEST_METHOD"], size), body, size)


def _collect(parts: Iterable[bytes]) -> tuple[bytes | IO[bytes], int]:
    pieces = iter(parts)
    first = next(pieces, b"")
    second = next(pieces, None)
    if second is None:
        return first, len(first)
    body: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    size = body.write(first) + body.write(second)
    for piece in pieces:
        size += body.write(piece)
    body.seek(0)
    return body, size


def _headers(status: int, headers: list[tuple[str, str]], method: str, size: int) -> Headers:
    bodiless = status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED} or method == "HEAD"
    kept = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in headers
        if name.lower() not in HOP_BY_HOP and (bodiless or name.lower() != "content-length")
    ]
    return kept if bodiless else [*kept, (b"content-length", str(size).encode())]
