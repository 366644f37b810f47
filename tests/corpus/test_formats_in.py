"""Files of many articles, saved pages, front matter, and what is refused with its name."""

import io
import time
from datetime import date

import pytest

from corpus.imports import ReadingError, databases, nexis_text, read, read_all
from corpus.imports.storing import Upload, import_files
from corpus.text import TextError

# --- the old text export of Nexis

ARTICLE = """

                               {number} of 3 DOCUMENTS



                                  The Varn Herald

                            May {day}, 2024 {weekday}

{title}

BYLINE: {byline}

SECTION: NEWS; Pg. 1

LENGTH: 31 words

The ferry to Varn will stop in May, the harbour office said on Monday, and
nobody on the island was told of it.

Article {number} ends here.

LOAD-DATE: May {day}, 2024

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper


                       Copyright 2024 The Varn Herald
                             All Rights Reserved

"""
COVER = "\ufeff\nDownload Request: Selected Items: 1-3\nTerms: (ferry)\n\n"
ARTICLES = [
    ARTICLE.format(number=1, day=6, weekday="Monday", title="Ferry to stop", byline="Una Vale"),
    ARTICLE.format(number=2, day=7, weekday="Tuesday", title="A headline that is so long that it\nhad to be wrapped", byline="Jon Reef; Political Editor"),
    ARTICLE.format(number=3, day=8, weekday="Wednesday", title="Money for boats", byline="UNA VALE and JON REEF"),
]  # fmt: skip
EXPORT = (COVER + "".join(ARTICLES)).replace("\n", "\r\n").encode()


def test_each_article_of_an_export_is_a_document():
    found = read_all(EXPORT, name="a.TXT")

    assert [(d.about.title, d.about.byline, str(d.about.published_on)) for d in found] == [
        ("Ferry to stop", "Una Vale", "2024-05-06"),
        ("A headline that is so long that it had to be wrapped", "Jon Reef", "2024-05-07"),
        ("Money for boats", "Una Vale, Jon Reef", "2024-05-08"),
    ]
    assert {d.about.publisher for d in found} == {"The Varn Herald"}
    assert found[2].text.split("\n\n") == [
        "Money for boats",
        "The ferry to Varn will stop in May, the harbour office said on Monday, and nobody on the island was told of it.",
        "Article 3 ends here.",
    ]
    assert {d.about.language for d in found} == {"en"}


def test_one_article_alone_is_told_by_its_head_and_tail():
    alone = ARTICLES[0].split("DOCUMENTS")[1]

    (found,) = read_all(alone.encode(), name="a.txt")

    assert (found.about.title, found.about.publisher) == ("Ferry to stop", "The Varn Herald")
    assert "LOAD-DATE" not in found.text
    assert "BYLINE" not in found.text


@pytest.mark.parametrize(
    ("line", "length", "byline"),
    [("Dokument {} von 3", "LÄNGE: 31 Wörter", "AUTOR: Una Vale"),
     ("Document {} de 3", "LONGUEUR: 31 mots", "AUTEUR: Una Vale")],
)  # fmt: skip
def test_labels_of_other_languages_are_known(line, length, byline):
    text = "".join(ARTICLES)
    for number in (1, 2, 3):
        text = text.replace(f"{number} of 3 DOCUMENTS", line.format(number))
    text = text.replace("LENGTH: 31 words", length).replace("BYLINE: Una Vale", byline)

    found = read_all(text.encode(), name="a.txt")

    assert len(found) == 3
    assert found[0].about.byline == "Una Vale"


def test_an_export_is_stored_whole_and_its_file_once(harbour, alice):
    files = [Upload("x.TXT", len(EXPORT), lambda: EXPORT), Upload("b.txt", 9, lambda: b"One. Two.")]

    batch = import_files(harbour, alice, files)

    rows = list(batch.files.order_by("pk"))
    assert sorted(row.name for row in rows) == ["b.txt", "x.TXT", "x.TXT", "x.TXT"]
    assert {row.outcome for row in rows} == {"imported"}
    assert "Article 2 of 3" in " ".join(row.reason for row in rows)
    documents = batch.documents.filter(original_name="x.TXT").order_by("pk")
    assert [bytes(document.original) for document in documents] == [EXPORT, b"", b""]


