"""Should markup ever slip through into a page, htmx does nothing for it."""

import pytest
from django.urls import reverse

MARKUP = (
    '<i data-ours="" hx-get="/slipped/" hx-trigger="load">in</i>'
    '<form data-hx-post="/slipped/" data-hx-trigger="load"></form>'
    '<i hx-swap-oob="outerHTML:h1">Slipped</i>'
)


def slip_in(route):
    """Let the page through with markup at the beginning of its main part or fragment."""
    answer = route.fetch()
    text = answer.text()
    for start in ('<main id="main" tabindex="-1" class="page">', '<section id="marks"'):
        at = text.find(start)
        if at >= 0:
            at = text.index(">", at) + 1
            text = text[:at] + MARKUP + text[at:]
            break
    route.fulfill(response=answer, body=text)


@pytest.fixture
def marks(visit, sample, alice):
    page = visit(alice)
    page.route("**/marks/**", slip_in)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(reverse("annotations:marks", args=[sample.slug]))
    page.locator("i", has_text="in").first.wait_for()
    return page


def test_what_is_not_ours_asks_for_nothing_and_what_is_ours_does(marks):
    marks.get_by_role("searchbox").first.fill("ship")
    marks.wait_for_url("**q=ship**")
    marks.locator("#marks i", has_text="in").first.wait_for()

    marks.wait_for_load_state("networkidle")
    assert [url for url in marks.asked if "slipped" in url] == []
    assert marks.locator("h1").inner_text() != "Slipped"
