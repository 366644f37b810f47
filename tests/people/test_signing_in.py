"""Signing in: who gets in, who is counted, and who cannot be kept out."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corpus.people import throttle
from corpus.people.models import SecurityEvent, SignInTries
from tests import factories

RIGHT = "a long password"
HERE, THERE = "192.0.2.7", "198.51.100.9"


def sign_in(client, name="alice", password="guess", address=HERE, **fields):
    return client.post(
        "/sign-in/", {"login": name, "password": password, **fields}, REMOTE_ADDR=address
    )


def guess(times, name="alice", address=THERE):
    """Somebody else's guesses, in a browser of theirs."""
    return [sign_in(Client(), name, address=address) for _ in range(times)]


def is_in(client):
    return client.get("/").status_code == 200


def test_the_right_password_opens_the_page_that_was_asked_for(client, alice):
    asked = client.get("/account/")
    response = sign_in(client, password=RIGHT, next="/account/")

    assert asked.status_code == 302
    assert asked["Location"].startswith("/sign-in/?next=")
    assert response["Location"] == "/account/"
    assert is_in(client)


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_no_other_site_is_opened_after_signing_in(client, alice, next_page):
    response = sign_in(client, password=RIGHT, next=next_page)

    assert response["Location"] == "/"


def test_a_wrong_password_is_said_and_noted(client, alice):
    response = sign_in(client, password="wrong")

    assert "do not go together" in response.text
    assert not is_in(client)
    event = SecurityEvent.objects.get(kind="failed")
    assert (event.about, event.address, event.user) == (alice, HERE, None)


def test_what_is_typed_as_a_name_is_never_stored_unless_it_is_one(client, alice):
    sign_in(client, "my secret pass phrase", "x")

    event = SecurityEvent.objects.get(kind="failed")
    assert "secret" not in event.words
    assert "unknown name" in event.words


def test_no_answer_tells_whether_a_name_exists(client, alice):
    there = [sign_in(Client(), "alice", address=HERE) for _ in range(7)]
    nobody = [sign_in(Client(), "nobody", address=THERE) for _ in range(7)]

    for one, other in zip(there, nobody, strict=True):
        assert one.status_code == other.status_code
        assert plain(one, "alice") == plain(other, "nobody")


def plain(response, name):
    """The page without what is another on each."""
    lines = response.text.replace(name, "NAME").splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line and "ours" not in line]


def test_a_guess_too_many_is_refused_before_any_password_is_looked_at(alice, monkeypatch):
    guess(5)
    monkeypatch.setattr(hashers, "check_password", never)
    monkeypatch.setattr(hashers, "make_password", never)

    (refused,) = guess(1)

    assert "too many tries" in refused.text
    assert SecurityEvent.objects.filter(kind="failed").count() == 5


def never(*arguments, **options):
    raise AssertionError("a password was looked at")


def test_the_right_password_does_not_open_after_too_many_guesses_from_there(alice):
    guess(5)
    intruder = Client()

    sign_in(intruder, password=RIGHT, address=THERE)

    assert not is_in(intruder)


def test_a_stranger_cannot_lock_somebody_out(alice):
    known_before = Client()
    sign_in(known_before, password=RIGHT, address=HERE)
    for number in range(1, 31):
        guess(6, address=f"203.0.113.{number}")
    other_browser, other_place = Client(), Client()
    other_place.cookies["known"] = known_before.cookies["known"].value

    sign_in(other_browser, password=RIGHT, address=HERE)
    sign_in(other_place, password=RIGHT, address="192.0.2.200")

    assert is_in(other_browser), "at an address of hers"
    assert is_in(other_place), "in a browser of hers"


def test_a_known_browser_opens_nothing_by_itself(alice, bob):
    client = Client()
    sign_in(client, password=RIGHT)
    cookie = client.cookies["known"].value
    thief = Client()
    thief.cookies["known"] = cookie

    assert not is_in(thief)
    for _ in range(6):
        refused = sign_in(thief, address=THERE)
    assert "too many" in refused.text, "a stolen cookie gives five tries, as any browser has"


def test_guesses_from_many_addresses_are_bounded_for_an_account(alice):
    refused = 0
    for number in range(1, 31):
        refused += sum("too many" in one.text for one in guess(5, address=f"198.51.100.{number}"))

    assert SecurityEvent.objects.filter(kind="failed").count() == 100
    assert refused == 50


def test_guesses_at_many_names_from_one_address_are_bounded(db):
    for number in range(12):
        guess(4, name=f"name{number}")

    assert SecurityEvent.objects.filter(kind="failed").count() == 40


