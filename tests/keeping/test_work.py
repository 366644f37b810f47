"""The worker, run as a site runs it, on each database."""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .conftest import MANAGE, Installation

DOCUMENTS = 20


def enqueue(installation: Installation, *calls: str) -> None:
    lines = ["from tests.keeping import chores", *(f"chores.{call}" for call in calls)]
    installation.manage("shell", "--no-imports", "--command", "\n".join(lines))


def tasks(installation: Installation) -> dict[str, dict[str, object]]:
    return {
        row["task_path"].rpartition(".")[2]: row
        for row in installation.rows()["django_tasks_database_dbtaskresult"]
    }


def pairs_waiting(installation: Installation) -> int:
    with installation.opened() as connection:
        asked = "SELECT count(second_id) FROM corpus_waitingcomparison"
        return connection.execute(asked).fetchone()[0]


@pytest.fixture
def library(installation: Installation, tmp_path: Path) -> Installation:
    """Documents just imported that share sentences, none of which is related yet."""
    dice = random.Random(5)
    words = [
        f"{a}{b}" for a in ("har", "fer", "mar", "lod", "ken") for b in ("bo", "ry", "ket", "ta")
    ]
    pool = [
        f"The {' '.join(dice.choices(words, k=14))} {number}." for number in range(DOCUMENTS * 6)
    ]
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(DOCUMENTS):
        sentences = dice.sample(pool, 60)
        (folder / f"{number:02}.txt").write_text(f"Report {number}\n\n{' '.join(sentences)}")
    installation.set_up()
    installation.manage("shell", "--no-imports", "--command", USER)
    installation.manage("import_documents", folder, "--collection", "harbour")
    return installation


USER = (
    "from django.contrib.auth.models import User; User.objects.create_user('alice', password='x')"
)


def test_a_killed_worker_is_followed_by_one_that_does_the_rest_once(library: Installation):
    worker = subprocess.Popen(
        [*MANAGE, "worker"], env=library.environment, stdin=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 120
        while not pairs_waiting(library):
            assert time.monotonic() < end
            assert worker.poll() is None
            time.sleep(0.05)
        children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
        if children.exists():
            (child,) = children.read_text().split()
        worker.send_signal(signal.SIGKILL)
    finally:
        worker.kill()
        worker.wait()
    assert pairs_waiting(library), "nothing was left to do"
    assert tasks(library)["relate_collection"]["status"] == "RUNNING"
    if children.exists():
        end = time.monotonic() + 10
        while Path(f"/proc/{child}").exists():
            assert time.monotonic() < end, "the task outlived its worker"
            time.sleep(0.05)

    library.manage("worker", "--once")

    done = library.rows()
    assert not done["corpus_waitingcomparison"]
    assert {row["status"] for row in done["django_tasks_database_dbtaskresult"]} == {"SUCCESSFUL"}
    assert not done["corpus_worker"]
    pairs = [(row["source_id"], row["derived_id"]) for row in done["corpus_derivation"]]
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    told = json.loads(library.manage("find_reuse", "harbour", "--json"))
    assert {(row["source"], row["derived"]) for row in told["derivations"]} == set(pairs)


def test_a_task_that_goes_wrong_goes_wrong_alone(installation: Installation):
    installation.set_up()
    enqueue(
        installation,
        "sleep.enqueue(60)",
        "fill.enqueue(900)",
        "die.enqueue()",
        "fail.enqueue()",
        "add.enqueue(2, 3)",
    )

    told = subprocess.run(
        [*MANAGE, "worker", "--once", "--limit", "2", "--memory", "500"],
        env=installation.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )

    found = tasks(installation)
    assert found["add"]["status"] == "SUCCESSFUL"
    assert str(found["add"]["return_value"]) == "5"
    errors = {name: row["exception_class_path"].rpartition(".")[2] for name, row in found.items()}
    assert errors == {
        "sleep": "TookTooLong", "fill": "MemoryError", "die": "Crashed", "fail": "ValueError", "add": "",
    }  # fmt: skip
    assert "it cannot be done" in told.stderr


def test_a_worker_that_is_told_to_stop_puts_back_what_it_does(installation: Installation):
    installation.set_up()
    enqueue(installation, "sleep.enqueue(60)")
    worker = subprocess.Popen([*MANAGE, "worker"], env=installation.environment)
    try:
        end = time.monotonic() + 30
        while tasks(installation)["sleep"]["status"] != "RUNNING":
            assert time.monotonic() < end
            time.sleep(0.05)
        worker.terminate()
        assert worker.wait(timeout=20) == 0
    finally:
        worker.kill()
        worker.wait()

    assert tasks(installation)["sleep"]["status"] == "READY"
    assert not installation.rows()["corpus_worker"]


def test_what_dead_workers_left_waits_again(installation: Installation):
    """By their silence, or at once where their process is gone."""
    installation.set_up()
    enqueue(installation, "add.enqueue(1, 1)")
    gone = subprocess.Popen(["true"])
    gone.wait()
    setup = f"""
import socket
from datetime import timedelta
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from corpus.jobs import queue
from corpus.models import Worker
now = timezone.now()
def left(name, **seen):
    Worker.objects.all().delete()
    Worker.objects.create(name=name, **seen)
    DBTaskResult.objects.update(status="RUNNING", worker_ids=[name])
    queue.beat("another")
    print(DBTaskResult.objects.get().status)
left("here", host=socket.gethostname(), process={gone.pid}, seen=now)
left("there", host="elsewhere", process={os.getpid()}, seen=now)
left("silent", host="elsewhere", process=1, seen=now - timedelta(minutes=1))
left("alive", host=socket.gethostname(), process={os.getpid()}, seen=now)
"""
    told = installation.manage("shell", "--no-imports", "--command", setup)

    assert told.split() == ["READY", "RUNNING", "READY", "RUNNING"]
