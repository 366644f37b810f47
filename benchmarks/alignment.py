"""Alignment of sentences and words, relation, direction and speed, beside other tools.

    python benchmarks/alignment.py [--data PATH] [--quick] [--jsdiff PATH]

Other people's data are read if they are there: `ablit-dev` (chapters of novels and their
abridgements, aligned by hand) and `onestop-dev` (news stories rewritten at three levels); our own
invented gold is in `tests/fixtures`. A sentence pair counts as linked in the gold data when one
aligned row touches both.

These are development figures. Most constants were tuned on every second chapter and story, and
the tables show the other half; but that half was looked at while the engine grew, and the share
from which a sentence joins its neighbour's link (`COVER`) was chosen with both halves and our own
gold in view. Expect less on texts of another kind. Times are CPU milliseconds and differ by a
tenth or more from run to run.

The peers are difflib and a plain word LCS, diff-match-patch if it is installed, and jsdiff if
`node` is: PATH is the folder of the npm package `diff`.
"""

import argparse
import difflib
import json
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, pairwise
from pathlib import Path

from rapidfuzz.distance import LCSseq

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.comparison import align_sentences, align_words, compare  # noqa: E402
from corpus.comparison.tokens import tokenize  # noqa: E402
from corpus.text import canonical, sentences  # noqa: E402
from tests.corpus.test_comparison_gold import (  # noqa: E402
    common_words,
    plain_versions,
    sentence_pairs,
)

Pairs = set[tuple[int, int]]
Aligner = Callable[[Sequence[str], Sequence[str]], Pairs]


def ours(source: Sequence[str], derived: Sequence[str]) -> Pairs:
    return {
        (i, j)
        for link in align_sentences(source, derived)
        for i in link.source
        for j in link.derived
    }


def by_shared_words(
    blocks: Callable[[list[str], list[str]], Iterator[tuple[int, int, int]]],
    *,
    share: float = 0.2,
) -> Aligner:
    """Sentences are linked when a diff of all words leaves them enough words in common."""

    def align(source: Sequence[str], derived: Sequence[str]) -> Pairs:
        left, right = [_words(text) for text in source], [_words(text) for text in derived]
        rows = [n for n, words in enumerate(left) for _ in words]
        columns = [n for n, words in enumerate(right) for _ in words]
        common: Counter[tuple[int, int]] = Counter()
        for i, j, size in blocks(list(chain(*left)), list(chain(*right))):
            for k in range(size):
                common[rows[i + k], columns[j + k]] += 1
        return {
            (i, j)
            for (i, j), count in common.items()
            if count >= share * min(len(left[i]), len(right[j]))
        }

    return align


def _words(text: str) -> list[str]:
    return [token.key for token in tokenize(text) if token.key[0].isalnum()]


def _lcs(left: list[str], right: list[str]) -> Iterator[tuple[int, int, int]]:
    yield from (tuple(block) for block in LCSseq.editops(left, right).as_matching_blocks())


def _difflib(left: list[str], right: list[str]) -> Iterator[tuple[int, int, int]]:
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    yield from matcher.get_matching_blocks()


def best_ratio(source: Sequence[str], derived: Sequence[str]) -> Pairs:
    """Each derived sentence with the source sentence that has the best word LCS, from .4."""
    left, right = [_words(text) for text in source], [_words(text) for text in derived]
    found = set()
    for j, words in enumerate(right):
        scores = [LCSseq.normalized_similarity(other, words) for other in left]
        best = max(range(len(scores)), key=scores.__getitem__)
        if scores[best] >= 0.4:
            found.add((best, j))
    return found


ALIGNERS: dict[str, Aligner] = {
    "align_sentences": ours,
    "word LCS (rapidfuzz)": by_shared_words(_lcs),
    "best word LCS ratio": best_ratio,
    "difflib, words": by_shared_words(_difflib),
}


def chapters(folder: Path) -> Iterator[tuple[list[str], list[str], Pairs]]:
    """The held-out half: sentences of the original, of the abridgement, and the gold links."""
    for path in sorted(folder.glob("*.json"))[1::2]:
        data = json.loads(path.read_text(encoding="utf-8"))
        sides = [data["original"], data["abridged"]]
        source, derived = (
            [side["text"][start:end] for start, end in side["segment_chars"]] for side in sides
        )
        gold: Pairs = set()
        for rows in zip(*(side["row_chars"] for side in sides), strict=True):
            touched = [
                [
                    n
                    for n, (start, end) in enumerate(side["segment_chars"])
                    if row and start < row[1] and end > row[0]
                ]
                for side, row in zip(sides, rows, strict=True)
            ]
            gold |= {(i, j) for i in touched[0] for j in touched[1]}
        yield source, derived, gold


