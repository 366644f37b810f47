"""By finger, on a screen 360 pixels wide."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from annotations.models import Annotation

from .addresses import every_page
from .steps import CURRENT, wait_until_ready, wait_until_said, wait_until_still

WIDTH = "document.documentElement.scrollWidth"


def test_no_page_is_wider_than_a_phone(phone, sample, alice):
    page = phone(alice)
    wide = {}

    for name, address in every_page(sample, alice).items():
        page.goto(address)
        if page.evaluate(WIDTH) > 360:
            wide[name] = page.evaluate(WIDTH)

    assert wide == {}


def test_the_sign_in_page_is_not_wider_than_a_phone(phone, live_server):
    page = phone(None)

    page.goto("/")

    expect(page.get_by_role("button", name="Sign in")).to_be_in_viewport()
    assert page.evaluate(WIDTH) <= 360


LOW_AND_NARROW = [(360, 740), (740, 360), (720, 450)]


@pytest.fixture
def read(visit, sample, alice):
    """Open two documents on a small screen."""

    def opened(width, height):
        page = visit(alice, viewport={"width": width, "height": height}, has_touch=True)
        two = [document.pk for document in sample.documents.order_by("pk")[:2]]
        page.goto(reverse("annotations:reader", args=[sample.slug], query={"d": two}))
        wait_until_ready(page)
        page.emulate_media(reduced_motion="reduce")
        return page

    return opened


def bottom(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize(("width", "height"), LOW_AND_NARROW)
def test_counterpart_and_buttons_leave_room_for_the_text_and_its_end(read, width, height):
    page = read(width, height)

    page.get_by_text("Competitors did not wait").first.click()
    counterpart = page.locator(".counterpart")
    expect(counterpart).to_be_visible()
    expect(page.get_by_role("button", name="Asserts")).to_be_visible()
    wait_until_still(page)

    edge = counterpart.bounding_box()["y"]
    assert bottom(page.locator(CURRENT)) <= edge
    assert edge - bottom(page.locator(".tabs")) > 0.45 * height
    assert bottom(counterpart) == pytest.approx(page.locator(".marking-bar").bounding_box()["y"])
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    wait_until_still(page)
    last = page.locator(".column[data-shown] .block").last
    assert bottom(last) <= counterpart.bounding_box()["y"]
    assert bottom(page.locator(".marking-bar")) == pytest.approx(height, abs=1)


@pytest.mark.parametrize(("width", "height"), LOW_AND_NARROW)
def test_a_claim_is_added_from_the_tab_of_claims(read, width, height):
    page = read(width, height)
    page.get_by_text("Competitors did not wait").first.click()

    page.get_by_role("navigation", name="Documents").get_by_role("link", name="Claims").click()
    expect(page.get_by_role("button", name="Asserts")).to_be_hidden()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    field = page.get_by_role("textbox", name="New claim")
    assert bottom(field) <= page.locator(".marking-bar").bounding_box()["y"]
    field.fill("The quay is empty.")
    page.get_by_role("button", name="Add").click()

    expect(page.locator("#claims")).to_contain_text("The quay is empty.")


TOO_SMALL = """() => [...document.querySelectorAll("a, button, summary, input, select, textarea")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((one) => !one.closest(".unseen, .skip, .mark-link, .strip, p:has(> a), td > a"))
  .map((one) => [(one.matches("label input") ? one.closest("label") : one), one])
  .filter(([box]) => box.offsetWidth < 23.5 || box.getBoundingClientRect().height < 23.5)
  .map(([, one]) => one.outerHTML.slice(0, 120))"""


def test_whatever_is_tapped_is_large_enough(phone, sample, alice):
    page = phone(alice)
    small = {}
    pages = every_page(sample, alice)

    for name in (
        "annotations:reader, three",
        "collection",
        "annotations:claims",
        "annotations:marks",
    ):
        page.goto(pages[name])
        if "reader" in name:
            wait_until_ready(page)
            page.locator(".sentence[data-pair]").first.tap()
            page.locator(".column[data-shown] .stance summary").tap()
        if found := page.evaluate(TOO_SMALL):
            small[name] = found

    assert small == {}


def test_the_list_of_claims_to_pick_ends_on_the_screen(read):
    page = read(360, 740)
    page.get_by_text("Competitors did not wait").first.click()

    page.locator("[data-pick]").click()

    assert bottom(page.locator("dialog.picker")) <= 740


def test_words_chosen_with_the_system_s_handles_are_marked_by_a_tap(read, alice):
    page = read(360, 740)
    words = "Prime Minister Davor Lindqvane blocked"
    # A long press selects a word, and each move of a handle changes the selection.
    select = """(until) => {
      const paragraph = [...document.querySelectorAll(".paragraph")].find((one) => one.textContent.startsWith("Prime"));
      const text = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT).nextNode();
      paragraph.scrollIntoView({ block: "center" });
      getSelection().setBaseAndExtent(text, 0, text, text.data.indexOf(until) + until.length - 2);
    }"""

    page.evaluate(select, "Prime")
    page.evaluate(select, "blocked")
    page.get_by_role("button", name="Asserts").tap()
    wait_until_said(page, "Marked")

    assert Annotation.objects.get(creator=alice).targets.get().exact == words


def test_a_sentence_is_tapped_marked_and_found_in_the_other_document(phone, sample, alice):
    page = phone(alice)
    wire, rewrite = sample.documents.order_by("pk")[:2]
    query = {"d": [wire.pk, rewrite.pk]}
    page.goto(reverse("annotations:reader", args=[sample.slug], query=query))
    wait_until_ready(page)

    # One column at a time; the counterpart of the tapped sentence comes from below.
    page.get_by_text("Competitors did not wait").first.tap()
    expect(page.locator(CURRENT)).to_have_text("Competitors did not wait.")
    expect(page.locator(".counterpart")).to_contain_text("Rivals did not wait.")

    # The claim is chosen from the drawer, the sentence marked by a button.
    tabs = page.get_by_role("navigation", name="Documents")
    tabs.get_by_role("link", name="Claims").tap()
    drawer = page.locator("#claims")
    expect(drawer).to_be_in_viewport()
    drawer.locator("[data-choose-claim]").nth(4).tap()
    tabs.get_by_role("link", name=wire.publisher).tap()
    expect(page.locator("[data-current-claim]")).to_contain_text("5 Container services")
    page.get_by_text("Competitors did not wait").first.tap()
    page.get_by_role("button", name="Asserts").tap()
    wait_until_said(page, "Marked")
    mark = Annotation.objects.get(creator=alice)
    assert mark.targets.get().exact == "Competitors did not wait."
    assert mark.claim.order == 5

    # The other document by its tab, and its stance by two taps.
    tabs.get_by_role("link", name=rewrite.publisher).tap()
    expect(page.locator(f"#column-{rewrite.pk}")).to_be_visible()
    expect(page.locator(f"#column-{wire.pk}")).to_be_hidden()
    page.locator(f"#stance-{rewrite.pk} summary").tap()
    page.locator(f"#stance-{rewrite.pk} button[value=analysis]").tap()
    wait_until_said(page, "Analysis")

    page.get_by_role("button", name="Undo").tap()
    wait_until_said(page, "Undone")
    assert page.evaluate(WIDTH) <= 360
