"""Who wrote it, where labels and scripts without spaces are about."""

import pytest

from corpus.imports import read
from corpus.imports.names import people


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("作者：林小满", ["林小满"]),
        ("作者：林小满 责任编辑：周一舟", ["林小满"]),
        ("责任编辑：周一舟", []),
        ("[责任编辑：周一舟 QK31]", []),
        ("来源：海港晚报 作者：林小满", ["林小满"]),
        ("作者：佚名", []),
        ("弗拉基·彼得罗·奥列金", ["弗拉基·彼得罗·奥列金"]),
        ("港口关闭后三千名工人等待答复", []),
        ("船到了…", []),
        ("海野 ひかり", ["海野 ひかり"]),
        ("By Una Vale and Tom Reed", ["Una Vale", "Tom Reed"]),
        ("Author: Una Vale", ["Una Vale"]),
    ],
)
def test_names_in_a_place_that_is_meant_for_them(words, names):
    assert people(words, sure=True) == names


def page(head: str = "", around: str = "") -> bytes:
    text = "".join(
        f"<p>The ferry to Lorvane stopped for the {n}th time this year.</p>" for n in "456789"
    )
    return (
        f"<html lang=en><head><title>Ferry stops</title>{head}</head><body><article>"
        f"<h1>Ferry stops</h1>{around}{text}</article></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta name="apub:time" content="2024-5-6 21:30:50">', "2024-05-06"),
        ('<meta itemprop="dateUpdate" content="2024-05-06 12:00:57">', "None"),
        ('<script>var page = {"pubtime": "2024-05-06 19:02:26"};</script>', "2024-05-06"),
        (
            '<script>{"publishDate":"2024-05-06T05:51Z","publish_date":"2024-05-06"}</script>',
            "2024-05-06",
        ),
        ('<script>[{"pubDate":"2024-05-06"},{"pubDate":"2024-05-07"}]</script>', "None"),
        ('<script>{"updated":"2024-05-06"}</script>', "None"),
        (
            '<meta itemprop="dateUpdate" content="2024-05-09"><meta name="pubdate" content="20240506">',
            "2024-05-06",
        ),
    ],
)
def test_a_day_that_only_the_head_tells(head, day):
    assert str(read(page(head), name="page.html").about.published_on) == day


def test_a_teaser_in_a_card_is_no_author():
    around = '<div class="right fn"><a href="/1">Harbour Closed Again</a></div>'
    assert read(page(around=around), name="page.html").about.byline == ""


def test_what_is_told_of_an_author_is_no_name():
    around = (
        '<div class="article-author"><a class="author-name">Una Vale</a>'
        '<div class="author-bio">Writes About Ferries</div><div class="author-count">Nine Posts</div></div>'
    )
    assert read(page(around=around), name="page.html").about.byline == "Una Vale"
