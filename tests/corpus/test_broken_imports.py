"""No file, and no failure on the way, takes other files down with it."""

import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DataError, OperationalError
from django.urls import reverse

from corpus.imports import ReadingError, read, readers
from corpus.imports import storing as storing_module
from corpus.imports.markup import parsable
from corpus.imports.reading import Reader, never
from corpus.imports.storing import ImportBroken, Pasted, Upload, import_files
from corpus.models import Document, DocumentQuerySet, ImportBatch, ImportedFile
from tests.mutants import FORMATS, mutants

GOOD = b"The ferry to Varn stops in May. Nobody was told."


def upload(name, data):
    return Upload(name, len(data), lambda: data)


def outcomes(batch):
    return [(file.name, file.outcome) for file in batch.files.order_by("pk")]


# --- what no parser may see

CONTROLS = [chr(code) for code in (*range(1, 9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, 0x1FFFF)]


AROUND = [
    "<p>One</p><footer>f</footer>{} two three",
    "<p>One</p><script>x</script>{}<p>Two</p>",
    "<p title='{}'>One <svg></svg>{} two</p>",
    "<title>{}One</title><p>One two</p>",
]


@pytest.mark.parametrize("written", ["{}", "&#{n};", "&#x{n:x};", "&#000{n}"])
@pytest.mark.parametrize("around", AROUND)
def test_what_xml_cannot_hold_never_reaches_the_parser(written, around):
    for character in CONTROLS:
        page = around.replace("{}", written.format(character, n=ord(character)))

        text = read((page + "<p>Words after it.</p>" * 3).encode(), name="a.html").text

        assert character not in text
        assert text.startswith("One")


@pytest.mark.parametrize(
    "raw", ["a\ud800b", "a\x00b", "a&#xD800;b", "a&#0;b", "a\ufdd0b", "a\x08b"]
)
def test_parsable_markup_has_neither_halves_nor_noncharacters(raw):
    assert parsable(raw) == "ab"


def test_a_windows_reference_is_what_browsers_show():
    assert read(b"<p>&#147;No,&#148; he said.</p>", name="a.html").text == "“No,” he said."


def test_a_reference_of_five_thousand_digits_is_no_number():
    assert read(b"<p>One &#" + b"9" * 5000 + b"; two</p>", name="a.html").text.startswith("One")


NAMES = [
    "data-region",
    "data-block",
    "data-copytaster",
    "data-junk",
    "region",
    "class",
    "id",
    "role",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["main", "europe", "0", "-1", "9" * 5000, ""])
def test_no_attribute_of_a_page_is_taken_for_a_marker_of_ours(name, value):
    page = (
        f"<div {name}='{value}'><article {name}='{value}'><h1>Ferry to stop</h1>"
        "<p>The ferry to Varn stops in May, and nobody on the island was told of it.</p></article></div>"
    )

    document = read(page.encode(), name="a.html")

    assert document.about.title == "Ferry to stop"
    assert document.text.endswith("nobody on the island was told of it.")


def test_markup_in_markdown_is_as_safe():
    raw = b"<div><script>x</script>&#8; The ferry\x08 stops</div>\n\nIn May."

    assert read(raw, name="a.md").text.split("\n\n")[1] == "In May."


# --- a reader that fails


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("All strings must be XML compatible"), "cannot follow"),
        (RecursionError("maximum recursion depth exceeded"), "nested too deeply"),
        (MemoryError(), "more memory"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "cannot follow"),
        (AssertionError(), "cannot follow"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (OSError("odd"), "no reason was given"),
    ],
)
def test_whatever_a_reader_raises_is_the_result_of_that_file(harbour, alice, monkeypatch, caplog, error, words):  # fmt: skip
    def broken(stream):
        raise error

    bad = Reader("bad", "Bad", (".bad",), never, broken)
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, bad))
    files = [upload("a.txt", GOOD), upload("b.bad", b"x"), upload("c.txt", b"Another text.")]

    batch = import_files(harbour, alice, files)

    assert outcomes(batch) == [("a.txt", "imported"), ("b.bad", "failed"), ("c.txt", "imported")]
    reason = batch.files.get(name="b.bad").reason
    assert words in reason
    assert "Traceback" not in reason
    assert "XML compatible" not in reason


