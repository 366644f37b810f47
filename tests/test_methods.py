"""Every address takes the methods it is made for, and answers any other with 405 and a list."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

READ = {"GET", "HEAD"}
FORM = READ | {"POST"}
POST = {"POST"}
PROGRAM = READ | {"OPTIONS"}

# A route that is not here fails the test: say what it takes.
TAKEN = {
    "home": READ,
    "collection": READ,
    "corpus:health": READ,
    "collection_new": FORM,
    "reader": READ,
    "export": READ,
    "history": READ,
    "corpus:evidence": READ,
    "corpus:collection_edit": FORM,
    "corpus:member_add": POST,
    "corpus:member_edit": POST,
    "corpus:member_link": POST,
    "corpus:security_log": READ,
    "corpus:member_life": POST,
    "corpus:collection_archive": POST,
    "corpus:collection_bring_back": POST,
    "corpus:collection_delete": FORM,
    "corpus:collection_duplicate": FORM,
    "corpus:collection_leave": FORM,
    "corpus:collections_deleted": READ,
    "corpus:deleted": READ,
    "corpus:batch_archive": POST,
    "corpus:batch_compare": POST,
    "corpus:batch_bring_back": POST,
    "corpus:batch_undo": POST,
    "corpus:document_archive": POST,
    "corpus:document_bring_back": POST,
    "corpus:document_delete": FORM,
    "corpus:documents_away": FORM,
    "corpus:document_move": FORM,
    "corpus:import_documents": FORM,
    "corpus:batch": FORM,
    "corpus:document": READ,
    "corpus:document_edit": FORM,
    "corpus:original": READ,
    "annotations:reader": READ,
    "annotations:paragraphs": READ,
    "annotations:claims": READ,
    "annotations:absent": POST,
    "annotations:claims_undo": POST,
    "annotations:grid_svg": READ,
    "annotations:grid_csv": READ,
    "annotations:claim_new": FORM,
    "annotations:claim": READ,
    "annotations:claim_wording": READ,
    "annotations:claim_edit": FORM,
    "annotations:claim_move": POST,
    "annotations:claim_merge": FORM,
    "annotations:claim_split": FORM,
    "annotations:claim_delete": FORM,
    "annotations:claim_archive": POST,
    "annotations:claim_bring_back": POST,
    "annotations:codebook": READ,
    "annotations:codebook_history": READ,
    "annotations:codebook_export": READ,
    "annotations:codebook_import": FORM,
    "annotations:variable_new": FORM,
    "annotations:variable_edit": FORM,
    "annotations:code_new": FORM,
    "annotations:code_edit": FORM,
    "annotations:code_move": POST,
    "annotations:code_merge": FORM,
    "annotations:export": READ,
    "annotations:export_download": READ,
    "annotations:container": PROGRAM,
    "annotations:annotation": PROGRAM,
    "annotations:history": READ,
    "annotations:marks": READ,
    "annotations:mark": FORM,
    "annotations:edit": FORM,
    "annotations:move": POST,
    "annotations:delete": POST,
    "annotations:archive": POST,
    "annotations:bring_back": POST,
    "annotations:offers": FORM,
    "annotations:pair": FORM,
    "annotations:undo": POST,
    "annotations:redo": POST,
    "annotations:code_document": POST,
    "annotations:add_claim": POST,
    "annotations:likely_claims": READ,
    "annotations:rename_claim": POST,
}
# Pages of the packages that we use: what they take is theirs to say, within reason.
OTHERS = ("admin:", "login", "logout", "account", "mfa", "usersessions")

METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW"]
VALUES = {"slug": "harbour", "pk": 1, "variable": 1}


def routes(resolver, spaces=()):
    """Each route's name and an address that leads to it."""
    for route in resolver.url_patterns:
        if isinstance(route, URLResolver):
            yield from routes(route, [*spaces, *([route.namespace] if route.namespace else [])])
            continue
        name = ":".join([*spaces, route.name or ""])
        if name.startswith(OTHERS):
            continue
        values = {
            key: UUID(int=1) if "UUID" in type(converter).__name__ else VALUES.get(key, 1)
            for key, converter in route.pattern.converters.items()
        }
        yield name, reverse(name, kwargs=values)


ROUTES = dict(routes(get_resolver()))


def test_every_route_says_what_it_takes():
    assert set(ROUTES) == set(TAKEN)


@pytest.mark.parametrize("signed_in", [True, False])
def test_methods_that_a_route_does_not_take_are_refused(alice, signed_in):
    # As a browser or a program would send them: without a token of ours.
    client = Client(enforce_csrf_checks=True)
    if signed_in:
        client.force_login(alice)

    wrong = []
    for name, address in ROUTES.items():
        for method in METHODS:
            response = client.generic(method, address)
            refused = response.status_code == 405
            if refused != (method not in TAKEN[name]):
                wrong.append((name, method, response.status_code))
            if refused and set(response["Allow"].split(", ")) != TAKEN[name]:
                wrong.append((name, method, response["Allow"]))

    assert wrong == []


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/login/", "/admin/corpus/document/", "/sign-in/"]
)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_pages_of_packages_take_no_other_methods_either(client, alice, address, method):
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client.force_login(alice)

    response = client.generic(method, address)

    assert response.status_code == 405
    assert "GET" in response["Allow"]
