"""From a file to an export on the sample collection: real input, a real browser."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from annotations.models import Annotation
from corpus.models import Document

from .steps import (
    CURRENT,
    all_slice_back,
    choose_documents,
    download_all,
    go_down_to,
    press,
    tag,
    wait_until_ready,
    wait_until_said,
)

NEWS = """Ferry pier closes for the winter

By Ilse Ørnholt

PORT SARELLE, Feb. 9 (Petrel) -- The ferry pier closes on Monday 🚢, the council said. The levy \
will raise about 38 million florins a year, it added.

“שלום,” said a sailor. He did not expect an answer.
"""
CLAIM = "The ferry pier of Port Sarelle closes in winter."


def test_from_a_file_to_an_export(visit, sample, alice):
    page = visit(alice)
    wire = sample.documents.get(original_name="001-wire.txt")

    # A file comes in, with a title that says what it is.
    page.goto(sample.get_absolute_url())
    page.get_by_role("link", name="Import documents").click()
    page.get_by_label("Files").set_input_files(
        {"name": "pier.txt", "mimeType": "text/plain", "buffer": NEWS.encode()}
    )
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_label("Title")).to_have_value("Ferry pier closes for the winter")
    expect(page.get_by_label("Byline")).to_have_value("Ilse Ørnholt")
    expect(page.get_by_label("Publisher")).to_have_value("Petrel")
    page.get_by_label("Publisher").fill("The Sarelle Ledger")
    page.get_by_role("button", name="Save corrections").click()
    page.goto(sample.get_absolute_url())
    pier = Document.objects.get(title="Ferry pier closes for the winter")
    assert pier.publisher == "The Sarelle Ledger"

    # Two are read side by side, and the same claim is tagged in both by keyboard.
    choose_documents(page, pier.title, wire.title)
    expect(page.locator(".column")).to_have_count(2)
    first, second = [
        int(pk)
        for pk in page.locator(".column").evaluate_all("all => all.map((a) => a.dataset.document)")
    ]
    words = {pier.pk: "The ferry pier closes on Monday", wire.pk: "38 million florins"}
    go_down_to(page, words[first])
    tag(page, CLAIM, "2")
    press(page, "ArrowRight")
    if words[second] not in page.locator(CURRENT).inner_text():
        for _ in range(60):
            press(page, "ArrowUp")
        go_down_to(page, words[second])
    tag(page, CLAIM, "3")
    listed = page.locator("#claims .claim").filter(has_text=CLAIM)
    expect(listed.locator("[data-position=reported]")).to_have_count(1)
    expect(listed.locator("[data-position=against]")).to_have_count(1)

    # Each gets a stance.
    press(page, "s", "3")
    expect(page.locator(f"#stance-{second} summary")).to_contain_text("pinion")
    press(page, "ArrowLeft", "s", "1")
    expect(page.locator(f"#stance-{first} summary")).to_contain_text("eporting")

    # What was done is undone and done again, over a reload.
    page.reload()
    wait_until_ready(page)
    press(page, "z")
    wait_until_said(page, "Undone")
    expect(page.locator(f"#stance-{first} summary")).not_to_contain_text("Reporting")
    page.reload()
    wait_until_ready(page)
    press(page, "Control+Shift+z")
    wait_until_said(page, "Done again")
    expect(page.locator(f"#stance-{first} summary")).to_contain_text("eporting")

    # The grid has a row for the claim, with a cell for each of the two.
    page.get_by_role("link", name="Claims", exact=True).first.click()
    row = page.get_by_role("row", name=re.compile(re.escape(CLAIM)))
    claim = Annotation.objects.live().filter(claim__statement=CLAIM).first().claim_id
    expect(row.locator(f"#cell-{claim}-{first} .tile")).to_have_attribute(
        "data-position", "reported"
    )
    expect(row.locator(f"#cell-{claim}-{second} .tile")).to_have_attribute(
        "data-position", "against"
    )

    # All three files hold the marks, and the words stand where they say.
    page.get_by_role("link", name="Export", exact=True).click()
    files = download_all(page)
    made = {
        (target.document_id, target.start, target.end, target.exact)
        for mark in Annotation.objects.filter(claim=claim)
        for target in mark.targets.all()
    }
    assert {document for document, *_ in made} == {pier.pk, wire.pk}
    assert all(made <= passages for passages in files.values())
    assert len({frozenset(passages) for passages in files.values()}) == 1
    assert all_slice_back(next(iter(files.values())))


def test_the_three_main_documents_are_coded_by_keyboard_alone(visit, sample, alice):
    page = visit(alice)
    names = ["001-wire.txt", "002-rewrite.txt", "004-column.txt"]
    wire, rewrite, column = [sample.documents.get(original_name=name) for name in names]
    page.goto(
        reverse(
            "annotations:reader",
            args=[sample.slug],
            query={"d": [wire.pk, rewrite.pk, column.pk]},
        )
    )
    wait_until_ready(page)

    # The wire report: a known claim by its number, the next by two words, a third in new words.
    go_down_to(page, "plans to make cargo ships pay for dredging its largest harbour")
    tag(page, "1", "1")
    go_down_to(page, "Two years later")
    tag(page, "contract 2021", "2")
    go_down_to(page, "Competitors did not wait")
    tag(page, "Ports nearby compete for the traffic of Port Sarelle.", "1")
    press(page, "n")
    expect(page.locator("#sheet [name=note]")).to_be_focused()
    page.keyboard.type("Context, not news.")
    press(page, "Tab")
    while page.evaluate("document.activeElement.textContent.trim()") != "Save":
        press(page, "Tab")
    press(page, "Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    press(page, "s", "1")
    wait_until_said(page, "Reporting")
    press(page, "o", "1")
    expect(page.locator(f"#stance-{wire.pk} summary")).to_have_text("Wire reporting")

    # Its rewrite: the same claim at the counterpart, and what the rewriter did to the sentence.
    press(page, "ArrowRight")
    tag(page, "compete for the traffic", "1")
    press(page, "x")
    expect(page.locator("#sheet")).to_contain_text("What changed?")
    press(page, "Space") if not page.locator("#sheet :checked").count() else None
    while page.evaluate("document.activeElement.textContent.trim()") != "Save":
        press(page, "Tab")
    press(page, "Enter")
    wait_until_said(page, "Pair coded")
    press(page, "s", "1", "o", "4")

    # The column: only some words of a sentence, and more than one sentence.
    press(page, "ArrowRight", "ArrowDown")
    for _ in range(60):
        press(page, "ArrowUp")
    go_down_to(page, "This levy is unfair")
    press(page, *["Alt+ArrowRight"] * 2, *["Alt+Shift+ArrowRight"] * 3)
    tag(page, "9", "3")
    press(page, "ArrowDown", "Shift+ArrowDown", "1")
    wait_until_said(page, "Marked")
    press(page, "s", "3")
    expect(page.locator(f"#stance-{column.pk} summary")).to_contain_text("opinion")
    press(page, "Control+k")
    page.keyboard.type("plain")
    press(page, "Enter")
    expect(page.locator("[data-reader]")).to_have_attribute("data-layers", "")

    mine = Annotation.objects.live().filter(creator=alice)
    assert mine.filter(motivation="assessing").count() == 6
    assert mine.filter(motivation="classifying").count() == 5
    assert mine.get(motivation="linking").targets.count() == 2
    assert mine.get(note="Context, not news.").claim.statement.startswith("Ports nearby")
