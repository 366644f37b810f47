"""Copies of a SQLite database: whole, from one moment, while others write.

A file copy would miss what still stands in the write-ahead log; VACUUM INTO reads through it.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection

from .engine import Engine
from .errors import KeepingError
from .releases import refuse_newer

_PATIENCE = 20.0  # seconds for a lock
# https://sqlite.org/wal.html#walresetbug: mended in these releases of their lines.
_MENDED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def may_lose_its_log(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite has the fault that can, very rarely, damage a database in WAL mode."""
    return version < max(_MENDED) and not any(
        version[:2] == mended[:2] and version >= mended for mended in _MENDED
    )


def version() -> str:
    return sqlite3.sqlite_version


def size() -> int:
    """Bytes that the database takes on disk, its log included."""
    return sum(
        path.stat().st_size
        for path in (_database(), _database().with_name(f"{_database().name}-wal"))
        if path.exists()
    )


def write(draft: Path) -> None:
    try:
        with _opened(f"{_database().as_uri()}?mode=rw") as source:
            source.execute("VACUUM INTO ?", [str(draft)])
    except sqlite3.Error as error:
        raise KeepingError(f"SQLite could not write the copy: {error}.") from error


def contents(path: Path) -> tuple[int, int]:
    """How many documents and annotations a copy holds, after reading every page of it."""
    try:
        with _opened(f"{path.resolve().as_uri()}?mode=ro&immutable=1") as copy:
            faults = [row[0] for row in copy.execute("PRAGMA integrity_check(3)")]
            if faults != ["ok"]:
                raise KeepingError(f"{path} is damaged: {'; '.join(faults)}.")
            if orphan := copy.execute("PRAGMA foreign_key_check").fetchone():
                raise KeepingError(f"{path} is damaged: a row of {orphan[0]} points nowhere.")
            refuse_newer(copy.execute("SELECT app, name FROM django_migrations"), path)
            (documents,) = copy.execute("SELECT count(*) FROM corpus_document").fetchone()
            (annotations,) = copy.execute("SELECT count(*) FROM annotations_annotation").fetchone()
    except sqlite3.OperationalError as error:
        raise KeepingError(f"{path} is no backup of Copytaster: {error}.") from error
    except sqlite3.Error as error:
        raise KeepingError(f"{path} is damaged: {error}.") from error
    return documents, annotations


def read(path: Path) -> None:
    """Write the copy over the database in one transaction, which other processes may have open."""
    database = _database()
    with suppress(FileExistsError):
        # Private before the first byte is in it.
        os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            _opened(f"{path.resolve().as_uri()}?mode=ro&immutable=1") as source,
            _opened(f"{database.as_uri()}?mode=rwc") as target,
        ):
            # What the server wrote is acknowledged work until the last page of this stands.
            target.execute("PRAGMA journal_mode=WAL")
            target.execute("PRAGMA synchronous=FULL")
            source.backup(target)
    except sqlite3.Error as error:
        raise KeepingError(
            f"The database stands as it was, the backup could not be put in its place: {error}. "
            "Stop the server and try again."
        ) from error


def _database() -> Path:
    return Path(connection.settings_dict["NAME"]).resolve()


@contextmanager
def _opened(uri: str) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)
    try:
        yield opened
    finally:
        opened.close()


ENGINE = Engine(
    name="SQLite",
    ending=".sqlite3",
    signature=b"SQLite format 3\x00",
    size=size,
    write=write,
    contents=contents,
    read=read,
)
