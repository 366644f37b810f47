"""A person's own page: name, password, sessions; links to a new password; the security log."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from corpus.models import Membership, Role
from corpus.people.log import Kind, forget_addresses, log
from corpus.people.models import SecurityEvent
from tests import factories

from .test_signing_in import RIGHT, is_in, sign_in

NEW = "quite another password"


@pytest.fixture
def signed(alice):
    client = Client()
    sign_in(client, password=RIGHT)
    return client


def change(client, old=RIGHT, new=NEW):
    return client.post(
        "/account/password/", {"oldpassword": old, "password1": new, "password2": new}
    )


def test_a_password_is_changed_by_its_owner_and_other_sessions_end(signed, alice):
    elsewhere = Client()
    sign_in(elsewhere, password=RIGHT)

    response = change(signed)

    assert response.status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert is_in(signed)
    assert not is_in(elsewhere)
    assert alice.places_signed_in.count() == 1
    assert SecurityEvent.objects.filter(kind="password", user=alice).count() == 1


def test_tries_at_the_present_password_are_counted(signed, alice):
    for _ in range(5):
        assert "not your password" in change(signed, old="guess").text

    response = change(signed)

    assert response["Location"] == "/account/"
    alice.refresh_from_db()
    assert alice.check_password(RIGHT)


@pytest.mark.parametrize("new", ["short", "password123", "12345678901", ""])
def test_weak_passwords_are_refused(signed, alice, new):
    response = change(signed, new=new)

    assert response.status_code == 200
    alice.refresh_from_db()
    assert alice.check_password(RIGHT)


def test_sessions_are_seen_and_ended_by_their_owner(signed, alice):
    others = [Client(headers={"User-Agent": "Mozilla/5.0 (Android) Firefox/140.0"}) for _ in "ab"]
    for other in others:
        sign_in(other, password=RIGHT, address="198.51.100.3")
    page = signed.get("/account/").text
    first = alice.places_signed_in.get(session_key=others[0].session.session_key)

    signed.post("/account/sessions/end/", {"place": first.pk})

    assert page.count("Firefox on Android") >= 2
    assert "198.51.100.3" in page
    assert not is_in(others[0])
    assert is_in(others[1])
    signed.post("/account/sessions/end/")
    assert not is_in(others[1])
    assert is_in(signed)
    assert SecurityEvent.objects.filter(kind="sessions").count() == 2


def test_nobody_ends_the_sessions_of_others(signed, alice, bob):
    theirs = Client()
    sign_in(theirs, "bob", RIGHT)
    place = bob.places_signed_in.get()

    signed.post("/account/sessions/end/", {"place": place.pk})

    assert is_in(theirs)


@pytest.mark.parametrize("place", ["0", "x", "9" * 5000, "-1", ""])
def test_a_session_that_is_none_ends_nothing(signed, place):
    response = signed.post("/account/sessions/end/", {"place": place})

    assert response.status_code == 302
    assert is_in(signed)


def test_sessions_over_are_not_shown(signed, alice):
    alice.places_signed_in.create(session_key="gone", last_seen=timezone.now(), device="Old one")

    assert "Old one" not in signed.get("/account/").text


@pytest.fixture
def owned(alice, bob):
    made = factories.collection("Harbour", owner=alice)
    factories.member(made, bob, Role.CODER)
    return made


def link(client, collection, person):
    part = Membership.everything.get(collection=collection, user=person)
    return client.post(f"/c/{collection.slug}/settings/people/{part.pk}/link/")


def address_in(response):
    return response.context["link"]


def test_an_owner_hands_a_link_over_that_is_good_once(signed, owned, bob):
    page = link(signed, owned, bob)
    address = address_in(page)
    member = Client()

    form = member.get(address, follow=True)
    member.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})

    assert page["Cache-Control"] == "private, no-cache" or "no-store" in page["Cache-Control"]
    bob.refresh_from_db()
    assert bob.check_password(NEW)
    again = Client().get(address, follow=True)
    assert "used up" in again.text
    kinds = list(SecurityEvent.objects.filter(about=bob).values_list("kind", flat=True))
    assert set(kinds) == {"reset link", "reset"}


def test_a_link_is_void_once_the_person_signs_in(signed, owned, bob):
    address = address_in(link(signed, owned, bob))
    sign_in(Client(), "bob", RIGHT)

    assert "used up" in Client().get(address, follow=True).text


def test_a_link_is_void_after_a_day(signed, owned, bob, settings):
    address = address_in(link(signed, owned, bob))
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert "used up" in Client().get(address, follow=True).text


@pytest.mark.parametrize(
    ("fields", "elsewhere", "status"),
    [
        ({}, None, 200),
        ({"is_staff": True}, None, 403),
        ({"is_superuser": True}, None, 403),
        ({"is_active": False}, None, 403),
        ({}, "not mine", 403),
        ({}, "not mine any more", 403),
        ({}, "mine too", 200),
        ({}, "her own", 403),
    ],
)
def test_an_owner_opens_no_account_that_may_do_more(
    signed, alice, owned, bob, fields, elsewhere, status
):
    for name, value in fields.items():
        setattr(bob, name, value)
    bob.save()
    if elsewhere:
        whose = {"mine too": alice, "her own": bob}.get(elsewhere) or factories.user("carol")
        other = factories.collection("Other", owner=whose)
        if whose != bob:
            part = factories.member(other, bob, Role.READER)
            if elsewhere == "not mine any more":
                Membership.everything.filter(pk=part.pk).update(deleted_at=timezone.now())

    assert link(signed, owned, bob).status_code == status


@pytest.mark.parametrize("role", ["curator", "coder", "reader", None])
def test_only_owners_make_links_and_see_the_log(owned, bob, role):
    person = factories.user("dora")
    if role:
        factories.member(owned, person, role)
    client = Client()
    client.force_login(person)
    expected = 403 if role else 404

    assert link(client, owned, bob).status_code == expected
    assert client.get(f"/c/{owned.slug}/settings/log/").status_code == expected
    assert not SecurityEvent.objects.filter(kind="reset link").exists()


def test_nobody_makes_a_link_for_herself(signed, owned, alice):
    assert link(signed, owned, alice).status_code == 403


@pytest.mark.parametrize(
    ("keeper", "person", "made"),
    [("root", "alice", True), ("staff", "alice", True), ("staff", "root", False)],
)
def test_the_administration_hands_links_over(alice, keeper, person, made):
    from django.contrib.auth.models import Permission

    people = {"alice": alice}
    people["root"] = factories.user("root", is_staff=True, is_superuser=True)
    people["staff"] = factories.user("staff", is_staff=True)
    people["staff"].user_permissions.set(
        Permission.objects.filter(codename__in=["change_user", "view_user"])
    )
    client = Client()
    client.force_login(people[keeper])

    response = client.post(
        "/admin/auth/user/",
        {"action": "hand_over_link", "_selected_action": [people[person].pk]},
        follow=True,
    )

    assert ("It is good once" in response.text) is made


def test_a_forgotten_password_says_whom_to_ask_where_no_mail_is_sent(client, db):
    assert "Ask an owner" in client.get("/account/password/forgotten/").text
    assert client.post("/account/password/forgotten/", {"email": "a@b.example"}).status_code == 200


def test_a_forgotten_password_goes_by_mail_where_there_is_a_server(
    client, alice, settings, mailoutbox
):
    settings.SENDS_MAIL = True
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    alice.email = "alice@harbour.example"
    alice.save()

    known = client.post("/account/password/forgotten/", {"email": "alice@harbour.example"})
    unknown = client.post("/account/password/forgotten/", {"email": "nobody@harbour.example"})

    assert known["Location"] == unknown["Location"]
    (mail,) = mailoutbox
    address = next(line for line in mail.body.splitlines() if "/account/password/new/" in line)
    form = client.get(address, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    alice.refresh_from_db()
    assert alice.check_password(NEW)


def test_downloads_are_noted_with_who_and_what(signed, owned, alice):
    document = factories.document(owned, original=b"x", original_name="a.txt")
    for path in (
        "export/download/?format=csv",
        "claims/grid.csv",
        "codebook/export/",
        f"documents/{document.pk}/original/",
    ):
        assert signed.get(f"/c/{owned.slug}/{path}").status_code == 200, path
    signed.get(f"/c/{owned.slug}/annotations/", headers={"Accept": "application/ld+json"})
    signed.get(f"/c/{owned.slug}/")

    noted = SecurityEvent.objects.filter(kind="exported", user=alice, collection=owned)
    assert noted.count() == 5
    page = signed.get(f"/c/{owned.slug}/settings/log/").text
    assert "grid.csv" in page


def test_the_log_is_only_written_to(alice):
    event = log(Kind.ROLE, user=alice, words="x")

    with pytest.raises(TypeError):
        SecurityEvent.objects.all().delete()
    with pytest.raises(TypeError):
        SecurityEvent.objects.update(words="y")
    root = factories.user("root", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(root)
    assert client.get("/admin/corpus/securityevent/").status_code == 200
    assert client.get(f"/admin/corpus/securityevent/{event.pk}/delete/").status_code == 403
    assert client.post(f"/admin/corpus/securityevent/{event.pk}/change/").status_code == 403


def test_addresses_are_forgotten_after_their_time(signed, settings):
    settings.ADDRESS_DAYS = 30

    kept = forget_addresses(timezone.now() + timedelta(days=29))
    gone = forget_addresses(timezone.now() + timedelta(days=31))

    assert (kept, gone) == (0, 1)
    assert SecurityEvent.objects.get(kind="signed in").address is None


def test_a_name_is_changed_by_its_owner(signed, alice):
    response = signed.post("/account/", {"first_name": "Ali", "last_name": "Ce", "email": "no"})
    assert response.status_code == 422

    signed.post("/account/", {"first_name": "Ali", "last_name": "Ce", "username": "root"})

    alice.refresh_from_db()
    assert (alice.first_name, alice.username) == ("Ali", "alice")


def test_the_account_page_asks_the_same_for_any_number_of_sessions(
    signed, alice, django_assert_max_num_queries
):
    for _ in range(12):
        sign_in(Client(), password=RIGHT)

    with django_assert_max_num_queries(6):
        signed.get("/account/")
