import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from corpus.forms import ImportForm
from corpus.imports.readers import read_pasted
from corpus.imports.storing import Pasted, Upload, import_files
from corpus.models import Document, ImportBatch, Role
from tests import factories

WIRE = b"Port to charge levy\n\nBy Ana Ruiz\n\nDec. 1, 2023 (Agency) -- The port is closed. It was open."
PAGE = (
    b"<html lang=en><title>The mud</title><p>The mud belongs to all of us, says the minister.</p>"
)


def upload(name, data):
    return Upload(name, len(data), lambda: data)


def posted(name, data):
    return SimpleUploadedFile(name, data)


def outcomes(batch):
    return [(file.name, file.outcome) for file in batch.files.order_by("pk")]


@pytest.fixture
def address(harbour):
    return reverse("corpus:import_documents", args=[harbour.slug])


# --- storing


def test_a_document_is_stored_with_what_its_file_says(harbour, alice):
    batch = import_files(harbour, alice, [upload("news/wire.txt", WIRE)])

    document = batch.documents.get()
    assert (document.collection, document.batch) == (harbour, batch)
    assert (document.title, document.byline) == ("Port to charge levy", "Ana Ruiz")
    assert (document.publisher, str(document.published_on)) == ("Agency", "2023-12-01")
    assert (document.language, document.reader) == ("en", "plain")
    assert (bytes(document.original), document.original_name) == (WIRE, "wire.txt")
    assert [document.text[start:end] for start, end in document.sentences] == [
        "Port to charge levy",
        "By Ana Ruiz",
        "Dec. 1, 2023 (Agency) -- The port is closed.",
        "It was open.",
    ]
    assert len(document.paragraphs) == 3


def test_a_bad_file_does_not_hinder_the_others(harbour, alice):
    files = [
        upload("a.txt", WIRE),
        upload("nul.txt", b"one\ntwo \0"),
        upload("b.html", PAGE),
        upload("empty.md", b""),
        upload("c.pdf", b"%PDF-1.7"),
    ]

    batch = import_files(harbour, alice, files)

    assert outcomes(batch) == [
        ("a.txt", "imported"),
        ("nul.txt", "failed"),
        ("b.html", "imported"),
        ("empty.md", "failed"),
        ("c.pdf", "failed"),
    ]
    failure = batch.files.get(name="nul.txt")
    assert (failure.line, failure.document) == (2, None)
    assert failure.reason == "Line 2 holds a NUL byte, so this is not a text file."


def test_the_same_text_goes_in_once(harbour, alice):
    first = import_files(harbour, alice, [upload("a.txt", WIRE)]).documents.get()

    batch = import_files(
        harbour,
        alice,
        [upload("b.txt", WIRE + b"\n\n"), upload("c.html", PAGE), upload("d.html", PAGE)],
    )

    assert outcomes(batch) == [
        ("b.txt", "duplicate"),
        ("c.html", "imported"),
        ("d.html", "duplicate"),
    ]
    assert batch.files.get(name="b.txt").document == first
    assert batch.files.get(name="d.html").document == batch.documents.get()


def test_another_collection_may_have_the_same_text(harbour, alice):
    other = factories.collection("Other", owner=alice)
    import_files(harbour, alice, [upload("a.txt", WIRE)])

    batch = import_files(other, alice, [upload("a.txt", WIRE)])

    assert outcomes(batch) == [("a.txt", "imported")]


def test_a_file_too_large_is_never_fetched(harbour, alice):
    def content():
        raise AssertionError("it was fetched")

    batch = import_files(harbour, alice, [Upload("big.txt", 50_000_000, content)])

    assert "48 MB" in batch.files.get().reason


def test_a_file_that_cannot_be_opened_is_a_failure_with_a_reason(harbour, alice):
    def content():
        raise PermissionError(13, "Permission denied")

    batch = import_files(harbour, alice, [Upload("a.txt", 5, content)])

    assert batch.files.get().reason == "It cannot be opened: Permission denied."


