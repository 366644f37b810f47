"""Backup and restore: by the commands on both databases, the rest in one process."""

import json
import shutil
import sqlite3
import stat
import threading
import time
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection

from annotations.models import Annotation
from corpus.models import Collection
from tests import factories

from .conftest import Installation


def test_a_backup_brings_back_every_row(installation: Installation, tmp_path: Path):
    installation.load("0.1")
    before = installation.rows()
    file = tmp_path / "kept"

    told = json.loads(installation.manage("backup", file, "--json"))
    installation.execute("DELETE FROM annotations_coding")
    worked = installation.rows()
    restored = json.loads(installation.manage("restore", file, "--json"))

    assert (told["documents"], told["annotations"]) == (8, 272)
    assert told["bytes"] == file.stat().st_size
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert worked["annotations_coding"] == []
    after = installation.rows()
    for table in ("corpus_document", "annotations_coding", "annotations_revision"):
        columns = set(before[table][0])
        assert [{name: row[name] for name in columns} for row in after[table]] == before[table]
    # What stood before the restore can be brought back too.
    installation.manage("restore", restored["before"])
    assert installation.rows()["annotations_coding"] == []


@pytest.fixture
def here(settings, tmp_path: Path, transactional_db):
    """The database of the tests, with a data folder of its own; SQLite only."""
    if connection.vendor != "sqlite":
        pytest.skip("this looks into files of SQLite")
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    return tmp_path


def test_restoring_takes_back_what_came_after_and_ends_sessions(here: Path, client):
    alice = factories.user()
    harbour = factories.collection(owner=alice)
    factories.mark(factories.document(harbour), alice, "port")
    call_command("backup", here / "kept", verbosity=0)
    client.force_login(alice)
    Collection.objects.create(name="Later", slug="later")

    call_command("restore", here / "kept", verbosity=0)

    assert [found.name for found in Collection.objects.all()] == ["Harbour"]
    assert Annotation.objects.count() == 1
    assert not Session.objects.exists()
    assert [file.name[:14] for file in (here / "data" / "backups").iterdir()] == ["before-restore"]


def test_ten_backups_and_restores_in_a_row_change_nothing(here: Path):
    factories.document(factories.collection(owner=factories.user()))
    connection.close()
    database = Path(connection.settings_dict["NAME"])
    first = _dump(database)

    for number in range(10):
        call_command("backup", here / f"kept-{number}", verbosity=0)
        call_command("restore", here / f"kept-{number}", verbosity=0)

    assert _dump(database) == first


def _dump(database: Path) -> str:
    with sqlite3.connect(database) as opened:
        found = "\n".join(opened.iterdump())
    opened.close()
    return found


def test_a_backup_never_overwrites(here: Path):
    file = here / "kept"
    file.write_text("mine")

    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", file)

    assert file.read_text() == "mine"
    assert [path.name for path in here.iterdir()] == ["data", "kept"]


def test_a_folder_that_is_not_there_is_named(here: Path):
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", here / "nowhere" / "kept")


def test_a_folder_gets_a_file_named_after_the_moment(here: Path):
    folder = here / "backups"
    folder.mkdir()

    call_command("backup", folder, verbosity=0)

    (file,) = folder.iterdir()
    assert file.name.startswith("copytaster-20")
    assert file.suffix == ".sqlite3"


def test_a_full_disk_is_said_before_anything_is_written(here: Path, monkeypatch):
    usage = shutil.disk_usage(here)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))

    with pytest.raises(CommandError, match="MiB free"):
        call_command("backup", here / "kept")

    assert [path.name for path in here.iterdir()] == ["data"]


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-8192])


def _scratched(file: Path) -> None:
    data = bytearray(file.read_bytes())
    for start in range(4096, len(data), 4096 * 3):
        data[start : start + 64] = b"x" * 64
    file.write_bytes(data)


def _text(file: Path) -> None:
    file.write_text("Dear editor,")


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _another_program(file: Path) -> None:
    file.unlink()
    opened = sqlite3.connect(file)
    opened.execute("CREATE TABLE recipes (name)")
    opened.commit()
    opened.close()


def _other_database(file: Path) -> None:
    file.write_bytes(b"PGDMP" + file.read_bytes()[5:])


def _newer(file: Path) -> None:
    opened = sqlite3.connect(file)
    opened.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('corpus', '9999_mars', '')"
    )
    opened.commit()
    opened.close()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_cut, "damaged"),
        (_scratched, "damaged"),
        (_text, "no backup of Copytaster"),
        (_empty, "no backup of Copytaster"),
        (_another_program, "no backup of Copytaster"),
        (_other_database, "backup of PostgreSQL"),
        (_newer, "newer release"),
        (Path.unlink, "There is no file"),
    ],
)
def test_what_cannot_be_brought_back_changes_nothing(here: Path, damage, words):
    call_command("backup", here / "kept", verbosity=0)
    damage(here / "kept")
    factories.collection()

    with pytest.raises(CommandError, match=words):
        call_command("restore", here / "kept")

    assert Collection.objects.count() == 1
    assert list((here / "data").iterdir()) == []


def test_a_backup_holds_all_that_was_acknowledged(here: Path):
    """Somebody writes without a pause; the copy has every row told of before it began."""
    told: list[str] = []
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            slug = f"work-{len(told)}"
            Collection.objects.create(name="Work", slug=slug)
            told.append(slug)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(told) < 20:
            time.sleep(0.01)
        least = list(told)
        call_command("backup", here / "kept", verbosity=0)
    finally:
        over.set()
        writer.join()
    call_command("restore", here / "kept", verbosity=0)

    kept = set(Collection.objects.values_list("slug", flat=True))
    assert set(least) <= kept < set(told)
