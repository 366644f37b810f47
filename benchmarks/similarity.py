"""How often the right claim is among the five that are offered for a passage.

    python benchmarks/similarity.py [--data PATH] [--headlines FILE] [--queries 300]

A file of headlines has a line for each: the claim that the headline is about, a tab, the headline;
the claim is to be found among all claims of the file.

Two files of other people's data are read if they are there. `vitaminc-dev.jsonl`: a sentence of an
encyclopedia and a claim that it decides, to be found among 1,000 and among all claims of the file.
Many of these sentences do not name what they are about, and many claims are about the same thing, so
no ranking by words finds them all. `onestop-dev/`: newspaper stories told for beginners and for
advanced readers; with the first sentence of a story for beginners, the first of the same story for
advanced readers is to be found among all sentences of all their stories.

The parts of the likeness were chosen among some dozens by looking at all of these figures. The halves
are split by a hash of the claim and show how far chance moves them.
"""

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from annotations.similarity import Index  # noqa: E402
from corpus.text import canonical, sentences  # noqa: E402

Pair = tuple[str, str]  # a passage, and the statement that is to be found for it


def second_half(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


def claims(path: Path) -> list[Pair]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return list({row["claim"]: (row["before"], row["claim"]) for row in rows}.values())


def stories(folder: Path) -> tuple[list[Pair], list[str]]:
    """The first sentences of each story told twice, and all sentences for advanced readers."""

    def told(path: Path) -> list[str]:
        text = canonical(path.read_text("utf-8-sig"))
        found = [text[start:end] for start, end in sentences(text)]
        return [sentence for sentence in found if len(sentence.split()) > 4]

    pairs, among = [], []
    for easy in sorted(folder.glob("*-ele.txt")):
        hard = told(easy.with_name(easy.name.replace("-ele.", "-adv.")))
        pairs.append((told(easy)[0], hard[0]))
        among += hard
    return pairs, list(dict.fromkeys(among))


def headlines(file: Path) -> list[Pair]:
    """The headline and its claim; raises ValueError, with the line, where one of them is missing."""
    pairs = []
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        claim, _, headline = line.partition("\t")
        if not claim or not headline:
            raise ValueError(f"{file}, line {number}: expected a claim, a tab and a headline")
        pairs.append((headline, claim))
    return pairs


def measure(name: str, statements: Sequence[str], *, asked: Sequence[Pair]) -> None:
    places = {statement: place for place, statement in enumerate(statements)}
    index = Index(statements)
    begun = time.perf_counter()
    found = [index.nearest(passage) for passage, _ in asked]
    spent = (time.perf_counter() - begun) * 1000 / max(1, len(asked))
    ranks = [
        [place for place, _ in ranked].index(places[statement])
        for ranked, (_, statement) in zip(found, asked, strict=True)
        if places[statement] in dict(ranked)
    ]
    first, five = ranks.count(0) / len(asked), len(ranks) / len(asked)
    print(f"{name:44}{len(asked):8}{first:10.1%}{five:10.1%}{spent:10.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--headlines", type=Path, help="a claim, a tab and a headline a line")
    parser.add_argument("--queries", type=int, default=300, help="most claims asked of each half")
    options = parser.parse_args()
    print(f"{'':44}{'asked':>8}{'first':>10}{'in five':>10}{'ms':>10}")

    file = options.data / "vitaminc-dev.jsonl"
    if file.exists():
        pairs = claims(file)
        random.Random(7).shuffle(pairs)
        for size in (1000, len(pairs)):
            among = pairs[:size]
            for half in (False, True):
                asked = [pair for pair in among if second_half(pair[1]) == half][: options.queries]
                name = f"claims among {size}, {'second half' if half else 'first half'}"
                measure(name, [statement for _, statement in among], asked=asked)
    else:
        print(f"Skipped: there is no {file}")

    if options.headlines:
        pairs = headlines(options.headlines)
        among = list(dict.fromkeys(claim for _, claim in pairs))
        for half in (False, True):
            asked = [pair for pair in pairs if second_half(pair[1]) == half]
            name = f"headlines, {len(among)} claims, {'second half' if half else 'first half'}"
            measure(name, among, asked=asked)

    folder = options.data / "onestop-dev"
    if folder.is_dir():
        pairs, every = stories(folder)
        for half in (False, True):
            asked = [pair for pair in pairs if second_half(pair[1]) == half]
            name = f"sentences among {len(every)}, {'second half' if half else 'first half'}"
            measure(name, every, asked=asked)
    else:
        print(f"Skipped: there is no {folder}")


if __name__ == "__main__":
    main()
