"""A coder says that a claim is absent from a document, or marks it there: never both."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from annotations.acts.undoing import redo, undo
from annotations.models import Annotation
from annotations.states import AnnotationState, TargetState
from tests import factories


@pytest.fixture
def wire(harbour):
    return factories.document(harbour, "The port is closed. Ferries wait.", title="Storm")


@pytest.fixture
def closed(harbour, alice):
    return factories.claim(harbour, alice)


def absence(document, claim):
    state = AnnotationState("classifying", (TargetState(document.pk),), claim=claim and claim.pk)
    return state.coded(presence="absent")


def said(user):
    """What the person says: the words marked, and "absent"."""
    live = Annotation.objects.live().by(user).order_by("created")
    return [row.as_state().targets[0].exact or "absent" for row in live]


def recorded(document, claim, user):
    Annotation.objects.record(absence(document, claim), collection=document.collection, user=user)


def moved_to_the_claim(document, claim, user):
    other = factories.claim(document.collection, user, "Another.")
    factories.absent(other, document, user=user)
    row = Annotation.objects.live().get(codings__code__key="absent")
    row.change(replace(row.as_state(), claim=claim.pk), user=user)


@pytest.mark.parametrize("way", [recorded, moved_to_the_claim])
def test_absence_is_refused_where_one_has_marked(bob, wire, closed, way):
    factories.mark(wire, bob, "The port", claim=closed)

    with pytest.raises(ValidationError, match="You have marked a passage"):
        way(wire, closed, bob)

    assert "The port" in said(bob)
    assert closed.annotations.live().filter(codings__code__key="absent").count() == 0


def marked(document, claim, user):
    factories.mark(document, user, "The port", claim=claim)


def given_the_claim(document, claim, user):
    row = factories.mark(document, user, "The port")
    row.change(replace(row.as_state(), claim=claim.pk), user=user)


@pytest.mark.parametrize("way", [marked, given_the_claim])
def test_a_mark_takes_absence_back_in_the_same_step(harbour, bob, wire, closed, way):
    factories.absent(closed, wire, user=bob)

    way(wire, closed, bob)
    assert said(bob) == ["The port"]

    undo(harbour, bob)
    assert "absent" in said(bob)
    redo(harbour, bob)
    assert said(bob) == ["The port"]


def test_what_another_coder_says_stays(alice, bob, wire, closed):
    factories.absent(closed, wire, user=alice)
    factories.mark(wire, bob, "The port", claim=closed)

    assert (said(alice), said(bob)) == (["absent"], ["The port"])


def test_absence_elsewhere_stays(harbour, bob, wire, closed):
    other = factories.document(harbour, "Ships sail.", title="Calm")
    factories.absent(closed, other, user=bob)
    factories.mark(wire, bob, "The port", claim=closed)

    assert said(bob) == ["absent", "The port"]


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_opening_a_cell_records_nothing(client, harbour, bob, wire, closed, headers):
    client.force_login(bob)
    page = client.get(reverse("annotations:claims", args=[harbour.slug])).content.decode()

    assert f'id="tile-{closed.pk}-{wire.pk}"' in page
    assert 'name="absent"' not in page
    where = reverse("annotations:claim", args=[harbour.slug, closed.pk])
    drawer = client.get(where, {"d": wire.pk}, headers=headers).content.decode()

    assert f'name="absent" value="{closed.pk}-{wire.pk}"' in drawer
    assert not Annotation.objects.exists()
