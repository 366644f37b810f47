"""What a monitor asks: does the database answer, is there room on the disk, does work wait?"""

import shutil
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import DatabaseError, connection

ROOM = 256 * 2**20  # bytes that must be free: some imports and one night


@dataclass(frozen=True, slots=True)
class Health:
    """A word for each part, `ok` or what is wrong with it."""

    database: str
    disk: str

    @property
    def good(self) -> bool:
        return set(asdict(self).values()) == {"ok"}


def examine() -> Health:
    return Health(database=_database(), disk=_disk())


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
