"""Whose request is run next, so that nobody holds all threads: neither a person nor a crowd."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

CROWD = 20


class Busy(Exception):
    """No thread became free in time."""


class TooMany(Exception):
    """This person has asked for too much at once."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: known people each by themselves, strangers all together."""

    key: str
    known: bool
    writes: bool


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of the threads may do what at once."""

    threads: int
    each: int
    strangers: int
    writers: int

    @classmethod
    def of(cls, threads: int) -> "Shares":
        """A half for strangers, a half for who waits for the database's lock, less for each one."""
        half = max(1, threads // 2)
        return cls(threads=threads, each=max(1, half - 1), strangers=half, writers=half)


class Turns:
    """A queue from which the oldest request is taken whose asker still has a share."""

    def __init__(self, shares: Shares, *, patience: float, waiting_each: int) -> None:
        self._shares = shares
        self._patience = patience
        self._waiting_each = waiting_each
        self._running: Counter[str] = Counter()
        self._waiting: list[tuple[Asker, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def turn(self, asker: Asker) -> AsyncIterator["Turn"]:
        """Wait for a thread; it is given back at the end, or when `Turn.until` is done."""
        await self._wait(asker)
        turn = Turn()
        try:
            yield turn
        finally:
            if turn.kept_by is None or turn.kept_by.done():
                self._leave(asker)
            else:
                turn.kept_by.add_done_callback(lambda _: self._leave(asker))

    async def _wait(self, asker: Asker) -> None:
        if not self._waiting and self._may(asker):
            self._enter(asker)
            return
        # Behind one address may be a whole class, whose first requests say nothing of who they are.
        most = self._waiting_each if asker.known else CROWD * self._waiting_each
        if sum(other.key == asker.key for other, _ in self._waiting) >= most:
            raise TooMany
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((asker, future))
        self._admit()
        try:
            await asyncio.wait_for(future, self._patience)
        except TimeoutError:
            raise Busy from None
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._leave(asker)
            raise
        finally:
            self._waiting = [one for one in self._waiting if one[1] is not future]

    def _may(self, asker: Asker) -> bool:
        return (
            self._running["all"] < self._shares.threads
            and (
                self._running[f"of {asker.key}"] < self._shares.each
                if asker.known
                else self._running["strangers"] < self._shares.strangers
            )
            and (not asker.writes or self._running["writers"] < self._shares.writers)
        )

    def _places(self, asker: Asker) -> list[str]:
        places = ["all", f"of {asker.key}"]
        places += [] if asker.known else ["strangers"]
        return places + (["writers"] if asker.writes else [])

    def _enter(self, asker: Asker) -> None:
        self._running.update(self._places(asker))

    def _leave(self, asker: Asker) -> None:
        self._running.subtract(self._places(asker))
        if not self._running[f"of {asker.key}"]:
            del self._running[f"of {asker.key}"]
        self._admit()

    def _admit(self) -> None:
        for asker, future in self._waiting:
            if self._running["all"] >= self._shares.threads:
                return
            if not future.done() and self._may(asker):
                self._enter(asker)
                future.set_result(None)


class Turn:
    """A thread that somebody has."""

    kept_by: asyncio.Future[Any] | None = None

    def until(self, done: asyncio.Future[Any]) -> None:
        """Keep the thread until then, even when nobody waits for the answer any more."""
        self.kept_by = done
