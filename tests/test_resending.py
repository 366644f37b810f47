"""A form that comes too late says so, and what was typed is given back to be sent again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from corpus.models import Role
from tests import factories

TYPED = {"title": "Storm", "byline": 'Mara "M" <Finch> & Söhne', "rights": "\nline\nline two"}


@pytest.fixture
def edited(harbour):
    document = factories.document(harbour, title="Before")
    return document, reverse("corpus:document_edit", args=[harbour.slug, document.pk])


@pytest.fixture
def person():
    return Client(enforce_csrf_checks=True)


def token_of(client, address):
    page = html.fromstring(client.get(address).content)
    return page.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]


def offered(response):
    """The form that the page offers: where it goes, and what it would send."""
    (form,) = html.fromstring(response.content).xpath("//form[@class='stack']")
    fields = {}
    for each in form.xpath(".//input[@type='hidden'] | .//textarea"):
        value = each.get("value") if each.tag == "input" else each.text_content()
        # A person drops the line break that a text area begins with.
        fields.setdefault(each.get("name"), []).append(
            value.removeprefix("\n") if each.tag == "textarea" else value
        )
    return form.get("action"), fields


def test_after_signing_in_again_in_another_tab_it_is_sent_with_one_press(person, edited, alice):
    document, address = edited
    person.force_login(alice)
    stale = token_of(person, address)
    person.post(reverse("logout"), {"csrfmiddlewaretoken": stale})
    person.cookies.pop("csrftoken", None)
    person.force_login(alice)

    response = person.post(address, {**TYPED, "csrfmiddlewaretoken": stale})

    assert response.status_code == 403
    assert "The form was open too long" in response.text
    assert "role" not in response.text.partition("<main")[2]
    assert "no-store" in response["Cache-Control"]
    action, fields = offered(response)
    assert action == address
    assert {name: fields[name] for name in TYPED} == {
        name: [value] for name, value in TYPED.items()
    }

    again = person.post(action, fields)

    assert again.status_code == 302
    document.refresh_from_db()
    assert (document.title, document.byline) == ("Storm", TYPED["byline"])


def test_after_the_session_ended_it_is_kept_through_signing_in(person, edited, alice):
    document, address = edited
    person.force_login(alice)
    token = token_of(person, address)
    del person.cookies["sessionid"]

    signed_out = person.post(address, {**TYPED, "csrfmiddlewaretoken": token})

    assert "You were signed out meanwhile" in signed_out.text
    assert "token" not in signed_out.text.partition("<main")[2]
    action, fields = offered(signed_out)
    person.force_login(alice)
    signed_in = person.post(action, fields)
    action, fields = offered(signed_in)
    assert person.post(action, fields).status_code == 302
    document.refresh_from_db()
    assert document.byline == TYPED["byline"]


def test_going_on_without_signing_in_loses_nothing_either(person, edited):
    _, address = edited

    response = person.post(address, TYPED)
    for _ in range(3):
        action, fields = offered(response)
        response = person.post(action, fields)

    assert offered(response)[1]["byline"] == [TYPED["byline"]]


def test_another_person_is_told_in_whose_name_it_goes(person, edited, harbour, bob):
    _, address = edited
    person.force_login(bob)

    response = person.post(address, TYPED)

    assert "You are signed in as <b>bob</b>" in response.text
    action, fields = offered(response)
    assert person.post(action, fields).status_code == 403  # a coder corrects no document


def test_several_values_and_files_are_named(person, harbour, alice):
    address = reverse("corpus:import_documents", args=[harbour.slug])
    person.force_login(alice)
    files = [SimpleUploadedFile(name, b"x") for name in ("one.txt", "<b>two.txt")]

    response = person.post(
        address, {"title": "T", "text": "A pasted text", "uploads": files, "d": ["1", "2"]}
    )

    assert offered(response)[1]["d"] == ["1", "2"]
    page = html.fromstring(response.content)
    assert page.xpath("//input[@type='file']/@name") == ["uploads"]
    assert "choose again one.txt, <b>two.txt" in page.text_content()
    assert page.xpath("//form[@class='stack']")[0].get("enctype") == "multipart/form-data"


ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://testserver:81"},
    {"Referer": "https://evil.example/form"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
@pytest.mark.parametrize("signed_in", [True, False])
def test_what_another_site_made_up_is_never_offered(person, edited, alice, headers, signed_in):
    _, address = edited
    if signed_in:
        person.force_login(alice)

    response = person.post(address, {"title": "Made up"}, headers=headers)

    assert "Made up" not in response.text
    assert response.status_code == 403
    assert "not come from a page of this site" in response.text


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {}]
)
def test_what_our_own_page_sent_is_offered(person, edited, alice, headers):
    person.force_login(alice)

    response = person.post(edited[1], TYPED, headers=headers)

    assert offered(response)[1]["title"] == ["Storm"]


def test_no_password_is_ever_given_back(person, alice):
    response = person.post(reverse("login"), {"username": "alice", "password": "a long password"})

    assert response.status_code == 403
    assert "The form was open too long" in response.text
    assert "a long password" not in response.text
    assert f'href="{reverse("login")}"' in response.text


@pytest.mark.parametrize("path", ["//evil.example/x", "/c/harbour/import/?next=//evil.example"])
def test_the_form_goes_nowhere_but_back(person, alice, harbour, path):
    person.force_login(alice)

    response = person.post(path, {"text": "A text"})

    if response.status_code == 403:
        action, _ = offered(response)
        assert action.startswith("/")
        assert not action.startswith("//")


def test_what_is_too_long_to_show_is_not_shown(person, edited, alice):
    person.force_login(alice)

    response = person.post(edited[1], {"title": "x" * 1_000_001})

    assert response.status_code == 403
    assert len(response.content) < 20_000
    assert "go back, and copy it first" in response.text


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"X-Person": "1"}, {"Sec-Fetch-Mode": "cors"}]
)
def test_our_scripts_are_led_to_the_sign_in_page_and_keep_their_work(client, edited, headers):
    response = client.post(edited[1], TYPED, headers=headers)

    assert response.status_code == 302


def test_a_role_that_does_not_allow_it_still_says_so(client, edited, harbour):
    reader = factories.user("rita")
    factories.member(harbour, reader, Role.READER)
    client.force_login(reader)

    response = client.post(edited[1], TYPED)

    assert "Your role does not allow this" in response.text
