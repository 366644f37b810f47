"""The whole work without JavaScript: links and forms alone."""

import re

from playwright.sync_api import expect

from annotations.models import Annotation
from corpus.models import Document

from .conftest import REWRITE, WIRE
from .steps import all_slice_back, download_all

CLAIM = "The public was asked about the plan."


def test_from_signing_in_to_an_export_without_a_script(visit, live_server, alice):
    page = visit(java_script_enabled=False)

    page.goto("/")
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Make your first collection").click()
    page.get_by_label("Name").fill("Port")
    page.get_by_role("button", name="Make it").click()

    # Two files go in, and a third is refused in words.
    page.get_by_role("link", name="Choose files or paste a text").click()
    page.get_by_label("Files").set_input_files(
        [
            {"name": "wire.txt", "mimeType": "text/plain", "buffer": WIRE.encode()},
            {"name": "copy.txt", "mimeType": "text/plain", "buffer": REWRITE.encode()},
            {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
        ]
    )
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("[data-outcome=failed]")).to_contain_text("empty.txt")
    page.get_by_label("Title").nth(0).fill("Harbour opens")
    page.get_by_label("Title").nth(1).fill("Harbour to open")
    page.get_by_role("button", name="Save corrections").click()
    wire, copy = Document.objects.order_by("pk")
    assert (wire.title, copy.title) == ("Harbour opens", "Harbour to open")

    # They are read side by side.
    page.get_by_role("link", name="Documents", exact=True).click()
    for title in (wire.title, copy.title):
        page.get_by_role("checkbox", name=title).check()
    page.get_by_role("button", name="Read side by side").click()
    for document in (wire, copy):
        expect(page.locator(f"#column-{document.pk} .paragraph").last).to_be_visible()
    reading = page.url

    # A sentence is marked under a new claim, then the mark is changed, deleted and brought back.
    page.locator(f"#column-{wire.pk}").get_by_role("link", name="Mark in paragraph 1").click()
    page.get_by_role("link", name=re.compile("Nobody was asked")).click()
    page.get_by_label("Disputes").check()
    page.get_by_label("Or a new claim").fill(CLAIM)
    page.get_by_role("button", name="Save").click()
    mark = Annotation.objects.get()
    expect(page.locator(f"mark[data-annotations~='{str(mark.pk)[-12:]}']").first).to_be_visible()

    page.locator(f"#column-{wire.pk} .card a[data-open]").first.click()
    page.get_by_label("Words", exact=True).fill("Nobody was asked about the plan")
    page.get_by_label("Note").fill("Who is nobody?")
    page.get_by_role("button", name="Save").click()
    mark.refresh_from_db()
    assert mark.note == "Who is nobody?"
    assert mark.targets.get().exact == "Nobody was asked about the plan"

    page.locator(f"#column-{wire.pk} .card a[data-open]").first.click()
    page.get_by_role("button", name="Delete").click()
    mark.refresh_from_db()
    assert mark.deleted
    page.goto(reading)
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.locator(f"mark[data-annotations~='{str(mark.pk)[-12:]}']").first).to_be_visible()

    # Its stance, and on the grid what the other document leaves out.
    page.locator(f"#stance-{wire.pk} summary").click()
    page.locator(f"#stance-{wire.pk} button[value=reporting]").click()
    expect(page.locator(f"#stance-{wire.pk} summary")).to_have_text("Reporting")
    page.get_by_role("navigation", name="Collection").get_by_role("link", name="Claims").click()
    cell = f"#cell-{mark.claim_id}-{copy.pk}"
    page.locator(f"{cell} a").click()
    page.get_by_role("button", name=f"Confirm absent in {copy.title}").click()
    page.get_by_role("navigation", name="Collection").get_by_role("link", name="Claims").click()
    expect(page.locator(f"{cell} .tile")).to_have_attribute("data-position", "absent")
    expect(page.locator(f"#cell-{mark.claim_id}-{wire.pk} .tile")).to_have_attribute(
        "data-position", "against"
    )

    # The files.
    page.get_by_role("link", name="Export", exact=True).click()
    files = download_all(page, by_button=True)
    assert all(len(passages) == 1 for passages in files.values())
    assert all_slice_back(files["Table (CSV)"])