def test_whatever_the_sentence_splitter_raises_is_the_result_of_that_file(harbour, alice, monkeypatch):  # fmt: skip
    def broken(text):
        if "Varn" in text:
            raise IndexError("list index out of range")
        return [(0, len(text))]

    monkeypatch.setattr("corpus.text.sentences", broken)

    batch = import_files(harbour, alice, [upload("a.txt", GOOD), upload("b.txt", b"Another.")])

    assert outcomes(batch) == [("a.txt", "failed"), ("b.txt", "imported")]


def test_what_the_database_cannot_hold_is_the_result_of_that_file(harbour, alice, monkeypatch):
    save = Document.save

    def refusing(self, *args, **kwargs):
        if "Varn" in self.text:
            raise DataError("value too long")
        return save(self, *args, **kwargs)

    def refusing_any(self, rows, **kwargs):
        raise DataError("value too long")

    monkeypatch.setattr(Document, "save", refusing)
    # Documents are stored together, and one by one where that fails.
    monkeypatch.setattr(DocumentQuerySet, "bulk_create", refusing_any)

    batch = import_files(harbour, alice, [upload("a.txt", GOOD), upload("b.txt", b"Another.")])

    assert outcomes(batch) == [("a.txt", "failed"), ("b.txt", "imported")]
    assert "value too long" not in batch.files.get(name="a.txt").reason


# --- an import that breaks off


@pytest.fixture
def breaking(monkeypatch):
    """The database fails at the second portion that is stored, until it is mended."""
    monkeypatch.setattr(storing_module, "_FILES_AT_ONCE", 2)
    store, count = DocumentQuerySet.bulk_create, []

    def failing(self, rows, **kwargs):
        count.append(rows)
        if len(count) == 2:
            raise OperationalError("disk I/O error")
        return store(self, rows, **kwargs)

    monkeypatch.setattr(DocumentQuerySet, "bulk_create", failing)


FIVE = [(f"{name}.txt", f"The ferry {name} stops in May.".encode()) for name in "abcde"]


def test_an_import_that_breaks_off_says_how_far_it_came_and_is_finished(harbour, alice, breaking):
    with pytest.raises(ImportBroken, match="after 2 of 5 files") as broken:
        import_files(harbour, alice, [upload(*file) for file in FIVE])
    batch = broken.value.batch
    assert [outcome for _, outcome in outcomes(batch)] == ["imported"] * 2 + ["waiting"] * 3

    import_files(harbour, alice, [upload(*file) for file in FIVE], finishing=batch)

    assert outcomes(batch) == [(name, "imported") for name, _ in FIVE]
    assert ImportBatch.objects.count() == 1
    assert batch.documents.count() == 5


def test_the_page_says_that_files_wait_and_takes_them(client, harbour, alice, breaking):
    client.force_login(alice)
    address = reverse("corpus:import_documents", args=[harbour.slug])
    files = [SimpleUploadedFile(*file) for file in FIVE]

    page = client.post(address, {"uploads": files}, follow=True).content.decode()

    batch = ImportBatch.objects.get()
    assert "2 documents imported" in page
    assert "3 files are still waiting" in page
    assert f"?finishes={batch.pk}" in page
    rest = [SimpleUploadedFile(*file) for file in FIVE[2:]]
    assert b"Finish an import" in client.get(f"{address}?finishes={batch.pk}").content
    page = client.post(f"{address}?finishes={batch.pk}", {"uploads": rest}, follow=True)
    assert b"5 documents imported" in page.content
    assert b"still waiting" not in page.content


