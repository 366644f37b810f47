"""Pages of errors come whatever is broken: the database, the session, the list of static files."""

import json
from unittest import mock

import pytest
from django.conf import settings as stored
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client

from config.errors import plain


@pytest.fixture
def asker():
    return Client(raise_request_exception=False)


@pytest.fixture
def signed_in(asker, alice):
    asker.force_login(alice)
    return asker


@pytest.fixture
def no_database():
    """Every query fails, as with a server that is gone."""

    def gone(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    with mock.patch.multiple(CursorWrapper, execute=gone, executemany=gone, callproc=gone):
        yield


@pytest.fixture
def no_manifest(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = stored.STORAGES | {"staticfiles": {"BACKEND": "config.storage.HashedFiles"}}


REQUESTS = {
    "page": lambda client: client.get("/"),
    "form": lambda client: client.post("/new/", {"name": "Port"}),
    "htmx": lambda client: client.get("/", headers={"HX-Request": "true"}),
    "program": lambda client: client.get("/", headers={"Accept": "application/json"}),
}


@pytest.mark.parametrize("broken", ["no_database", "no_manifest"])
@pytest.mark.parametrize("how", REQUESTS)
def test_the_page_of_an_error_comes_though_all_is_gone(signed_in, request, broken, how):
    request.getfixturevalue(broken)

    response = REQUESTS[how](signed_in)

    if (broken, how) == ("no_manifest", "form"):
        assert response.status_code == 302
        return
    assert response.status_code in {500, 503}
    assert "connection unexpectedly" not in response.text
    assert "Traceback" not in response.text
    if how == "program":
        assert json.loads(response.text)["error"]
    else:
        assert "<h1>" in response.text
        assert 'href="/"' in response.text
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/nowhere/", "/c/no such/", "/admin/nowhere/"])
def test_a_missing_page_is_missing_though_all_is_gone(signed_in, no_database, no_manifest, address):
    assert signed_in.get(address).status_code in {404, 500, 503}


def test_a_missing_page_says_404_without_a_database(asker, db, no_database):
    response = asker.get("/nowhere/")

    assert response.status_code == 404
    assert "There is no such page" in response.text


def test_a_missing_page_says_404_without_the_list_of_static_files(signed_in, no_manifest):
    response = signed_in.get("/nowhere/")

    assert response.status_code == 404
    assert "There is no such page" in response.text


@pytest.mark.parametrize("broken", ["no_database", "no_manifest"])
def test_a_form_without_a_token_is_refused_in_words_though_all_is_gone(alice, request, broken):
    asker = Client(raise_request_exception=False, enforce_csrf_checks=True)
    asker.force_login(alice)
    request.getfixturevalue(broken)

    response = asker.post("/new/", {"name": "Port"})

    assert response.status_code == 403
    assert "The form was open too long" in response.text


@pytest.mark.parametrize("broken", ["no_database", "no_manifest"])
def test_a_role_is_refused_in_words_though_all_is_gone(signed_in, request, broken):
    from django.core.exceptions import PermissionDenied

    from config import errors

    request.getfixturevalue(broken)
    asked = signed_in.get("/nowhere/").wsgi_request

    response = errors.forbidden(asked, PermissionDenied("Your role does not allow this."))

    assert response.status_code == 403
    assert "Your role does not allow this" in response.text


def test_a_bad_request_is_answered_in_words(asker, db, no_database, no_manifest):
    response = asker.get("/", headers={"Host": "bad host"})

    assert response.status_code == 400
    assert "could not be understood" in response.text


@pytest.mark.parametrize("status", [400, 403, 404, 413, 500])
def test_the_plain_page_names_what_happened(rf, status):
    response = plain(rf.get("/"), status, "A <reason>.")

    assert response.status_code == status
    assert "A &lt;reason&gt;." in response.text
    assert "<style" not in response.text


def test_programs_are_told_in_json(signed_in):
    response = signed_in.get("/nowhere/", headers={"Accept": "application/ld+json"})

    assert json.loads(response.text)["error"] == "There is no such page"