def test_an_export_with_a_broken_article_is_refused_whole(harbour, alice):
    broken = EXPORT.replace(b"The ferry to Varn will stop", b"\0", 1)

    batch = import_files(harbour, alice, [Upload("x.TXT", len(broken), lambda: broken)])

    assert [(row.outcome, row.line is not None) for row in batch.files.all()] == [("failed", True)]
    assert not batch.documents.exists()


def test_several_articles_are_no_side_of_a_comparison():
    with pytest.raises(ReadingError, match="3 articles"):
        read(EXPORT, name="a.TXT")


def test_a_report_that_talks_of_lengths_is_no_export():
    text = b"The port\n\nLENGTH: it has 31 berths.\n\nThe harbour is 1 of 3 documents of an age.\n"

    assert read(text, name="a.txt").text.startswith("The port")


# --- what is refused with its name


XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
REFUSED = {
    "ProQuest": ['<div><a name="DocID_MSTAR_1">x</a></div>'],
    "GoPress": ["1. Ferry to stop\n\nDe Varn, dinsdag 7 mei 2024, p. 13, 678w.\n\nText"],
    "GENIOS": ['"Varner Bote" vom 07.05.2024 Seite: 2\nRessort: Lokales\n\n\nTitel'],
    "Media Cloud": ["id,indexed_date,language,media_name,media_url,publish_date,title,url\n1,2,en,x,y,z,t,u"],
    "RIS": ["TY  - NEWS\nTI  - Ferry\nER  - \n"],
    "RSS": [f"{XML}<rss version='2.0'><channel/></rss>", "<feed xmlns='http://www.w3.org/2005/Atom'/>"],
    "NewsML": [f"{XML}<packageItem guid='x'/>", f"{XML}<!-- c -->\n<knowledgeItem/>"],
    "XML": [f"{XML}<records><record/></records>"],
    "WARC": ["WARC/1.0\r\nWARC-Type: response\r\n\r\n"],
    "subtitles": ["WEBVTT\n\n00:01.000 --> 00:04.000\nHi", "1\n00:00:01,000 --> 00:00:04,000\nHi"],
    "mail": ["MIME-Version: 1.0\nSubject: x\nContent-Type: text/plain\n\nHello"],
    "NewsAPI": ['{"status":"ok","articles":[{"title":"x"}]}'],
    "Bluesky": ['{"thread":{"post":{}}}'],
    "JSON": ['[{"a":1}]', '{"a": 1}'],
}  # fmt: skip


@pytest.mark.parametrize("ending", [".txt", ".html", "", ".json", ".docx", ".md"])
@pytest.mark.parametrize("name", REFUSED)
def test_the_export_of_a_database_is_refused_with_its_name(name, ending):
    for content in REFUSED[name]:
        data = content if isinstance(content, bytes) else content.encode()
        with pytest.raises(ReadingError, match="cannot be read yet") as refusal:
            read_all(data, name=f"a{ending}")
        assert name.split(" (")[0] in refusal.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "Factiva and ProQuest are databases. The article enArticle is a class.",
        "{The port} is closed.",
        "[1] The port is closed.",
        "TY - he said it twice, ER - and left.",
        "1. Ferry to stop\n\nThe ferry stops in May.",
        "From: the harbour office\n\nThe ferry stops.",
        "<p>A ferry</p>",
    ],
)
def test_what_only_mentions_a_database_is_read(text):
    assert read(text.encode(), name="a.txt").text


# --- pages saved as one file

PAGE = (
    "<!DOCTYPE html><html><head><title>Ferry to stop</title></head><body><article><h1>Ferry to stop</h1>"
    "<p>The café on the quay of Varn closes in May, its owner said, and the ferry with it.</p></article>"
)


