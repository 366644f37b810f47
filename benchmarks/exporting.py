"""How fast a collection's annotations leave, and how much memory that takes, in each format.

    python benchmarks/exporting.py [--documents N] [--marks N] [--runs N]

A collection is made in a database of its own in a temporary folder: documents of invented words,
marks on them by two coders, every second one with a claim, a third with the words of a source. Each
format is then exported in a process of its own, several times; memory is what the process takes
beyond what it had after a first export of ten annotations.
"""

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
    "🚢",
    "said",
    "officials",
    "plan",
    "to",
    "charge",
]


def start(folder: Path) -> None:
    os.environ["COPYTASTER_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()


def fill(documents: int, marks: int) -> None:
    """Store what an export needs, in bulk, without the log of changes."""
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from annotations.models import Annotation, Claim, Code, Codebook, Coding, Target
    from corpus.models import Collection, Document

    call_command("migrate", interactive=False, verbosity=0)
    rng = random.Random(1)
    coders = [User.objects.create(username=name) for name in ("alice", "bob")]
    collection = Collection.objects.create(name="Benchmark", slug="benchmark")
    Codebook.start(collection)
    codes = {
        key: list(Code.objects.filter(variable__key=key).select_related("variable"))
        for key in ("voice", "position", "certainty")
    }
    claims = Claim.objects.bulk_create(
        Claim(collection=collection, statement=f"Claim {n} about the levy.", number=n, order=n)
        for n in range(1, 51)
    )
    texts = Document.objects.bulk_create(
        Document.with_text(
            f"Report {n}. " + " ".join(rng.choices(WORDS, k=300)),
            collection=collection,
            title=f"Report {n}",
            publisher="Petrel",
            reader="plain",
        )
        for n in range(documents)
    )
    annotations, targets, codings = [], [], []
    for number in range(marks):
        document, coder = texts[number % documents], coders[number % 2]
        annotation = Annotation(
            collection=collection,
            creator=coder,
            motivation="assessing",
            claim=claims[number % 50] if number % 2 else None,
            note="Which office?" if number % 10 == 0 else "",
            codebook_version=1,
        )
        annotations.append(annotation)
        for order, role in enumerate(["passage", "source"][: 2 if number % 3 == 0 else 1]):
            first = rng.randrange(len(document.text) - 60)
            targets.append(
                Target(
                    annotation=annotation,
                    document=document,
                    order=order,
                    role=role,
                    start=first,
                    end=first + 60,
                    exact=document.text[first : first + 60],
                    prefix=document.text[max(0, first - 32) : first],
                    suffix=document.text[first + 60 : first + 92],
                )
            )
        for choices in codes.values():
            code = rng.choice(choices)
            codings.append(
                Coding(annotation=annotation, variable=code.variable, code=code, creator=coder)
            )
    Annotation.objects.bulk_create(annotations, batch_size=2000)
    Target.objects.bulk_create(targets, batch_size=2000)
    Coding.objects.bulk_create(codings, batch_size=2000)


def measure(key: str, runs: int) -> dict[str, float]:
    from annotations.exports import FORMATS, Origin, annotation_rows, encoded, pieces
    from annotations.models import Annotation

    annotations = Annotation.objects.filter(collection__slug="benchmark").live()
    origin = Origin("http://localhost:8000/", "benchmark", "Benchmark")

    def export(limit: int | None = None) -> int:
        found = annotation_rows(annotations, limit=limit)
        written = encoded(pieces(FORMATS[key], found, origin=origin, iri=origin.base))
        return sum(len(block) for block in written)

    export(limit=10)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = []
    for _ in range(runs):
        begun = time.perf_counter()
        size = export()
        seconds.append(time.perf_counter() - begun)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": statistics.median(seconds),
        "worst": max(seconds),
        "bytes": size,
        "memory": (after - before) / 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--marks", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--fill", metavar="FOLDER", help=argparse.SUPPRESS)
    parser.add_argument("--measure", nargs=2, metavar=("FORMAT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        start(Path(options.fill))
        fill(options.documents, options.marks)
        return
    if options.measure:
        key, folder = options.measure
        start(Path(folder))
        print(json.dumps(measure(key, options.runs)))
        return
    with tempfile.TemporaryDirectory() as folder:
        sizes = ["--documents", str(options.documents), "--marks", str(options.marks)]
        # In a process of its own: a child's peak of memory is never below its parent's.
        subprocess.run([sys.executable, __file__, "--fill", folder, *sizes], check=True)
        print(f"{options.documents:,} documents, {options.marks:,} annotations")
        print(f"{'format':8}{'p50 s':>8}{'max s':>8}{'per second':>12}{'MB':>8}{'memory MiB':>12}")
        for key in ("csv", "jsonl", "w3c"):
            command = [
                sys.executable,
                __file__,
                "--measure",
                key,
                folder,
                "--runs",
                str(options.runs),
            ]
            found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            print(
                f"{key:8}{found['seconds']:8.2f}{found['worst']:8.2f}"
                f"{options.marks / found['seconds']:12,.0f}"
                f"{found['bytes'] / 1e6:8.1f}{found['memory']:12.1f}"
            )


if __name__ == "__main__":
    main()
