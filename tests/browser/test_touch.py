"""By finger, on a screen 360 pixels wide."""

from django.urls import reverse
from playwright.sync_api import expect

from annotations.models import Annotation

from .addresses import every_page
from .steps import CURRENT, wait_until_ready, wait_until_said

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
