import re

import brotli
import pytest
from django.urls import URLResolver, get_resolver, reverse
from playwright.sync_api import expect

from tests import factories

from .addresses import NO_PAGES, every_page
from .steps import wait_until_still

SCRIPTS_MAY_WEIGH = 40_000


def named_routes(resolver, spaces=()):
    for route in resolver.url_patterns:
        if isinstance(route, URLResolver):
            space = [route.namespace] if route.namespace else []
            yield from named_routes(route, [*spaces, *space])
        else:
            yield ":".join([*spaces, route.name or ""])


def test_no_page_is_left_out_of_the_checks(sample, alice):
    ours = {name for name in named_routes(get_resolver()) if not name.startswith("admin:")}
    checked = {name.partition(",")[0] for name in every_page(sample, alice)} | {"login"}

    assert ours - NO_PAGES == checked


def test_every_page_loads_all_it_needs_from_here(visit, live_server, sample, alice):
    page = visit(alice)
    requested, bad = [], []
    page.on("request", lambda request: requested.append(request.url))
    # What the browser itself gives up when the test moves on (its icon, mostly) has not failed.
    page.on(
        "requestfailed",
        lambda request: (
            request.failure == "net::ERR_ABORTED" or bad.append((request.url, request.failure))
        ),
    )
    page.on(
        "response", lambda answer: answer.status < 400 or bad.append((answer.url, answer.status))
    )

    for address in every_page(sample, alice).values():
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)

    assert bad == []
    assert [url for url in requested if not url.startswith(f"{live_server.url}/")] == []


def test_keepers_pages_load_under_the_strict_policy(visit, sample):
    page = visit(factories.user("keeper", is_staff=True, is_superuser=True))

    page.goto("/admin/")
    names = page.locator("th[scope=row] a").evaluate_all("links => links.map((a) => a.pathname)")
    for name in names:
        page.goto(name)
        if page.locator("#result_list tbody th a").count():
            page.locator("#result_list tbody th a").first.click()
            page.wait_for_load_state()

    assert reverse("admin:annotations_annotation_changelist") in names
    expect(page.locator("#content h1")).to_be_visible()


def test_all_scripts_of_the_reading_page_weigh_little(visit, sample, alice):
    page = visit(alice)
    scripts = {}
    page.on(
        "response",
        lambda answer: (
            answer.request.resource_type == "script" and scripts.update({answer.url: answer.body()})
        ),
    )
    one, two = sample.documents.order_by("pk")[:2]
    address = reverse("annotations:reader", args=[sample.slug], query={"d": [one.pk, two.pk]})

    page.goto(address)
    page.locator("[data-reader][data-ready]").wait_for(state="attached")
    for key in ("ArrowDown", "c", "Escape", "?", "Escape", "Control+k", "Escape"):
        page.keyboard.press(key)
    page.wait_for_load_state("networkidle")

    assert any("marking.js" in url for url in scripts)
    # They are served as one file (config/storage.py), compressed as one.
    served = brotli.compress(b"\n".join(scripts.values()))
    assert len(served) <= SCRIPTS_MAY_WEIGH, list(scripts)


def test_the_reading_page_prints_the_texts_and_nothing_to_press(visit, sample, alice):
    page = visit(alice)
    one, two = sample.documents.order_by("pk")[:2]
    address = reverse("annotations:reader", args=[sample.slug], query={"d": [one.pk, two.pk]})
    page.goto(address)
    page.locator("[data-reader][data-ready]").wait_for(state="attached")

    page.emulate_media(media="print", color_scheme="dark")

    for selector in (".masthead", ".marking-bar", ".strip", ".tabs", ".column-tools"):
        expect(page.locator(selector).first).to_be_hidden()
    for document in (one, two):
        column = page.locator(f"#column-{document.pk}")
        expect(column.get_by_role("heading", name=document.title)).to_be_visible()
        expect(column.locator(".paragraph").last).to_be_visible()
    assert ink(page, ".paragraph") == "rgb(0, 0, 0)"
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", landscape=True))
    assert len(sheets) > 1, "the texts are longer than a sheet"


def test_the_grid_prints_dark_on_white(visit, sample, alice):
    page = visit(alice)
    page.goto(reverse("annotations:claims", args=[sample.slug]))

    page.emulate_media(media="print", color_scheme="dark")

    expect(page.locator("table.grid")).to_be_visible()
    for selector in (".masthead", ".grid-filters"):
        expect(page.locator(selector)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") in {
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    }


