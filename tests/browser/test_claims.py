import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from annotations.models import Annotation, Claim
from corpus.models import Document
from tests import factories


@pytest.fixture
def grid(page, live_server, sign_in, alice, port):
    """Open the claim grid, which has a third claim that nobody has looked for."""
    factories.claim(port, alice, "The union agrees with the minister.")

    def opened(page=page):
        sign_in(alice)
        page.goto(live_server.url + reverse("annotations:claims", args=[port.slug]))
        return page

    return opened


def cell(number, column):
    """The cell of the claim at that place and the document in that column, both from 0."""
    claim = Claim.objects.order_by("order")[number]
    document = Document.objects.order_by("pk")[column]
    return f"#cell-{claim.pk}-{document.pk}"


def focused(page):
    return page.evaluate("'#' + document.activeElement.closest('td')?.id")


def test_the_grid_is_one_stop_of_tab_and_arrows_move_inside(grid):
    page = grid()
    page.locator("td .tile").first.focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert focused(page) == cell(1, 1)
    page.keyboard.press("ArrowRight")
    assert focused(page) == cell(1, 1)

    assert page.locator("td .tile[tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    assert focused(page) == "#undefined"
    page.keyboard.press("Shift+Tab")
    assert focused(page) == cell(1, 1)


def test_one_key_confirms_absence_and_takes_it_back(grid):
    page = grid()
    place = cell(2, 0)
    page.locator(f"{place} .tile").focus()

    page.keyboard.press("a")
    page.locator(f"{place}[data-own='absent']").wait_for()
    assert page.locator(f"{place} .tile").get_attribute("data-position") == "absent"
    assert focused(page) == place
    assert "Claim 3 is absent" in page.locator("#grid-status").inner_text()
    assert "1 absent" in page.locator("tbody tr").nth(2).locator(".grid-tally").inner_text()

    page.keyboard.press("a")
    page.locator(f"{place}[data-own='not_looked_at']").wait_for()
    assert focused(page) == place
    assert Annotation.objects.live().filter(codings__code__key="absent").count() == 0


def test_a_click_opens_an_empty_cell_and_its_button_confirms_absence(grid):
    page = grid()
    place = cell(2, 1)
    before = Annotation.objects.count()

    page.locator(f"{place} .tile").click()
    dialog = page.get_by_role("dialog", name="Claim 3 in Spin")
    dialog.wait_for()
    assert Annotation.objects.count() == before
    dialog.get_by_role("button", name="Confirm absent").click()
    page.locator(f"{place}[data-own='absent']").wait_for()
    page.get_by_role("button", name="Undo").click()

    page.locator(f"{place}[data-own='not_looked_at']").wait_for()
    assert "Undone" in page.locator(".messages").inner_text()


def test_enter_opens_the_passages_and_escape_returns(grid):
    page = grid()
    page.locator(f"{cell(0, 0)} .tile").focus()

    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Claim 1 in Petrel")
    dialog.wait_for()
    assert "The harbour will open in March" in dialog.locator("mark").first.inner_text()
    assert page.evaluate("document.activeElement.id") == "passages-title"

    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert focused(page) == cell(0, 0)
    page.keyboard.press("Enter")
    dialog.wait_for()


def test_filters_act_at_once_and_stay_in_the_address(grid):
    page = grid()

    page.get_by_label("Find").fill("union")
    page.locator("#grid-summary", has_text="1 of 3 claims").wait_for()

    assert "q=union" in page.url
    page.reload()
    assert page.locator("tbody tr").count() == 1
    page.locator("td .tile").first.focus()
    page.keyboard.press("ArrowRight")
    assert focused(page) == cell(2, 1)


def test_all_of_it_works_without_javascript(browser, live_server, alice, port, context, grid):
    grid()
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(live_server.url + reverse("annotations:claims", args=[port.slug]))

    for press, own in (("Confirm absent", "absent"), ("Take back", "not_looked_at")):
        page.locator(f"{cell(2, 0)} a").click()
        place = page.locator(".place", has=page.get_by_text("Harbour opens"))
        place.get_by_role("button", name=press).click()
        page.goto(live_server.url + reverse("annotations:claims", args=[port.slug]))
        expect(page.locator(cell(2, 0))).to_have_attribute("data-own", own)

    page.get_by_label("Claims", exact=True).select_option("dispute")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".grid-number")).to_have_text(["2", "1", "3"])

    page.locator(f"{cell(0, 0)} a").click()
    expect(page).to_have_url(re.compile(f"#d{Document.objects.earliest('pk').pk}$"))
    page.get_by_role("link", name="Compare with the other documents").click()
    expect(page.locator(".wording")).to_contain_text("will open in April")
    plain.close()


def test_the_wording_of_copies_comes_when_it_is_scrolled_to(grid, live_server):
    page = grid()
    page.goto(live_server.url + Claim.objects.earliest("pk").get_absolute_url())

    page.locator("#wording").scroll_into_view_if_needed()

    page.locator(".wording-pair").first.wait_for()
    assert "April" in page.locator(".wording-changed").all_inner_texts()


@pytest.mark.parametrize("width", [360, 1024])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_with_the_pages(grid, live_server, port, alice, width, scheme):
    page = grid()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    claim = Claim.objects.earliest("pk")

    for name in ("claims", "claim_new"):
        check(page, live_server.url + reverse(f"annotations:{name}", args=[port.slug]))
    for name in ("claim", "claim_wording", "claim_edit", "claim_merge", "claim_split"):
        check(page, live_server.url + reverse(f"annotations:{name}", args=[port.slug, claim.pk]))


def check(page, address):
    page.goto(address)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    found = audit(page)
    assert found.violations_count == 0, f"{address}\n{found.generate_report()}"


def audit(page):
    # Preloading would ask for imported styles at wrong places.
    return Axe().run(page, options={"preload": False})


def test_the_passages_in_the_dialog_are_accessible(grid):
    page = grid()
    page.locator(f"{cell(0, 0)} .tile").click()
    page.get_by_role("dialog").wait_for()

    found = audit(page)

    assert found.violations_count == 0, found.generate_report()


def test_forty_claims_by_twenty_documents_print_on_one_sheet(grid, port, alice):
    for number in range(18):
        factories.document(
            port, f"Text {number}.", title=f"A title of some length, number {number}"
        )
    for number in range(37):
        words = "one of the many that fill a grid and do not fit on a line" if number % 4 else ""
        factories.claim(port, alice, f"Claim {number} {words}")

    pdf = grid().pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
