"""Make, check and bring back a copy of the database, whichever database it is."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from . import postgres, sqlite
from .engine import Engine
from .errors import KeepingError

ENGINES = {"sqlite": sqlite.ENGINE, "postgresql": postgres.ENGINE}
_SPARE = 1.2  # of the database's size must be free on the disk that takes a copy


@dataclass(frozen=True, slots=True)
class Copy:
    """A verified copy: its file, its size in bytes, and what it holds."""

    path: Path
    size: int
    documents: int
    annotations: int

    def __str__(self) -> str:
        return f"{self.documents:,} documents and {self.annotations:,} annotations"


def backups_folder() -> Path:
    folder: Path = settings.DATA_DIR / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def ending() -> str:
    """What the name of a copy of this kind of database ends in."""
    return _engine().ending


def free_name(folder: Path, name: str) -> Path:
    """A file in the folder, named after this moment, that is not there yet."""
    stem = f"{name}-{timezone.localtime():%Y-%m-%d-%H%M%S}"
    path, number = folder / f"{stem}{ending()}", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}{ending()}", number + 1
    return path


def back_up(target: Path) -> Copy:
    """Copy the database to a file that nobody else can read, and prove that it can be read back.

    Safe while others write: the copy is one moment's state, with everything that was acknowledged
    before. A folder gets a file named after this moment. The file appears under its name only when
    it is whole. Raises KeepingError.
    """
    if target.is_dir():
        target = free_name(target, "copytaster")
    if target.exists():
        raise KeepingError(f"{target} exists already; a backup never overwrites a file.")
    if not target.parent.is_dir():
        raise KeepingError(f"There is no folder {target.parent} to put the backup in.")
    _check_room(target.parent)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        # Private before the first byte is in it.
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _engine().write(draft)
        copy = verified(draft)
        _sync(draft)
        # A link never replaces a file that somebody else made meanwhile; a rename would.
        os.link(draft, target)
    except FileExistsError as error:
        raise KeepingError(f"{error.filename2 or error.filename} exists already.") from error
    except OSError as error:
        raise KeepingError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    _sync(target.parent)
    return Copy(target, copy.size, copy.documents, copy.annotations)


def verified(path: Path) -> Copy:
    """Read a copy as restoring would. Raises KeepingError where it cannot be brought back here."""
    if not path.is_file():
        raise KeepingError(f"There is no file {path}.")
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise KeepingError(f"{path} cannot be read: {error.strerror}.") from error
    engine = _engine()
    if not start.startswith(engine.signature):
        for other in ENGINES.values():
            if start.startswith(other.signature):
                raise KeepingError(
                    f"{path} is a backup of {other.name}, and this installation uses {engine.name}."
                )
        raise KeepingError(f"{path} is no backup of Copytaster.")
    documents, annotations = engine.contents(path)
    return Copy(path, path.stat().st_size, documents, annotations)


def bring_back(path: Path) -> tuple[Copy, Copy | None]:
    """Put a copy in the database's place, in one transaction; what stood is copied first.

    Gives what was brought back, and the copy of what stood, None where nothing did. The tables are
    those of the copy's release: migrate afterwards. Raises KeepingError, and then nothing changed.
    """
    copy = verified(path)
    before = back_up(free_name(backups_folder(), "before-restore")) if has_tables() else None
    connection.close()
    _engine().read(path)
    return copy, before


def has_tables() -> bool:
    """Whether a release of ours ever stored anything in this database."""
    with connection.cursor() as cursor:
        return "corpus_document" in connection.introspection.table_names(cursor)


def _engine() -> Engine:
    return ENGINES[connection.vendor]


def _check_room(folder: Path) -> None:
    needed = int(_engine().size() * _SPARE)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise KeepingError(
            f"The disk of {folder} has {free // 2**20:,} MiB free; a backup may need "
            f"{needed // 2**20 + 1:,} MiB."
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
