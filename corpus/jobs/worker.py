"""A worker: it takes tasks from the queue, and has each done in a child with limits.

A child that takes too long, takes too much memory or crashes ends alone, and its task says why.
Whatever ends the worker ends the child; the task is then done by the next worker.
"""

import logging
import os
import resource
from collections.abc import Callable
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from signal import SIG_DFL, SIG_IGN, SIGINT, SIGTERM, signal
from threading import Thread
from time import monotonic
from typing import NoReturn
from uuid import UUID, uuid4

from django.db import DatabaseError, connections
from django_tasks_db.models import DBTaskResult

from . import queue

MEMORY = 1536  # megabytes that a task may take
LIMIT = 600.0  # seconds that a task may take
BEAT = 5.0  # seconds between two signs of life
INTERVAL = 1.0  # seconds between two looks at an empty queue
HOUR = 3600.0
MEGABYTE = 2**20

logger = logging.getLogger(__name__)


class TookTooLong(Exception):
    """A task was ended because its time was over."""


class Crashed(Exception):
    """The process of a task ended without a word."""


class Worker:
    """Does what waits until it is told to stop.

    `catch_up` enqueues what should wait and does not; it is called at the start and every hour.
    """

    def __init__(
        self, *, catch_up: Callable[[], None], memory: int = MEMORY, limit: float = LIMIT
    ) -> None:
        self.name = uuid4().hex
        self.catch_up = catch_up
        self.memory = memory
        self.limit = limit
        self._beaten = self._caught_up = -HOUR

    def anew(self) -> "Worker":
        """One like this, with a name of its own."""
        return Worker(catch_up=self.catch_up, memory=self.memory, limit=self.limit)

    def run(self, pause: Callable[[float], bool]) -> None:
        """Work until `pause`, which waits so many seconds, says that it is over."""
        try:
            while True:
                if not (self._step() or pause(INTERVAL)):
                    return
        finally:
            queue.leave(self.name)

    def run_once(self) -> None:
        """Do what waits now, and what comes of it."""
        try:
            while self._step():
                pass
        finally:
            queue.leave(self.name)

    def _step(self) -> bool:
        """Do one task; whether there was one."""
        try:
            self._beat()
            if monotonic() - self._caught_up >= HOUR:
                self._caught_up = monotonic()
                queue.forget_done()
                self.catch_up()
            task = queue.claim(self.name)
            if task is None:
                return False
            self._have_done(task)
        except DatabaseError:
            logger.exception("The database does not answer the worker, which tries again.")
            let_go_of_databases()
            return False
        return True

    def _beat(self) -> None:
        if monotonic() - self._beaten >= BEAT:
            queue.beat(self.name)
            self._beaten = monotonic()

    def _have_done(self, task: queue.Job) -> None:
        let_go_of_databases()
        child = get_context("fork").Process(target=_do, args=(task.pk, self.memory))
        until = monotonic() + self.limit
        child.start()
        try:
            self._watch(child, until)
        except BaseException:
            _end(child)
            queue.put_back(task)
            raise
        if child.is_alive():
            _end(child)
            queue.give_up(task, TookTooLong(f"It took more than {self.limit:.0f} seconds."))
        elif child.exitcode:
            told = f"Its process ended with {child.exitcode}; perhaps it took too much memory."
            queue.give_up(task, Crashed(told))

    def _watch(self, child: BaseProcess, until: float) -> None:
        """Wait for the child until then, and say meanwhile that this worker lives."""
        while child.is_alive() and monotonic() < until:
            child.join(min(BEAT, until - monotonic()))
            if child.is_alive():
                self._beat()


def let_go_of_databases() -> None:
    """Close what a child must not share: connections, and pools with their threads."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def _end(child: BaseProcess) -> None:
    child.kill()
    child.join()


def _do(number: UUID, memory: int) -> None:
    """Do a task, in a process of its own."""
    signal(SIGINT, SIG_IGN)
    signal(SIGTERM, SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()
    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory * MEGABYTE, memory * MEGABYTE))
    found = DBTaskResult.objects.get(pk=number)
    try:
        result = found.task_result
        found.set_successful(found.task.call(*result.args, **result.kwargs))
    except Exception as error:
        logger.exception("The task %s failed.", found.task_path)
        found.set_failed(error)
    finally:
        let_go_of_databases()


def _end_with_parent() -> NoReturn:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
