"""Copying from a text: its words alone, whatever stands between them."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from corpus.models import Document
from tests import factories

from .steps import wait_until_ready

ISLAND = (
    "Ferry\u200b service to the island 👩‍🚀 ends on Monday. Some islanders use the boat.\n\n"
    "The office named no reason. “We were not asked,” Zoë Varga said.\n\n"
    "السفينة تبقى في الميناء حتى الربيع.\n\n"
    "A bridge is not planned."
)
PARAGRAPHS = ISLAND.split("\n\n")

# What the clipboard holds, as a field is given it that somebody pastes into.
FIELD = """() => {
  const field = document.createElement("textarea");
  field.addEventListener("paste", ({ clipboardData }) => {
    globalThis.pasted = ["text/plain", "text/html"].map((type) => clipboardData.getData(type));
  });
  field.className = "paste-here";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  globalThis.pasted = null;
  field.focus();
}"""

# Select from a place in the text to another; a place is words that stand once in an element's text,
# and the place is before the first or after the last of them. The ends may stand the other way round.
SELECT = """([first, from, last, until]) => {
  const place = (selector, words, after) => {
    for (const element of document.querySelectorAll(selector)) {
      const at = element.textContent.indexOf(words);
      if (at < 0) continue;
      let left = at + (after ? words.length : 0);
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        if (left <= walker.currentNode.length) return [walker.currentNode, left];
        left -= walker.currentNode.length;
      }
    }
    throw new Error(`nowhere: ${words}`);
  };
  const [start, end] = [place(first, from, false), place(last, until, true)];
  const backwards = document.createRange();
  backwards.setStart(...start);
  backwards.setEnd(...end);
  if (backwards.collapsed) getSelection().setBaseAndExtent(...place(first, from, true), ...place(last, until, false));
  else getSelection().setBaseAndExtent(...start, ...end);
}"""


@pytest.fixture
def island(alice):
    """Two texts of an island with marks, changes and a claim; the second is a rewrite."""
    collection = factories.collection("Island", owner=alice)
    wire = factories.document(collection, ISLAND, title="Ferry ends", language="en")
    rewrite = ISLAND.replace("Monday", "Friday").replace("not planned", "planned")
    copy = factories.document(collection, rewrite, title="Ferry to end", language="en")
    claim = factories.claim(collection, alice, "The ferry ends.")
    factories.mark(wire, alice, "Some islanders use the boat", claim=claim)
    factories.mark(wire, alice, "use the boat.\n\nThe office named", claim=claim, note="Look!")
    factories.mark(copy, alice, "The office named no reason", claim=claim)
    return collection


@pytest.fixture
def opened(page, live_server, sign_in, alice, island):
    """Open the reader on both texts, or another page."""

    def at(path=None):
        sign_in(alice)
        page.goto(live_server.url + (path or reading(island)))
        if path is None:
            wait_until_ready(page)
        return page

    return at


def reading(collection, *, documents=2):
    pks = collection.documents.order_by("pk").values_list("pk", flat=True)[:documents]
    path = reverse("annotations:reader", args=[collection.slug])
    return f"{path}?{'&'.join(f'd={pk}' for pk in pks)}"


def copied(page):
    """Copy, and read both forms of what is on the clipboard."""
    page.keyboard.press("Control+c")
    page.evaluate(FIELD)
    page.keyboard.press("Control+v")
    found = page.evaluate("pasted")
    page.evaluate("document.querySelector('.paste-here').remove()")
    return found


def words_of_html(html):
    """The words and the elements of what was copied, without what the browser puts around it."""
    body = re.sub(r"(?s).*<!--StartFragment-->|<!--EndFragment-->.*|<meta[^>]*>", "", html)
    return re.sub(r"<[^>]+>", "", body), set(re.findall(r"<(\w+)", body))


COLUMN = ".column:nth-of-type(1) .paragraph"
OTHER = ".column:nth-of-type(2) .paragraph"
SELECTIONS = {
    "words": ((COLUMN, "islanders", COLUMN, "the boat"), "islanders use the boat"),
    "two sentences": (
        (COLUMN, "ends on", COLUMN, "islanders"),
        "ends on Monday. Some islanders",
    ),
    "paragraphs": (
        (COLUMN, "Ferry", COLUMN, "A bridge"),
        "\n\n".join([*PARAGRAPHS[:3], "A bridge"]),
    ),
    "an emoji": ((COLUMN, "\U0001f680", COLUMN, "ends"), "👩‍🚀 ends"),
    "right to left": ((COLUMN, "السفينة", COLUMN, "الربيع."), PARAGRAPHS[2]),
    "into the next column": (
        (COLUMN, "A bridge", OTHER, "Some islanders"),
        "A bridge is not planned.",
    ),
    "back from the next column": (
        (OTHER, "Some islanders", COLUMN, "A bridge"),
        "Ferry\u200b service to the island 👩‍🚀 ends on Friday. Some islanders",
    ),
    "from the title": (
        (".column-title", "Ferry", COLUMN, "service"),
        "Ferry\u200b service",
    ),
    "into the margin": (
        (COLUMN, "Zoë", ".column:nth-of-type(2) .margin", "1"),
        "Zoë Varga said.\n\n" + "\n\n".join(PARAGRAPHS[2:]),
    ),
}


@pytest.mark.parametrize("chosen", SELECTIONS)
def test_a_quotation_is_copied_without_what_stands_beside_it(opened, chosen):
    places, wanted = SELECTIONS[chosen]
    page = opened()

    page.evaluate(SELECT, list(places))
    plain, html = copied(page)

    assert plain == wanted
    assert words_of_html(html) == (
        wanted.replace("\n\n", ""),
        {"p"} if "\n\n" in wanted else {"span"},
    )
    assert ('dir="rtl"' in html) == ("السفينة" in wanted)


def test_the_mouse_over_a_paragraph_s_end_copies_two_paragraphs(opened):
    page = opened()
    column = page.locator(".column").first
    first, second = (column.locator(".paragraph").nth(index).bounding_box() for index in (0, 1))

    page.mouse.move(first["x"] + 1, first["y"] + 8)
    page.mouse.down()
    page.mouse.move(second["x"] + second["width"] - 2, second["y"] + second["height"] - 4, steps=5)
    page.mouse.up()
    plain, _ = copied(page)

    assert plain == "\n\n".join(PARAGRAPHS[:2])


def test_all_that_is_selected_is_the_words_of_both_texts(opened):
    page = opened()
    texts = [document.text for document in Document.objects.order_by("pk")]

    page.keyboard.press("Control+a")
    plain, _ = copied(page)

    assert plain == "\n\n".join(texts)


def test_what_is_dragged_away_is_words_too(opened):
    page = opened()
    page.evaluate(SELECT, [COLUMN, "Some islanders", COLUMN, "The office"])

    dragged = page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          const text = getSelection().anchorNode;
          text.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer }));
          return dataTransfer.getData("text/plain");
        }"""
    )

    assert dragged == "Some islanders use the boat.\n\nThe office"


