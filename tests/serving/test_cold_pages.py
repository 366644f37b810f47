"""What a browser that has nothing yet asks the server for."""

import re

import pytest

MOST_REQUESTS = 10


@pytest.mark.parametrize(
    "address",
    ["/", "/c/harbour/", "/c/harbour/claims/", "/c/harbour/import/", "/c/harbour/read/?d=1&d=2"],
)
def test_a_cold_page_asks_for_little(site, browser, address):
    asked, errors = [], []
    context = browser.new_context(base_url=f"http://127.0.0.1:{site.port}")
    session = {"name": site.cookies["session"], "value": site.sessions["alice"]}
    context.add_cookies([{**session, "domain": "127.0.0.1", "path": "/"}])
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)

    page.goto(address, wait_until="networkidle")

    static = [url for url in asked if "/static/" in url]
    assert page.locator("h1").count() == 1
    assert len(asked) <= MOST_REQUESTS, asked
    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", url) for url in static if "/htmx/" not in url)
    assert len([url for url in static if url.endswith(".css")]) == 1
    assert errors == []
    context.close()
