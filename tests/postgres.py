"""A PostgreSQL server of the tests' own, where the machine has its programs."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

_SERIAL = count(1)


class Postgres:
    """A running server that hands out empty databases."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, name: str) -> str:
        return f"postgres://copytaster@127.0.0.1:{self.port}/{name}"

    def database(self) -> str:
        """The address of a new, empty database."""
        import psycopg

        name = f"tests_{next(_SERIAL)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version's."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    beside = shutil.which("initdb")
    return Path(beside).resolve().parent if beside else None


@contextmanager
def running() -> Iterator[Postgres]:
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed here")
    # The server refuses to run as root, so it runs as the user that its package made.
    as_user = {}
    if os.geteuid() == 0:
        try:
            as_user = {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid}
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="copytaster-postgres-") as home:
        if as_user:
            shutil.chown(home, "postgres")
        data = f"{home}/data"

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [str(folder / program), *arguments],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=home,
                extra_groups=[] if as_user else None,
                **as_user,
            )

        run("initdb", "-D", data, "-U", "copytaster", "-A", "trust", "-E", "UTF8", "--no-sync")
        flags = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off"
        run("pg_ctl", "-D", data, "-o", flags, "-l", f"{home}/log", "-w", "start")
        try:
            yield Postgres(port)
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
