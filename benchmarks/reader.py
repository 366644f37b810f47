# ruff: noqa: E402 (Django must be set up before its models are imported)
"""How fast the reading page opens, on the server and in the browser.

    python benchmarks/reader.py [--runs 30] [--no-browser]

It works in a database of its own. Every time is that of the whole answer: middleware, queries,
templates. `empty view` is the library page of a collection without documents.
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

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from annotations.models import Annotation, Code, Coding, Target
from corpus.models import Document
from tests import factories

WORDS = [
    "harbour",
    "levy",
    "minister",
    "ship",
    "quay",
    "tonne",
    "channel",
    "pilot",
    "cabinet",
    "memo",
    "florin",
    "cargo",
    "depth",
    "dredging",
    "plan",
    "vote",
    "month",
    "rival",
    "port",
    "official",
    "the",
    "a",
    "of",
    "to",
    "in",
    "that",
    "is",
    "will",
    "said",
    "not",
    "from",
    "under",
    "two",
]


def prose(words: int, seed: int) -> str:
    """Paragraphs of some three sentences of some twenty words."""
    chance = random.Random(seed)
    paragraphs, sentences, count = [], [], 0
    while count < words:
        length = chance.randint(12, 28)
        line = " ".join(chance.choices(WORDS, k=length))
        sentences.append(line[0].upper() + line[1:] + ".")
        count += length
        if len(sentences) == 3:
            paragraphs.append(" ".join(sentences))
            sentences = []
    return "\n\n".join([*paragraphs, " ".join(sentences)]).strip()


def rewritten(text: str, seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(
        chance.choice(WORDS) if chance.random() < 0.15 and word.isalpha() else word
        for word in text.split(" ")
    )


def mark(document: Document, user, count: int, seed: int) -> None:
    """Overlapping marks of 3 to 40 words all over the text, stored in bulk."""
    chance = random.Random(seed)
    claims = [
        factories.claim(document.collection, user, f"Claim {number} of document {document.pk}.")
        for number in range(10)
    ]
    codes = list(Code.objects.filter(variable__key="position").select_related("variable"))
    codes = [
        code for code in codes if code.variable.codebook.collection_id == document.collection_id
    ]
    annotations, targets, codings = [], [], []
    for _ in range(count):
        start = chance.randrange(len(document.text) - 300)
        end = start + chance.randint(20, 280)
        claim, code = chance.choice(claims), chance.choice(codes)
        annotation = Annotation(
            id=uuid4(),
            collection=document.collection,
            creator=user,
            motivation="assessing",
            claim=claim,
        )
        annotations.append(annotation)
        targets.append(
            Target(
                annotation=annotation,
                document=document,
                role="passage",
                start=start,
                end=end,
                exact=document.text[start:end],
            )
        )
        codings.append(
            Coding(
                annotation=annotation, variable=code.variable, code=code, creator=user, claim=claim
            )
        )
    Annotation.objects.bulk_create(annotations)
    Target.objects.bulk_create(targets)
    Coding.objects.bulk_create(codings)


def measure(client: Client, path: str, runs: int) -> tuple[float, float, int]:
    """p50 and p95 in milliseconds, and the size of the answer in bytes."""
    times = []
    size = len(client.get(path).content)
    for _ in range(runs):
        start = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 200, answer.status_code
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], size


def in_browser(client: Client, paths: dict[str, str]) -> dict[str, float]:
    """Milliseconds until the page of each path has loaded and painted, p50 of seven."""
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
            times: dict[str, list[float]] = {name: [] for name in paths}
            for _ in range(7):  # in turn, so that a busy moment of the machine hits them all
                for name, path in paths.items():
                    page.goto(url + path)
                    page.wait_for_selector("[data-ready]")
                    times[name].append(
                        page.evaluate(
                            "() => new Promise((done) => requestAnimationFrame(() =>"
                            " setTimeout(() => done(performance.now()))))"
                        )
                    )
            browser.close()
    finally:
        StaticLiveServerTestCase.tearDownClass()
    return {name: statistics.median(taken) for name, taken in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        report(options)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def report(options: argparse.Namespace) -> None:
    alice = factories.user("alice")
    empty = factories.collection("Empty", owner=alice)
    small = factories.collection("Small", owner=alice)
    large = factories.collection("Large", owner=alice)
    source = factories.document(small, prose(1_000, 1), title="Wire report")
    copy = factories.document(small, rewritten(source.text, 2), title="Rewrite")
    mark(source, alice, 100, 3)
    mark(copy, alice, 100, 4)
    plain = factories.document(large, prose(20_000, 5), title="Long, no marks")
    marked = factories.document(large, prose(20_000, 6), title="Long, 2,000 marks")
    mark(marked, alice, 2_000, 7)

    client = Client(SERVER_NAME="localhost")
    client.force_login(alice)
    read = {
        collection: reverse("annotations:reader", args=[collection.slug])
        for collection in (small, large)
    }
    paths = {
        "empty view": reverse("collection", args=[empty.slug]),
        "2 x 1,000 words, 200 marks": f"{read[small]}?d={source.pk}&d={copy.pk}",
        "20,000 words, no mark": f"{read[large]}?d={plain.pk}",
        "20,000 words, 2,000 marks": f"{read[large]}?d={marked.pk}",
    }
    cache.clear()
    start = time.perf_counter()
    client.get(paths["2 x 1,000 words, 200 marks"])
    print(
        f"2 x 1,000 words, first time, comparison included: {(time.perf_counter() - start) * 1000:.0f} ms\n"
    )
    found = {}
    print(
        f"{'on the server, ' + str(options.runs) + ' runs':32}{'p50 ms':>8}{'p95 ms':>8}{'KB':>8}"
    )
    for name, path in paths.items():
        middle, slow, size = measure(client, path, options.runs)
        found[name] = middle
        print(f"{name:32}{middle:8.0f}{slow:8.0f}{size / 1024:8.0f}")
    tell_ratio(found)
    if not options.no_browser:
        del paths["empty view"]
        print(f"\n{'in Chromium, until painted':32}{'p50 ms':>8}")
        found = in_browser(client, paths)
        for name, middle in found.items():
            print(f"{name:32}{middle:8.0f}")
        tell_ratio(found)


def tell_ratio(found: dict[str, float]) -> None:
    ratio = found["20,000 words, 2,000 marks"] / found["20,000 words, no mark"]
    print(f"{'with marks : without':32}{ratio:8.2f}")


if __name__ == "__main__":
    main()