def test_more_files_than_fit_one_portion_all_go_in_and_in_order(harbour, alice):
    told = []
    files = [upload(f"{number}.txt", b"Ship number %d pays." % number) for number in range(120)]

    batch = import_files(harbour, alice, files, on_file=lambda file: told.append(file.name))

    assert batch.documents.count() == 120
    assert told == [f"{number}.txt" for number in range(120)]
    assert outcomes(batch) == [(name, "imported") for name in told]


def test_a_guessed_encoding_is_noted(harbour, alice):
    batch = import_files(harbour, alice, [upload("a.txt", "Le café.".encode("cp1252"))])

    assert "guessed (cp1252)" in batch.files.get().reason


def test_odd_file_names_are_made_fit_to_keep(harbour, alice):
    names = ["a\0\n\u202e.txt", "x" * 900 + ".txt", "\udcff.txt"]
    files = [upload(name, b"Ship number %d." % number) for number, name in enumerate(names)]

    batch = import_files(harbour, alice, files)

    assert [file.name[:5] for file in batch.files.order_by("pk")] == ["a .tx", "xxxxx", ".txt"]


def test_pasted_text_takes_the_given_title(harbour, alice):
    batch = import_files(harbour, alice, [Pasted("The [port](#) is closed.", "A storm")])

    document = batch.documents.get()
    assert (document.title, document.text) == ("A storm", "The port is closed.")
    assert (document.reader, document.original_name) == ("pasted", "")


# --- the import page


def test_files_are_imported_by_form(client, alice, harbour, address):
    client.force_login(alice)

    response = client.post(address, {"uploads": [posted("a.txt", WIRE), posted("b.html", PAGE)]})

    batch = ImportBatch.objects.get()
    assert response.status_code == 302
    assert response["Location"] == batch.get_absolute_url()
    assert batch.creator == alice
    assert outcomes(batch) == [("a.txt", "imported"), ("b.html", "imported")]


def test_a_pasted_text_is_imported_by_form(client, alice, harbour, address):
    client.force_login(alice)

    client.post(address, {"title": "", "text": "Levy comes in March\n\nThe port is closed."})

    assert Document.objects.get().title == "Levy comes in March"


