"""Several documents archived or deleted at once, after a page that says what goes."""

import pytest
from django.urls import reverse

from corpus.models import Document, Role
from tests import factories


@pytest.fixture
def address(harbour):
    return reverse("corpus:documents_away", args=[harbour.slug])


def test_the_page_says_what_goes_and_changes_nothing(client, alice, stocked, address, snapshot):
    client.force_login(alice)
    before = snapshot()

    page = client.get(address, {"d": [row.pk for row in stocked]}).text

    assert "Archive or delete 2 documents?" in page
    assert "First" in page
    assert "Second" in page
    assert "Delete them" in page
    assert snapshot() == before


def test_what_was_ticked_is_deleted_together(client, alice, stocked, address):
    client.force_login(alice)

    page = client.post(address, {"d": [row.pk for row in stocked], "delete": 1}, follow=True).text

    assert "“First”, “Second” deleted." in page
    assert not Document.objects.exists()
    first, second = Document.everything.order_by("pk")
    assert first.deleted_at == second.deleted_at
    assert first.deleted_by == alice


def test_what_was_ticked_is_archived_together(client, alice, stocked, address):
    client.force_login(alice)

    page = client.post(address, {"d": [row.pk for row in stocked], "archive": 1}, follow=True).text

    assert "“First”, “Second” archived." in page
    assert Document.objects.archived().count() == 2


def test_a_curator_is_offered_to_delete_only_what_she_imported(client, harbour, stocked, address):
    curator = factories.user("curator")
    factories.member(harbour, curator, Role.CURATOR)
    client.force_login(curator)
    chosen = {"d": [row.pk for row in stocked]}

    page = client.get(address, chosen).text

    assert "You cannot delete them all." in page
    assert "Delete them</button>" not in page
    assert client.post(address, chosen | {"delete": 1}).status_code == 403
    assert Document.objects.count() == 2


@pytest.mark.parametrize("chosen", [[], ["nonsense"], ["9" * 30], ["0"]])
def test_a_page_for_nothing_says_so(client, alice, stocked, address, chosen):
    client.force_login(alice)

    assert "No document is chosen" in client.get(address, {"d": chosen}).text
    client.post(address, {"d": chosen, "delete": 1})
    assert Document.objects.count() == 2


def test_what_is_elsewhere_stays(client, alice, stocked, address):
    other = factories.document(factories.collection("Other", owner=alice), "Another text.")
    client.force_login(alice)

    assert "No document is chosen" in client.get(address, {"d": other.pk}).text
    client.post(address, {"d": other.pk, "delete": 1})
    assert Document.objects.filter(pk=other.pk).exists()


def test_the_library_offers_it_to_who_may(client, alice, bob, harbour, stocked, address):
    client.force_login(alice)
    assert f'formaction="{address}"' in client.get(harbour.get_absolute_url()).text
    client.force_login(bob)
    assert address not in client.get(harbour.get_absolute_url()).text
