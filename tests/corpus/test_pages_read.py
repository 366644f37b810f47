"""What is read in whole pages: the article and nothing else, its title, authors and day."""

from datetime import date

import pytest

from corpus.imports import read
from corpus.imports.names import people
from tests.corpus.pages import EN, PAGES


@pytest.fixture(scope="module")
def found():
    return {name: read(page.html.encode(), name="a.html") for name, page in PAGES.items()}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_its_title_authors_and_day(found, name):
    about, page = found[name].about, PAGES[name]

    said = (about.title, about.byline, str(about.published_on or ""))
    assert said == (page.title, page.byline, page.date)
    assert page.note in found[name].note
    assert bool(page.note) == bool(found[name].note)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_gives_its_article_and_hardly_anything_else(found, name):
    page = PAGES[name]

    parts = [part for part in found[name].text.replace("\n", "\n\n").split("\n\n") if part]
    rest = [part for part in parts if part not in (*page.text, page.title)]
    assert [part for part in parts if part in page.text] == list(page.text)
    assert parts.count(page.title) <= 1
    assert all(len(part) < 60 for part in rest), rest  # a byline, a date
    assert len(rest) <= 2, rest


def about(head="", body="", lang="en"):
    text = "".join(f"<p>{line}</p>" for line in EN)
    page = f"<html lang={lang}><head><title>Ferry to stop</title>{head}</head><body><article><h1>Ferry to stop</h1>{body}{text}</article></body></html>"
    return read(page.encode(), name="a.html").about


@pytest.mark.parametrize(
    "head",
    [
        f"<meta {kind}='{name}' content='{value}'>"
        for kind, name in [
            ("name", "pubdate"), ("name", "publish-date"), ("name", "DC.date.issued"), ("name", "dcterms.created"),
            ("property", "article:published_time"), ("property", "og:published_time"), ("itemprop", "datePublished"),
            ("name", "parsely-pub-date"), ("name", "sailthru.date"), ("name", "citation_publication_date"), ("name", "date"),
            ("name", "publication_date"), ("name", "article_date_original"),
        ]
        for value in ["2024-05-06T23:30:00-05:00", "20240506", "Mon, 06 May 2024 10:00:00 GMT", "6. Mai 2024", "1715000000", "2024/05/06"]
    ],
)  # fmt: skip
def test_the_day_may_be_declared_in_many_ways(head):
    assert about(head).published_on == date(2024, 5, 6)


