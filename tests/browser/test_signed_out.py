"""What the browser shows after signing out: nothing of before."""

from django.urls import reverse
from playwright.sync_api import expect

from tests import factories


def sign_out(page):
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Username").wait_for()


def test_back_after_signing_out_shows_nothing_of_the_page(visit, port, alice):
    page = visit(alice, may_fail=True)
    address = reverse("annotations:claims", args=[port.slug])
    page.goto(address)
    expect(page.get_by_text("The harbour opens this spring").first).to_be_visible()
    sign_out(page)

    page.go_back()

    page.get_by_label("Username").wait_for()
    expect(page.get_by_text("The harbour opens this spring")).to_have_count(0)


def test_back_to_a_page_that_another_tab_signed_out_of_shows_nothing(visit, port, alice):
    page = visit(alice, may_fail=True)
    page.goto(reverse("annotations:claims", args=[port.slug]))
    page.goto(reverse("annotations:codebook", args=[port.slug]))
    page.context.clear_cookies()

    page.go_back()

    page.get_by_label("Username").wait_for()


def test_back_shows_the_page_again_to_who_is_still_there(visit, port, alice):
    page = visit(alice)
    page.goto(reverse("annotations:claims", args=[port.slug]))
    page.goto(reverse("annotations:codebook", args=[port.slug]))

    page.go_back()

    expect(page.get_by_text("The harbour opens this spring").first).to_be_visible()


def test_back_shows_nothing_to_another_person_who_signed_in(visit, port, alice, context):
    page = visit(alice, may_fail=True)
    page.goto(reverse("annotations:claims", args=[port.slug]))
    page.goto(reverse("home"))
    other = visit(factories.user("bob"))
    page.context.clear_cookies()
    page.context.add_cookies(other.context.cookies())

    page.go_back()

    expect(page.get_by_text("The harbour opens this spring")).to_have_count(0)
    expect(page.get_by_text("There is no such page")).to_be_visible()
