import pytest
from django.urls import reverse

from corpus.models import Membership, Role
from tests import factories


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 403), ("stranger", 404)])
def test_only_owners_reach_the_settings(client, harbour, request, who, status):
    client.force_login(request.getfixturevalue(who))

    response = client.get(reverse("corpus:collection_edit", args=[harbour.slug]))

    assert response.status_code == status


def test_settings_are_saved(client, harbour, alice):
    client.force_login(alice)

    client.post(
        reverse("corpus:collection_edit", args=[harbour.slug]),
        {"name": "Harbour levy", "description": "A test", "blind": "on"},
    )

    harbour.refresh_from_db()
    assert (harbour.name, harbour.blind) == ("Harbour levy", True)


def test_a_person_is_taken_in_by_name(client, harbour, alice, stranger):
    client.force_login(alice)
    url = reverse("corpus:member_add", args=[harbour.slug])

    client.post(url, {"username": "stranger", "role": "reader"})
    again = client.post(url, {"username": "stranger", "role": "coder"})
    unknown = client.post(url, {"username": "nobody", "role": "coder"})

    assert harbour.memberships.get(user=stranger).role == Role.READER
    assert "stranger is in this collection already." in again.text
    assert "Nobody here signs in as nobody." in unknown.text
    assert again.status_code == unknown.status_code == 422


@pytest.mark.parametrize("data", [{"role": "coder"}, {"remove": "1", "role": "owner"}])
def test_the_last_owner_stays(client, harbour, alice, data):
    client.force_login(alice)
    membership = harbour.memberships.get(user=alice)

    response = client.post(
        reverse("corpus:member_edit", args=[harbour.slug, membership.pk]), data, follow=True
    )

    membership.refresh_from_db()
    assert membership.role == Role.OWNER
    assert "keeps at least one owner" in response.text


def test_a_person_changes_role_and_leaves(client, harbour, alice, bob):
    client.force_login(alice)
    membership = harbour.memberships.get(user=bob)
    url = reverse("corpus:member_edit", args=[harbour.slug, membership.pk])

    client.post(url, {"role": "curator"})
    assert harbour.memberships.get(user=bob).role == Role.CURATOR

    client.post(url, {"role": "curator", "remove": "1"})
    assert not Membership.objects.filter(user=bob).exists()


def test_bob_cannot_take_anybody_in(client, harbour, bob, stranger):
    client.force_login(bob)

    response = client.post(
        reverse("corpus:member_add", args=[harbour.slug]), {"username": "stranger", "role": "owner"}
    )

    assert response.status_code == 403
    assert not Membership.objects.filter(user=stranger).exists()


def test_settings_never_change_on_get(client, harbour, alice):
    client.force_login(alice)

    assert client.get(reverse("corpus:member_add", args=[harbour.slug])).status_code == 405
    assert factories.Collection.objects.get().name == "Harbour"
