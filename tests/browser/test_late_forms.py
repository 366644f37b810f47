"""What was typed survives a sign-in in another tab, with and without script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

TYPED = "A long byline, “typed” & <kept>"


def sign_out(page):
    page.goto("/")
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()


def sign_in(page, name):
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    page.locator(".account").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_a_form_is_kept_through_signing_in_elsewhere(visit, port, alice, script):
    page = visit(alice, may_fail=True, java_script_enabled=script)
    document = port.documents.order_by("pk").first()
    page.goto(reverse("corpus:document_edit", args=[port.slug, document.pk]))
    page.get_by_label("Byline").fill(TYPED)
    other = page.context.new_page()
    sign_out(other)
    sign_in(other, "alice")

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="The form was open too long")).to_be_visible()
    expect(page.get_by_label("Byline")).to_have_value(TYPED)
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    document.refresh_from_db()
    assert document.byline == TYPED


def test_a_form_is_kept_while_one_is_signed_out(visit, port, alice):
    page = visit(alice, may_fail=True, java_script_enabled=False)
    document = port.documents.order_by("pk").first()
    page.goto(reverse("corpus:document_edit", args=[port.slug, document.pk]))
    page.get_by_label("Byline").fill(TYPED)
    sign_out(page.context.new_page())

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="You were signed out meanwhile")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").click()
    sign_in(opened.value, "alice")
    page.get_by_role("button", name="I have signed in").click()
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    document.refresh_from_db()
    assert document.byline == TYPED