def _mhtml(page, encoding, charset=""):
    import base64
    import quopri

    coded = base64.encodebytes(page) if encoding == "base64" else quopri.encodestring(page)
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://herald.example/ferry\r\n"
        "Subject: Ferry to stop\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--B1"\r\n\r\n\r\n'
        f"----B1\r\nContent-Type: text/html{charset}\r\nContent-Transfer-Encoding: {encoding}\r\n"
        "Content-Location: https://herald.example/ferry\r\n\r\n"
    )
    return head.encode() + coded + b"\r\n----B1--\r\n"


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.html", "a.txt"])
def test_a_saved_page_is_read_with_its_address(encoding, codec, name):
    document = read(_mhtml(PAGE.encode(codec), encoding, f'; charset="{codec}"'), name=name)

    assert document.about.title == "Ferry to stop"
    assert document.about.url == "https://herald.example/ferry"
    assert document.text.split("\n\n")[1].startswith("The café on the quay")


def test_a_saved_page_without_a_page_is_refused():
    data = _mhtml(b"x", "base64").replace(b"Content-Type: text/html", b"Content-Type: image/png")

    with pytest.raises(ReadingError, match="no web page"):
        read(data, name="a.mhtml")


# --- Markdown of writers' programs


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("title: >\n  Ferry to\n  stop", {"title": "Ferry to stop"}),
        ("title: |-\n  Ferry\n  to stop", {"title": "Ferry to stop"}),
        ("title: Ferry\n  to stop", {"title": "Ferry to stop"}),
        ("authors:\n  - Una Vale\n  - 'Jon Reef'", {"byline": "Una Vale, Jon Reef"}),
        ("authors:\n- Una Vale\n- Jon Reef", {"byline": "Una Vale, Jon Reef"}),
        ('author: [Una Vale, "Reef, Jon"]', {"byline": "Una Vale, Reef, Jon"}),
        ("author:\n  - name: Una Vale\n    url: https://a.example", {"byline": "Una Vale"}),
        ("date: 2024-05-06T10:00:00Z # first", {"published_on": date(2024, 5, 6)}),
        ("datum: x\ndate: 6. Mai 2024", {"published_on": date(2024, 5, 6)}),
        ("publisher: 'The Herald'\ntags: [a, b]\nurl: https://a.example/x", {"publisher": "The Herald", "url": "https://a.example/x"}),
        ("title: &anchor x", {"title": "The ferry stops"}),
    ],
)  # fmt: skip
def test_a_front_matter_may_hold_lists_and_folded_words(front, expected):
    about = read(f"---\n{front}\n---\n\nThe ferry stops.\n".encode(), name="a.md").about

    assert {name: getattr(about, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("The ferry stops.[^1]\n\n[^1]: A note.", "The ferry stops.\n\nA note."),
        ("See [[Sea wall]] and [[a/b|the budget]].", "See Sea wall and the budget."),
        ("It is ==marked words== here.", "It is marked words here."),
        ("If a == b and c == d, then.", "If a == b and c == d, then."),
        ("An ![[image.png]] of it.", "An image.png of it."),
    ],
)
def test_signs_of_writers_programs_are_no_text(raw, kept):
    assert read(raw.encode(), name="a.md").text == kept


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        (b"", b"<!-- a -->"),
        (b"<?xml?>", b"<!-- a -->"),
        (b"", b"<!a>"),
        (b"", b"_" * 60 + b"\n"),
        (b"", b"ProQuest document ID:\n"),
        (b"TY  - ", b"a"),
    ],
)
def test_no_file_decides_how_long_it_is_looked_at(head, unit):
    data = head + unit * (190_000 // len(unit))

    started = time.process_time()
    databases.refusal(data)

    assert time.process_time() - started < 0.5


def test_an_export_of_too_many_articles_is_refused_with_their_number(monkeypatch):
    monkeypatch.setattr("corpus.imports.exported.MOST_ARTICLES", 2)
    data = "".join(f"{n} of 3 DOCUMENTS\n\nAha.\n\n" for n in range(3)).encode()

    with pytest.raises(TextError, match="holds 3 articles, the most are 2"):
        list(nexis_text.read(io.BytesIO(data)))
