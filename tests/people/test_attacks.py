"""Attempts to get in, to keep somebody out, and to become somebody else."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corpus.models import Membership, Role, SecurityEvent, SignedIn
from corpus.people import places
from tests import factories

RIGHT, WRONG, NEW = "a long password", "not the password", "quite other words"
TOWN = "203.0.113.9"


def sign_in(client, name, password, *, address=TOWN):
    data = {"login": name, "password": password}
    return client.post(reverse("login"), data, REMOTE_ADDR=address)


def who(client):
    number = client.session.get("_auth_user_id")
    return number and User.objects.get(pk=number).username


@pytest.fixture
def own(alice):
    """A browser in which alice has signed in before, and out again."""
    client = Client()
    sign_in(client, "alice", RIGHT)
    client.post(reverse("logout"), REMOTE_ADDR=TOWN)
    assert who(client) is None
    return client


@pytest.fixture
def root(db):
    return factories.user("root", is_staff=True, is_superuser=True)


@pytest.mark.parametrize("name", ["alice", "nobody{}"])
def test_a_neighbour_behind_the_same_address_locks_nobody_out(own, name):
    for number in range(45):
        sign_in(Client(), name.format(number), WRONG)
    # It is shut for whoever was never here.
    stranger = Client()
    sign_in(stranger, "alice", RIGHT)
    assert who(stranger) is None

    sign_in(own, "alice", RIGHT)

    assert who(own) == "alice"


def test_a_known_browser_has_its_own_limit(own):
    for _ in range(5):
        sign_in(own, "alice", WRONG)
    sign_in(own, "alice", RIGHT)

    assert who(own) is None


def test_a_known_browser_is_known_for_its_people_alone(own, bob):
    for _ in range(6):
        sign_in(own, "bob", WRONG)
    sign_in(own, "bob", RIGHT)

    assert who(own) is None


@pytest.mark.parametrize("typed", ["alice", "ALICE", "  alice  ", "aLiCe"])
def test_ways_to_write_a_name_are_one_account(alice, typed):
    for _ in range(5):
        sign_in(Client(), "Alice", WRONG)
    client = Client()
    sign_in(client, typed, RIGHT)

    assert who(client) is None


def test_names_that_differ_in_capitals_are_two_people(db):
    factories.user("Anna")
    User.objects.create_user("anna", password=NEW)
    one, other, neither = Client(), Client(), Client()
    sign_in(one, "Anna", RIGHT)
    sign_in(other, "anna", NEW)
    sign_in(neither, "ANNA", RIGHT)

    assert [who(client) for client in (one, other, neither)] == ["Anna", "anna", None]


@pytest.mark.parametrize("name", ["alice", "nobody", "gone", "keyless"])
def test_each_name_costs_the_same(alice, monkeypatch, name):
    factories.user("gone", is_active=False)
    User.objects.create_user("keyless")
    encode, made = MD5PasswordHasher.encode, []

    def counted(self, *args, **kwargs):
        made.append(args)
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    sign_in(Client(), name, WRONG)

    assert len(made) == 1


def test_a_refusal_says_with_its_status_what_it_is(alice):
    statuses = [sign_in(Client(), "alice", WRONG).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def test_staff_try_no_passwords_of_others_in_the_administration(root):
    client = Client()
    client.force_login(factories.user("clerk", is_staff=True))
    data = {"username": "root", "password": RIGHT, "next": "/admin/"}

    response = client.post("/admin/login/", data)

    assert response.status_code == 302
    assert who(client) == "clerk"


def test_the_administration_changes_no_password_uncounted(root):
    client = Client()
    client.force_login(root)
    data = {"old_password": RIGHT, "new_password1": NEW, "new_password2": NEW}

    response = client.post("/admin/password_change/", data)

    root.refresh_from_db()
    assert response["Location"] == reverse("account_change_password")
    assert root.check_password(RIGHT)


def link_for(owner, person, collection):
    client = Client()
    client.force_login(owner)
    part = Membership.objects.get(collection=collection, user=person)
    page = client.post(reverse("corpus:member_link", args=[collection.slug, part.pk]))
    return re.search(r"/account/password/new/[^\"<\s]+", page.text)[0]


def use(link):
    client = Client()
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else link
    client.post(address, {"password1": NEW, "password2": NEW})


def become_owner(owner, person):
    factories.collection("Her own", owner=person)


def join_another(owner, person):
    factories.member(factories.collection("Elsewhere"), person, Role.READER)


def become_staff(owner, person):
    User.objects.filter(pk=person.pk).update(is_staff=True)


def lose_ownership(owner, person):
    Membership.objects.filter(user=owner).update(role=Role.READER)


def leave(owner, person):
    Membership.objects.filter(user=owner).update(deleted_at=timezone.now())


def change_nothing(owner, person):
    pass


@pytest.mark.parametrize(
    ("meanwhile", "good"),
    [
        (change_nothing, True),
        (become_owner, False),
        (join_another, False),
        (become_staff, False),
        (lose_ownership, False),
        (leave, False),
    ],
)
def test_a_link_opens_nothing_that_came_after_it(alice, bob, harbour, meanwhile, good):
    link = link_for(alice, bob, harbour)
    meanwhile(alice, bob)
    use(link)

    bob.refresh_from_db()
    assert bob.check_password(NEW) is good


@pytest.mark.parametrize(("password", "changed"), [("", False), (WRONG, False), (RIGHT, True)])
def test_the_mail_address_is_changed_by_who_has_the_password(alice, password, changed):
    client = Client()
    client.force_login(alice)
    data = {"first_name": "Al", "last_name": "", "email": "new@example.org", "password": password}

    response = client.post(reverse("account"), data)

    alice.refresh_from_db()
    assert response.status_code == (302 if changed else 422)
    assert alice.email == ("new@example.org" if changed else "")
    assert SecurityEvent.objects.filter(user=alice, kind="mail").exists() is changed


def test_tries_at_the_password_for_the_mail_address_are_counted(alice):
    client = Client()
    client.force_login(alice)
    for password in [WRONG] * 5 + [RIGHT]:
        data = {"email": "new@example.org", "password": password}
        client.post(reverse("account"), data)

    alice.refresh_from_db()
    assert alice.email == ""


def test_a_new_password_leaves_this_browser_in_the_list(alice):
    here, there = Client(), Client()
    sign_in(here, "alice", RIGHT)
    sign_in(there, "alice", RIGHT)
    data = {"oldpassword": RIGHT, "password1": NEW, "password2": NEW}
    here.post(reverse("account_change_password"), data)

    alice.refresh_from_db()
    assert [place.session_key for place in places.places_of(alice)] == [here.session.session_key]
    assert there.get(reverse("account")).status_code == 302


def test_rights_given_in_the_administration_are_noted(root, bob, harbour):
    client = Client()
    client.force_login(root)
    part = Membership.objects.get(user=bob)
    day = {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}

    client.post(
        reverse("admin:corpus_membership_change", args=[part.pk]),
        {"user": bob.pk, "collection": harbour.pk, "role": Role.CURATOR},
    )
    client.post(
        reverse("admin:auth_user_change", args=[bob.pk]),
        {"username": "bob", "is_active": "on", "is_staff": "on", **day},
    )

    part.refresh_from_db()
    bob.refresh_from_db()
    noted = SecurityEvent.objects.filter(kind="role", user=root, about=bob).order_by("pk")
    assert (part.role, bob.is_staff) == (Role.CURATOR, True)
    assert [event.collection for event in noted] == [harbour, None]
    assert "staff" in noted[1].words


def test_a_browser_no_longer_signed_in_keeps_no_address(alice):
    here, gone = Client(), Client()
    sign_in(here, "alice", RIGHT)
    sign_in(gone, "alice", RIGHT, address="198.51.100.7")
    gone.session.delete()

    places.forget_ended(timezone.now())

    assert [place.address for place in SignedIn.objects.all()] == [TOWN]