def halves_swapped(
    source: list[str], derived: list[str], gold: Pairs
) -> tuple[list[str], list[str], Pairs]:
    half, size = len(derived) // 2, len(derived)
    moved = {j: (j - half) % size for j in range(size)}
    return source, derived[half:] + derived[:half], {(i, moved[j]) for i, j in gold}


def sentence_table(folder: Path) -> None:
    print("Sentence links, original against abridgement (held-out half): precision, recall, F1\n")
    print(f"{'':24}{'in order':>24}{'halves swapped':>24}{'time':>10}")
    data = list(chapters(folder))
    for name, align in ALIGNERS.items():
        cells = []
        begun = time.process_time()
        for change in (lambda *row: row, halves_swapped):
            counts = Counter[str]()
            for source, derived, gold in (change(*row) for row in data):
                found = align(source, derived)
                counts.update(right=len(found & gold), found=len(found), gold=len(gold))
            precision = counts["right"] / max(1, counts["found"])
            recall = counts["right"] / counts["gold"]
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            cells.append(f"{precision:.3f}  {recall:.3f}  {f1:.3f}")
        seconds = time.process_time() - begun
        print(f"{name:24}{cells[0]:>24}{cells[1]:>24}{seconds:>9.2f}s")
    print()


def gold_tables() -> None:
    print("Our own gold (tests/fixtures): F1\n")
    print(f"{'plain versions, n:m links':40}" + "".join(f"{name:>24}" for name in ALIGNERS))
    for title, (source, derived, gold) in plain_versions().items():
        scores = [_f1([(align(source, derived), gold)]) for align in ALIGNERS.values()]
        print(f"{title:40}" + "".join(f"{score:>24.3f}" for score in scores))
    print(f"\n{'sure word links in paraphrases':56}{'align_words':>14}{'word LCS':>14}")
    every: list[tuple[list[str], list[str], Pairs]] = []
    for style, rows in (*sentence_pairs().items(), ("all", every)):
        every += rows if rows is not every else []
        ours, plain = (
            _f1([(align(source, derived), gold) for source, derived, gold in rows])
            for align in (lambda s, d: set(align_words(s, d)), common_words)
        )
        print(f"{style:56}{ours:>14.3f}{plain:>14.3f}")
    print()


def _f1(rows: list[tuple[Pairs, Pairs]]) -> float:
    right = sum(len(found & gold) for found, gold in rows)
    return 2 * right / max(1, sum(len(found) + len(gold) for found, gold in rows))


def levels_table(folder: Path) -> None:
    print("Relation and direction, stories rewritten for learners (held-out half)\n")
    stories: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.txt")):
        stem, _, level = path.stem.rpartition("-")
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        first, _, rest = text.partition("\n")
        head = first.strip() in ("Elementary", "Intermediate", "Advanced")
        stories.setdefault(stem, {})[level] = canonical(rest if head else text)
    held_out = [stories[stem] for stem in sorted(stories)[1::2]]
    print(f"{'':16}{'right':>8}{'wrong':>8}{'undecided':>11}   relation")
    for older, newer in (("adv", "int"), ("int", "ele"), ("adv", "ele")):
        directions, relations = Counter[str](), Counter[str]()
        for story in held_out:
            if older in story and newer in story:
                comparison = compare(story[older], story[newer])
                directions[comparison.direction] += 1
                relations[comparison.relation] += 1
        told = ", ".join(f"{name} {count}" for name, count in relations.most_common())
        right, wrong = directions["source_to_derived"], directions["derived_to_source"]
        print(f"{older} -> {newer:9}{right:>8}{wrong:>8}{directions['undecided']:>11}   {told}")
    names = sorted(stories)
    others = [
        compare(stories[a]["adv"], stories[b]["ele"])
        for a, b in pairwise(names)
        if "adv" in stories[a] and "ele" in stories[b]
    ]
    linked = sum(len(pair.derived) for found in others for pair in found.pairs if pair.source)
    print(f"\n{len(others)} pairs of different stories: {linked} sentences linked\n")


def difflib_words(source: str, derived: str) -> None:
    left = [token.key for token in tokenize(source)]
    right = [token.key for token in tokenize(derived)]
    difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()


def diff_match_patch(source: str, derived: str) -> None:
    from diff_match_patch import diff_match_patch as library

    differ = library()
    differ.diff_cleanupSemantic(differ.diff_main(source, derived))


