import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis

from corpus.models import Role
from tests import factories
from tests.postgres import running

# Playwright leaves a loop running in the process, which would forbid every test after it the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A busy machine is not a failure; and what lands or not must not hang on a throw of dice.
hypothesis.register_profile("ours", deadline=None, derandomize="CI" in os.environ)
hypothesis.load_profile("ours")

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"


@pytest.fixture
def seeds() -> Path:
    """The folder of three real documents, which are not part of the project."""
    if not SEEDS.is_dir():
        pytest.skip("the three real documents are not here")
    return SEEDS


@pytest.fixture
def alice(db):
    return factories.user("alice")


@pytest.fixture
def bob(db):
    return factories.user("bob")


@pytest.fixture
def stranger(db):
    return factories.user("stranger")


@pytest.fixture
def harbour(alice, bob):
    """A collection that alice owns and bob codes in."""
    made = factories.collection("Harbour", owner=alice)
    factories.member(made, bob, Role.CODER)
    return made


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server of our own; skips in words where its programs are not installed."""
    with running() as server:
        yield server


@pytest.fixture
def in_the_queue(settings):
    """What is enqueued waits in the database for a worker, as it does on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