def test_an_import_of_another_collection_is_not_finished_here(client, harbour, alice, stranger):
    other = ImportBatch.objects.create(collection=harbour)
    client.force_login(stranger)

    address = reverse("corpus:import_documents", args=[harbour.slug])
    assert client.get(f"{address}?finishes={other.pk}").status_code == 404
    client.force_login(alice)
    assert client.get(f"{address}?finishes={other.pk + 1}").status_code == 404
    assert client.get(f"{address}?finishes={'9' * 5000}").status_code == 404
    assert client.get(f"{address}?finishes=x").status_code == 404


def test_the_command_says_how_to_finish(harbour, breaking, tmp_path):
    for name, data in FIVE:
        (tmp_path / name).write_bytes(data)

    with pytest.raises(CommandError, match=r"after 2 of 5 files.*--finish") as broken:
        call_command("import_documents", str(tmp_path), collection="harbour")
    assert "disk I/O" not in str(broken.value)
    batch = ImportBatch.objects.get()
    call_command("import_documents", str(tmp_path), collection="harbour", finish=batch.pk)

    assert {file.outcome for file in batch.files.all()} == {"imported"}


def test_two_who_finish_one_import_store_each_file_once(harbour, alice):
    batch = ImportBatch.objects.create(collection=harbour)
    file = ImportedFile.objects.create(batch=batch, name="a.txt", outcome="waiting")

    def meanwhile():
        ImportedFile.objects.filter(pk=file.pk).update(outcome="failed", reason="by the other")
        return GOOD

    import_files(harbour, alice, [Upload("a.txt", 9, meanwhile)], finishing=batch)

    assert outcomes(batch) == [("a.txt", "failed")]
    assert not batch.documents.exists()


def test_an_import_of_nothing_leaves_no_batch(harbour, alice):
    with pytest.raises(ValueError, match="needs a file"):
        import_files(harbour, alice, [])

    assert not ImportBatch.objects.exists()


def test_one_file_twice_in_an_import_is_said_twice(harbour, alice):
    batch = import_files(harbour, alice, [upload("a.txt", GOOD), upload("a.txt", GOOD)])

    assert outcomes(batch) == [("a.txt", "imported"), ("a.txt", "duplicate")]


# --- mutated files


def test_some_mutated_files_are_read_or_refused_in_words():
    for name, data in mutants(random.Random(1), 60):
        try:
            reason = "" if read(data, name=name).about.title else "no title"
        except ReadingError as error:
            reason = error.reason
        assert "cannot follow" not in reason, (name, data[:200])
        assert reason != "no title"


def test_mutated_files_leave_nothing_half_stored(harbour, alice):
    files = [upload(name, data) for name, data in mutants(random.Random(2), 40)]

    batch = import_files(harbour, alice, files)

    _whole(batch, 40)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_three_thousand_mutated_files_are_imported_or_refused_in_words(harbour, alice, seed):
    files = [upload(name, data) for name, data in mutants(random.Random(100 + seed), 300)]

    batch = import_files(harbour, alice, [*files, Pasted(GOOD.decode())])

    _whole(batch, 301)


def _whole(batch, number):
    """Every file has its result, and every document is whole."""
    files = list(batch.files.select_related("document"))
    assert len(files) >= number  # a file may hold several articles
    for file in files:
        assert file.outcome != "waiting"
        assert "cannot follow" not in file.reason
        assert bool(file.reason) or file.outcome == "imported"
        assert (file.document is None) == (file.outcome == "failed")
    imported = [file.document for file in files if file.outcome == "imported"]
    assert batch.documents.count() == len(imported)
    for document in imported:
        assert document.text
        assert document.title
        assert all(document.text[start:end].strip() for start, end in document.sentences)


def test_the_mutants_are_of_every_format():
    assert {name.rpartition(".")[2] for name in FORMATS} >= {e.lstrip(".") for e in readers.ENDINGS}
