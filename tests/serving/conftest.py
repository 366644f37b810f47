import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .client import Site

ROOT = Path(__file__).parent.parent.parent
SLOW_SECONDS = "1.5"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def start(folder: Path, *options: str, **environment: str) -> Iterator[Site]:
    """A server with its own data folder, from its announcement to its end."""
    variables = os.environ | {
        "COPYTASTER_DATA": str(folder),
        "COPYTASTER_SLOW_SECONDS": SLOW_SECONDS,
        "DJANGO_SETTINGS_MODULE": "tests.serving.settings",
        "PYTHONPATH": str(ROOT),
        **environment,
    }
    variables.pop("DATABASE_URL", None)
    prepared = subprocess.run(
        [sys.executable, "-m", "tests.serving.prepare"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
    )
    assert prepared.returncode == 0, prepared.stderr
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), *options]
    with (folder / "server.log").open("w+") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            said = ""
            while "Ctrl+C" not in said:
                line = server.stdout.readline()
                assert line, (folder / "server.log").read_text()
                said += line
            yield Site(port=port, folder=folder, said=said, **json.loads(prepared.stdout))
        finally:
            server.terminate()
            server.wait(timeout=60)
            server.stdout.close()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as folder:
        yield from start(Path(folder), "--workers", "1", "--backups", "2")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": ["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
    }
