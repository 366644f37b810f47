"""A database of an earlier release comes up to date with all that was in it."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from .conftest import Installation

# What an upgrade may write anew: Django's own lists, and nothing that a person made.
OWN = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}

USE = """
from django.test import Client
from django.contrib.auth.models import User
from corpus.models import Collection
from annotations.models import Annotation
host = {"SERVER_NAME": "localhost"}
client = Client(**host)
client.force_login(User.objects.get(username="vera"))
ferry = Collection.objects.get(slug="ferry-strike")
numbers = list(ferry.documents.order_by("pk").values_list("pk", flat=True))
for path in ("", "claims/", "marks/", "history/", "codebook/", "export/",
             f"read/?d={numbers[0]}&d={numbers[1]}", f"documents/{numbers[0]}/"):
    answer = client.get(f"/c/ferry-strike/{path}")
    assert answer.status_code == 200, (path, answer.status_code)
before = Annotation.objects.live().count()
answer = client.post("/c/ferry-strike/undo/", headers={"hx-request": "true"})
assert answer.status_code == 200, answer.status_code
print(before, Annotation.objects.live().count())
"""


@pytest.mark.parametrize("release", ["0.1"])
def test_an_upgrade_keeps_all_and_people_go_on(installation: Installation, release: str):
    # Static files need not be collected then.
    installation.extra["COPYTASTER_DEBUG"] = "1"
    installation.load(release)
    before = installation.rows()

    said = installation.manage("migrate")

    after = installation.rows()
    for table, rows in before.items():
        if table in OWN:
            continue
        columns = set(rows[0]) if rows else set()
        kept = [
            {name: value for name, value in row.items() if name in columns} for row in after[table]
        ]
        assert sorted(map(_line, kept)) == sorted(map(_line, rows)), table
    if len(after["django_migrations"]) > len(before["django_migrations"]):
        assert "Backup before migrating" in said
        (copy,) = (installation.data / "backups").iterdir()
        assert copy.name in said
    marks, less = map(int, installation.manage("shell", "--no-imports", "-c", USE).split())
    assert less == marks - 1


def _line(row: dict) -> str:
    return repr(sorted(row.items()))


@pytest.mark.parametrize(
    "command", [["migrate"], ["demo", "--no-server"], ["serve", "--port", "1"]]
)
@pytest.mark.django_db(transaction=True)
def test_a_newer_database_is_refused(settings, tmp_path, command: list[str]):
    settings.DATA_DIR = tmp_path
    recorder = MigrationRecorder(connection)
    recorder.record_applied("corpus", "9999_mars")

    try:
        with pytest.raises(CommandError, match="newer release"):
            call_command(*command)
    finally:
        recorder.record_unapplied("corpus", "9999_mars")

    assert not User.objects.exists()
    assert list(tmp_path.iterdir()) == []
