"""Whole installations, each in a folder of its own, driven by the commands as an owner does."""

import atexit
import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import Postgres

ROOT = Path(__file__).parent.parent.parent
RELEASES = ROOT / "tests" / "fixtures" / "releases"
MANAGE = [sys.executable, "-W", "ignore", str(ROOT / "manage.py")]


@dataclass
class Installation:
    """A data folder with its database; `url` is set where that is PostgreSQL."""

    data: Path
    url: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        return "postgres" if self.url else "sqlite"

    @property
    def file(self) -> Path:
        return self.data / "copytaster.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "COPYTASTER_DATA": str(self.data),
            "COPYTASTER_SECRET_KEY": "only for tests",
            "DATABASE_URL": self.url,
        }
        return os.environ | ours | self.extra

    def manage(self, *arguments: object, fails: bool = False) -> str:
        """What a command printed; its complaint where it is expected to fail."""
        done = subprocess.run(
            [*MANAGE, *map(str, arguments)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert bool(done.returncode) is fails, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr if fails else done.stdout

    def set_up(self) -> None:
        """Give it the tables of today: the migrations run once in a process, and are copied then."""
        if self.engine in _MIGRATED:
            self._copy(_MIGRATED[self.engine], self)
            return
        self.manage("migrate", "--no-backup")
        if self.url:
            kept = Installation(self.data, url=f"{self.url}_migrated")
        else:
            folder = tempfile.mkdtemp(prefix="copytaster-migrated-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            kept = Installation(Path(folder) / "data")
        self._copy(self, kept)
        _MIGRATED[self.engine] = kept

    @staticmethod
    def _copy(made: "Installation", to: "Installation") -> None:
        if not made.url:
            to.data.mkdir(exist_ok=True, mode=0o700)
            with (
                closing(sqlite3.connect(made.file)) as source,
                closing(sqlite3.connect(to.file)) as copy,
            ):
                source.backup(copy)
            return
        import psycopg

        place, _, name = to.url.rpartition("/")
        template = made.url.rpartition("/")[2]
        with psycopg.connect(f"{place}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())

    def load(self, release: str) -> None:
        """Fill the empty database with what a release left."""
        script = gzip.decompress((RELEASES / f"{release}-{self.engine}.sql.gz").read_bytes())
        if self.url:
            import psycopg

            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(script)  # type: ignore[call-overload]
        else:
            self.data.mkdir(exist_ok=True)
            connection = sqlite3.connect(self.file)
            connection.executescript(script.decode())
            connection.close()

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """A connection past Django, as another program has it."""
        if self.url:
            import psycopg

            with psycopg.connect(self.url) as connection:
                yield connection
        else:
            with closing(sqlite3.connect(self.file)) as connection, connection:
                yield connection

    def execute(self, statement: str) -> None:
        with self.opened() as connection:
            connection.execute(statement)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table, as the database itself tells them, in order."""
        listed = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            if self.url
            else "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        with self.opened() as connection:
            names = [name for (name,) in connection.execute(listed).fetchall()]
            return {name: _rows(connection.execute(f'SELECT * FROM "{name}"')) for name in names}


_MIGRATED: dict[str, Installation] = {}


def _rows(cursor: Any) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: json.dumps(row, default=str, sort_keys=True))


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


@pytest.fixture
def sqlite_installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "data")


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request, tmp_path: Path) -> Installation:
    """An empty installation, on either database."""
    if request.param == "sqlite":
        return Installation(tmp_path / "data")
    server: Postgres = request.getfixturevalue("postgres")
    if shutil.which("pg_dump") is None:
        pytest.skip("PostgreSQL's client programs are not here")
    return Installation(tmp_path / "data", url=server.database())
