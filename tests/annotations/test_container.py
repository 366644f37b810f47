import json
from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from annotations.acts.undoing import undo
from annotations.exports.w3c import MEDIA_TYPE
from annotations.models import Annotation
from corpus.models import Collection, Role
from tests import factories
from tests.annotations.exported import newsroom
from tests.annotations.w3c_rules import problems

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HARBOUR = "http://testserver/c/harbour/annotations/"


@pytest.fixture
def marks(harbour, alice, monkeypatch):
    """Five marks, two to a page."""
    monkeypatch.setattr("annotations.views.container.PAGE_SIZE", 2)
    document = factories.document(harbour, "The port 🚢 is closed.")
    return [factories.mark(document, alice, word) for word in ("The", "port", "🚢", "is", "closed")]


def get(client, user, url, **headers):
    client.force_login(user)
    return client.get(url, headers={"accept": "application/ld+json", **headers})


def prefer(*preferences):
    return f'return=representation;include="{" ".join(preferences)}"'


def test_a_container_embeds_its_first_page(client, alice, marks):
    response = get(client, alice, HARBOUR)

    found = response.json()
    assert response.status_code == 200
    assert response["Content-Type"] == MEDIA_TYPE
    assert problems(found) == []
    assert found["type"] == ["BasicContainer", "AnnotationCollection"]
    assert found["total"] == 5
    assert found["id"] == response["Content-Location"] == f"{HARBOUR}?iris=0"
    assert found["last"] == f"{HARBOUR}?iris=0&page=2"
    assert len(found["first"]["items"]) == 2


def test_the_pages_lead_through_all_annotations_and_back(client, alice, marks):
    seen, url, previous = [], f"{HARBOUR}?iris=0&page=0", None
    while url:
        page = get(client, alice, url).json()
        assert problems(page) == []
        assert page["id"] == url
        assert page["partOf"]["id"] == f"{HARBOUR}?iris=0"
        assert page["startIndex"] == len(seen)
        assert page.get("prev") == previous
        seen += [item["canonical"] for item in page["items"]]
        previous, url = url, page.get("next")

    assert seen == [f"urn:uuid:{mark.pk}" for mark in marks]


@pytest.mark.parametrize("query", ["?iris=0&page=3", "?page=x", "?page=-1", "?page=" + "9" * 40])
def test_there_is_no_page_beyond_the_last(client, alice, marks, query):
    assert get(client, alice, HARBOUR + query).status_code == 404


def test_a_program_may_prefer_addresses(client, alice, marks):
    response = get(
        client, alice, HARBOUR, prefer=prefer("http://www.w3.org/ns/oa#PreferContainedIRIs")
    )

    found = response.json()
    assert problems(found) == []
    assert found["id"] == response["Content-Location"] == f"{HARBOUR}?iris=1"
    assert found["first"]["items"] == [
        f"http://testserver{mark.get_absolute_url()}" for mark in marks[:2]
    ]
    assert "iris=1" in found["first"]["next"]


def test_a_program_may_prefer_no_page(client, alice, marks):
    response = get(
        client, alice, HARBOUR, prefer=prefer("http://www.w3.org/ns/ldp#PreferMinimalContainer")
    )

    found = response.json()
    assert problems(found) == []
    assert found["first"] == f"{HARBOUR}?iris=0&page=0"
    assert found["last"] == f"{HARBOUR}?iris=0&page=2"


def test_addresses_and_descriptions_exclude_each_other(client, alice, marks):
    both = prefer(
        "http://www.w3.org/ns/oa#PreferContainedIRIs",
        "http://www.w3.org/ns/oa#PreferContainedDescriptions",
    )

    assert get(client, alice, HARBOUR, prefer=both).status_code == 400


def test_the_headers_say_what_a_container_is(client, alice, marks):
    client.force_login(alice)

    for method in (client.get, client.head, client.options):
        response = method(HARBOUR, headers={"accept": "application/ld+json"})
        assert '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"' in response["Link"]
        assert "http://www.w3.org/ns/ldp#constrainedBy" in response["Link"]
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert {"Accept", "Prefer"} <= {part.strip() for part in response["Vary"].split(",")}
        assert response["ETag"]


def test_what_has_not_changed_is_not_sent_again(client, alice, marks):
    etag = get(client, alice, HARBOUR)["ETag"]

    again = get(client, alice, HARBOUR, **{"if-none-match": etag})
    marks[0].change(replace(marks[0].as_state(), note="New"), user=alice)
    changed = get(client, alice, HARBOUR, **{"if-none-match": etag})

    assert again.status_code == 304
    assert changed.status_code == 200
    assert changed["ETag"] != etag


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (None, 200),
        ("*/*", 200),
        ("application/ld+json", 200),
        (MEDIA_TYPE, 200),
        ("application/json", 200),
        (BROWSER, 302),
        ("text/turtle", 406),
    ],
)
def test_a_program_gets_json_and_a_browser_the_export_page(client, alice, marks, accept, status):
    client.force_login(alice)

    response = client.get(HARBOUR, headers={"accept": accept} if accept else {})

    assert response.status_code == status
    if status == 302:
        assert response["Location"] == reverse("annotations:export", args=["harbour"])


