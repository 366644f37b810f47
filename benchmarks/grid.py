"""What the pages over a whole collection cost: grid, claim, one “A”, library, marks.

    python benchmarks/grid.py [--claims N] [--documents N] [--marks N] [--runs N] [--database FOLDER]

A collection is made in a database of its own: claims, documents of invented words, marks by two
coders spread over both; and a second collection of the same people, with as many marks, that no page
of the first may pay for. Each page is asked for through Django's test client, without a network: the
median and the worst of the runs in time of the processor, the bytes of the answer, the queries. `--database` keeps the filled
database in a folder, so that two states of the code are measured on the same rows.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

WORDS = [
    "port",
    "harbour",
    "levy",
    "ship",
    "ministry",
    "pilot",
    "tonne",
    "florin",
    "memo",
    "said",
    "officials",
    "plan",
    "charge",
]


def start(folder: Path) -> None:
    os.environ["COPYTASTER_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()


def fill(claims: int, documents: int, marks: int) -> None:
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    people = [User.objects.create(username=name) for name in ("alice", "bob")]
    for slug in ("benchmark", "elsewhere"):
        fill_one(slug, people, claims=claims, documents=documents, marks=marks)


def fill_one(slug: str, people: list[Any], *, claims: int, documents: int, marks: int) -> None:
    """One collection, in bulk, without the log of changes."""
    from datetime import date, timedelta

    from annotations.models import Annotation, Claim, Code, Codebook, Coding, Target
    from corpus.models import Collection, Document, Membership

    rng = random.Random(1)
    collection = Collection.objects.create(name=slug.title(), slug=slug)
    for person in people:
        Membership.objects.create(collection=collection, user=person, role="owner")
    Codebook.start(collection)
    codes = {
        key: list(
            Code.objects.filter(
                variable__codebook__collection=collection, variable__key=key
            ).select_related("variable")
        )
        for key in ("voice", "position", "stance")
    }
    listed = Claim.objects.bulk_create(
        Claim(collection=collection, statement=f"Claim {n} about the levy.", number=n, order=n)
        for n in range(1, claims + 1)
    )
    texts = Document.objects.bulk_create(
        [
            Document.with_text(
                f"{slug} {n}. " + " ".join(rng.choices(WORDS, k=120)),
                collection=collection,
                title=f"Report {n}",
                publisher=f"Petrel {n % 20}",
                published_on=date(2024, 1, 1) + timedelta(days=n % 700) if n % 9 else None,
                reader="plain",
            )
            for n in range(documents)
        ],
        batch_size=1000,
    )
    annotations, targets, codings = [], [], []

    def said(motivation: str, document: Any, person: Any, keys: list[str], claim: Any) -> None:
        annotation = Annotation(
            collection=collection, creator=person, motivation=motivation, claim=claim
        )
        annotations.append(annotation)
        first = rng.randrange(len(document.text) - 60) if claim else None
        last = None if first is None else first + 60
        exact = "" if first is None else document.text[first:last]
        targets.append(
            Target(annotation=annotation, document=document, start=first, end=last, exact=exact)
        )
        for key in keys:
            code = rng.choice(codes[key])
            codings.append(
                Coding(
                    annotation=annotation,
                    variable=code.variable,
                    code=code,
                    creator=person,
                    claim=claim,
                    document=None if claim else document,
                )
            )

    for number in range(marks):
        document, claim = rng.choice(texts), rng.choice(listed)
        said("assessing", document, people[number % 2], ["voice", "position"], claim)
    for document in texts:
        said("classifying", document, people[0], ["stance"], None)
    Annotation.objects.bulk_create(annotations, batch_size=2000)
    Target.objects.bulk_create(targets, batch_size=2000)
    Coding.objects.bulk_create(codings, batch_size=2000)


def measure(runs: int) -> None:
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from annotations.models import Annotation, Claim
    from corpus.models import Document

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="alice"))
    place = "/c/benchmark"
    claim = Claim.objects.filter(collection__slug="benchmark").order_by("order")[3]
    free = Document.objects.filter(collection__slug="benchmark").exclude(
        pk__in=Annotation.objects.filter(claim=claim).values("targets__document")
    )
    cell = f"{claim.pk}-{free.in_order()[2].pk}"

    def press(run: int) -> Any:
        name = "withdraw" if run % 2 else "absent"
        return client.post(f"{place}/claims/absent/", {name: cell}, headers={"hx-request": "true"})

    pages: dict[str, Callable[[int], Any]] = {
        "grid": lambda run: client.get(f"{place}/claims/"),
        "grid as CSV": lambda run: client.get(f"{place}/claims/grid.csv"),
        "claim": lambda run: client.get(f"{place}/claims/{claim.pk}/"),
        "one A": press,
        "library": lambda run: client.get(f"{place}/"),
        "home": lambda run: client.get("/"),
        "marks": lambda run: client.get(f"{place}/marks/"),
    }
    print(f"{'page':12}{'p50 ms':>10}{'worst ms':>10}{'kB':>10}{'queries':>10}")
    for name, ask in pages.items():
        with CaptureQueriesContext(connection) as queries:
            response = ask(0)
        if response.status_code != 200:
            sys.exit(f"{name}: {response.status_code}")
        seconds = []
        for run in range(1, runs + 1):
            begun = time.process_time()
            response = ask(run)
            size = len(b"".join(response) if response.streaming else response.content)
            seconds.append(1000 * (time.process_time() - begun))
        print(
            f"{name:12}{statistics.median(seconds):10.1f}{max(seconds):10.1f}"
            f"{size / 1000:10.0f}{len(queries):10}"
        )
    press(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=200)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--marks", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--database", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.database or Path(temporary)
        new = not any(folder.glob("*.sqlite3"))
        start(folder)
        if new:
            fill(options.claims, options.documents, options.marks)
        else:
            from django.core.management import call_command

            call_command("migrate", interactive=False, verbosity=0)
        print(
            f"{options.claims:,} claims, {options.documents:,} documents, {options.marks:,} marks"
        )
        measure(options.runs)


if __name__ == "__main__":
    main()
