import shutil
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from corpus.jobs import queue
from corpus.relatives.tasks import relate_soon


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_health_says_that_all_is_well_to_anybody(client, db):
    answer = client.get("/health/")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "disk": "ok",
        "work": "ok",
        "waiting": 0,
        "oldest": 0,
    }
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_a_full_disk_is_told(client, db, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 10**12 - 5, 5))

    answer = client.get("/health/")

    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert (answer.json()["database"], answer.json()["disk"]) == ("ok", "full")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_is_told(client, monkeypatch):
    monkeypatch.setattr(connection, "connect", broken)
    connection.close()

    answer = client.get("/health/")

    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"


@pytest.mark.parametrize(("beat", "words"), [(False, "nobody works"), (True, "slow")])
def test_work_that_waits_is_told(client, harbour, in_the_queue, beat, words):
    relate_soon(harbour)
    if beat:
        queue.beat("a worker")
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert (answer.json()["work"], answer.json()["waiting"]) == ("ok", 1)

    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(hours=1))
    answer = client.get("/health/")

    assert answer.status_code == 503
    assert (answer.json()["work"], answer.json()["waiting"]) == (words, 1)
    assert 3600 <= answer.json()["oldest"] < 3700


def broken() -> None:
    from django.db import OperationalError

    raise OperationalError("secret detail")
