"""Copies of a PostgreSQL database, by its own programs: pg_dump, pg_restore, psql."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO

from django.apps import apps
from django.db import connection

from .engine import Engine
from .errors import KeepingError
from .releases import refuse_newer

# Tables of an older or newer release too, so by their apps' names; others are left alone.
_DROP = """
DO $$ DECLARE row record; BEGIN
  FOR row IN SELECT tablename FROM pg_tables
             WHERE schemaname = current_schema() AND tablename ~ '^({apps})_'
  LOOP EXECUTE format('DROP TABLE %I CASCADE', row.tablename); END LOOP;
END $$;
"""


def size() -> int:
    """Bytes that the database takes on the server: more than a copy of it does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        found: int = cursor.fetchone()[0]
        return found


def write(draft: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}")


def contents(path: Path) -> tuple[int, int]:
    """How many documents and annotations a copy holds, after unpacking every row of it."""
    counted = {"corpus_document": 0, "annotations_annotation": 0, "django_migrations": 0}
    applied: list[tuple[str, str]] = []
    inside = ""
    columns: list[str] = []
    with tempfile.TemporaryFile() as script:
        _run("pg_restore", "--data-only", "--file=-", str(path), into=script, offline=True)
        script.seek(0)
        for line in script:
            if line.startswith(b"COPY "):
                head = line.decode().split(" (", 1)
                inside = head[0].removeprefix("COPY ").rsplit(".", 1)[-1].strip('"')
                columns = head[1].split(")")[0].replace('"', "").split(", ")
            elif line.startswith(b"\\."):
                inside = ""
            elif inside in counted:
                counted[inside] += 1
                if inside == "django_migrations":
                    row = dict(zip(columns, line.decode().rstrip("\n").split("\t"), strict=True))
                    applied.append((row["app"], row["name"]))
    if not applied:
        raise KeepingError(f"{path} is no backup of Copytaster.")
    refuse_newer(applied, path)
    return counted["corpus_document"], counted["annotations_annotation"]


def read(path: Path) -> None:
    """Put the copy in our tables' place, in one transaction."""
    with tempfile.TemporaryFile() as script:
        ours = "|".join(sorted({app.label for app in apps.get_app_configs()} | {"django"}))
        script.write(_DROP.format(apps=ours).encode())
        script.flush()
        _run(
            "pg_restore", "--no-owner", "--no-privileges", "--file=-", str(path),
            into=script, offline=True,
        )  # fmt: skip
        script.seek(0)
        _run(
            "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
            "--output=/dev/null", "--file=-",
            source=script,
        )  # fmt: skip


def _run(
    program: str,
    *arguments: str,
    into: int | IO[bytes] = subprocess.DEVNULL,
    source: int | IO[bytes] = subprocess.DEVNULL,
    offline: bool = False,
) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, never by arguments."""
    found = shutil.which(program)
    if found is None:
        raise KeepingError(
            f"{program} is not installed here; it comes with PostgreSQL's client programs "
            "(on Debian: apt install postgresql-client)."
        )
    database = connection.settings_dict
    named = {
        "PGDATABASE": database["NAME"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
    }
    environment = os.environ | {key: str(value) for key, value in named.items() if value}
    done = subprocess.run(  # noqa: S603
        [found, *arguments],
        env=os.environ if offline else environment,
        stdin=source,
        stdout=into,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise KeepingError(f"{program}: {lines[0] if lines else 'failed without a word'}")


ENGINE = Engine(
    name="PostgreSQL",
    ending=".pgdump",
    signature=b"PGDMP",
    size=size,
    write=write,
    contents=contents,
    read=read,
)