def texts(size: int) -> tuple[str, str]:
    """A made-up text of so many words and a reworded, shortened version of it."""
    chance = random.Random(size)
    syllables = [first + vowel for first in "bcdfglmnprstvz" for vowel in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(4000)]
    weights = [1 / (n + 1) for n in range(len(words))]
    source, derived = [], []
    while sum(map(len, source)) < size:
        sentence = chance.choices(words, weights, k=chance.randint(8, 28))
        source.append(sentence)
        if chance.random() < 0.9:
            derived.append(
                [chance.choice(words) if chance.random() < 0.15 else word for word in sentence]
            )
    return tuple(
        "\n\n".join(
            " ".join(" ".join(words).capitalize() + "." for words in side[n : n + 3])
            for n in range(0, len(side), 3)
        )
        for side in (source, derived)
    )  # type: ignore[return-value]


JSDIFF = """
const [path, runs, input] = [process.argv[1], +process.argv[2], require("fs").readFileSync(0, "utf8")];
const { diffWords } = require(path);
const [source, derived] = JSON.parse(input);
const spent = [];
for (let n = -2; n < runs; n++) {
  const begun = process.cpuUsage();
  diffWords(source, derived);
  const { user, system } = process.cpuUsage(begun);
  if (n >= 0) spent.push((user + system) / 1000);
}
console.log(JSON.stringify(spent));
"""


def jsdiff(folder: Path, source: str, derived: str, *, runs: int) -> list[float]:
    """The CPU milliseconds of each run of jsdiff's diffWords, after two to warm up."""
    answer = subprocess.run(
        [shutil.which("node") or "node", "-e", JSDIFF, str(folder.resolve()), str(runs)],
        input=json.dumps([source, derived]),
        capture_output=True,
        text=True,
        check=True,
    )
    spent: list[float] = json.loads(answer.stdout)
    return spent


def timed(
    tool: Callable[[str, str], object], source: str, derived: str, *, runs: int
) -> list[float]:
    spent = []
    for _ in range(runs):
        begun = time.process_time()
        tool(source, derived)
        spent.append(1000 * (time.process_time() - begun))
    return spent


def speed_table(*, quick: bool, jsdiff_folder: Path | None) -> None:
    print("Time for two texts, CPU milliseconds: p50, p95\n")
    tools: dict[str, Callable[..., list[float]]] = {
        "compare, all included": partial(timed, compare),
        "align_sentences": partial(timed, lambda a, b: align_sentences(_split(a), _split(b))),
        "difflib, words": partial(timed, difflib_words),
    }
    try:
        diff_match_patch("a", "b")
        tools["diff-match-patch"] = partial(timed, diff_match_patch)
    except ImportError:
        print("(diff-match-patch is not installed)")
    if jsdiff_folder and shutil.which("node"):
        tools["jsdiff, diffWords"] = partial(jsdiff, jsdiff_folder)
    else:
        print("(jsdiff: give --jsdiff PATH, and have node)")
    sizes = (700,) if quick else (700, 10_000)
    print(f"{'':24}" + "".join(f"{f'2 x {size} words':>22}" for size in sizes))
    for name, tool in tools.items():
        cells = []
        for size in sizes:
            slow = size > 1000 and name not in ("compare, all included", "align_sentences")
            spent = tool(*texts(size), runs=1 if slow else 9 if size > 1000 else 30)
            last = sorted(spent)[int(0.95 * (len(spent) - 1))]
            cells.append(f"{statistics.median(spent):.1f}, {last:.1f}")
        print(f"{name:24}" + "".join(f"{cell:>22}" for cell in cells))
    chance = random.Random(1)
    few = ["the", "a", "of", "to", "in", "port", "ship", "levy", "said", "minister"]
    same = "the " * 50_000
    words = [" ".join(chance.choices(few, k=75_000)) for _ in range(2)]
    for name, pair in (
        ("2 x 50,000 identical words but one", (same, same[:-4] + "a")),
        ("2 x 75,000 words out of ten", (words[0], words[1])),
    ):
        print(f"{name}: {timed(compare, *pair, runs=1)[0] / 1000:.2f} s")


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--quick", action="store_true", help="no texts of 10,000 words")
    parser.add_argument("--jsdiff", type=Path, help="the folder of the npm package diff")
    options = parser.parse_args()
    for folder, table in (("ablit-dev", sentence_table), ("onestop-dev", levels_table)):
        if (options.data / folder).is_dir():
            table(options.data / folder)
        else:
            print(f"{options.data / folder} is not here: its table is skipped.\n")
    gold_tables()
    speed_table(quick=options.quick, jsdiff_folder=options.jsdiff)


if __name__ == "__main__":
    main()
