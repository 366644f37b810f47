import pytest
from django.urls import reverse

from corpus.imports.storing import Upload, import_files
from corpus.models import Derivation, Role
from tests import factories


def url(name, document):
    return reverse(f"corpus:{name}", args=[document.collection.slug, document.pk])


@pytest.fixture
def wire(harbour):
    return factories.document(
        harbour,
        "Levy comes in March\n\nThe port \u202ecloses. Ships of <500 tonnes pay.",
        title="Levy comes in March",
        byline="Ana Ruiz",
        publisher="Meridian Wire",
        language="en",
        original=b"<script>alert(1)</script>",
        original_name="wire “1”.html",
    )


def test_the_page_shows_the_text_and_what_is_known_of_it(client, bob, wire):
    client.force_login(bob)

    page = client.get(wire.get_absolute_url()).content.decode()

    assert '<p dir="auto" class="sheet-headline">Levy comes in March</p>' in page
    assert '<p dir="auto">The port ␦closes. Ships of &lt;500 tonnes pay.</p>' in page
    assert "By Ana Ruiz" in page
    assert "Meridian Wire" in page
    assert "undated" in page
    assert wire.sha256 in page


def test_a_document_and_its_correction_name_each_other(client, alice, harbour, wire):
    newer = factories.document(harbour, "Levy comes in May.", title="Corrected", replaces=wire)
    client.force_login(alice)

    old_page = client.get(wire.get_absolute_url()).content.decode()
    new_page = client.get(newer.get_absolute_url()).content.decode()

    assert f'A corrected text replaces this one: <a href="{newer.get_absolute_url()}"' in old_page
    assert f'<dt>Replaces</dt><dd><a href="{wire.get_absolute_url()}"' in new_page


def test_relatives_are_named_with_how_much_they_share(client, alice, harbour, wire):
    source = factories.document(harbour, "The source.", title="The source")
    rewrite = factories.document(harbour, "The rewrite.", title="The rewrite")
    shares = {"source_in_derived": 0.71, "derived_in_source": 0.64, "score": 0.7}
    for one, other in [(source, wire), (wire, rewrite)]:
        Derivation.objects.create(
            source=one, derived=other, relation="rewrite", algorithm="1", **shares
        )
    client.force_login(alice)

    page = " ".join(client.get(wire.get_absolute_url()).content.decode().split())

    assert f'Rewrite of <a class="relatives-name" href="{source.get_absolute_url()}"' in page
    assert "71 % of its words kept here: 64 % of this text" in page
    assert f'Rewritten into <a class="relatives-name" href="{rewrite.get_absolute_url()}"' in page
    assert "71 % of these words kept there: 64 % of that text" in page
    assert "the texts do not tell" not in page


def test_a_relative_can_be_read_beside_and_proved(client, alice, harbour, wire):
    source = factories.document(harbour, "The source.", title="The source")
    Derivation.objects.create(
        source=source, derived=wire, relation="rewrite", algorithm="comparison 1, by age",
        source_in_derived=0.5, derived_in_source=0.5, score=0.5,
    )  # fmt: skip
    client.force_login(alice)
    pair = f"?d={source.pk}&amp;d={wire.pk}"

    page = client.get(wire.get_absolute_url()).content.decode()

    assert f'href="{reverse("annotations:reader", args=[harbour.slug])}{pair}"' in page
    assert f'href="{reverse("corpus:evidence", args=[harbour.slug])}{pair}"' in page
    assert "the texts do not tell, so the older one counts as the source" in page


def test_the_page_asks_no_more_of_the_database_for_more_relatives(
    client, alice, harbour, wire, django_assert_max_num_queries
):
    for number in range(25):
        other = factories.document(harbour, f"Rewrite {number}.", replaces=wire)
        Derivation.objects.create(
            source=wire, derived=other, relation="rewrite", algorithm="1",
            source_in_derived=0.5, derived_in_source=0.5, score=0.5,
        )  # fmt: skip
    client.force_login(alice)

    with django_assert_max_num_queries(8):
        client.get(wire.get_absolute_url())


def test_only_the_keepers_are_led_to_the_import(client, alice, bob, harbour):
    batch = import_files(harbour, alice, [Upload("a.txt", 20, lambda: b"The port is closed.")])
    address = batch.documents.get().get_absolute_url()

    client.force_login(alice)
    assert batch.get_absolute_url() in client.get(address).content.decode()
    client.force_login(bob)
    assert batch.get_absolute_url() not in client.get(address).content.decode()


def test_the_original_is_saved_and_never_shown(client, bob, wire):
    client.force_login(bob)

    response = client.get(url("original", wire))

    assert response.content == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''wire%20%E2%80%9C1%E2%80%9D.html"
    )


def test_without_an_original_there_is_nothing_to_save(client, alice, harbour):
    document = factories.document(harbour)
    client.force_login(alice)

    assert "Original" not in client.get(document.get_absolute_url()).content.decode()
    assert client.get(url("original", document)).status_code == 404


def test_the_details_can_be_corrected(client, alice, wire):
    client.force_login(alice)
    details = {"title": "Levy in May", "published_on": "2024-05-01", "publisher": "Meridian Wire"}

    response = client.post(url("document_edit", wire), details)

    text = wire.text
    wire.refresh_from_db()
    assert response["Location"] == wire.get_absolute_url()
    assert (wire.title, str(wire.published_on), wire.byline) == ("Levy in May", "2024-05-01", "")
    assert wire.text == text


def test_details_that_make_no_sense_are_refused(client, alice, wire):
    client.force_login(alice)

    response = client.post(url("document_edit", wire), {"title": "", "url": "ftp://a.example"})

    wire.refresh_from_db()
    assert response.status_code == 422
    assert b"An address is such as https" in response.content
    assert wire.title == "Levy comes in March"


def test_reading_the_form_changes_nothing(client, alice, wire):
    client.force_login(alice)

    response = client.get(url("document_edit", wire), {"title": "Another"})

    wire.refresh_from_db()
    assert response.status_code == 200
    assert wire.title == "Levy comes in March"


@pytest.mark.parametrize(
    ("role", "read", "edit"),
    [
        (Role.OWNER, 200, 200),
        (Role.CURATOR, 200, 200),
        (Role.CODER, 200, 403),
        (Role.READER, 200, 403),
        (None, 404, 404),
    ],
)
def test_members_read_and_the_keepers_correct(client, stranger, harbour, wire, role, read, edit):
    if role:
        factories.member(harbour, stranger, role)
    client.force_login(stranger)

    assert client.get(url("document", wire)).status_code == read
    assert client.get(url("original", wire)).status_code == read
    assert client.get(url("document_edit", wire)).status_code == edit
    assert client.post(url("document_edit", wire), {"title": ""}).status_code == (
        422 if edit == 200 else edit
    )


@pytest.mark.parametrize("name", ["document", "document_edit", "original"])
def test_a_document_is_only_in_its_own_collection(client, alice, wire, name):
    other = factories.collection("Other", owner=alice)
    client.force_login(alice)

    assert client.get(reverse(f"corpus:{name}", args=[other.slug, wire.pk])).status_code == 404
