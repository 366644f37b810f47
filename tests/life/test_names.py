"""A deleted thing keeps its name and its place until it is purged, and nobody stumbles over it."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from annotations import sample
from annotations.management.commands.demo import Command as Demo
from corpus.acts import collections, people
from corpus.acts.done import CannotBeDone
from corpus.models import GRACE, Collection, Document, Membership
from tests import factories


@pytest.mark.parametrize("act", [collections.delete, collections.archive])
def test_the_command_imports_into_no_closed_collection(harbour, alice, tmp_path, act):
    act(harbour, alice)
    (tmp_path / "port.txt").write_text("The port is closed.")

    with pytest.raises(CommandError, match=r"The collection harbour was (deleted|archived) on"):
        call_command("import_documents", str(tmp_path), collection="harbour", owner="alice")

    assert not Document.everything.exists()
    assert Collection.everything.count() == 1


def test_the_administration_gives_nobody_the_slug_of_a_deleted_collection(client, harbour, alice):
    other = factories.collection("Other", owner=alice)
    collections.delete(harbour, alice)
    client.force_login(factories.user("keeper", is_staff=True, is_superuser=True))

    answer = client.post(
        reverse("admin:corpus_collection_change", args=[other.pk]),
        {
            "name": "Other",
            "slug": "harbour",
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
        },
    )

    assert answer.status_code == 200
    assert "Another collection has this slug, or had it." in answer.text


def test_one_who_was_taken_in_again_in_the_administration_is_not_brought_back(harbour, alice, bob):
    part = Membership.objects.get(user=bob)
    people.take_out(harbour, alice, part.pk)
    factories.member(harbour, bob)

    with pytest.raises(CannotBeDone, match="taken in again"):
        people.bring_back(harbour, alice, part.pk)
    people.take_in(harbour, alice, (bob, "curator"))

    assert [row.role for row in Membership.objects.filter(user=bob)] == ["curator"]


@pytest.mark.parametrize("ago", [GRACE / 2, GRACE * 2])
def test_the_demo_shows_the_sample_again_after_it_was_deleted(db, ago):
    first = Demo().sample()
    Collection.everything.filter(pk=first.pk).update(deleted_at=timezone.now() - ago)

    again = Demo().sample()

    assert (again.slug, again.deleted_at) == (sample.SLUG, None)
    assert again.documents.count() == 6
