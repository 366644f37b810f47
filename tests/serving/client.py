"""A client that sends what it is told to, as slowly as it is told to."""

import re
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Site:
    port: int
    folder: Path
    said: str
    sessions: dict[str, str]
    cookies: dict[str, str]
    host: str = ""
    source: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None

    def connect(self, *, window: int = 0) -> socket.socket:
        """A connection; a small window makes a reader that the server has to wait for."""
        made = socket.socket()
        if window:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        made.settimeout(60)
        made.bind((self.source, 0))
        made.connect(("127.0.0.1", self.port))
        return self.tls.wrap_socket(made, server_hostname=self.host) if self.tls else made

    def ask(self, path: str, *, method: str = "GET", person: str = "", **more) -> "Answer":
        with self.connect() as connection:
            connection.sendall(self.request(path, method=method, person=person, **more))
            return read(connection, head=method == "HEAD")

    def request(
        self,
        path: str,
        *,
        method: str = "GET",
        person: str = "",
        body: bytes = b"",
        headers: tuple[str, ...] = (),
        declare: bool = True,
    ) -> bytes:
        host = f"{self.host or '127.0.0.1'}:{self.port}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers]
        if person:
            session = self.sessions.get(person, person)
            lines.append(
                f"Cookie: {self.cookies['session']}={session}; {self.cookies['csrf']}={'c' * 32}"
            )
            if method != "GET":
                lines.append(f"X-CSRFToken: {'c' * 32}")
                if self.tls:
                    lines.append(f"Referer: https://{host}/")
        if declare and (body or method == "POST"):
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()


def read(connection: socket.socket, *, head: bool = False) -> Answer:
    """One answer, and not a byte of the next one."""
    started = time.monotonic()
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(1)
        if not part:
            raise ConnectionError(f"closed after {data!r}")
        data += part
    lines = data.decode("latin-1").split("\r\n")
    headers = dict(re.split(r":\s*", line, maxsplit=1) for line in lines[1:] if line)
    headers = {name.lower(): value for name, value in headers.items()}
    if headers.get("transfer-encoding") == "chunked" and not head:
        body = b""
        while size := int(_line(connection), 16):
            body += _exactly(connection, size)
            _line(connection)
        _line(connection)
    else:
        body = _exactly(connection, 0 if head else int(headers.get("content-length", 0)))
    return Answer(int(lines[0].split()[1]), headers, body, time.monotonic() - started)


def _exactly(connection: socket.socket, wanted: int) -> bytes:
    found = b""
    while len(found) < wanted:
        part = connection.recv(min(65536, wanted - len(found)))
        if not part:
            raise ConnectionError("closed in the middle")
        found += part
    return found


def _line(connection: socket.socket) -> bytes:
    found = b""
    while not found.endswith(b"\r\n"):
        found += _exactly(connection, 1)
    return found


def is_open(connection: socket.socket) -> bool:
    """Whether the other end still holds the connection, without reading what it sent."""
    established = 1
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == established


def is_closed(connection: socket.socket, *, within: float) -> bool:
    """Whether the server ends the connection in time, whatever it says before."""
    end = time.monotonic() + within
    try:
        while (left := end - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(65536):
                return True
    except TimeoutError:
        return False
    except OSError:
        return True
    return False
