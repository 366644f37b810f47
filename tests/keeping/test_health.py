import shutil
from typing import NamedTuple

import pytest
from django.db import connection


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_health_says_that_all_is_well_to_anybody(client, db):
    answer = client.get("/health/")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert set(answer.json().values()) == {"ok"}
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_a_full_disk_is_told(client, db, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 10**12 - 5, 5))

    answer = client.get("/health/")

    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "database": "ok", "disk": "full"}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_is_told(client, monkeypatch):
    monkeypatch.setattr(connection, "connect", broken)
    connection.close()

    answer = client.get("/health/")

    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"


def broken() -> None:
    from django.db import OperationalError

    raise OperationalError("secret detail")
