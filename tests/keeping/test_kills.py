"""Long trials: backups under load, and killed in the middle."""

import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from .conftest import MANAGE, Installation

pytestmark = pytest.mark.soak

WORK = """
from corpus.models import Collection
for number in range(1, 1_000_000):
    Collection.objects.create(name=f"Work {number}", slug=f"work-{number}")
    print(number, flush=True)
"""


def test_a_backup_holds_all_that_was_acknowledged(installation: Installation, tmp_path: Path):
    """Somebody writes without a pause; the copy has every row told of before it began."""
    installation.load("0.1")
    installation.manage("migrate", "--no-backup")
    told: list[int] = []
    writer = subprocess.Popen(
        [*MANAGE, "shell", "--no-imports", "--command", WORK],
        env=installation.environment,
        stdout=subprocess.PIPE,
        text=True,
    )

    def listen() -> None:
        for line in writer.stdout:
            told.append(int(line))  # noqa: PERF401  # one by one, as they come

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        while not told:
            assert writer.poll() is None
        least = told[-1]
        installation.manage("backup", tmp_path / "copy")
        most = told[-1]
    finally:
        writer.kill()
        listener.join()
        writer.wait()
        writer.stdout.close()
    installation.manage("restore", tmp_path / "copy")

    slugs = {row["slug"] for row in installation.rows()["corpus_collection"]}
    assert most > least, "nobody wrote meanwhile"
    assert {f"work-{one}" for one in range(1, least + 1)} <= slugs


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_twenty_kills_leave_the_database_whole(
    sqlite_installation: Installation, tmp_path: Path, command: str
):
    """Killed at any moment, a command has done all of its work or nothing of it."""
    here = sqlite_installation
    here.load("0.1")
    here.manage("migrate", "--no-backup")
    here.manage("backup", tmp_path / "first")
    first = here.rows()
    here.execute("DELETE FROM annotations_coding")
    second = here.rows()
    dice = random.Random(7)

    for number in range(20):
        target = tmp_path / ("first" if command == "restore" else f"kept-{number}")
        started = subprocess.Popen(
            [*MANAGE, command, str(target)],
            env=here.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(dice.uniform(0.5, 3))
        started.send_signal(signal.SIGKILL)
        started.wait()

        rows = here.rows()
        assert rows in (first, second)
        if command == "backup" and target.exists():
            there = Installation(tmp_path / f"there-{number}")
            there.manage("restore", target)
            assert there.rows()["annotations_target"] == second["annotations_target"]
