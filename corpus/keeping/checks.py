from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connection

from . import sqlite


@checks.register(checks.Tags.database)
def sqlite_keeps_its_log(
    databases: Sequence[str] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Warn, where the database is asked for, of a SQLite with the fault of its write-ahead log."""
    if not databases or connection.vendor != "sqlite" or not sqlite.may_lose_its_log():
        return []
    return [
        checks.Warning(
            f"SQLite {sqlite.version()} has a fault that can, very rarely, damage a database while "
            "several people write.",
            hint="Keep nightly backups (manage.py serve --backups 7), and use a Python with SQLite "
            "3.51.3 or newer (3.50.7 and 3.44.6 are mended too), or PostgreSQL.",
            id="corpus.W001",
        )
    ]
