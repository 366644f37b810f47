# ruff: noqa: E402 (Django must be set up before its models are imported)
"""How long a mark takes: to be stored durably, and to be seen after the mouse is let go.

    python benchmarks/marking.py [--runs 50] [--no-browser] [--selections 1000000]

The server's times are of the whole request, from the form to the pieces of the page that change,
on a database file with `synchronous=FULL`. The browser's times run from the pointer's release to
the end of the first frame that shows the words marked (`seen`), and to the mark as the server
drew it (`saved`). With --selections, as many random selections of a text full of emoji, combining
marks and right-to-left words are compared with Python's slices.
"""

import argparse
import os
import random
import statistics
import sys
import time
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection
from django.db.backends.signals import connection_created
from django.test import Client
from django.urls import reverse
from reader import mark, prose

from annotations.models import Annotation
from corpus.models import Document
from tests import factories

SIGNS = ["port", "e\u0301", "q\u0323\u0307", "👩‍👩‍👧", "🇵🇪", "🚢", "הנמל", "الميناء", "𐌰𐌱", "港𠮷", "1️⃣", "like-minded", "“no,”"]  # fmt: skip


def durable(sender: object, connection: object, **options: object) -> None:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("PRAGMA synchronous=FULL")


def percentiles(times: list[float]) -> str:
    return f"{statistics.median(times):8.1f}{statistics.quantiles(times, n=20)[-1]:8.1f}"


def passages(document: Document, count: int, seed: int) -> list[tuple[int, int]]:
    """Spans of three to fifteen words."""
    chance = random.Random(seed)
    found = []
    while len(found) < count:
        start = chance.randrange(len(document.text) - 200)
        start = document.text.index(" ", start) + 1
        end = document.text.index(" ", start + chance.randint(15, 90))
        found.append((start, end))
    return found


def storing(client: Client, document: Document, runs: int) -> list[float]:
    claim = document.collection.claims.first()
    address = reverse("annotations:mark", args=[document.collection.slug])
    times = []
    for start, end in passages(document, runs, 11):
        data = {
            "id": str(uuid4()),
            "document": document.pk,
            "start": start,
            "end": end,
            "exact": document.text[start:end],
            "claim": claim.pk,
            "button": "author:supports",
            "view": f"d={document.pk}",
        }
        begun = time.perf_counter()
        answer = client.post(address, data, headers={"hx-request": "true"})
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, answer.content
    return times


# The clock starts when the pointer is released and stops when the frame that shows the words is done.
CLOCK = """() => {
  window.seen = [];
  window.saved = [];
  addEventListener("pointerup", () => {
    const released = performance.now();
    const frame = () => requestAnimationFrame(() => {
      if (!CSS.highlights.has("saving")) return frame();
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.seen.push(performance.now() - released);
      channel.port2.postMessage(0);
    });
    frame();
    document.querySelector("[data-reader]").addEventListener(
      "reader:updated", () => window.saved.push(performance.now() - released), { once: true });
  }, { capture: true });
}"""

WORDS = """(n) => {
  const shown = [...document.querySelectorAll(".paragraph")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.top > 120 && box.bottom < innerHeight - 80;
  });
  const paragraph = shown[n % shown.length];
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) if (walker.currentNode.length > 12) nodes.push(walker.currentNode);
  const node = nodes[n % nodes.length];
  const range = document.createRange();
  range.setStart(node, 1);
  range.setEnd(node, Math.min(node.length - 1, 14));
  const boxes = range.getClientRects();
  const [first, last] = [boxes[0], boxes[boxes.length - 1]];
  return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
}"""

