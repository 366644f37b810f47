"""What axe can see of accessibility: on every page, in light and dark, with the dialogs open."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests import factories

from .addresses import every_page

# Not preloaded: axe would ask for imported styles beside the page rather than beside the sheet.
ALL = {"preload": False, "resultTypes": ["violations"]}
COLOURS = ALL | {"runOnly": ["color-contrast", "link-in-text-block"]}


def faults(page, options=None):
    """What axe finds, in words: the rule and the element."""
    found = Axe().run(page, options=options or ALL)
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for rule in found.response["violations"]
        for node in rule["nodes"][:3]
    ]


def faults_in_both_schemes(page):
    """Of the dark page only the colours: the rest of it is the same."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = faults(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return found + [f"dark {fault}" for fault in faults(page, COLOURS)]


def test_axe_finds_nothing_on_any_page(visit, sample, alice):
    page = visit(alice)
    found = {}

    for name, address in every_page(sample, alice).items():
        page.goto(address)
        if here := faults_in_both_schemes(page):
            found[name] = here

    assert found == {}


def test_axe_finds_nothing_before_signing_in(visit, live_server):
    page = visit(may_fail=True)  # the browser notes that a wrong password is answered with 422

    page.goto("/")
    first = faults_in_both_schemes(page)
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").or_(page.locator(".errorlist")).first.wait_for()

    assert first + faults_in_both_schemes(page) == []


def test_axe_finds_nothing_on_the_first_page_of_a_newcomer(visit, transactional_db):
    page = visit(factories.user("new"))

    page.goto("/")

    assert faults_in_both_schemes(page) == []


@pytest.mark.parametrize(("status", "path"), [(404, "/c/nothing/"), (403, "settings/")])
def test_axe_finds_nothing_on_pages_of_errors(visit, sample, alice, status, path):
    reader = factories.user("rita")
    factories.member(sample, reader, "reader")
    page = visit(reader, may_fail=True)

    answer = page.goto(path if path[0] == "/" else sample.get_absolute_url() + path)

    assert answer.status == status
    assert faults_in_both_schemes(page) == []


# What each key opens on a sentence of the reading page, and how one knows that it is open.
OPENED = {
    "claim picker": ("c", "dialog.picker[open]"),
    "form of a mark": ("e", "#sheet[open] form"),
    "pair": ("x", "#sheet[open] form"),
    "keys": ("?", "dialog.palette[open]"),
    "palette": ("Control+k", "dialog.palette[open]"),
    "stance": ("s", ".stance details[open]"),
    "offers": ("a", "#offers:not(:empty)"),
}


def test_axe_finds_nothing_in_what_opens_over_the_reading_page(visit, sample, alice):
    page = visit(alice)
    one, two = sample.documents.order_by("pk")[:2]
    address = reverse("annotations:reader", args=[sample.slug], query={"d": [one.pk, two.pk]})
    found = {}

    for name, (key, opened) in OPENED.items():
        page.goto(address)
        page.locator("[data-reader][data-ready]").wait_for(state="attached")
        for _ in range(3):  # the first sentence with a counterpart
            page.keyboard.press("ArrowDown")
        if name == "offers":
            for before in ("c", "1", "Enter", "2"):
                page.keyboard.press(before)
            page.locator("#marking-status").get_by_text("Marked").wait_for()
        page.keyboard.press(key)
        page.locator(opened).first.wait_for()
        if here := faults_in_both_schemes(page):
            found[name] = here

    assert found == {}


def test_axe_finds_nothing_where_menus_and_folds_are_open(visit, sample, alice):
    page = visit(alice)
    found = {}
    pages = every_page(sample, alice)

    for name in ("annotations:reader, three", "annotations:codebook", "annotations:edit"):
        page.goto(pages[name])
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for fold in page.locator(".fold").all():
            fold.click()
        if here := faults_in_both_schemes(page):
            found[name] = here

    assert found == {}