def test_one_household_of_ipv6_is_one_address(db):
    for number in range(6):
        guess(1, address=f"2001:db8:1:2::{number + 1:x}")

    assert SecurityEvent.objects.filter(kind="failed").count() == 5


def test_a_right_password_is_not_counted(alice):
    for _ in range(12):
        client = Client()
        sign_in(client, password=RIGHT)
        assert is_in(client)

    assert set(SignInTries.objects.values_list("count", flat=True)) == {0}


def test_guesses_are_looked_at_again_after_a_while(alice, monkeypatch):
    guess(5)
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(throttle.timezone, "now", lambda: later)
    client = Client()

    sign_in(client, password=RIGHT, address=THERE)

    assert is_in(client)


def test_who_is_refused_is_noted_once_until_tries_are_looked_at_again(alice, monkeypatch):
    guess(9, name="alice")
    noted = SecurityEvent.objects.filter(kind="throttled")
    assert [(row.about, row.words, row.address) for row in noted] == [(alice, "As alice.", THERE)]

    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(throttle.timezone, "now", lambda: later)
    guess(9, name="alice")

    assert noted.all().count() == 2


def test_who_tries_passwords_while_signed_in_is_noted_once(client, alice):
    client.force_login(alice)
    for _ in range(8):
        client.post(reverse("account_change_password"), {"oldpassword": "x"})

    noted = SecurityEvent.objects.get(kind="throttled")
    assert (noted.user, noted.about) == (alice, alice)


def test_a_header_of_the_client_changes_nothing(alice):
    for number in range(8):
        Client().post(
            "/sign-in/",
            {"login": "alice", "password": "x"},
            REMOTE_ADDR=THERE,
            headers={"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"},
        )

    assert SecurityEvent.objects.filter(kind="failed").count() == 5


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_cannot_pass_the_limit():
    factories.user("alice")

    def one(number):
        try:
            return sign_in(Client(), address=THERE).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(24)))

    assert SecurityEvent.objects.filter(kind="failed").count() == 5


@pytest.mark.django_db(transaction=True)
def test_another_process_knows_the_counts():
    guess(5, name="alice")
    code = (
        "import django; django.setup()\n"
        "from corpus.people.throttle import TooMany, limits, take\n"
        f"try: take(limits('Alice', {THERE!r}, known=False)); print('taken')\n"
        "except TooMany: print('refused')\n"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": address_of_database(),
        "PATH": "",
    }

    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert said.strip() == "refused"


def address_of_database():
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return (
        f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}"
        f"/{found['NAME']}"
    )


def test_the_administration_has_no_door_of_its_own(client, alice):
    alice.is_staff = alice.is_superuser = True
    alice.save()

    page = client.get("/admin/login/?next=/admin/")
    posted = client.post("/admin/login/", {"username": "alice", "password": RIGHT})

    assert page["Location"].startswith("/sign-in/?next=")
    assert posted["Location"].startswith("/sign-in/")
    assert not is_in(client)


def test_nobody_makes_an_account_for_themselves(client, db):
    for path in ("/accounts/signup/", "/account/signup/", "/sign-up/", "/account/email/"):
        assert client.post(path, {"username": "eve"}).status_code in {302, 404}, path


def test_an_account_out_of_use_opens_nothing(client, alice):
    alice.is_active = False
    alice.save()

    sign_in(client, password=RIGHT)

    assert not is_in(client)


def test_signing_out_ends_the_session_and_is_noted(client, alice):
    sign_in(client, password=RIGHT)
    key = client.session.session_key

    client.post("/sign-out/")

    assert not is_in(client)
    assert not alice.places_signed_in.filter(session_key=key).exists()
    assert list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "signed in",
        "signed out",
    ]


def test_signing_out_takes_a_press(client, alice):
    sign_in(client, password=RIGHT)

    page = client.get("/sign-out/")

    assert page.status_code == 200
    assert is_in(client)


def test_cookies_are_bound_to_the_host_behind_https():
    code = (
        "from config import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_AGE)"
    )

    def said(**environment):
        return subprocess.run(
            [sys.executable, "-c", code],
            env={"COPYTASTER_SECRET_KEY": "x", "PATH": "", **environment},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()

    assert said() == ["sessionid", "csrftoken", "False", str(14 * 24 * 3600)]
    assert said(COPYTASTER_HTTPS="1", COPYTASTER_SESSION_DAYS="2") == [
        "__Host-sessionid",
        "__Host-csrftoken",
        "True",
        str(2 * 24 * 3600),
    ]
