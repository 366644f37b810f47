"""A harbour with two documents and what two people say of a claim in them."""

import pytest

from tests import factories


@pytest.fixture
def alice(db):
    return factories.user("alice")


@pytest.fixture
def harbour(alice):
    return factories.collection("Harbour", owner=alice)


@pytest.fixture
def bob(harbour):
    user = factories.user("bob")
    factories.member(harbour, user)
    return user


@pytest.fixture
def storm(harbour):
    return factories.document(harbour, "The port is closed. Ships wait.", title="Storm")


@pytest.fixture
def calm(harbour):
    return factories.document(harbour, "Nothing happened today.", title="Calm")


@pytest.fixture
def closed(harbour, alice):
    return factories.claim(harbour, alice, "The harbour is shut.")


@pytest.fixture
def said(storm, calm, closed, alice, bob):
    """Two people's marks with the claim, and an absence."""
    factories.absent(closed, calm, user=bob)
    return [
        factories.mark(storm, alice, "The port", claim=closed),
        factories.mark(storm, bob, "port is closed", claim=closed),
    ]