NO_PRINT = "button:not(.tile), select, input:not([type=hidden]), .menu-panel, .log-links"


def test_paper_has_nothing_to_press(visit, sample, alice):
    page = visit(alice)
    pages = every_page(sample, alice)
    found = {}

    for name in (
        "annotations:reader",
        "collection",
        "annotations:marks",
        "annotations:codebook",
        "annotations:history",
        "annotations:claims, ordering",
        "annotations:claim",
    ):
        page.goto(pages[name])
        page.emulate_media(media="print")
        if (
            controls := page.locator(NO_PRINT)
            .filter(visible=True)
            .evaluate_all("(all) => all.map((one) => one.outerHTML.slice(0, 80))")
        ):
            found[name] = controls

    assert found == {}


def test_the_grid_prints_on_one_sheet(visit, sample, alice):
    page = visit(alice)
    page.goto(reverse("annotations:claims", args=[sample.slug]))

    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", landscape=True))

    assert len(sheets) == 1


@pytest.mark.parametrize("more", [0, 50])
def test_heads_and_counts_of_the_grid_stay_in_sight(visit, sample, alice, more):
    for number in range(more):
        factories.claim(sample, alice, f"Number {number} of many claims of the harbour levy.")
    page = visit(alice, viewport={"width": 1440, "height": 900})
    page.goto(reverse("annotations:claims", args=[sample.slug]))

    box = page.locator(".grid-scroll")
    box.evaluate("(element) => { element.scrollIntoView(); element.scrollTop = 400; }")
    wait_until_still(page)

    frame = box.bounding_box()
    foot = page.locator(".grid tfoot th").bounding_box()
    head = page.locator(".grid thead").bounding_box()
    assert frame["height"] <= 900
    assert foot["y"] + foot["height"] <= frame["y"] + frame["height"] + 1
    assert foot["y"] + foot["height"] <= 900
    heading = page.locator(".grid-document").first.bounding_box()
    assert frame["y"] <= heading["y"] <= frame["y"] + head["height"]


@pytest.mark.parametrize("name", ["annotations:marks", "collection"])
def test_a_filter_is_one_step_in_the_history(visit, sample, alice, name):
    page = visit(alice)
    page.goto(reverse(name, args=[sample.slug]))
    steps = page.evaluate("history.length")

    page.get_by_label("Find").fill("levy")
    page.wait_for_url("**q=levy**")
    page.keyboard.press("Tab")
    with page.expect_response("**q=levy**"):
        page.get_by_role("button", name="Show").click()
    page.wait_for_load_state("networkidle")

    assert page.evaluate("history.length") == steps + 1


def test_the_page_of_offers_is_a_page(visit, sample, alice):
    page = visit(alice)

    page.goto(every_page(sample, alice)["annotations:offers"])

    back = page.get_by_role("link", name="Back to the documents").bounding_box()
    offers = page.locator("#offers").bounding_box()
    assert offers["y"] + offers["height"] <= back["y"]


def ink(page, selector):
    return page.locator(selector).first.evaluate("(element) => getComputedStyle(element).color")


def test_the_reading_page_is_as_large_as_the_window(visit, sample, alice):
    page = visit(alice, viewport={"width": 1024, "height": 700})
    four = [document.pk for document in sample.documents.order_by("pk")[:4]]

    page.goto(reverse("annotations:reader", args=[sample.slug], query={"d": four}))

    root = "document.documentElement"
    assert page.evaluate(f"[{root}.scrollWidth, {root}.scrollHeight]") == [1024, 700]


def test_documents_open_in_the_order_in_which_they_were_ticked(visit, sample, alice):
    page = visit(alice)
    first, second, third = sample.documents.order_by("published_on", "title")[:3]
    page.goto(sample.get_absolute_url())

    for document in (second, first, third):
        page.get_by_role("checkbox", name=document.title).check()
    page.get_by_role("checkbox", name=first.title).uncheck()
    expect(page.locator("[data-read-hint]")).to_contain_text(second.title)
    page.get_by_role("checkbox", name=first.title).check()
    page.get_by_role("button", name="Read side by side").click()

    page.locator("[data-reader]").wait_for(state="attached")
    columns = page.locator(".column").evaluate_all("all => all.map((one) => one.dataset.document)")
    assert columns == [str(second.pk), str(third.pk), str(first.pk)]
