"""Going to a finding: both sentences are lit until another is chosen."""

import pytest
from django.urls import reverse

from corpus.relatives.relating import relate
from tests import factories

from .conftest import REWRITE
from .steps import CURRENT, press, wait_until_ready

COUNTERPART = ".sentence[data-counterpart]"


@pytest.fixture
def read(page, live_server, sign_in, alice, port):
    """Open the report, its rewrite and a third text that says the same once more."""

    def opened(columns=2, *, hash=""):
        third = REWRITE.replace("40 million", "41 million")
        factories.document(port, third, title="Harbour again", language="en")
        relate(port)
        sign_in(alice)
        pks = port.documents.order_by("pk").values_list("pk", flat=True)[:columns]
        path = reverse("annotations:reader", args=[port.slug])
        page.goto(f"{live_server.url}{path}?{'&'.join(f'd={pk}' for pk in pks)}{hash}")
        wait_until_ready(page)
        return page

    return opened


def point_everywhere(page):
    """Move the mouse over sentences of every column, with and without a counterpart."""
    for column in page.locator(".column").all():
        for sentence in column.locator(".sentence").all()[:5]:
            box = sentence.bounding_box()
            page.mouse.move(box["x"] + 3, box["y"] + 5, steps=2)


def lit(page):
    return sorted(
        f"{element.get_attribute('id')}"
        for selector in (CURRENT, COUNTERPART)
        for element in page.locator(selector).all()
    )


def by_menu(page):
    page.locator("[data-summary]").click()
    page.locator(".findings .change-list a", has_text="million").first.click()


def by_chip(page):
    page.locator(".margin .chip[data-change]", has_text="Number").first.click()


def by_tally(page):
    page.locator(".column-tally .chip", has_text="Number").first.click()


def by_keys(page):
    for _ in range(20):
        press(page, "j")
        if "million" in page.locator(CURRENT).inner_text():
            return


@pytest.mark.parametrize(
    ("go", "columns"), [(by_menu, 2), (by_menu, 3), (by_chip, 3), (by_tally, 2), (by_keys, 3)]
)
def test_a_finding_lights_its_sentence_in_every_column_and_keeps_it_lit(read, go, columns):
    page = read(columns)

    go(page)
    before = lit(page)
    assert len(before) == columns
    texts = [page.locator(f"#{name}").inner_text() for name in before]
    assert all("million" in text for text in texts)
    changed = page.locator(".change[data-lit]").count()
    assert changed or go == by_keys

    point_everywhere(page)
    assert lit(page) == before
    assert page.locator(".change[data-lit]").count() >= changed

    press(page, "ArrowDown")
    after = lit(page)
    assert after != before
    assert not set(before) & set(after)
    press(page, "Escape")
    assert lit(page) == []


def test_a_click_elsewhere_takes_the_light_along(read):
    page = read()
    by_menu(page)

    page.locator(".column").first.locator(".sentence", has_text="Nobody was asked").click()

    assert [page.locator(f"#{name}").inner_text()[:6] for name in lit(page)] == ["Nobody"] * 2


def test_what_is_pointed_at_beside_a_finding_is_told_apart(read):
    page = read()
    by_menu(page)

    page.locator(".column").first.locator(".sentence", has_text="Nobody was asked").hover()

    assert page.locator(".sentence[data-pointed]").inner_text().startswith("Nobody")
    assert "million" in page.locator(COUNTERPART).inner_text()


def test_an_address_that_changes_on_the_page_chooses_its_sentence(read, port):
    pk = port.documents.earliest("pk").pk
    page = read(hash=f"#s-{pk}-0")
    assert "March" in page.locator(CURRENT).inner_text()

    page.evaluate(f"location.hash = '#s-{pk}-2'")

    page.locator(CURRENT, has_text="million").wait_for()
    assert len(lit(page)) == 2
    press(page, "Escape")
    shown = page.locator(f"#s-{pk}-2").evaluate(
        "(one) => getComputedStyle(one).borderBlockEndWidth"
    )
    assert shown == "0px"
