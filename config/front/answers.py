"""Sends an answer at the pace of who reads it, and gives up on who does not."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from .patience import STALLED

Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PART = 64 * 1024
RATE = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, with its body in memory or in a file."""

    status: int
    headers: Headers
    body: bytes | IO[bytes]
    size: int

    def parts(self) -> Iterator[bytes]:
        """The body in pieces that a connection can be given one by one."""
        if isinstance(self.body, bytes):
            for start in range(0, len(self.body), PART):
                yield self.body[start : start + PART]
        else:
            while part := self.body.read(PART):
                yield part

    def close(self) -> None:
        """Give the file back."""
        if not isinstance(self.body, bytes):
            self.body.close()


async def send_answer(send: Send, answer: Answer, *, head: bool = False) -> None:
    """Send it; a reader that stalls, or stays under the least rate, is left without the rest."""
    try:
        async with asyncio.timeout(2 * STALLED + answer.size / RATE):
            await _send(send, answer, head=head)
    except TimeoutError:
        return
    finally:
        answer.close()


async def _send(send: Send, answer: Answer, *, head: bool) -> None:
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await send(start)
    if head or answer.size <= PART:
        body = b"" if head else b"".join(answer.parts())
        await send({"type": "http.response.body", "body": body, "more_body": False})
        return
    for part in answer.parts():
        # It returns when the connection has taken the part before.
        message = {"type": "http.response.body", "body": part, "more_body": True}
        await asyncio.wait_for(send(message), STALLED)
    await send({"type": "http.response.body", "body": b"", "more_body": False})
