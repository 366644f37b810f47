"""What a start does before anything is served, once however many starts there are at a time."""

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from inspect import getsource
from pathlib import Path

import django
from django.conf import STATICFILES_STORAGE_ALIAS, settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from .keeping.errors import KeepingError
from .keeping.releases import refuse_newer

Say = Callable[[str], object]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other start on this data folder is getting it ready."""
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def bring_database_up_to_date(say: Say) -> None:
    """Run the migrations that are missing, and say so before; refuse what a newer release made."""
    connection = connections[DEFAULT_DB_ALIAS]
    executor = MigrationExecutor(connection)
    try:
        place = f"The database {connection.settings_dict['NAME']}"
        refuse_newer(executor.loader.applied_migrations, place)
    except KeepingError as error:
        raise CommandError(str(error)) from error
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say(f"Preparing the database ({len(plan)} steps) ...")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static_files(say: Say) -> None:
    """Collect and compress the static files, unless they are the ones that were collected last."""
    # Beside the folder and not in it, where it would be served.
    noted = Path(settings.STATIC_ROOT).with_name("static.fingerprint")
    fingerprint = _fingerprint()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and noted.exists() and noted.read_text() == fingerprint:
        return
    say("Preparing the static files ...")
    call_command("collectstatic", interactive=False, verbosity=0)
    noted.write_text(fingerprint)


def _fingerprint() -> str:
    made = sha256(f"{django.__version__} {version('whitenoise')} {settings.STORAGES}".encode())
    made.update(
        getsource(sys.modules[storages[STATICFILES_STORAGE_ALIAS].__class__.__module__]).encode()
    )
    for finder in get_finders():
        for name, storage in sorted(finder.list(None), key=lambda found: found[0]):
            with storage.open(name) as file:
                made.update(name.encode() + b"\0" + sha256(file.read()).digest())
    return made.hexdigest()