def test_files_and_a_pasted_text_go_in_together(client, alice, harbour, address):
    client.force_login(alice)

    client.post(address, {"uploads": [posted("a.txt", WIRE)], "text": "The port is open."})

    assert outcomes(ImportBatch.objects.get()) == [
        ("a.txt", "imported"),
        ("Pasted text", "imported"),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose files, or paste a text."),
        ({"text": "  \n "}, "Choose files, or paste a text."),
        ({"text": "***\n\u202a\ud83d"}, "lone surrogate"),
        ({"text": "one\0two"}, "Null characters"),
        ({"text": "x", "title": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_cannot_be_imported_stays_on_the_page(data, words):
    form = ImportForm(data)

    assert not form.is_valid()
    assert words in str(form.errors)


def test_an_empty_form_is_answered_with_422(client, alice, address):
    client.force_login(alice)

    response = client.post(address, {})

    assert response.status_code == 422
    assert b"Choose files, or paste a text." in response.content
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("htmx", [{}, {"hx-request": "true"}])
def test_the_import_page_says_what_comes_in(client, alice, address, htmx):
    client.force_login(alice)

    page = client.get(address, headers=htmx).content.decode()

    assert ".markdown" in page
    assert "10 MB" in page
    assert 'enctype="multipart/form-data"' in page
    assert re.search(r'<input[^>]+type="file"[^>]+multiple', page)


@pytest.mark.parametrize(
    "name", ["a.txt", "a.md", "a.html", "a.docx", "../../etc/passwd.txt", "a", "\u202egnp.txt"]
)
@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 90, b"\xff\xfe\xff", b"%PDF-1.4", b"PK\x03\x04", b"[" * 5000, b"<a" * 5000],
)
def test_no_upload_breaks_the_page(client, alice, address, name, data):
    client.force_login(alice)

    response = client.post(address, {"uploads": [posted(name, data)]}, follow=True)

    assert response.status_code == 200
    assert ImportBatch.objects.get().files.count() == 1


def test_a_correction_replaces_a_document(client, alice, harbour, address):
    old = factories.document(harbour)
    client.force_login(alice)

    client.post(f"{address}?replaces={old.pk}", {"text": "The port is open."})

    assert Document.objects.exclude(pk=old.pk).get().replaces == old


def test_a_correction_is_one_document(client, alice, harbour, address):
    old = factories.document(harbour)
    client.force_login(alice)

    response = client.post(
        f"{address}?replaces={old.pk}", {"uploads": [posted("a.txt", WIRE), posted("b.html", PAGE)]}
    )

    assert response.status_code == 422
    assert b"A correction is one document" in response.content
    assert Document.objects.get() == old


def test_a_document_of_another_collection_cannot_be_replaced(client, alice, stranger, address):
    other = factories.document(factories.collection("Other", owner=stranger))
    client.force_login(alice)

    assert client.get(f"{address}?replaces={other.pk}").status_code == 404
    assert client.get(f"{address}?replaces={'9' * 30}").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OWNER, 200), (Role.CURATOR, 200), (Role.CODER, 403), (Role.READER, 403), (None, 404)],
)
def test_owners_and_curators_import(client, stranger, harbour, alice, address, role, status):
    batch = import_files(harbour, alice, [upload("a.txt", WIRE)])
    if role:
        factories.member(harbour, stranger, role)
    client.force_login(stranger)

    assert client.get(address).status_code == status
    assert client.get(batch.get_absolute_url()).status_code == status
    assert client.post(address, {"text": "x y"}).status_code == (302 if status == 200 else status)


def test_nobody_imports_without_signing_in(client, harbour, address):
    response = client.post(address, {"text": "The port is open."})

    assert response.status_code == 403
    assert "You were signed out meanwhile" in response.text
    assert not ImportBatch.objects.exists()


# --- the report, and corrections on the spot


@pytest.fixture
def batch(harbour, alice):
    first = factories.document(harbour, "The port was here before.", title="The first")
    assert first.pk
    files = [
        upload("wire.txt", WIRE),
        upload("page.html", PAGE),
        upload("again.txt", b"The port was here before."),
        upload("nul.txt", b"\0"),
    ]
    return import_files(harbour, alice, files)


def values(response):
    """What the forms of the page hold, as a browser would post them."""
    rows = response.context["rows"]
    return {
        form.add_prefix(name): form[name].value() or "" for _, form in rows for name in form.fields
    }


def test_the_report_says_what_became_of_each_file(client, alice, batch):
    client.force_login(alice)

    page = client.get(batch.get_absolute_url()).content.decode()

    assert "2 documents imported" in page
    assert "wire.txt" in page
    assert "Line 1 holds a NUL byte" in page
    first = Document.objects.get(title="The first")
    assert f'<a href="{first.get_absolute_url()}" dir="auto">The first</a>' in page


def test_corrections_are_saved_at_once(client, alice, batch):
    client.force_login(alice)
    address = batch.get_absolute_url()
    form = values(client.get(address))
    wire, page = batch.files.filter(outcome="imported").order_by("pk")
    form |= {f"d{wire.pk}-title": "A better title", f"d{page.pk}-published_on": "2024-02-09"}
    form |= {f"d{page.pk}-url": "https://lantern.example/mud", f"d{page.pk}-language": "pt-BR"}

    response = client.post(address, form, follow=True)

    wire, page = batch.documents.order_by("pk")
    assert "Saved 2 documents." in response.content.decode()
    assert (wire.title, wire.byline, wire.publisher) == ("A better title", "Ana Ruiz", "Agency")
    assert (str(page.published_on), page.url) == ("2024-02-09", "https://lantern.example/mud")
    assert page.language == "pt-BR"
    assert page.text == "The mud belongs to all of us, says the minister."


