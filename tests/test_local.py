"""Sign-in without a password: for the browser of this machine, never through a tunnel."""

import pytest
from django.test import Client

from config.local import from_this_machine

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}


@pytest.fixture
def alone(settings, alice):
    settings.LOCAL_USER = "alice"
    settings.ALLOWED_HOSTS = ["*"]
    return alice


def signed_in(client, **meta):
    return client.get("/", **{**HERE, **meta}).status_code == 200


@pytest.mark.parametrize(
    ("meta", "here"),
    [
        ({}, True),
        ({"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"}, True),
        ({"HTTP_HOST": "localhost"}, True),
        ({"HTTP_HOST": "LOCALHOST:9"}, True),
        ({"HTTP_HOST": "127.8.9.10:80"}, True),
        ({"REMOTE_ADDR": "192.0.2.7"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"HTTP_HOST": ""}, False),
        ({"HTTP_HOST": "copytaster.example"}, False),
        ({"HTTP_HOST": "localhost.example"}, False),
        ({"HTTP_HOST": "localhost@example.org"}, False),
        ({"HTTP_HOST": "127.0.0.1.nip.example:8000"}, False),
        ({"HTTP_HOST": "192.0.2.7"}, False),
        ({"HTTP_HOST": "[::"}, False),
    ],
)
def test_this_machine_is_loopback_by_address_and_by_name(rf, meta, here):
    request = rf.get("/")
    request.META.update({**HERE, **meta})

    assert from_this_machine(request) is here


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Real-IP",
        "X-Original-Host",
        "X-Amzn-Trace-Id",
        "X-Tunnel-Of-Tomorrow",
        "CF-Connecting-IP",
        "CF-Ray",
        "True-Client-IP",
        "Fly-Client-IP",
        "Cdn-Loop",
        "Ngrok-Trace",
    ],
)
def test_a_proxy_is_known_by_any_header_that_no_browser_sends(client, alone, header):
    assert not signed_in(client, headers={header: ""})


def test_a_page_of_another_site_signs_nobody_in(alone):
    for site, here in [("same-origin", 1), ("none", 1), ("cross-site", 0), ("same-site", 0)]:
        assert signed_in(Client(), headers={"Sec-Fetch-Site": site}) is bool(here), site
    assert signed_in(Client())


def test_what_our_own_scripts_send_is_no_sign_of_a_proxy(client, alone):
    ours = {"X-Person": str(alone.pk), "X-CSRFToken": "t", "X-Requested-With": "r"}

    assert signed_in(client, headers={**ours, "HX-Request": "true", "HX-Target": "panel"})


@pytest.mark.parametrize(
    "meta",
    [
        {"HTTP_HOST": "demo.tunnel.example"},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
        {"REMOTE_ADDR": "192.0.2.7"},
    ],
)
def test_a_session_made_here_opens_nothing_elsewhere(client, alone, meta):
    assert signed_in(client)

    assert not signed_in(client, **meta)
    assert signed_in(client)


def test_a_session_made_here_ends_when_passwords_are_asked(client, alone, settings):
    assert signed_in(client)

    settings.LOCAL_USER = ""

    assert not signed_in(client)


def test_a_link_from_elsewhere_opens_the_page_of_who_is_signed_in_already(client, alone):
    assert signed_in(client)

    assert signed_in(client, headers={"Sec-Fetch-Site": "cross-site"})


def test_an_ordinary_session_is_good_everywhere(client, alone, settings, bob):
    client.force_login(bob)

    assert signed_in(client, HTTP_HOST="demo.tunnel.example")
