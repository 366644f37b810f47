"""The ASGI application that `manage.py serve` runs: see the package's first lines."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from config.busy import is_busy
from config.wsgi import application as django

from . import refusals, sockets, static
from .answers import Answer, Send, send_answer
from .bodies import Gone, Receive, TooLarge, TooSlow, drain, read
from .patience import FOR_A_THREAD, FOR_AN_ANSWER
from .people import People, person_of
from .turns import Asker, Busy, Shares, TooMany, Turns
from .visits import Visit, limit_of
from .wsgi import environ_of, run

THREADS = int(os.environ.get("COPYTASTER_THREADS", "6"))
WAITING_EACH = 30
LARGE_EACH = 4
ANONYMOUS = 16 * 1024
READS = {"GET", "HEAD", "OPTIONS", "TRACE"}

logger = logging.getLogger("config.front")


class Front:
    """Reads, lets wait, runs and answers the requests of one process."""

    def __init__(self, threads: int) -> None:
        self.turns = Turns(Shares.of(threads), patience=FOR_A_THREAD, waiting_each=WAITING_EACH)
        self.people = People()
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        # Who sends much is looked up beside the others, whom a flood of it must not hold up.
        self.lookups = ThreadPoolExecutor(1, thread_name_prefix="lookup")
        self.large: dict[str, int] = {}
        self.listens = False

    async def answer(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request, whatever becomes of it."""
        visit = Visit.of(scope)
        head = visit.method == "HEAD"
        answer = static.find(visit)
        if answer is None:
            size = Sizes(self, visit)
            try:
                async with size.counted():
                    body, length = await self.body_of(visit, receive, size)
                answer = await self.run(visit, body, length)
            except Gone:
                answer = refusals.cut_off(visit)
            except TooLarge as refused:
                answer = refusals.too_large(visit, refused.limit, known=size.person is not None)
                if size.person is not None:
                    # A browser shows no answer before it has sent everything.
                    await drain(receive, most=4 * refused.limit, seconds=10)
                await send_answer(send, answer, head=head)
                if size.person is None:
                    await drain(receive, most=4 * refused.limit, seconds=2)
                return
            except TooSlow:
                answer = refusals.too_slow(visit)
            except TooMany:
                answer = refusals.too_many(visit)
            except Busy:
                answer = refusals.busy(visit)
        await send_answer(send, answer, head=head)

    async def body_of(self, visit: Visit, receive: Receive, size: "Sizes") -> tuple[IO[bytes], int]:
        """The body; a declared one that is too large is refused before any of it is read."""
        if not visit.has_body:
            return SpooledTemporaryFile(max_size=0), 0
        if visit.declared and visit.declared > (most := await size.allowed(visit.declared)):
            raise TooLarge(most)
        return await read(receive, size.allowed)

    async def run(self, visit: Visit, body: IO[bytes], size: int) -> Answer:
        """Wait for a thread, and run the application in it."""
        person = self.people.get(visit.session)
        asker = Asker(
            key=person or visit.client,
            known=person is not None,
            writes=visit.method not in READS,
        )
        environ = environ_of(visit, body=body, size=size)
        try:
            async with self.turns.turn(asker) as turn:
                loop = asyncio.get_running_loop()
                work = loop.run_in_executor(self.pool, run, django, environ)
                turn.until(work)
                answer = await asyncio.wait_for(asyncio.shield(work), FOR_AN_ANSWER)
        except (Busy, TooMany):
            body.close()
            raise
        except TimeoutError:
            work.add_done_callback(_throw_away)
            return refusals.too_long(visit)
        except Exception as error:
            if is_busy(error):
                return refusals.locked(visit)
            logger.exception("%s %s was not answered", visit.method, visit.path)
            return refusals.broken(visit)
        self.people.learn(visit.session, person_of(environ))
        return answer


def _throw_away(done: asyncio.Future[Answer]) -> None:
    if not done.cancelled() and done.exception() is None:
        done.result().close()


class Sizes:
    """How much of a body is read: little before it is known who sends it."""

    def __init__(self, front: Front, visit: Visit) -> None:
        self._front = front
        self._visit = visit
        self._looked = False
        self.person: str | None = None

    async def allowed(self, size: int) -> int:
        """How large a body that is already so large may become."""
        if size <= ANONYMOUS:
            return ANONYMOUS
        if not self._looked:
            self._looked = True
            person = await self._person()
            if person is not None:
                if self._front.large.get(person, 0) >= LARGE_EACH:
                    raise TooMany
                self.person = person
                self._front.large[person] = self._front.large.get(person, 0) + 1
        return ANONYMOUS if self.person is None else limit_of(self._visit)

    async def _person(self) -> str | None:
        if not self._visit.session:
            return None
        loop = asyncio.get_running_loop()
        look = loop.run_in_executor(
            self._front.lookups, self._front.people.look_up, self._visit.session
        )
        try:
            return await asyncio.wait_for(look, FOR_A_THREAD)
        except Exception as error:
            logger.warning("Who sends %s is not known: %s", self._visit.path, error)
            raise Busy from None

    @asynccontextmanager
    async def counted(self) -> AsyncIterator[None]:
        """Count a large body with its sender while it is read."""
        try:
            yield
        finally:
            if self.person is not None:
                self._front.large[self.person] -= 1
                if not self._front.large[self.person]:
                    del self._front.large[self.person]


front = Front(THREADS)


async def application(
    scope: MutableMapping[str, Any],
    receive: Receive,
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """What granian calls, for each request and once for the life of the process."""
    if not front.listens:
        front.listens = sockets.let_go_of_who_does_not_read()
    if scope["type"] == "http":
        await front.answer(scope, receive, send)
        return
    while scope["type"] == "lifespan":
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
