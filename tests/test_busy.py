"""A database that is busy is no error: 503, when to try again, and nothing half done."""

import json
import sqlite3

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.urls import reverse
from psycopg import errors
from psycopg_pool import PoolTimeout

from config.busy import is_busy


def raised(kind, cause):
    error = kind("the database says so")
    error.__cause__ = cause
    return error


def of_sqlite(code):
    cause = sqlite3.OperationalError("the database says so")
    cause.sqlite_errorcode = code
    return raised(OperationalError, cause)


@pytest.mark.parametrize(
    ("error", "busy"),
    [
        (of_sqlite(sqlite3.SQLITE_BUSY), True),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), True),
        (of_sqlite(sqlite3.SQLITE_LOCKED), True),
        (of_sqlite(sqlite3.SQLITE_FULL), False),
        (of_sqlite(sqlite3.SQLITE_ERROR), False),
        (of_sqlite(sqlite3.SQLITE_CORRUPT), False),
        (raised(OperationalError, errors.LockNotAvailable()), True),
        (raised(OperationalError, errors.DeadlockDetected()), True),
        (raised(OperationalError, errors.SerializationFailure()), True),
        (raised(OperationalError, errors.TooManyConnections()), True),
        (raised(OperationalError, errors.AdminShutdown()), True),
        (raised(OperationalError, errors.QueryCanceled()), True),
        (raised(OperationalError, psycopg.OperationalError("connection refused")), True),
        (raised(OperationalError, PoolTimeout("no connection")), True),
        (raised(InterfaceError, psycopg.InterfaceError("the connection is closed")), True),
        (raised(OperationalError, errors.DiskFull()), False),
        (raised(ProgrammingError, errors.UndefinedTable()), False),
        (raised(ProgrammingError, psycopg.ProgrammingError("a placeholder too few")), False),
        (OperationalError("of nobody"), False),
        (ValueError("no database in it"), False),
        (None, False),
    ],
)
def test_busy_is_what_may_succeed_in_a_moment(error, busy):
    assert is_busy(error) is busy


@pytest.fixture
def locked(monkeypatch, client, alice):
    """A client whose every look at the collections finds the database locked."""

    def refuse(*args):
        raise of_sqlite(sqlite3.SQLITE_BUSY)

    client.force_login(alice)
    client.raise_request_exception = False
    monkeypatch.setattr("corpus.models.CollectionQuerySet.visible_to", refuse)
    return client


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_a_locked_database_is_said_in_words(locked, headers):
    response = locked.get(reverse("home"), headers=headers)

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "no-store"
    assert "The server is busy" in response.text
    assert "send it again" not in response.text


def test_a_program_gets_a_locked_database_as_json(locked):
    response = locked.get(reverse("home"), headers={"accept": "application/ld+json"})

    assert response.status_code == 503
    assert json.loads(response.text)["error"] == "The server is busy"


def test_a_lock_that_the_session_meets_is_said_in_the_same_words(client, alice, monkeypatch):
    def refuse(*args):
        raise of_sqlite(sqlite3.SQLITE_BUSY)

    client.force_login(alice)
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", refuse)

    response = client.get(reverse("home"))

    assert response.status_code == 503
    assert "The server is busy" in response.text


def test_a_form_that_meets_a_lock_says_how_to_send_it_again(client, alice, monkeypatch):
    def refuse(*args, **values):
        raise of_sqlite(sqlite3.SQLITE_BUSY)

    client.force_login(alice)
    client.raise_request_exception = False
    monkeypatch.setattr("corpus.models.Collection.save", refuse)

    response = client.post(reverse("collection_new"), {"name": "Harbour"})

    assert response.status_code == 503
    assert "Nothing of it was stored" in response.text
    assert "send it again" in response.text


def test_too_much_pasted_text_is_refused_with_the_limit(client, alice, harbour, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
    client.force_login(alice)

    response = client.post(
        reverse("corpus:import_documents", args=[harbour.slug]), {"text": "x" * 3 * 2**20}
    )

    assert response.status_code == 413
    assert "2 MB in all" in response.text


def test_too_many_files_are_refused_with_the_number(client, alice, harbour, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    client.force_login(alice)
    files = [SimpleUploadedFile(f"{number}.txt", b"The port.") for number in range(4)]

    response = client.post(
        reverse("corpus:import_documents", args=[harbour.slug]), {"uploads": files}
    )

    assert response.status_code == 413
    assert "3 files are taken at once" in response.text
    assert not harbour.documents.exists()
