from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.comparison.language.guessing import guess as guess_language
from corpus.imports.dates import first_date
from corpus.imports.guess import Dateline, dateline, guess
from corpus.text import canonical

STORY = """\
The port of Sant Elm will charge a levy on every ship that calls there from March onwards, the \
harbour master said on Tuesday.

Ferries pay half of it. "We read it in the newspaper," said Ana Ruiz, who runs most of them.
"""


def about(*lines, after=()):
    return guess(canonical("\n\n".join([*lines, STORY, *after])))


# --- datelines


@pytest.mark.parametrize(
    ("opening", "agency", "when"),
    [
        ("(Agency) -- ", "Agency", ""),
        ("Dec. 1 (Agency) -- ", "Agency", "Dec. 1"),
        ("Dec. 1 (Agency) — ", "Agency", "Dec. 1"),
        ("SANT ELM (Agency) -- ", "Agency", ""),
        ("SANT ELM, Osmere (Agency) _ ", "Agency", ""),
        ("SANT ELM, Dec 1 (Agency) - ", "Agency", "Dec 1"),
        ("Sant Elm, Dec. 1 (EFE).- ", "EFE", "Dec. 1"),
        ("Port of Spain, 1 December (Agency) – ", "Agency", "1 December"),
        ("SANT ELM, Dec. 1, 2023 /Agency/ -- ", "Agency", "Dec. 1, 2023"),
        ("SANT ELM, Dec. 1 — ", "", "Dec. 1"),
        ("SANT ELM -- ", "", ""),
    ],
)
def test_a_dateline_names_the_agency_and_the_day(opening, agency, when):
    assert dateline(f"{opening}The port is closed.") == Dateline(len(opening), agency, when)


@pytest.mark.parametrize(
    "text",
    [
        "The minister (who is ill) - he said so.",
        "The port - it is closed.",
        "Sales rose (up 5 percent) – a record.",
        "A – The first of three.",
        "(Agency) --",
        "The port is closed. (Agency) -- It is.",
        "",
    ],
)
def test_a_dash_alone_makes_no_dateline(text):
    assert dateline(text) is None


# --- dates


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("August 13, 2021", date(2021, 8, 13)),
        ("Aug. 13 2021", date(2021, 8, 13)),
        ("13 August 2021", date(2021, 8, 13)),
        ("the 13th of August, 2021", date(2021, 8, 13)),
        ("2021-08-13T10:00:00Z", date(2021, 8, 13)),
        ("Sept. 3, 2021 and Oct. 4, 2021", date(2021, 9, 3)),
        ("Feb. 30, 2021", None),
        ("13/08/2021", date(2021, 8, 13)),
        ("03/08/2021", None),
        ("08/08/2021", date(2021, 8, 8)),
        ("3. März 2024, 10:15 Uhr", date(2024, 3, 3)),
        ("06.03.2024", date(2024, 3, 6)),
        ("le 1er août 2024", date(2024, 8, 1)),
        ("6 de diciembre de 2024", date(2024, 12, 6)),
        ("6º de março de 2024", date(2024, 3, 6)),
        ("6 maggio 2024", date(2024, 5, 6)),
        ("6 mei 2024", date(2024, 5, 6)),
        ("6 października 2024", date(2024, 10, 6)),
        ("6. května 2024", date(2024, 5, 6)),
        ("6 maj 2024", date(2024, 5, 6)),
        ("6. toukokuuta 2024", date(2024, 5, 6)),
        ("6 Ağustos 2024", date(2024, 8, 6)),
        ("6 Kasım 2024", date(2024, 11, 6)),
        ("6 июня 2024 г.", date(2024, 6, 6)),
        ("6 травня 2024", date(2024, 5, 6)),
        ("2024年5月6日", date(2024, 5, 6)),
        ("2024년 5월 6일", date(2024, 5, 6)),
        ("Mon, 06 May 2024 10:00:00 GMT", date(2024, 5, 6)),
        ("6-May-2024", date(2024, 5, 6)),
        ("2024/05/06", date(2024, 5, 6)),
        ("12.05.06.2024", None),
        ("version 1.2.2024", date(2024, 2, 1)),
        ("6 ships 2024", None),
        ("August 2021", None),
        ("Aug. 13", None),
        ("2021-08-131", None),
    ],
)
def test_only_a_full_date_is_a_date(line, found):
    dated = first_date(line)

    assert (dated and dated[0]) == found


