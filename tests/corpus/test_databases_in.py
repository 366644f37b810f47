"""Exports of news databases: every article of a file is a document, with what the file says of it."""

from pathlib import Path

import pytest
from django.db import IntegrityError

from corpus.imports import ReadingError, read_all
from corpus.imports.exported import count_words, language, number
from corpus.imports.storing import Upload, import_files
from tests import factories

from . import exports
from .exports import ARTICLES, expected, found, text_of

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "news-samples"
NAMES = ["a", "a.txt", "a.html", "a.xml", "a.docx", "a.dat"]
# Each format: what writes it, and the ids that it keeps.
FORMATS = {
    "Nexis, Word": (exports.nexis_docx, "nexis", [one.key for one in ARTICLES]),
    "Nexis, web page": (exports.nexis_html, "nexis", [""] * 3),
    "Factiva, indexed": (exports.factiva_indexed, "factiva", [exports.accession(one) for one in ARTICLES]),
    "Factiva, bare": (exports.factiva_bare, "factiva", [exports.accession(one) for one in ARTICLES]),
    "Factiva, XML": (exports.factiva_xml, "factiva", [exports.accession(one) for one in ARTICLES]),
    "ProQuest, text": (exports.proquest_text, "proquest", [one.key for one in ARTICLES]),
    "Europresse": (exports.europresse_new, "europresse", [exports.europresse_id(one) for one in ARTICLES]),
    "Europresse, old": (exports.europresse_old, "europresse", [exports.europresse_id(one) for one in ARTICLES]),
    "NewsML-G2": (exports.newsml_g2, "newsml-g2", [one.key for one in ARTICLES]),
    "NewsML 1.2": (exports.newsml_1, "newsml", [one.key for one in ARTICLES]),
    "ninjs 3": (exports.ninjs_3, "ninjs", [one.key for one in ARTICLES]),
    "news-please": (exports.news_please, "news-please", [f"https://skerry.example/{one.key}" for one in ARTICLES]),
    "JSON-LD": (exports.json_ld, "schema.org", [one.key for one in ARTICLES]),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", FORMATS)
def test_every_article_is_split_whatever_the_file_is_called(kind, name):
    write, provider, ids = FORMATS[kind]

    documents = read_all(write(), name=name)

    assert [found(document) for document in documents] == expected()
    assert [document.text for document in documents] == [text_of(one) for one in ARTICLES]
    assert {document.provenance.provider for document in documents} == {provider}
    assert [document.provenance.provider_id for document in documents] == ids
    assert {document.about.language for document in documents} == {"en"}


@pytest.mark.parametrize("kind", FORMATS)
def test_words_that_are_declared_are_those_that_are_read(kind):
    write, _, _ = FORMATS[kind]

    for document, one in zip(read_all(write(), name="a"), ARTICLES, strict=True):
        assert document.provenance.parsed_words == one.words
        assert document.provenance.declared_words in (one.words, None)
        assert "declares" not in document.note


@pytest.mark.parametrize("kind", FORMATS)
def test_a_broken_file_is_read_or_refused_in_words(kind):
    whole = FORMATS[kind][0]()

    for cut in (3, 5, 9):
        for data in (whole[: -len(whole) // cut], whole[len(whole) // cut :], whole[::cut]):
            assert "cannot follow" not in _outcome(data)


def _outcome(data):
    try:
        return " ".join(document.text for document in read_all(data, name="a.txt"))
    except ReadingError as refusal:
        return refusal.reason


@pytest.mark.parametrize("kind", FORMATS)
def test_an_import_names_each_article_and_a_second_one_adds_nothing(kind, harbour, alice):
    data = FORMATS[kind][0]()
    files = [Upload("export", len(data), lambda: data)]

    first, again = (import_files(harbour, alice, files) for _ in range(2))

    assert [file.document.title for file in first.files.order_by("pk")] == [
        one.title for one in ARTICLES
    ]
    assert {file.outcome for file in first.files.all()} == {"imported"}
    assert {file.outcome for file in again.files.all()} == {"duplicate"}
    assert again.files.count() == len(ARTICLES)


@pytest.mark.parametrize("together", [True, False])
def test_the_file_is_kept_where_its_first_articles_were_here_before(
    harbour, alice, monkeypatch, together
):
    data = exports.nexis_docx()
    for one in list(read_all(data, name="a.docx"))[:2]:
        factories.document(harbour, one.text)
    if not together:
        monkeypatch.setattr("corpus.imports.storing._store_together", _refused)

    batch = import_files(harbour, alice, [Upload("export", len(data), lambda: data)])

    assert [file.outcome for file in batch.files.order_by("pk")] == [
        "duplicate",
        "duplicate",
        "imported",
    ]
    assert bytes(batch.documents.get().original) == data


def _refused(*args, **kwargs):
    raise IntegrityError


# --- Nexis, Word


def test_a_word_export_says_where_its_articles_are_from():
    first, second, _ = read_all(exports.nexis_docx(), name="a.docx")

    assert first.provenance.section == "News; Pg. 3"
    assert first.provenance.edition == "First Edition"
    assert second.provenance.section == "Politics; Pg. 3"
    assert first.about.rights == "Copyright 2024 Skerry Media All Rights Reserved"


def test_a_word_export_needs_no_cover():
    documents = read_all(exports.nexis_docx(cover=False), name="a.docx")

    assert [found(document) for document in documents] == expected()


def test_another_word_document_is_refused_in_words():
    data = exports.archive({"word/document.xml": "<w:document xmlns:w='x'/>"})

    with pytest.raises(ReadingError, match="no export of Nexis"):
        read_all(data, name="a.docx")


def test_a_word_export_that_declares_entities_is_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'

    with pytest.raises(ReadingError, match="entities of its own"):
        read_all(exports.nexis_docx(markup=bomb), name="a.docx")


def test_a_word_export_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("corpus.imports.nexis_docx._MOST_UNPACKED", 5_000)

    with pytest.raises(ReadingError, match="unpacks to more"):
        read_all(exports.nexis_docx(), name="a.docx")


def test_words_that_are_missing_are_told():
    article = ARTICLES[0]

    class Longer(exports.Article):
        @property
        def words(self) -> int:
            return 400

    told = Longer(article.title, article.publisher, article.day, article.byline, article.paragraphs)
    (document,) = read_all(exports.nexis_docx([told]), name="a.docx")

    assert document.note == f"The export declares 400 words, {article.words} were read."
    assert document.provenance.declared_words == 400


# --- the others


def test_an_article_that_nexis_could_not_give_is_none():
    assert len(read_all(exports.nexis_html(missing=True), name="a.html")) == len(ARTICLES)


@pytest.mark.parametrize("write", [exports.factiva_indexed, exports.factiva_bare])
def test_a_page_of_factiva_says_section_page_and_words(write):
    _, second, _ = read_all(write(), name="a.html")

    assert (second.provenance.section, second.provenance.page) == ("Politics", "26")
    assert second.provenance.declared_words == ARTICLES[1].words
    assert "Skerry Media" in second.about.rights


@pytest.mark.parametrize(
    ("written", "day"),
    [("9 Januar 1993", "1993-01-09"), ("2018 年 10 月 7 日 17:04", "2018-10-07")],
)
def test_a_date_of_factiva_is_read_in_the_language_of_its_pages(written, day):
    page = exports.factiva_bare(ARTICLES[:1]).decode().replace("6 May 2024", written)

    (document,) = read_all(page.encode(), name="a.html")

    assert (str(document.about.published_on), document.about.publisher) == (day, "The Varn Herald")


def test_an_xml_export_that_declares_entities_is_refused():
    bomb = exports.factiva_xml().replace(
        b"<PPSResponse>", b'<!DOCTYPE a [<!ENTITY b "c">]><PPSResponse>'
    )

    with pytest.raises(ReadingError, match="entities of its own"):
        read_all(bomb, name="a.xml")


@pytest.mark.parametrize("write", [exports.europresse_new, exports.europresse_old])
def test_a_page_of_europresse_says_section_and_page(write):
    _, second, _ = read_all(write(), name="a.html")

    assert (second.provenance.section, second.provenance.page) == ("Politics", "16")


@pytest.mark.parametrize("write", [exports.nitf, exports.ninjs_1])
def test_a_single_item_of_an_agency_is_a_document(write):
    (document,) = read_all(write(), name="a")

    assert found(document) == expected()[0]
    assert document.text == text_of(ARTICLES[0])
    assert document.provenance.provider_id == ARTICLES[0].key


@pytest.mark.parametrize(
    "data",
    [b'{"headlines":[],"bodies":[]}', b'{"maintext": "a', b"<newsItem guid='x'/>", b"<nitf><body>"],
)
def test_an_item_without_a_text_is_refused_in_words(data):
    with pytest.raises(ReadingError, match=r"has a text|valid JSON|well-formed"):
        read_all(data, name="a.dat")


# --- what all share


@pytest.mark.parametrize(
    ("words", "count"),
    [("355 words", 355), ("1,204 words", 1204), ("1 204 mots", 1204), ("1.204 Wörter", 1204), ("no", None)],
)  # fmt: skip
def test_a_number_of_words_is_read_in_every_language(words, count):
    assert number(words) == count


@pytest.mark.parametrize(
    ("name", "tag"), [("ENGLISH", "en"), ("Deutsch; German", "de"), ("Français", "fr"), ("x", "")]
)
def test_a_language_is_known_by_its_name(name, tag):
    assert language(name) == tag


def test_words_are_counted_as_databases_count_them():
    assert count_words("The ferry – so they say – stops.") == 6
    assert count_words("港は閉鎖 today") == 5


# --- samples beside the project

COUNTS = {
    "nexis-sample.DOCX": 10,
    "nexis-old-sample.TXT": 10,
    "nexis-old-en.html": 2,
    "newsmlg2-LISTING_2_NewsML-G2_Text_Document.xml": 1,
    "nexis-old-fr.html": 3,
    "factiva-1.html": 2,
    "factiva-1.xml": 3,
    "europresse-new.html": 4,
    "europresse-old.html": 3,
}


@pytest.mark.parametrize("name", COUNTS)
def test_the_samples_beside_the_project_are_split(name):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("There is no ../shared/news-samples beside the project.")

    documents = read_all(path.read_bytes(), name=name)

    assert len(documents) == COUNTS[name]
    assert all(document.about.publisher and document.about.published_on for document in documents)
