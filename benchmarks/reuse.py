"""Which documents share text: how fast, and how many of the planted copies are found.

    python benchmarks/reuse.py [--documents 1000] [--copies 100] [--words 600]

Documents of invented words are stored in a database of its own, each with a notice that its
publisher puts under everything. Among them are copies of others: printed again with a new first
sentence, spun (three words in ten replaced), abridged to a third of the sentences, and columns that
quote one sentence. `candidates` are the pairs named for comparison, `derivations` those that the
comparison confirms. Recall is of the planted pairs; for precision two copies of one document are
right as well. The last lines are the candidates of larger collections, without comparison.
"""

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

PUBLISHERS = 10
KINDS = ("printed again", "spun", "abridged", "quoted")


def vocabulary(rng: random.Random) -> list[str]:
    syllables = [first + second for first in "bdfgklmnprstv" for second in "aeiou"]
    return ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(5000)]


def sentence(rng: random.Random, words: list[str]) -> str:
    # Few words make up most of a text, as Zipf's law has it.
    ranks = (int(len(words) ** rng.random()) - 1 for _ in range(rng.randint(8, 28)))
    return " ".join(words[rank] for rank in ranks).capitalize() + "."


def article(rng: random.Random, words: list[str], length: int) -> list[str]:
    made: list[str] = []
    while sum(part.count(" ") + 1 for part in made) < length:
        made.append(sentence(rng, words))
    return made


def copied(rng: random.Random, kind: str, source: list[str], fresh: list[str]) -> list[str]:
    match kind:
        case "printed again":
            return [fresh[0], *source]
        case "spun":
            everything = " ".join(fresh).split()
            return [
                " ".join(
                    word if rng.random() < 0.7 else rng.choice(everything) for word in part.split()
                )
                for part in source
            ]
        case "abridged":
            return sorted(rng.sample(source, max(1, len(source) // 3)), key=source.index)
        case _:
            middle = len(fresh) // 2
            longest = max(source, key=len)
            return [*fresh[:middle], f"“{longest}”", *fresh[middle:]]


def generated(documents: int, copies: int, words: int) -> tuple[list[str], dict[int, tuple]]:
    """The texts, and of each copy's place the source's place and the kind; the same every time."""
    rng = random.Random(1)
    known = vocabulary(rng)
    notices = [" ".join(article(rng, known, 40)) for _ in range(PUBLISHERS)]
    articles = [article(rng, known, words) for _ in range(documents)]
    planted = {}
    for number, place in enumerate(range(documents - copies, documents)):
        kind = KINDS[number % len(KINDS)]
        source = rng.randrange(documents - copies)
        articles[place] = copied(rng, kind, articles[source], articles[place])
        planted[place] = (source, kind)
    texts = [
        "\n\n".join([*body, notices[place % PUBLISHERS]]) for place, body in enumerate(articles)
    ]
    return texts, planted


def memory() -> float:
    """The most memory that the process has had so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def score(
    label: str, pairs: set[tuple[int, int]], planted: dict[int, tuple], seconds: float
) -> None:
    wanted = {(source, place) for place, (source, _) in planted.items()}
    # Two copies of one document share text as well, which is no false alarm.
    root = {place: source for place, (source, _) in planted.items()}
    right = [pair for pair in pairs if len({root.get(end, end) for end in pair}) == 1]
    print(
        f"{label:14}{len(pairs):7}{len(wanted & pairs) / len(wanted):9.3f}"
        f"{len(right) / max(1, len(pairs)):11.3f}{seconds:9.2f}"
    )
    for kind in KINDS:
        own = {(source, place) for place, (source, other) in planted.items() if other == kind}
        print(f"  {kind:19}{len(own & pairs) / max(1, len(own)):9.3f}  of {len(own)}")


def measure(documents: int, copies: int, words: int) -> None:
    from django.core.management import call_command

    from corpus.models import Collection, Document
    from corpus.relatives.candidates import candidates
    from corpus.relatives.relating import relate

    call_command("migrate", verbosity=0, interactive=False)
    texts, planted = generated(documents, copies, words)
    collection = Collection.objects.create(name="Benchmark", slug="benchmark")
    rows = [
        Document.with_text(text, collection=collection, title=f"Report {place}", reader="plain")
        for place, text in enumerate(texts)
    ]
    Document.objects.bulk_create(rows, batch_size=200)
    numbers = dict(collection.documents.values_list("pk", "title"))
    places = {number: int(title.split()[1]) for number, title in numbers.items()}

    print(f"{documents} documents of about {words} words, {copies} of them copies")
    print(f"{'':14}{'pairs':>7}{'recall':>9}{'precision':>11}{'seconds':>9}")
    started = time.perf_counter()
    found = {one[:2] for one in candidates(enumerate(texts))}
    score("candidates", found, planted, time.perf_counter() - started)
    started = time.perf_counter()
    links = relate(collection).derivations
    seconds = time.perf_counter() - started
    ends = {tuple(sorted((places[link.source_id], places[link.derived_id]))) for link in links}
    score("derivations", ends, planted, seconds)
    stories = collection.stories.count()
    print(f"{stories} stories; one document against the collection: ", end="")
    started = time.perf_counter()
    relate(collection, [max(numbers)])
    print(f"{1000 * (time.perf_counter() - started):.0f} ms")
    for times in (4, 10):
        rng = random.Random(2)
        known = vocabulary(rng)
        more = [" ".join(article(rng, known, words)) for _ in range((times - 1) * documents)]
        started = time.perf_counter()
        pairs = len(candidates(enumerate(texts + more)))
        print(
            f"candidates of {len(texts + more):,} documents: {pairs} pairs, "
            f"{time.perf_counter() - started:.2f} s, {memory():.0f} MiB at most"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--words", type=int, default=600)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COPYTASTER_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        measure(options.documents, options.copies, options.words)


if __name__ == "__main__":
    main()