SELECTIONS = """async ([count, seed]) => {
  const { spanOf } = await import("/static/js/offsets.js");
  const nodes = [];
  const walker = document.createTreeWalker(document.querySelector(".text"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (walker.currentNode.parentElement.closest(".paragraph")) nodes.push(walker.currentNode);
  }
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const range = document.createRange();
  const found = [];
  for (let n = 0; n < count; n += 1) {
    const at = random(nodes.length);
    const [a, b] = [nodes[at], nodes[Math.min(nodes.length - 1, at + random(3))]];
    range.setStart(a, random(a.length + 1));
    range.setEnd(b, random(b.length + 1));
    const span = range.collapsed ? null : spanOf(range, { characters: n % 2 === 0 });
    if (span) found.push([span.start, span.end, span.exact]);
  }
  return found;
}"""


def in_browser(client: Client, documents: list[Document], *, signs: Document, options) -> None:
    from django.contrib.staticfiles.testing import StaticLiveServerTestCase
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    StaticLiveServerTestCase.setUpClass()
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                args=["--no-sandbox", "--disable-background-networking"],
            )
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            url = StaticLiveServerTestCase.live_server_url
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
            page = context.new_page()
            print(f"\n{'mouse released, in Chromium':36}{'p50 ms':>8}{'p95 ms':>8}")
            for document in documents:
                open_reader(page, url, document)
                page.keyboard.press("l")
                page.evaluate(CLOCK)
                for n in range(options.runs):
                    left, top, right, bottom = page.evaluate(WORDS, n)
                    page.mouse.move(left, top)
                    page.mouse.down()
                    page.mouse.move(right, bottom, steps=3)
                    page.mouse.up()
                    page.wait_for_function("(n) => window.saved.length > n", arg=n)
                for name in ("seen", "saved"):
                    times = page.evaluate(f"window.{name}")
                    print(f"{f'{document.title}: {name}':36}{percentiles(times)}")
            open_reader(page, url, signs)
            selections(page, signs, options.selections)
            browser.close()
    finally:
        StaticLiveServerTestCase.tearDownClass()


def open_reader(page, url: str, document: Document) -> None:
    path = reverse("annotations:reader", args=[document.collection.slug])
    page.goto(f"{url}{path}?d={document.pk}")
    page.wait_for_selector("[data-ready]", state="attached")


def selections(page, document: Document, count: int) -> None:
    checked = wrong = 0
    begun = time.perf_counter()
    for seed in range(1, count // 20_000 + 2):
        batch = min(20_000, count - 20_000 * (seed - 1))
        for start, end, exact in page.evaluate(SELECTIONS, [batch, seed]):
            checked += 1
            wrong += document.text[start:end] != exact
    seconds = time.perf_counter() - begun
    print(f"\n{checked:,} selections compared with Python in {seconds:.0f} s: {wrong} differ")
    assert not wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--selections", type=int, default=20_000)
    options = parser.parse_args()

    connection_created.connect(durable)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        report(options)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def report(options: argparse.Namespace) -> None:
    alice = factories.user("alice")
    collection = factories.collection("Marks", owner=alice)
    documents = [
        factories.document(collection, prose(1_000, 1), title="1,000 words, 100 marks"),
        factories.document(collection, prose(20_000, 2), title="20,000 words, 500 marks"),
    ]
    mark(documents[0], alice, 100, 3)
    mark(documents[1], alice, 500, 4)
    chance = random.Random(5)
    lines = [" ".join(chance.choices(SIGNS, k=30)) + "." for _ in range(40)]
    signs = factories.document(collection, "\n\n".join(lines), title="Signs")
    client = Client(SERVER_NAME="localhost")
    client.force_login(alice)
    with connection.cursor() as cursor:
        level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    title = f"store a mark, synchronous={'FULL' if level == 2 else level}"
    print(f"{title:36}{'p50 ms':>8}{'p95 ms':>8}")
    for document in documents:
        storing(client, document, 3)
        print(f"{document.title:36}{percentiles(storing(client, document, options.runs))}")
    print(f"({Annotation.objects.count():,} annotations stored at the end)")
    if not options.no_browser:
        in_browser(client, documents, signs=signs, options=options)


if __name__ == "__main__":
    main()
