"""Every way of marking, ten in a row: the database holds what the page showed."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from annotations.models import Annotation, Claim
from tests import factories

from .steps import wait_until_still

STATUS = "#marking-status"
WORDS = [
    "alder",
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "flint",
    "grove",
    "heron",
    "iris",
    "jade",
]
TEXT = "\n\n".join(
    f"The {word} ferry was late. Nobody said why the {word} one waited." for word in WORDS
)


@pytest.fixture
def ferries(alice):
    """A collection with a text of places to mark, the same again beside it, and as many claims."""
    collection = factories.collection("Ferries", owner=alice)
    for title in ("First", "Second"):
        factories.document(collection, f"{title}.\n\n{TEXT}", title=title, language="en")
    for word in WORDS:
        factories.claim(collection, alice, f"It is known that {word} waits.")
    return collection


@pytest.fixture
def opened(context, live_server, sign_in, alice, ferries):
    """A page whose console may complain, because some of the ways break its connection."""

    def read(column=0):
        sign_in(alice)
        page = context.new_page()
        pks = ferries.documents.order_by("pk").values_list("pk", flat=True)
        path = reverse("annotations:reader", args=[ferries.slug])
        page.goto(f"{live_server.url}{path}?{'&'.join(f'd={pk}' for pk in pks)}")
        page.locator("[data-reader][data-ready]").wait_for(state="attached")
        page.column = page.locator(".column").nth(column)
        return page

    return read


BOX = """(column, words) => {
  const walker = document.createTreeWalker(column, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const at = node.parentElement.closest(".paragraph") ? node.data.indexOf(words) : -1;
    if (at < 0) continue;
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    let box = range.getBoundingClientRect();
    if (box.top < 150 || box.bottom > innerHeight - 200) {
      node.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
      box = range.getBoundingClientRect();
    }
    return [box.left, box.right, box.top + box.height / 2];
  }
}"""


def drag(page, word):
    """Select "<word> ferry" with the mouse; like anybody, again if the page has moved meanwhile."""
    words = f"{word} ferry"
    for _ in range(5):
        left, right, middle = page.column.evaluate(BOX, words)
        page.mouse.move(left + 2, middle)
        page.mouse.down()
        page.mouse.move(right - 2, middle, steps=2)
        page.mouse.up()
        if page.evaluate("getSelection().toString()") == words:
            return words
        page.evaluate("getSelection().removeAllRanges()")
        wait_until_still(page)
    raise AssertionError(f"“{words}” is not selected.")


def point(page, word):
    """Put the sentence cursor on "The <word> ferry was late."."""
    page.column.locator(".sentence", has_text=f"The {word} ferry").click(position={"x": 4, "y": 6})
    return f"The {word} ferry was late."


def pick(page, statement):
    page.keyboard.press("c")
    page.locator(".picker input").fill(statement)
    page.keyboard.press("Enter")
    expect(page.locator(".picker")).to_be_hidden()


def verb_first(choose):
    def way(page, word, statement):
        quote = choose(page, word)
        page.keyboard.press("1")
        pick(page, statement)
        return quote

    return way


def claim_first(choose):
    def way(page, word, statement):
        quote = choose(page, word)
        pick(page, statement)
        page.keyboard.press("1")
        return quote

    return way


def by_buttons(page, word, statement):
    quote = drag(page, word)
    page.locator("[data-button]").first.click()
    page.locator("[data-pick]").click()
    page.locator(".picker input").fill(statement)
    page.locator("#picker-list [role=option]").first.click()
    return quote


def by_palette(page, word, statement):
    quote = drag(page, word)
    for command in ("Asserts", "Choose or create the claim"):
        page.keyboard.press("Control+k")
        page.locator(".palette input").fill(command)
        page.keyboard.press("Enter")
    page.locator(".picker input").fill(statement)
    page.keyboard.press("Enter")
    return quote


def in_the_form(page, word, statement):
    quote = point(page, word)
    page.keyboard.press("e")
    sheet = page.locator("#sheet")
    sheet.get_by_label("Asserts").check()
    fill_claim(sheet, statement)
    sheet.get_by_role("button", name="Save").click()
    expect(sheet).to_be_hidden()
    return quote


def fill_claim(form, statement):
    listed = form.locator("[name=claim] option", has_text=statement)
    if listed.count():
        form.locator("[name=claim]").select_option(listed.first.get_attribute("value"))
    else:
        form.locator("[name=statement]").fill(statement)


def after_an_undo(page, word, statement):
    """Mark and claim wrongly, take both back, and do it again rightly."""
    drag(page, word)
    page.keyboard.press("2")
    pick(page, f"It is known that {WORDS[0]} waits.")
    for _ in range(2):
        page.keyboard.press("z")
    expect(page.locator(STATUS)).to_contain_text("Undone: marking")
    return verb_first(drag)(page, word, statement)


def after_a_wrong_claim(page, word, statement):
    """A mark that is held takes another claim."""
    quote = point(page, word)
    page.keyboard.press("1")
    pick(page, f"It is known that {WORDS[-1]} waits.")
    expect(page.locator(STATUS)).to_contain_text("Mark changed")
    page.keyboard.press("m")
    pick(page, statement)
    return quote


def of_an_old_mark(page, word, statement):
    quote = point(page, word)
    page.keyboard.press("1")
    expect(page.locator(STATUS)).to_contain_text(f"Marked: “{quote}”")
    point(page, WORDS[WORDS.index(word) - 1])
    point(page, word)
    page.keyboard.press("m")
    expect(page.locator(STATUS)).to_contain_text("1 of 1")
    pick(page, statement)
    return quote


def broken(answer):
    """Every first try of a request fails, so that all is sent twice."""

    def way(page, word, statement):
        tried = set()

        def once(route):
            body = route.request.post_data
            if route.request.method != "POST" or body in tried:
                return route.fallback()
            tried.add(body)
            return answer(route)

        page.route("**/mark/", once)
        page.route("**/edit/", once)
        quote = verb_first(drag)(page, word, statement)
        expect(page.locator(STATUS)).to_contain_text("Mark changed", timeout=15_000)
        page.unroute_all()
        return quote

    return way


def slowly(page, word, statement):
    """The answer to the mark comes when the next words are chosen; they stay chosen."""
    held = []
    page.route("**/mark/", lambda route: held.append(route), times=1)
    quote = drag(page, word)
    page.keyboard.press("1")
    pick(page, statement)
    drag(page, WORDS[WORDS.index(word) - 1])
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator(STATUS)).to_contain_text("Mark changed")
    assert page.evaluate("getSelection().toString()").startswith(WORDS[WORDS.index(word) - 1])
    return quote


WAYS = {
    "mouse": verb_first(drag),
    "mouse, the claim first": claim_first(drag),
    "buttons": by_buttons,
    "cursor": verb_first(point),
    "cursor, the claim first": claim_first(point),
    "palette": by_palette,
    "form": in_the_form,
    "undo": after_an_undo,
    "wrong claim": after_a_wrong_claim,
    "old mark": of_an_old_mark,
    "no connection": broken(lambda route: route.abort()),
    "no server": broken(lambda route: route.fulfill(status=503)),
    "slow": slowly,
}
TEN = [
    ("mouse", "new"),
    ("mouse", "listed"),
    ("cursor, the claim first", "new"),
    ("no connection", "new"),
]


def stored(user):
    return [
        (mark.targets.get(role="passage").exact, mark.claim and mark.claim.statement)
        for mark in Annotation.objects.by(user).live().order_by("created")
    ]


def check(page, user, wanted):
    """Nothing waits; the database, the margin and the status say what was wanted."""
    while page.evaluate("Object.keys(localStorage).some((key) => key.includes('queue'))"):
        page.wait_for_timeout(50)
    expect(page.locator(STATUS)).to_contain_text(wanted[-1][1][:40])
    assert sorted(stored(user)) == sorted(wanted)
    for quote, statement in wanted:
        claim = Claim.objects.get(statement=statement)
        mark = Annotation.objects.live().get(claim=claim)
        card = page.locator(f".card-coder[data-annotation='{mark.pk}']")
        assert re.match(rf"\s*{claim.number} ", card.locator("xpath=..").text_content()), quote


# The other ways ten times too: a long trial.
LONG = [
    pytest.param(way, claims, marks=pytest.mark.soak)
    for way in WAYS
    for claims in ("new", "listed")
    if (way, claims) not in TEN
]


@pytest.mark.parametrize(("way", "claims"), [*TEN, *((way, "mixed") for way in WAYS), *LONG])
def test_in_a_row_each_mark_goes_to_its_own_claim(opened, alice, way, claims):
    page = opened(column=len(way) % 2)
    wanted = []

    for number, word in enumerate(WORDS[1:4] if claims == "mixed" else WORDS[1:]):
        new = claims == "new" or (claims == "mixed" and number % 2 == 0)
        statement = f"New: {word} is last." if new else f"It is known that {word} waits."
        wanted.append((WAYS[way](page, word, statement), statement))

    check(page, alice, wanted)
    new = [statement for _, statement in wanted if statement.startswith("New")]
    assert Claim.objects.count() == len(WORDS) + len(new)


def address_of(collection):
    pks = collection.documents.order_by("pk").values_list("pk", flat=True)
    path = reverse("annotations:reader", args=[collection.slug])
    return f"{path}?{'&'.join(f'd={pk}' for pk in pks)}"


def test_in_a_row_by_finger_each_mark_goes_to_its_new_claim(phone, alice, ferries):
    page = phone(alice)
    page.goto(address_of(ferries))
    page.locator("[data-reader][data-ready]").wait_for(state="attached")
    wanted = []

    for word in WORDS[1:]:
        quote, statement = f"The {word} ferry was late.", f"New: {word} is last."
        page.locator(".column").first.locator(".sentence", has_text=quote).tap()
        page.locator("[data-button]").first.tap()
        page.locator("[data-pick]").tap()
        page.locator(".picker input").fill(statement)
        page.locator("#picker-list [role=option]").first.tap()
        wanted.append((quote, statement))

    check(page, alice, wanted)


def test_in_a_row_in_the_form_without_a_script_each_mark_goes_to_its_new_claim(
    visit, alice, ferries
):
    page = visit(alice, java_script_enabled=False)
    wanted = []

    for number, word in enumerate(WORDS[1:], start=3):
        quote, statement = f"The {word} ferry was late.", f"New: {word} is last."
        page.goto(address_of(ferries))
        column = page.locator(".column").first
        column.get_by_role("link", name=f"Mark in paragraph {number}", exact=True).click()
        page.get_by_role("link", name=quote).click()
        page.get_by_label("Asserts").check()
        page.get_by_label("Or a new claim").fill(statement)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[data-reader]")).to_be_visible()
        wanted.append((quote, statement))

    assert sorted(stored(alice)) == sorted(wanted)