@pytest.mark.parametrize(
    "head",
    [
        "<meta name='last-modified' content='2024-05-06'>",
        "<meta property='article:modified_time' content='2024-05-06'>",
        "<meta property='article:expiration_time' content='2030-05-06'>",
        "<meta name='date' content='2124-05-06'>",
        "<meta name='date' content='1970-01-01T00:00:00Z'>",
        "<meta name='dc.creator' content='2024-05-06'>",
        "<meta name='copyright' content='2024-05-06'>",
    ],
)
def test_what_is_not_the_day_of_publication_is_not_taken_for_it(head):
    assert about(head).published_on is None


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("de", "6. Mai 2024, 10:15 Uhr"), ("de", "Veröffentlicht am 06.05.2024"), ("fr", "Publié le 6 mai 2024"), ("es", "6 de mayo de 2024"),
        ("it", "6 maggio 2024"), ("pt", "6 de maio de 2024"), ("nl", "6 mei 2024 om 10:00"), ("pl", "6 maja 2024"), ("cs", "6. května 2024"),
        ("sv", "6 maj 2024"), ("da", "6. maj 2024"), ("no", "6. mai 2024"), ("fi", "6. toukokuuta 2024"), ("tr", "6 Mayıs 2024"), ("ru", "6 мая 2024"),
        ("uk", "6 травня 2024"), ("ja", "2024年5月6日"), ("ko", "2024년 5월 6일"), ("fr", "06/05/2024"), ("en-US", "05/06/2024"), ("en-GB", "06/05/2024"),
        ("en", "Published May 6, 2024 | Updated May 9, 2024"), ("en", "Mon 6 May 2024 10.00 BST"), ("el", "6 Μαΐου 2024"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("tag", ["p", "span", "div class=meta"])
def test_the_day_may_stand_in_a_line_under_the_headline(lang, line, tag):
    assert about(body=f"<{tag}>{line}</{tag.split()[0]}>", lang=lang).published_on == date(
        2024, 5, 6
    )


@pytest.mark.parametrize(
    "body",
    [
        "<div class=related><time datetime=2023-01-01>1 Jan</time></div>",
        "<aside><span class=date>1 January 2023</span></aside>",
        "<p>It sank on 4 May 1935.</p>",
        "<figure><figcaption>The quay on 6 May 2024. Photo: Una Vale</figcaption></figure>",
        f"<p>{EN[0]} It was <a href=/x>6 May 2024</a> when {EN[1]}</p>",
    ],
)
def test_a_day_of_something_else_is_not_the_day_of_publication(body):
    assert about(body=body).published_on is None


def test_an_address_gives_the_day_where_nothing_else_does():
    head = "<link rel=canonical href='https://v.example/2024/05/06/ferry'>"

    assert about(head).published_on == date(2024, 5, 6)
    assert about(head, "<p>7 May 2024</p>").published_on == date(2024, 5, 7)


@pytest.mark.parametrize(
    ("head", "body", "byline"),
    [
        ("<meta name=author content='Una Vale'><meta name=author content='Jon Reef'>", "", "Una Vale, Jon Reef"),
        ("<meta name=author content='Una Vale, Jon Reef'>", "", "Una Vale, Jon Reef"),
        ("<meta name=author content='admin'>", "<p class=byline>By Una Vale</p>", "Una Vale"),
        ("<meta property=og:site_name content='Varn Herald'><meta name=author content='Varn Herald'>", "<span class=author>Una Vale</span>", "Una Vale"),
        ("<meta property=article:author content='https://a.example/una'>", "<a rel=author href=/u>Una Vale</a>", "Una Vale"),
        ("", "<p>Von Una Vale und Jon Reef, Varn</p>", "Una Vale, Jon Reef"),
        ("", "<p>Di Una Vale e Jon Reef</p>", "Una Vale, Jon Reef"),
        ("", "<p>Por Una Vale y Jon Reef</p>", "Una Vale, Jon Reef"),
        ("", "<p>Door Una van der Vale</p>", "Una van der Vale"),
        ("", "<div class=c-byline><span>By</span> <a href=/author/u>UNA VALE</a> <span>Political editor</span></div>", "Una Vale"),
        ("", "<div class=trending><a rel=author>Pia Wolk</a></div>", ""),
        ("", "<div class=author>Staff</div>", ""),
        ("", "<p>By Monday the boat was gone</p>", ""),
        ("<script type=application/ld+json>{\"@type\":\"Article\",\"author\":\"Una Vale\"}</script>", "<p>By Jon Reef</p>", "Una Vale"),
        ("<script type=application/ld+json>{\"@type\":\"Article\",\"author\":{\"@type\":\"Organization\",\"name\":\"Petrel Wire\"}}</script>", "", "Petrel Wire"),
        ("<script type=application/ld+json>{\"@type\":\"Article\",\"author\":{\"@type\":\"Organization\",\"name\":\"Petrel Wire\"}}</script>", "<p>By Jon Reef</p>", "Jon Reef"),
        ("<script type=application/ld+json>{\"@type\":\"Article\",\"author\":{\"@list\":[{\"name\":\"Una Vale\"},{\"name\":\"Jon Reef\"}]}}</script>", "", "Una Vale, Jon Reef"),
    ],
)  # fmt: skip
def test_authors_are_people_and_not_the_site(head, body, byline):
    assert about(head, body).byline == byline


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("By Una Vale, Staff Writer", ["Una Vale"]),
        ("Una Vale | The Herald", ["Una Vale"]),
        ("Hours Ago Pia Wolk", []),
        ("By Dr. Una Vale in Rome", ["Una Vale"]),
        ("Una Vale, CNN", ["Una Vale"]),
        ("UNA VALE", ["Una Vale"]),
        ("Una Vale and Una Vale", ["Una Vale"]),
        ("una@herald.example", []),
        ("", []),
    ],
)
def test_names_are_parted_from_what_stands_beside_them(words, names):
    assert people(words, sure=True) == names


def test_a_wall_that_holds_the_story_is_no_wall():
    page = (
        "<article class=x><h1>Ferry to stop</h1><div class=paywall>"
        + "".join(f"<p>{line}</p>" for line in EN * 3)
        + "</div></article>"
    )

    document = read(page.encode(), name="a.html")

    assert document.text.count(EN[3]) == 3
    assert document.note == ""


@pytest.mark.parametrize(
    "hidden",
    [f"class='{name}'" for name in ["sr-only", "visually-hidden", "screen-reader-text", "x visuallyhidden", "element-invisible"]]
    + ["style='position:absolute; left: -9999px'", "style='display: none'", "style='clip: rect(0, 0, 0, 0)'", "hidden", "aria-hidden=true"],
)  # fmt: skip
def test_what_only_a_screen_reader_says_is_no_text(hidden):
    page = f"<article><h1>Ferry to stop</h1><p>{EN[0]}</p><p>The <a href=/q>old boat<span {hidden}> (opens a window)</span></a> is for sale now, the office said.</p><p {hidden}>{EN[1]}</p><p>{EN[2]}</p></article>"

    text = read(page.encode(), name="a.html").text

    assert "The old boat is for sale" in text
    assert EN[1] not in text
    assert EN[2] in text
