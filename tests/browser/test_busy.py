"""A page keeps its form when the server has no answer to it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect


@pytest.mark.parametrize(
    ("status", "words"), [(503, "The server is busy"), (500, "Something went wrong on our side")]
)
def test_a_form_stays_and_says_that_it_was_not_answered(
    visit, live_server, alice, port, status, words
):
    page = visit(alice, may_fail=True)
    page.goto(reverse("annotations:claims", args=[port.slug]))
    order = page.locator("#grid-order")
    chosen = order.locator("option").last.get_attribute("value")
    page.route(
        "**/claims/?*", lambda route: route.fulfill(status=status, body="<!doctype html><p>No.")
    )

    order.select_option(chosen)

    trouble = page.locator("[data-trouble]")
    expect(trouble).to_contain_text(words)
    expect(page.locator("#grid")).to_be_visible()
    assert order.input_value() == chosen
    page.unroute("**/claims/?*")
    order.select_option(index=0)
    expect(trouble).to_have_count(0)
    expect(page.locator("#grid")).to_be_visible()