# --- titles


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Port to charge levy"], "Port to charge levy"),
        (["PORT TO CHARGE LEVY", "By Ana Ruiz"], "PORT TO CHARGE LEVY"),
        (["Will the port charge?", "By Ana Ruiz"], "Will the port charge?"),
        (["Opinion", "The mud belongs to us"], "The mud belongs to us"),
        (["The mud", "By Ana Ruiz"], "The mud"),
        (["Title: The mud belongs to us", "Meridian Wire"], "The mud belongs to us"),
        (["HARBOUR AUTHORITY", "Press notice 11/2024", "Statement on the levy"], "Statement on the levy"),
        (["RADIO ONE / NEWS / ITEM 3", "HARBOUR LEVY"], "HARBOUR LEVY"),
        (["By Ana Ruiz", "Levy comes in March"], "Levy comes in March"),
        (["https://a.example/b", "1 May 2020", "Levy comes in March"], "Levy comes in March"),
        (["Levy comes in March", "A second thought on it"], "Levy comes in March"),
    ],
)  # fmt: skip
def test_the_headline_is_the_title(lines, title):
    assert about(*lines).title == title


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["By Ana Ruiz", "1 May 2020"],
        ["Ships at dawn in the port of Sant Elm. Agency Photo/Ana Ruiz"],
        ["Ships at dawn (Photo: Ana Ruiz)"],
        ["Ships at dawn. Getty Images"],
        ["© 2023 Meridian Wire"],
        ["* * *"],
    ],
)
def test_without_a_headline_the_first_sentence_of_the_story_is_the_title(lines):
    assert about(*lines).title == (
        "The port of Sant Elm will charge a levy on every ship that calls there from March…"
    )


def test_the_title_made_of_a_sentence_leaves_the_dateline_out():
    text = (
        "Ships at dawn. Agency Photo/Ana Ruiz\nDec. 1 (Agency) — The port is closed. It was open."
    )

    assert guess(text).title == "The port is closed"


def test_a_title_that_was_cut_ends_in_a_word_of_weight():
    text = (
        f"The port of Sant Elm will charge a levy on {'very ' * 8}large ships, and the ferries too."
    )

    assert guess(text).title == f"The port of Sant Elm will charge a levy on {'very ' * 8}large…"


def test_the_name_of_the_agency_is_no_title():
    found = guess("Meridian Wire\n\nSANT ELM (Meridian Wire) -- The port is closed. It was open.")

    assert (found.title, found.publisher) == ("The port is closed", "Meridian Wire")


# --- bylines


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Ana Ruiz", "Ana Ruiz"),
        ("by Ana Ruiz and Tom Vance", "Ana Ruiz and Tom Vance"),
        ("BY ANA DE LA CRUZ | 1 May 2020", "ANA DE LA CRUZ"),
        ("By A. B. Moss, Meridian Wire", "A. B. Moss, Meridian Wire"),
        ("By Ana Ruiz, 1 May 2020", "Ana Ruiz"),
        ("Written by Ana Ruiz", "Ana Ruiz"),
        ("Author: Ana Ruiz", "Ana Ruiz"),
        ("By Tuesday", ""),
        ("By December the levy", ""),
        ("By the harbour", ""),
        ("By and by", ""),
    ],
)
def test_a_byline_is_made_of_names(line, byline):
    assert about("Levy comes in March", line).byline == byline


# --- publisher and date


@pytest.mark.parametrize(
    ("lines", "publisher", "published_on"),
    [
        (["Meridian Wire, August 13, 2021"], "Meridian Wire", date(2021, 8, 13)),
        (["Meridian Wire | 13 August 2021"], "Meridian Wire", date(2021, 8, 13)),
        (["Meridian Wire, Friday, August 13, 2021"], "Meridian Wire", date(2021, 8, 13)),
        (["Published 13 August 2021, 10:15"], "", date(2021, 8, 13)),
        (["13 August 2021"], "", date(2021, 8, 13)),
        (["Source: Meridian Wire", "Date: 2021-08-13"], "Meridian Wire", date(2021, 8, 13)),
        (["Ana Ruiz 11 August 2021", "Meridian Wire, August 13, 2021"], "Meridian Wire",
         date(2021, 8, 13)),
        (["The levy of 1 May 2020 and what came of it in the years that followed the vote"], "", None),
    ],
)  # fmt: skip
def test_a_line_before_the_story_says_who_published_it_and_when(lines, publisher, published_on):
    found = about("Levy comes in March", *lines)

    assert (found.publisher, found.published_on) == (publisher, published_on)


