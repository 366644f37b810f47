# ruff: noqa: E402 (Django must be set up before its models are imported)
"""What very long documents cost: taking one in, and each page that it appears on.

    python benchmarks/large.py [--scale 1.0] [--only NAME]

It works in a database of its own, prints seconds of processor and the largest page in megabytes,
and fails where a page takes longer, grows larger, or an import takes longer than its limit.
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from corpus.imports.storing import Upload, import_files
from corpus.models import Collection, Document
from tests import factories
from tests.growing import PROSE

IMPORT_SECONDS = 15.0  # of processor
PAGE_SECONDS = 2.0  # of processor
COMPARING_SECONDS = 4.0  # of processor, on a page that compares
MEGABYTES = 2.0  # of a page


def documents(scale: float) -> Iterator[tuple[str, str]]:
    """The kinds of very long document, each by its name; one of ordinary length for comparison."""
    yield "an ordinary article", PROSE * 20
    yield "1 MB of short lines", "".join(f"L{n:05d}\n" for n in range(int(150_000 * scale)))
    sentences = "".join(f"Ship {n}. {PROSE}" for n in range(int(38_000 * scale)))
    yield "10 MB of prose", sentences[: int(10_000_000 * scale)]
    yield "prose just compared", f"{PROSE} It is said. " * int(1500 * min(scale, 1))
    yield "lines just compared", "".join(f"L{n:05d}\n" for n in range(int(5_990 * min(scale, 1))))
    yield "1 MB without a full stop", "the levy on ships " * int(56_000 * scale)
    yield "200,000 paragraphs", "a\n\n" * int(200_000 * scale)


def imported(collection: Collection, name: str, text: str) -> Document:
    """The document made from a file of this text, by the whole way that an upload takes."""
    data = text.encode()
    batch = import_files(collection, None, [Upload(f"{name}.txt", len(data), lambda: data)])
    file = batch.files.select_related("document").get()
    if file.document is None:
        sys.exit(f"{name} was not imported: {file.reason}")
    return file.document


def pages(collection: Collection, document: Document, copy: Document) -> Iterator[tuple[str, str]]:
    """What is opened of a document, by name."""
    reader = reverse("annotations:reader", args=[collection.slug])
    middle = len(document.paragraphs) // 2
    yield "reader", f"{reader}?d={document.pk}"
    yield "middle", f"{reader}?d={document.pk}&at=p-{document.pk}-{middle}"
    yield "pair", f"{reader}?d={document.pk}&d={copy.pk}"
    yield "again", f"{reader}?d={document.pk}&d={copy.pk}"
    yield "document", document.get_absolute_url()
    sheet = reverse("corpus:evidence", args=[collection.slug])
    yield "evidence", f"{sheet}?d={document.pk}&d={copy.pk}"
    yield "library", reverse("collection", args=[collection.slug])
    yield "search", f"{reverse('collection', args=[collection.slug])}?q=levy"
    yield "claims", reverse("annotations:claims", args=[collection.slug])


COMPARING = {"pair", "evidence"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of the sizes (default: 1)")
    parser.add_argument("--only", default="", help="the documents whose name holds this")
    wanted = parser.parse_args()
    logging.disable(logging.CRITICAL)
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    client = Client()
    failed = []
    head = False
    for number, (name, text) in enumerate(documents(wanted.scale)):
        if wanted.only not in name:
            continue
        user = factories.user(f"reader{number}")
        client.force_login(user)
        collection = factories.collection(f"Long {number}", owner=user)
        cache.clear()
        times = {}
        started = time.process_time()
        document = imported(collection, name, text)
        times["import"] = time.process_time() - started
        started = time.process_time()
        copy = imported(collection, f"Copy of {name}", f"A foreword.\n\n{text}")
        times["copy"] = time.process_time() - started
        largest = 0.0
        for page, url in pages(collection, document, copy):
            started = time.process_time()
            answer = client.get(url, follow=True)
            times[page] = time.process_time() - started
            size = len(answer.content) / 2**20
            largest = max(largest, size)
            if answer.status_code != 200:
                failed.append(f"{name}, {page}: {answer.status_code}")
            if size > MEGABYTES:
                failed.append(f"{name}, {page}: {size:.1f} MB")
        for step, taken in times.items():
            limit = (
                IMPORT_SECONDS
                if step in ("import", "copy")
                else COMPARING_SECONDS
                if step in COMPARING
                else PAGE_SECONDS
            )
            if taken > limit:
                failed.append(f"{name}, {step}: {taken:.1f} s")
        if not head:
            print(f"{'':<25}{''.join(f'{step:>9}' for step in times)}{'MB':>7}")
            head = True
        told = "".join(f"{taken:>8.2f}s" for taken in times.values())
        print(f"{name:<25}{told}{largest:>7.2f}", flush=True)
    if failed:
        sys.exit("Over the limit: " + "; ".join(failed))


if __name__ == "__main__":
    main()
