"""How fast documents come in: read one by one, a thousand in one import, one import for each.

    python benchmarks/importing.py [--documents 1000] [--words 600]

It works in a database of its own in a temporary folder, with the settings of production: each
portion of an import is on the disk before the next begins. A third of the generated documents is
plain text, a third Markdown, a third whole web pages with menus and scripts; no two share text, so
looking for relatives, which an import ends with, finds none.
"""

import argparse
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

WORDS = [
    "the", "a", "of", "to", "in", "and", "that", "for", "port", "harbour", "levy", "minister",
    "ship", "quay", "tonne", "channel", "pilot", "cabinet", "memo", "florin", "cargo", "depth",
    "dredging", "plan", "vote", "month", "rival", "official", "spokesman", "said", "says",
    "will", "would", "charges", "“largely”", "(again)", "14", "3.5", "Nov.", "Mr.", "U.S.",
    "Lorvane", "Osmere", "Dunmarrow", "Noémie", "🚢", "non-hazardous",
]  # fmt: skip
# So many that two documents share no passage by chance, as real ones do not.
SYLLABLES = ["ka", "lo", "men", "tir", "sa", "ru", "pel", "dor", "vin", "eth", "mar", "osk"]
WORDS += [f"{a}{b}{c}" for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]
PAGE = """<!doctype html><html lang="en"><head><title>{title} | Meridian Wire</title>
<meta property="article:published_time" content="2024-02-09T10:00:00Z">
<script>var tracking = [{junk}];</script></head><body>
<nav><ul>{links}</ul></nav><main><article><h1>{title}</h1>{body}</article></main>
<aside><h2>Read more</h2><ul>{links}</ul></aside><footer>© 2024 Meridian Wire</footer></body></html>
"""


def paragraphs(rng: random.Random, words: int) -> list[str]:
    made = []
    while words > 0:
        sentences = [rng.choices(WORDS, k=rng.randint(8, 30)) for _ in range(rng.randint(1, 4))]
        words -= sum(map(len, sentences))
        made.append(" ".join(" ".join(sentence).capitalize() + "." for sentence in sentences))
    return made


def generated(number: int, words: int) -> tuple[str, bytes]:
    """The name and the content of a document; the same number gives the same document."""
    rng = random.Random(number)
    title = f"Report {number} on the harbour levy"
    body = paragraphs(rng, words)
    match number % 3:
        case 0:
            text = "\n\n".join(
                [title, "By Ana Ruiz", "SANT ELM, Dec. 1, 2023 (Meridian) -- " + body[0], *body[1:]]
            )
            return f"{number}.txt", text.encode()
        case 1:
            text = "\n\n".join([f"# {title}", "> [Quoted](#) *first*", *body])
            return f"{number}.md", text.encode()
        case _:
            page = PAGE.format(
                title=title,
                body="".join(f"<p>{paragraph}</p>" for paragraph in body),
                links="".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(30)),
                junk=",".join(map(str, range(500))),
            )
            return f"{number}.html", page.encode()


def percentiles(seconds: list[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    return f"{1000 * statistics.median(seconds):8.2f} {1000 * cuts[94]:8.2f}"


def memory() -> float:
    """The most memory that the process has had so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--words", type=int, default=600)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COPYTASTER_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        measure(options.documents, options.words)


def measure(documents: int, words: int) -> None:
    from django.core.management import call_command

    from corpus.imports import read
    from corpus.imports.storing import Upload, import_files
    from corpus.models import Collection, Document

    call_command("migrate", verbosity=0, interactive=False)
    files = [generated(number, words) for number in range(documents)]
    read(files[2][1], name=files[2][0])  # loads what is loaded once
    before = memory()

    print(f"{documents} documents of about {words} words")
    print(f"{'':34}{'p50 ms':>8} {'p95 ms':>8}")
    for ending in ("txt", "md", "html"):
        times = []
        for name, data in files:
            if name.endswith(ending):
                started = time.perf_counter()
                Document.with_text(read(data, name=name).text)
                times.append(time.perf_counter() - started)
        print(f"{f'read and segment one .{ending}':34}{percentiles(times)}")

    def uploads(part: list[tuple[str, bytes]]) -> list[Upload]:
        return [Upload(name, len(data), lambda data=data: data) for name, data in part]

    single = Collection.objects.create(name="One by one", slug="single")
    times = []
    for upload in uploads(files[: max(documents // 5, 2)]):
        started = time.perf_counter()
        import_files(single, None, [upload])
        times.append(time.perf_counter() - started)
    print(f"{'import one, on the disk':34}{percentiles(times)}")

    together = Collection.objects.create(name="Together", slug="together")
    started = time.perf_counter()
    batch = import_files(together, None, uploads(files))
    total = time.perf_counter() - started
    assert batch.documents.count() == documents
    print(
        f"{'import all in one batch':34}{total:8.2f} s, {documents / total:.0f} documents a second"
    )
    print(f"{'peak memory':34}{memory():8.0f} MiB, {memory() - before:.0f} more than at the start")


if __name__ == "__main__":
    main()