def test_a_wrong_correction_saves_none_of_them(client, alice, batch):
    client.force_login(alice)
    address = batch.get_absolute_url()
    form = values(client.get(address))
    wire, page = batch.files.filter(outcome="imported").order_by("pk")
    form |= {f"d{wire.pk}-title": "A better title", f"d{page.pk}-title": ""}

    response = client.post(address, form)

    assert response.status_code == 422
    assert b"This field is required." in response.content
    assert b"A better title" in response.content
    assert batch.documents.get(reader="plain").title == "Port to charge levy"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "javascript:alert(1)"),
        ("url", "ftp://a.example"),
        ("language", "English please"),
        ("published_on", "2024-02-31"),
        ("title", "x" * 501),
    ],
)
def test_what_makes_no_sense_is_refused(client, alice, batch, field, value):
    client.force_login(alice)
    address = batch.get_absolute_url()
    wire = batch.files.filter(outcome="imported").earliest("pk")

    response = client.post(address, values(client.get(address)) | {f"d{wire.pk}-{field}": value})

    assert response.status_code == 422
    assert b'class="proof-errors"' in response.content


def test_a_document_that_was_not_on_the_page_stays_as_it_is(client, alice, batch):
    client.force_login(alice)
    wire = batch.files.filter(outcome="imported").earliest("pk")
    form = values(client.get(batch.get_absolute_url()))
    only_wire = {name: value for name, value in form.items() if name.startswith(f"d{wire.pk}-")}

    client.post(batch.get_absolute_url(), only_wire | {f"d{wire.pk}-byline": "Tom Vance"})

    assert batch.documents.get(reader="plain").byline == "Tom Vance"
    assert batch.documents.get(reader="html").title == "The mud"


def test_a_report_belongs_to_its_collection(client, alice, batch):
    other = factories.collection("Other", owner=alice)
    client.force_login(alice)

    assert client.get(reverse("corpus:batch", args=[other.slug, batch.pk])).status_code == 404


def test_the_report_outlives_its_documents(client, alice, batch):
    Document.objects.all().delete()
    client.force_login(alice)

    page = client.get(batch.get_absolute_url()).content.decode()

    assert "Nothing was imported" in page
    assert "a document that is gone now" in page


def test_the_report_asks_no_more_of_the_database_for_more_files(
    client, alice, harbour, django_assert_max_num_queries
):
    files = [upload(f"{number}.txt", b"Ship number %d pays." % number) for number in range(60)]
    files += [
        upload(f"{number}-again.txt", b"Ship number %d pays." % number) for number in range(60)
    ]
    batch = import_files(harbour, alice, files)
    client.force_login(alice)

    with django_assert_max_num_queries(13):
        response = client.get(batch.get_absolute_url())

    assert response.context["page"].has_next()


def test_the_three_real_files_go_in(seeds, client, alice, harbour, address):
    client.force_login(alice)
    files = [posted(path.name, path.read_bytes()) for path in sorted(seeds.glob("*.txt"))]

    response = client.post(address, {"uploads": files}, follow=True)

    assert "3 documents imported" in response.content.decode()
    assert not {"Bloomberg", "Global Research"} & set(
        Document.objects.values_list("title", flat=True)
    )


def test_a_pasted_text_is_read_once(client, harbour, alice, monkeypatch):
    client.force_login(alice)
    counted = []

    def reading(text, *, name):
        counted.append(name)
        return read_pasted(text, name=name)

    monkeypatch.setattr("corpus.imports.storing.read_pasted", reading)
    client.post(
        reverse("corpus:import_documents", args=[harbour.slug]),
        {"text": "The port is closed.", "title": "A storm"},
    )

    assert counted == ["Pasted text"]
    assert Document.objects.get().title == "A storm"
