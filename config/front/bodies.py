"""Reads the body of a request: with limits, with deadlines, and into a file when it is large."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from .patience import SLOW

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

IN_MEMORY = 64 * 1024


class Gone(Exception):
    """The client closed the connection before its request was complete."""


class TooSlow(Exception):
    """The body did not come in time."""


class TooLarge(Exception):
    """The body is larger than its kind may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Pace:
    """How slowly a body may come: a first grace, a longest gap, and a least rate after the grace."""

    grace: float = SLOW
    gap: float = SLOW
    rate: float = 4096.0

    def left(self, started: float, now: float, received: int) -> float:
        """How many seconds the next part may take."""
        return min(self.gap, started + self.grace + received / self.rate - now)


PACE = Pace()


async def read(
    receive: Receive, allowed: Callable[[int], Awaitable[int]], *, pace: Pace = PACE
) -> tuple[IO[bytes], int]:
    """The body as a file, and its length.

    `allowed` is asked with a size before more than that is kept, and answers how much may be: so
    that what costs something, such as who is asking, is found out for large bodies alone.
    """
    body: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    started = time.monotonic()
    size = limit = 0
    try:
        async for part in _parts(receive, started, pace):
            size += len(part)
            if size > limit:
                limit = await allowed(size)
                if size > limit:
                    raise TooLarge(limit)
            body.write(part)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body, size


async def drain(receive: Receive, *, most: int, seconds: float) -> None:
    """Throw away what still comes: a client that is cut off while it sends never sees its answer."""
    try:
        async with asyncio.timeout(seconds):
            size = 0
            async for part in _parts(receive, time.monotonic(), Pace(grace=seconds)):
                size += len(part)
                if size > most:
                    return
    except (TimeoutError, TooSlow, Gone):
        return


async def _parts(receive: Receive, started: float, pace: Pace) -> AsyncIterator[bytes]:
    size = 0
    more = True
    while more:
        seconds = pace.left(started, time.monotonic(), size)
        try:
            message = await asyncio.wait_for(receive(), max(seconds, 0.01))
        except TimeoutError:
            raise TooSlow from None
        if message["type"] != "http.request":
            raise Gone
        more = message.get("more_body", False)
        if part := message.get("body", b""):
            size += len(part)
            yield part