def test_an_empty_container_has_no_page(client, alice, harbour):
    found = get(client, alice, HARBOUR).json()

    assert problems(found) == []
    assert found["total"] == 0
    assert "first" not in found
    assert get(client, alice, f"{HARBOUR}?iris=0&page=0").status_code == 404


def test_nothing_is_written_there(client, alice, marks):
    client.force_login(alice)

    for url in (HARBOUR, marks[0].get_absolute_url()):
        for method in (client.post, client.put, client.patch, client.delete):
            assert method(url).status_code == 405


def test_where_coding_is_blind_a_coder_finds_only_their_own(client, bob, alice, marks):
    Collection.objects.update(blind=True)

    assert get(client, bob, HARBOUR).json()["total"] == 0
    assert get(client, bob, marks[0].get_absolute_url()).status_code == 404
    assert get(client, alice, HARBOUR).json()["total"] == 5


def test_a_stranger_finds_neither_container_nor_annotation(client, stranger, marks):
    for url in (HARBOUR, marks[0].get_absolute_url()):
        assert get(client, stranger, url).status_code == 404


def test_a_page_costs_the_same_for_many_annotations(
    client, alice, marks, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("annotations.views.container.PAGE_SIZE", 100)
    client.force_login(alice)

    with django_assert_max_num_queries(13):
        client.get(HARBOUR, headers={"accept": "application/ld+json"})


@pytest.mark.django_db
def test_an_annotation_by_its_address_is_the_one_of_the_export(client):
    collection = newsroom()
    owner = collection.memberships.get(role=Role.OWNER).user
    annotation = Annotation.objects.filter(claim__isnull=False).get()

    response = get(client, owner, annotation.get_absolute_url())

    found = response.json()
    assert problems(found) == []
    assert found["id"] == f"http://testserver{annotation.get_absolute_url()}"
    assert response["Content-Type"] == MEDIA_TYPE
    assert '<http://www.w3.org/ns/ldp#Resource>; rel="type"' in response["Link"]
    assert response["ETag"]
    assert "Accept" in response["Vary"]
    download = reverse("annotations:export_download", args=[collection.slug])
    exported = json.loads(client.get(download, {"format": "w3c"}).getvalue())["first"]["items"]
    assert {**found, "@context": ...} == {**exported[1], "@context": ...}


def test_a_browser_sees_the_annotation_with_its_history(client, alice, bob, harbour):
    document = factories.document(harbour, "Rain 🌧. The port is closed, he said.", title="Storm")
    claim = factories.claim(harbour, alice, "The port is closed for good.")
    annotation = factories.mark(document, bob, "The port", note="Which <one>?")
    state = annotation.as_state()
    annotation.change(replace(state, claim=claim.pk, unsure=True, note=""), user=alice)
    annotation.change(annotation.as_state().coded(position="disputes"), user=bob)
    undo(harbour, bob)
    client.force_login(bob)

    response = client.get(annotation.get_absolute_url(), headers={"accept": BROWSER})

    html = response.content.decode()
    assert response.status_code == 200
    assert "<mark>The port</mark>" in html
    assert "The port is closed for good." in html
    for line in (
        "<strong>bob</strong> undid that: set Position: Supports",
        "<strong>bob</strong> set Position: Disputes",
        "<strong>alice</strong> linked it to “The port is closed for good.”; took the note away",
        "<strong>bob</strong> marked “The port”; set Position: Supports, Voice: Author",
        "wrote the note “Which &lt;one&gt;?”",
    ):
        assert line in html
    assert f"?d={document.pk}#s-{document.pk}-1" in html


def test_a_browser_may_ask_for_json(client, alice, marks):
    client.force_login(alice)

    response = client.get(
        marks[0].get_absolute_url(), {"format": "jsonld"}, headers={"accept": BROWSER}
    )

    assert response["Content-Type"] == MEDIA_TYPE
    assert problems(response.json()) == []


def test_a_deleted_annotation_is_gone_but_its_history_is_kept(client, alice, marks):
    factories.delete(marks[0], user=alice)

    program = get(client, alice, marks[0].get_absolute_url())
    person = get(client, alice, marks[0].get_absolute_url(), accept=BROWSER)

    assert program.status_code == person.status_code == 410
    assert "was deleted" in program.content.decode()
    assert "<strong>alice</strong> deleted it" in person.content.decode()


def test_a_whole_document_has_a_page_too(client, bob, harbour):
    annotation = factories.stance(factories.document(harbour), bob, "reporting")
    client.force_login(bob)

    html = client.get(annotation.get_absolute_url(), headers={"accept": BROWSER}).content.decode()

    assert "the whole document" in html
    assert "Reporting" in html


def test_an_unknown_annotation_is_not_found(client, alice, harbour):
    assert get(client, alice, reverse("annotations:annotation", args=[uuid4()])).status_code == 404


def test_a_long_history_costs_no_more_queries(client, alice, marks, django_assert_max_num_queries):
    for number in range(20):
        marks[0].change(replace(marks[0].as_state(), note=f"Note {number}"), user=alice)
    client.force_login(alice)

    with django_assert_max_num_queries(16):
        client.get(marks[0].get_absolute_url(), headers={"accept": BROWSER})
