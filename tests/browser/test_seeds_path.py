"""The whole path on three real documents, from an empty site; no sentence of them stands here."""

from playwright.sync_api import expect

from annotations.models import Annotation
from corpus.models import Collection, Document

from .steps import (
    all_slice_back,
    choose_documents,
    download_all,
    press,
    tag,
    wait_until_ready,
    wait_until_said,
)

CLAIM = "A claim that one of the reports makes."


def test_from_three_real_files_on_an_empty_site_to_an_export(visit, seeds, alice):
    page = visit(alice)
    files = sorted(seeds.glob("*.txt"))

    # An empty site says what to do; the files come in with titles that one would give them.
    page.goto("/")
    page.get_by_role("link", name="Make your first collection").click()
    page.get_by_label("Name").fill("Three real texts")
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("link", name="Choose files or paste a text").click()
    page.get_by_label("Files").set_input_files(files)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 documents imported")
    titles = [field.input_value() for field in page.get_by_label("Title").all()]
    assert len(set(titles)) == 3
    for title in titles:
        assert 3 <= len(title.split()) <= 20
        assert not any(word in title for word in ("Bloomberg", "Photo", "http", "[", "--"))
    page.get_by_role("link", name="All is right: to the documents").click()
    expect(page.get_by_role("checkbox")).to_have_count(3)

    # The two that share their text are read side by side; a claim is tagged in both.
    report = next(one for one in Document.objects.all() if one.original_name.startswith("001"))
    rewrite = next(one for one in Document.objects.all() if one.original_name.startswith("000"))
    choose_documents(page, report.title, rewrite.title)
    press(page, "ArrowDown")
    while not page.locator(".sentence[data-counterpart]").count():
        press(page, "ArrowDown")
    tag(page, CLAIM, "1")
    press(page, "ArrowRight")
    tag(page, CLAIM, "3")
    claim = page.locator("#claims .claim").filter(has_text=CLAIM)
    expect(claim.locator("[data-position=for]")).to_have_count(1)
    expect(claim.locator("[data-position=against]")).to_have_count(1)

    press(page, "s", "1")
    wait_until_said(page, "Reporting")
    press(page, "o", "4")
    wait_until_said(page, "Rewrite")
    press(page, "ArrowLeft", "s", "1")
    expect(page.locator(".stance summary").filter(has_text="eporting")).to_have_count(2)

    page.reload()
    wait_until_ready(page)
    press(page, "z")
    wait_until_said(page, "Undone")
    expect(page.locator(".stance summary").filter(has_text="eporting")).to_have_count(1)
    page.reload()
    wait_until_ready(page)
    press(page, "Control+Shift+z")
    wait_until_said(page, "Done again")
    expect(page.locator(".stance summary").filter(has_text="eporting")).to_have_count(2)

    page.get_by_role("navigation", name="Collection").get_by_role("link", name="Claims").click()
    cells = page.get_by_role("row", name=CLAIM).locator("td .tile")
    assert sorted(cells.evaluate_all("all => all.map((one) => one.dataset.position)")) == [
        "against",
        "for",
        "not_looked_at",
    ]

    page.get_by_role("link", name="Export", exact=True).click()
    exported = download_all(page)
    made = {
        (target.document_id, target.start, target.end, target.exact)
        for mark in Annotation.objects.filter(motivation="assessing")
        for target in mark.targets.all()
    }
    assert {document for document, *_ in made} == {report.pk, rewrite.pk}
    assert all(passages == made for passages in exported.values())
    assert all_slice_back(made)
    assert Collection.objects.count() == 1
