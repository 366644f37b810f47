import contextlib
import json
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.imports import MAX_BYTES, ReadingError, read, read_pasted
from corpus.imports.reading import Metadata, decode, one_line
from corpus.text import TextError, canonical

FRENCH = "Le café de l’été : « à bientôt », dit le ministre."
POLISH = "Port będzie pobierał opłatę od każdego statku, zażółć gęślą jaźń, powiedział minister."
RUSSIAN = "Порт будет взимать сбор с каждого судна, сказал министр во вторник."


def text_of(name, content):
    return read(content if isinstance(content, bytes) else content.encode(), name=name).text


# --- encodings


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "utf-8-sig"),
        (FRENCH, "utf-16"),
        (FRENCH, "utf-16-le"),
        (FRENCH, "utf-16-be"),
        (FRENCH, "utf-32"),
        (FRENCH, "cp1252"),
        ("Café", "cp1252"),
        ("The minister said “no” – and left.", "cp1252"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
    ],
)
def test_the_words_come_through_in_any_encoding(text, encoding):
    assert text_of("a.txt", text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_encoding_that_is_certain_needs_no_note(encoding):
    assert read(FRENCH.encode(encoding), name="a.txt").note == ""


def test_an_encoding_that_was_guessed_is_said_to_be():
    assert "cp1252" in read(FRENCH.encode("cp1252"), name="a.txt").note


def test_a_page_declares_its_encoding():
    page = f"<meta charset=windows-1251><p>{RUSSIAN}</p>".encode("cp1251")

    document = read(page, name="a.html")

    assert document.text == RUSSIAN
    assert document.note == ""


def test_a_page_that_declares_latin_1_means_what_browsers_read():
    page = "<meta charset='iso-8859-1'><p>“Non”, dit-il.</p>".encode("cp1252")

    assert text_of("a.html", page) == "“Non”, dit-il."


@pytest.mark.parametrize(
    ("data", "shown", "named"),
    [
        (f"{FRENCH}\n{FRENCH}\n".encode() + b"caf\xe9 noir", "café noir", "line 3 (byte 0xe9, read as é)"),
        (f"{FRENCH}\n".encode() * 2 + b"Stra\xdfe 4", "Straße 4", "line 3 (byte 0xdf, read as ß)"),
        ((FRENCH * 9).encode() + b"\xe2\x80", "\ufffd", "line 1 (byte 0xe2, read as \ufffd)"),
        (f"{FRENCH}\na\xe9\n\n".encode().replace(b"\xc3\xa9\n", b"\x81\n") + FRENCH.encode(), "a\ufffd", "line 2"),
        (b"\n".join([f"{FRENCH} {FRENCH}".encode() + b" caf\xe9"] * 5), "café", "and 2 more lines"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_some_broken_bytes_are_mended_and_the_note_names_their_lines(name, data, shown, named):
    document = read(data, name=name)

    assert shown in document.text
    assert named in document.note


JAPANESE = (
    "港は六月三日に閉鎖される。市長はこの計画を間違いだと述べた。毎週四百人の島民が利用している。"
)


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8", "utf-16"])
def test_a_text_without_spaces_is_called_after_its_first_sentence(encoding):
    document = read(JAPANESE.encode(encoding), name="27.txt")

    assert document.text == JAPANESE
    assert document.about.title == "港は六月三日に閉鎖される"


# --- what is refused


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        ("a.txt", b"", None, "empty"),
        ("a.txt", b" \n\t\n", None, "empty"),
        ("a.txt", "\ufeff".encode(), None, "no text"),
        ("a.txt", b"one\ntwo\0three", 2, "NUL"),
        ("a.md", b"---\ntitle: x\n---\n\none \0 two", 5, "NUL"),
        ("a.html", b"<p>one</p>\n<p>\0</p>", 2, "NUL"),
        ("a.txt", b"%PDF-1.7 ...", None, "PDF"),
        ("a.txt", b"PK\x03\x04 ...", None, "ZIP"),
        ("a.txt", b"{\\rtf1 Hello}", None, "rich text"),
        ("a.txt", b"\x89PNG\r\n", None, "picture"),
        ("a.txt", b"\x01\x02\x03\x04\x05abc", None, "control character"),
        ("a.txt", bytes(range(128, 256)) * 4, 1, "encoding"),
        ("a.txt", b"\xff\xfea", 1, "UTF-16"),
        ("a.pages", b"anything", None, ".pages"),
        ("a.html", b"<html><script>x</script></html>", None, "scripts"),
        ("a.html", b"<!doctype html>", None, "no text"),
        ("a.html", b"<div>" * 5000 + b"words", 1, "2,000 deep"),
        ("a.md", b"[a]: https://b.example", None, "no text"),
        ("a.md", b"---\ntitle: Only a title\n---\n", None, "no text"),
    ],
)
def test_what_is_no_document_is_refused_in_words(name, content, line, reason):
    with pytest.raises(ReadingError) as refusal:
        read(content, name=name)

    assert refusal.value.file == name
    assert refusal.value.line == line
    assert reason in refusal.value.reason
    assert str(refusal.value) == f"{name}: {refusal.value.reason}"
    assert line is None or f"Line {line} " in refusal.value.reason


def test_fifty_megabytes_are_refused_at_once():
    data = b"x" * 50_000_000

    started = time.process_time()
    with pytest.raises(ReadingError, match=r"48 MB\. A document may have 10 MB"):
        read(data, name="a.txt")

    assert time.process_time() - started < 0.5


def test_a_file_of_the_largest_size_is_read():
    data = b"word " * (MAX_BYTES // 5)

    text, _ = decode(data)

    assert len(text) == len(data)


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a"]))
def test_no_bytes_do_worse_than_being_refused(data, name):
    try:
        document = read(data, name=name)
    except ReadingError:
        return

    assert document.text == canonical(document.text)
    assert document.about.title


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_kept_or_refused(text):
    try:
        document = read_pasted(text, name="Pasted text")
    except ReadingError:
        return

    assert document.reader == "pasted"
    assert document.text == canonical(document.text)


def test_a_document_without_a_headline_is_called_after_its_file():
    assert read(b"levy", name="news/the_harbour-levy.txt").about.title == "the harbour levy"
    assert read(b"***", name="news/the_harbour-levy.txt").about.title == "the harbour levy"


# --- plain text


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("“[the port](#) closes”", "“the port closes”"),
        ("see [the memo](https://a.example/x_(y)).", "see the memo."),
        ('a [b](/c "d") e', "a b e"),
        ("[@harbour](mailto:a@b.example)", "@harbour"),
        ("![Ships](a.png)", "![Ships](a.png)"),
        ("![Ships](/a.png) at dawn", "Ships at dawn"),
        ("[![Ships](/a.png)](https://a.example) at dawn", "Ships at dawn"),
        ("[the [old] port](#x)", "the [old] port"),
        ("f[i](x) and he [sic](his words)", "f[i](x) and he [sic](his words)"),
        ("[1] and (2)", "[1] and (2)"),
    ],
)
def test_markdown_links_in_plain_text_leave_their_words(raw, kept):
    assert text_of("a.txt", raw) == kept


def test_a_page_saved_as_text_is_read_as_a_page():
    document = read(b"<!DOCTYPE html><p>The port is closed.</p>", name="a.txt")

    assert (document.reader, document.text) == ("html", "The port is closed.")


# --- Markdown

MARKDOWN = """\
---
title: "The mud"
author: Ana Ruiz
date: 2021-08-13
url: https://lantern.example/mud
lang: en
tags: [a, b]
---
# The *mud* of [the port](https://lantern.example)

The minister said “[the levy](#) is
off”. It is `new`, <b>bold</b> and \\*starred\\*.

![Ships at dawn](ships.png)

> Nobody asked us.

- Boats pay nothing.
- Ships pay.

| Year | Tonnes |
|------|--------|
| 2023 | 21.4   |

<div class="x"><p>Words in a tag.</p><script>junk()</script></div>

Who was asked
-------------
"""


def test_markdown_keeps_the_words_and_drops_the_markup():
    assert text_of("a.md", MARKDOWN).split("\n\n") == [
        "The mud of the port",
        "The minister said “the levy is off”. It is new, bold and *starred*.",
        "Ships at dawn",
        "Nobody asked us.",
        "Boats pay nothing.",
        "Ships pay.",
        "Year | Tonnes",
        "2023 | 21.4",
        "Words in a tag.",
        "Who was asked",
    ]


def test_the_front_matter_is_metadata():
    assert read(MARKDOWN.encode(), name="a.md").about == Metadata(
        title="The mud",
        byline="Ana Ruiz",
        published_on=date(2021, 8, 13),
        url="https://lantern.example/mud",
        language="en",
    )


def test_the_first_heading_is_the_title():
    assert read(b"Sant Elm\n\n# The *mud*\n\nWords.", name="a.md").about.title == "The mud"


@pytest.mark.parametrize("unit", ["[", "[a](", "*a_ ", "> ", "![[", "a\n", "`", "<a "])
def test_no_markdown_is_slow(unit):
    raw = unit * (MAX_BYTES // 40 // len(unit))

    started = time.process_time()
    with contextlib.suppress(ReadingError):
        read(raw.encode(), name="a.md")

    assert time.process_time() - started < 10


# --- web pages

ARTICLE = """\
<!doctype html>
<html lang="en_GB">
<head>
<title>The mud belongs to all of us | The Lantern</title>
<meta property="og:title" content="The mud belongs to all of us &amp;amp; more">
<link rel="canonical" href="https://lantern.example/mud">
<style>p { color: red }</style>
<script type="application/ld+json">%s</script>
</head>
<body>
<div class="cookie-banner"><p>We use cookies to make this site better. Accept all of them.</p></div>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav></header>
<main><article>
<h1>The mud belongs to all of us</h1>
<p>A levy nobody was asked about will change the port for a generation.</p>
<div class="byline">By <a href="/o">Ottoline Braskar</a> <time>9 February</time></div>
<figure><img src="a.jpg"><figcaption>Ships at dawn. Photograph: Ana Ruiz</figcaption></figure>
<p>There is a sentence missing from the memo that the whole port is <em>talk</em>ing about. We know
what ships are to pay: <a href="/x">3.40 florins</a> for every tonne.</p>
<blockquote><p>“The port is losing 20 centimetres a year,” the ministry says.</p></blockquote>
<h2>Who was asked</h2>
<p>I will say what I think at the start: this levy is unfair. He said <q>we were not asked</q>.</p>
<ul><li>Fishing boats pay nothing.</li><li>Ships of 500 tonnes pay.</li></ul>
<aside class="related"><h3>Read more</h3><ul><li><a href="/1">The levy explained</a></li></ul></aside>
<p>The case for the levy fits on a napkin: whoever uses the harbour pays.<br>But who does?</p>
<table><tr><th>Year</th><th>Tonnes</th></tr><tr><td>2023</td><td>21.4</td></tr></table>
<p>Let the people who work on the water speak to a committee, in public, with a clerk.</p>
<div class="share"><a href="#">Share on Facebook</a></div>
<div class="newsletter"><p>Sign up for our daily newsletter and never miss a story.</p></div>
</article></main>
<footer><p>© 2024 The Lantern. All rights reserved.</p></footer>
<script>var junk = 1;</script>
</body></html>
"""
LINKED_DATA = {
    "@graph": [
        {"@type": "WebSite", "name": "The Lantern"},
        {
            "@type": ["NewsArticle"],
            "headline": "The mud belongs to all of us",
            "datePublished": "2024-02-09T23:30:00+05:00",
            "author": [{"name": "Ottoline Braskar"}, {"name": "Ana Ruiz"}],
            "publisher": {"@type": "Organization", "name": "The Lantern"},
        },
    ]
}
PAGE = ARTICLE % json.dumps(LINKED_DATA)


def test_a_page_keeps_its_article_and_nothing_around_it():
    assert text_of("a.html", PAGE).split("\n\n") == [
        "The mud belongs to all of us",
        "A levy nobody was asked about will change the port for a generation.",
        "Ships at dawn. Photograph: Ana Ruiz",
        (
            "There is a sentence missing from the memo that the whole port is talking about. "
            "We know what ships are to pay: 3.40 florins for every tonne."
        ),
        "“The port is losing 20 centimetres a year,” the ministry says.",
        "Who was asked",
        "I will say what I think at the start: this levy is unfair. He said “we were not asked”.",
        "Fishing boats pay nothing.",
        "Ships of 500 tonnes pay.",
        "The case for the levy fits on a napkin: whoever uses the harbour pays.\nBut who does?",
        "Year | Tonnes",
        "2023 | 21.4",
        "Let the people who work on the water speak to a committee, in public, with a clerk.",
    ]


def test_a_page_says_who_published_it_and_when():
    assert read(PAGE.encode(), name="a.html").about == Metadata(
        title="The mud belongs to all of us",
        byline="Ottoline Braskar, Ana Ruiz",
        publisher="The Lantern",
        published_on=date(2024, 2, 9),
        url="https://lantern.example/mud",
        language="en-GB",
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<meta property='og:title' content='A levy'>", {"title": "A levy"}),
        ("<title>A levy | Lantern</title>", {"title": "A levy"}),
        ("<title>A levy - Lantern</title><meta property=og:site_name content=Lantern>",
         {"title": "A levy", "publisher": "Lantern"}),
        ("<meta name=author content='By Ana Ruiz'>", {"byline": "Ana Ruiz"}),
        ("<meta property=article:published_time content='2024-02-09T10:00Z'>",
         {"published_on": date(2024, 2, 9)}),
        ("<meta name=date content='February 9, 2024'>", {"published_on": date(2024, 2, 9)}),
        ("<meta name=date content='soon'>", {"published_on": None}),
        ("<meta name=date content='2024-02-31'>", {"published_on": None}),
        ("<meta property=og:url content='https://a.example/b'>", {"url": "https://a.example/b"}),
        ("<link rel=canonical href='javascript:alert(1)'>", {"url": ""}),
        ("<meta property=og:locale content=pt_BR>", {"language": "pt-BR"}),
        ("<meta name=copyright content='Lantern Ltd'>", {"rights": "Lantern Ltd"}),
    ],
)  # fmt: skip
def test_metadata_of_a_page(head, expected):
    about = read(f"{head}<p>Words of the page.</p>".encode(), name="a.html").about

    assert {name: getattr(about, name) for name in expected} == expected


@pytest.mark.parametrize(
    "data",
    [
        "[" * 100_000,
        "{]",
        '{"@type": "NewsArticle", "headline": 5, "author": [[]], "publisher": {"name": {}}}',
        '{"@type": "NewsArticle", "headline": "a\\ud800\\u0000\\u202e", "datePublished": []}',
        "null",
    ],
)
def test_broken_linked_data_does_no_harm(data):
    document = read((ARTICLE % data).encode(), name="a.html")

    document.about.title.encode()
    assert document.about.published_on is None
    assert "napkin" in document.text


def test_a_page_that_looks_like_no_article_keeps_its_visible_text():
    items = "".join(f"<div><span>{number}</span> ships</div>" for number in range(9))
    page = f"<nav>Home</nav><main>{items}</main><footer>Imprint</footer>"

    text = text_of("a.html", page)

    assert text.split("\n\n") == [f"{number} ships" for number in range(9)]


def test_a_long_page_is_read_without_being_judged():
    paragraphs = "".join(f"<p>Ship {n} pays for every tonne it carries.</p>" for n in range(60_000))

    text = text_of("a.html", f"<nav><a href=/>Home</a></nav><article>{paragraphs}</article>")

    assert text.startswith("Ship 0 pays")
    assert text.endswith("Ship 59999 pays for every tonne it carries.")
    assert "Home" not in text


@pytest.mark.parametrize(
    "unit",
    ["<a href=x>w</a> ", "<tr><td>a", "a<br>", "<b>b</b>", "&amp;", "<", "<!--", "<h1>h</h1>"],
)
def test_no_page_is_slow(unit):
    raw = "<p>The port is closed.</p>" + unit * (100_000 // len(unit))

    started = time.process_time()
    read(raw.encode(), name="a.html")

    assert time.process_time() - started < 10


# --- metadata values


@pytest.mark.parametrize(
    ("value", "limit", "line"),
    [
        ("a\n b\t\u00a0c ", 9, "a b c"),
        ("a\0b\x1bc\u202ed\ud800", 9, "abcd"),
        ("the harbour levy", 12, "the harbour…"),
        ("theharbourlevy", 8, "theharb…"),
        ("👩\u200d👧", 9, "👩\u200d👧"),
    ],
)
def test_a_value_fits_on_one_line(value, limit, line):
    assert one_line(value, limit) == line


def test_decode_names_the_reason_without_a_file():
    with pytest.raises(TextError, match="empty"):
        decode(b"")


# --- the three real files


@pytest.mark.parametrize(
    ("start", "publisher", "byline", "published_on", "beginning", "notice"),
    [
        ("000", "Bloomberg", "", None, "Canada is seeking", ""),
        ("001", "Bloomberg", "", None, "Canada is looking", "2023"),
        ("004", "Global Research", "Yves Engler", date(2021, 8, 13), "Lima Group", "2021"),
    ],
)
def test_the_real_files_say_what_they_say(
    seeds, start, publisher, byline, published_on, beginning, notice
):
    path = next(seeds.glob(f"{start}*.txt"))

    about = read(path.read_bytes(), name=path.name).about

    assert about.title.startswith(beginning)
    assert 3 < len(about.title.split()) < 20
    assert (about.publisher, about.byline) == (publisher, byline)
    assert about.published_on == published_on
    assert about.language == "en"
    assert notice in about.rights


def test_no_link_address_of_the_real_files_is_text(seeds):
    for path in seeds.glob("*.txt"):
        assert "](" not in read(path.read_bytes(), name=path.name).text