@pytest.mark.parametrize(
    ("opening", "notice", "published_on"),
    [
        ("SANT ELM, Dec. 1, 2023 (Agency) -- ", "", date(2023, 12, 1)),
        ("Dec. 1 (Agency) -- ", "©2023 Agency L.P.", date(2023, 12, 1)),
        ("SANT ELM, 1 Dec. (Agency) -- ", "Copyright 2023 Agency", date(2023, 12, 1)),
        ("Dec. 1 (Agency) -- ", "", None),
        ("(Agency) -- ", "©2023 Agency L.P.", None),
        ("Feb. 30 (Agency) -- ", "©2023 Agency L.P.", None),
    ],
)
def test_no_part_of_a_date_is_invented(opening, notice, published_on):
    found = guess(canonical(f"{opening}{STORY}\n{notice}"))

    assert (found.publisher, found.published_on) == ("Agency", published_on)


@pytest.mark.parametrize(
    ("notice", "publisher"),
    [
        ("© 2023 Meridian Wire", "Meridian Wire"),
        ("©2023 Meridian L.P.", "Meridian"),
        ("Copyright © 2023 Meridian Wire. All rights reserved", "Meridian Wire"),
        ("(c) 2023 Meridian Wire", "Meridian Wire"),
        ("(c) cargo in transit", ""),
        ("© Meridian Wire", ""),
    ],
)
def test_the_holder_of_the_copyright_is_the_publisher(notice, publisher):
    found = about("Levy comes in March", after=[notice])

    assert found.publisher == publisher
    assert found.rights == ("" if notice.startswith("(c) cargo") else notice)


def test_a_writer_who_holds_the_copyright_is_no_publisher():
    found = about("Levy comes in March", "By Ana Ruiz", after=["© 2023 Ana Ruiz"])

    assert (found.byline, found.publisher, found.rights) == ("Ana Ruiz", "", "© 2023 Ana Ruiz")


@pytest.mark.parametrize(
    ("lines", "after", "url"),
    [
        (["https://a.example/b?c=d"], [], "https://a.example/b?c=d"),
        ([], ["www.a.example/b"], "https://www.a.example/b"),
        (["URL: https://a.example/b"], [], "https://a.example/b"),
        (["See https://a.example/b for more"], [], ""),
    ],
)
def test_an_address_stands_alone_on_its_line(lines, after, url):
    assert about("Levy comes in March", *lines, after=after).url == url


def test_nothing_is_said_by_nothing():
    assert guess("") == guess("***")


# --- language


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (STORY, "en"),
        ("El ministro dijo que no sabía nada de la señal y que los barcos no pagan por el puerto.", "es"),
        ("Le ministre a dit que les navires ne payent pas pour le port et que la taxe est dans un mémo.", "fr"),
        ("Der Minister hat gesagt, dass die Schiffe für den Hafen nicht zahlen und sich das nicht ändert.", "de"),
        ("O ministro disse que os navios não pagam uma taxa para o porto e que a vila não sabe.", "pt"),
        ("Il ministro ha detto che le navi non pagano per il porto e che la tassa è in un documento.", "it"),
        ("De minister zegt dat de schepen niet voor het gebruik van de haven betalen en dat het een plan is.", "nl"),
        ("Порт будет взимать сбор с каждого судна, сказал министр, но мы этого не слышали.", "ru"),
        ("Порт стягуватиме збір із кожного судна, сказав міністр.", "uk"),
        ("الميناء مغلق وقال الوزير إنه لا يعرف", "ar"),
        ("הנמל סגור, אמר השר", "he"),
        ("港は閉鎖された。大臣は述べた。", "ja"),
        ("港口已关闭，部长说。", "zh"),
        ("항구가 폐쇄되었다고 장관이 말했다", "ko"),
        ("Ο υπουργός είπε ότι το λιμάνι είναι κλειστό", "el"),
        ("Meridian Wire", ""),
        ("12 34 56", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_language_shows_in_script_and_common_words(text, tag):
    assert guess_language(text) == tag


# --- always


SAYINGS = [
    *["By ", "Ana Ruiz", "Dec. 1 ", "(Agency)", " -- ", "© 2023 ", "Title: ", "\n", "\n\n", "***"],
    *["The port is closed. ", "August 13, 2021", "https://a.example", "Photo: ", "é"],
]


@given(st.lists(st.sampled_from(SAYINGS), max_size=30).map("".join))
def test_whatever_is_guessed_stands_in_the_text(raw):
    text = canonical(raw)
    found = guess(text)
    words = " ".join(text.split())

    for said in (found.byline, found.publisher, found.rights):
        assert said in words
    assert found.title.rstrip("…") in words
