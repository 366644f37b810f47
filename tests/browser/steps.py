"""What a reader does again and again, in the words of a reader."""

import csv
import io
import json
import re

from playwright.sync_api import expect

from corpus.models import Document

CURRENT = ".sentence[aria-current='true']"
STATUS = "#marking-status"


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def wait_until_ready(page):
    page.locator("[data-reader][data-ready]").wait_for(state="attached")


def wait_until_said(page, words):
    expect(page.locator(STATUS)).to_contain_text(words)


# Nothing has moved for ten frames, one after the other.
STILL = """async () => {
  const places = () => {
    const all = [...document.querySelectorAll("*")].map((one) => one.getBoundingClientRect());
    return all.map(({ left, top, width, height }) => [left, top, width, height]).join();
  };
  for (let last = "", same = 0; same < 10; ) {
    await new Promise(requestAnimationFrame);
    const now = places();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}"""


def wait_until_still(page):
    page.evaluate(STILL)


def go_down_to(page, wanted):
    """Press the arrow until the sentence has these words, or fits this selector."""
    for _ in range(80):
        press(page, "ArrowDown")
        current = page.locator(CURRENT)
        if current.evaluate("(element, wanted) => element.textContent.includes(wanted)", wanted):
            return
    raise AssertionError(f"No sentence has “{wanted}”.")


def tag(page, claim, key):
    """Mark the current sentence as saying this claim, by typing the claim and pressing the key."""
    press(page, "c")
    page.get_by_role("combobox", name="Claim").fill(claim)
    press(page, "Enter", key)
    wait_until_said(page, "Marked")


def choose_documents(page, *titles):
    """Tick documents in the collection's list and open them side by side."""
    for title in titles:
        page.get_by_role("checkbox", name=title).check()
    page.get_by_role("button", name="Read side by side").click()
    wait_until_ready(page)


def download_all(page, *, by_button=False):
    """Download every format: the passages in each, as (document, start, end, exact).

    Without a script the button has to be pressed for a format to be shown.
    """
    found = {}
    for name, read in READERS.items():
        page.get_by_role("radio", name=re.compile(re.escape(name))).check()
        if by_button:
            page.get_by_role("button", name="Show").click()
        expect(page.locator("#preview-title")).to_have_text(name)
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download").click()
        found[name] = set(read(waiting.value.path().read_text(encoding="utf-8-sig", newline="")))
    return found


def passages_of_csv(text):
    for row in csv.DictReader(io.StringIO(text, newline="")):
        if row["start"]:
            exact = re.sub("^'(?='*(?:\\s*[=+\\-@＝＋－＠]|[\\t\\r\\n]))", "", row["exact"])
            yield int(row["document"]), int(row["start"]), int(row["end"]), exact


def passages_of_json_lines(text):
    for line in text.split("\n"):
        for target in json.loads(line)["targets"] if line else []:
            if target["start"] is not None:
                document = target["document"]["id"]
                yield document, target["start"], target["end"], target["exact"]


def passages_of_web_annotations(text):
    for annotation in json.loads(text)["first"]["items"]:
        for target in annotation["target"]:
            if "selector" in target:
                quote, position = target["selector"]
                document = int(target["source"]["id"].rstrip("/").rpartition("/")[2])
                yield document, position["start"], position["end"], quote["exact"]


READERS = {
    "Table (CSV)": passages_of_csv,
    "JSON Lines": passages_of_json_lines,
    "W3C Web Annotation": passages_of_web_annotations,
}


def all_slice_back(passages):
    """Whether the words of every passage stand where it says, counted in code points."""
    texts = {document.pk: document.text for document in Document.objects.all()}
    return all(texts[pk][start:end] == exact for pk, start, end, exact in passages)
