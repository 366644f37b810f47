"""What a monitor asks: does the database answer, is there room on the disk, does work wait?"""

import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection

from corpus.jobs import queue

# Seconds that work may wait before something is wrong with who does it.
LONG = 15 * 60
ROOM = 256 * 2**20  # bytes that must be free: some imports and one night


@dataclass(frozen=True, slots=True)
class Health:
    """A word for each part, `ok` or what is wrong with it, and what waits to be done.

    `waiting` tasks are in the queue, the oldest of them for `oldest` seconds.
    """

    database: str
    disk: str
    work: str
    waiting: int
    oldest: int

    @property
    def good(self) -> bool:
        return {self.database, self.disk, self.work} == {"ok"}


def examine() -> Health:
    try:
        found = queue.examine()
        work = "ok" if found.oldest < LONG else "slow" if found.worked_on else "nobody works"
    except DatabaseError:
        found, work = queue.Queue(0, 0, worked_on=False), "unknown"
    return Health(_database(), _disk(), work, found.waiting, found.oldest)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app FROM django_migrations WHERE app = 'corpus' LIMIT 1")
            return "ok" if cursor.fetchone() else "empty"
    except DatabaseError:
        return "unreachable"


def _disk() -> str:
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError:
        return "unreachable"
    return "ok" if free >= ROOM else "full"