def test_a_field_and_what_is_no_text_are_copied_as_ever(opened):
    page = opened()

    page.evaluate(SELECT, [".column-title", "Ferry", ".column-title", "ends"])
    assert copied(page)[0] == "Ferry ends"
    page.evaluate(SELECT, [".claims-panel", "The ferry", ".claims-panel", "ends."])
    assert copied(page)[0].strip() == "The ferry ends."

    page.evaluate(SELECT, [COLUMN, "Ferry", COLUMN, "service"])
    page.keyboard.press("Control+k")
    page.locator(".palette input").fill("asserts")
    page.keyboard.press("Control+a")
    assert copied(page)[0] == "asserts"


def test_the_document_s_page_gives_its_words(opened, island):
    document = island.documents.earliest("pk")
    page = opened(document.get_absolute_url())

    page.evaluate(SELECT, [".sheet-head", "Ferry", ".sheet-facts", "Length"])

    assert copied(page)[0] == ISLAND


def test_the_page_of_a_claim_gives_the_passages_without_names_and_links(opened, island):
    claim = island.claims.get()
    page = opened(reverse("annotations:claim", args=[island.slug, claim.pk]))
    quotes = page.locator(".occurrence blockquote")
    texts = [
        " ".join(words.split()).removesuffix(" read there") for words in quotes.all_text_contents()
    ]
    assert len(texts) == 3

    page.evaluate(
        """() => {
          const all = document.querySelectorAll(".occurrence");
          const last = [...all].at(-1);
          getSelection().setBaseAndExtent(all[0].querySelector("blockquote"), 0, last, last.childNodes.length);
        }"""
    )
    plain, html = copied(page)

    assert " ".join(plain.split()) == " ".join(texts)
    assert "read there" not in html
    assert "alice" not in html


def test_without_a_script_the_words_alone_are_selected(visit, alice, island):
    page = visit(alice, java_script_enabled=False)
    page.set_viewport_size({"width": 1366, "height": 1400})
    page.goto(reading(island))
    column = page.locator(".column").first
    expect(column.get_by_role("link", name="Mark in paragraph 2")).to_be_visible()
    first, last = (column.locator(".paragraph").nth(index).bounding_box() for index in (0, 3))

    page.mouse.click(first["x"] + 1, first["y"] + 8)
    page.keyboard.down("Shift")
    page.mouse.click(last["x"] + last["width"] - 2, last["y"] + last["height"] - 4)
    page.keyboard.up("Shift")
    page.keyboard.press("Control+c")

    assert pasted(visit()).split() == ISLAND.split()


def pasted(page):
    """What the clipboard holds, put in the field of a page of the same browser."""
    page.goto("data:text/html,<textarea></textarea>")
    page.locator("textarea").click()
    page.keyboard.press("Control+v")
    return page.locator("textarea").input_value()
