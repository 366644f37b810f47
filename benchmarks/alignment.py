"""Alignment of sentences, relation, direction and speed, beside difflib and a plain word LCS.

    python benchmarks/alignment.py [--data PATH] [--quick]

Two folders of other people's data are read if they are there: `ablit-dev` (chapters of novels and
their abridgements, aligned by hand) and `onestop-dev` (news stories rewritten at three levels).
A sentence pair counts as linked in the gold data when one aligned row touches both. With every
second chapter and story the engine was tuned; the figures are those of the other half.
"""

import argparse
import difflib
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path

from rapidfuzz.distance import LCSseq

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.comparison import align_sentences, compare  # noqa: E402
from corpus.comparison.tokens import tokenize  # noqa: E402
from corpus.text import canonical, sentences  # noqa: E402

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
        begun = time.perf_counter()
        for change in (lambda *row: row, halves_swapped):
            counts = Counter[str]()
            for source, derived, gold in (change(*row) for row in data):
                found = align(source, derived)
                counts.update(right=len(found & gold), found=len(found), gold=len(gold))
            precision = counts["right"] / max(1, counts["found"])
            recall = counts["right"] / counts["gold"]
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            cells.append(f"{precision:.3f}  {recall:.3f}  {f1:.3f}")
        seconds = time.perf_counter() - begun
        print(f"{name:24}{cells[0]:>24}{cells[1]:>24}{seconds:>9.2f}s")
    print()


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


def speed_table(*, quick: bool) -> None:
    print("Time for two texts, milliseconds: p50, p95\n")
    tools: dict[str, Callable[[str, str], object]] = {
        "compare, all included": compare,
        "align_sentences": lambda a, b: align_sentences(_split(a), _split(b)),
        "difflib, words": difflib_words,
    }
    try:
        diff_match_patch("a", "b")
        tools["diff-match-patch"] = diff_match_patch
    except ImportError:
        print("(diff-match-patch is not installed)")
    sizes = (700,) if quick else (700, 10_000)
    print(f"{'':24}" + "".join(f"{f'2 x {size} words':>22}" for size in sizes))
    for name, tool in tools.items():
        cells = []
        for size in sizes:
            source, derived = texts(size)
            slow = size > 1000 and name in ("difflib, words", "diff-match-patch")
            spent = []
            for _ in range(1 if slow else 7 if size > 1000 else 30):
                begun = time.perf_counter()
                tool(source, derived)
                spent.append(1000 * (time.perf_counter() - begun))
            last = sorted(spent)[int(0.95 * (len(spent) - 1))]
            cells.append(f"{statistics.median(spent):.1f}, {last:.1f}")
        print(f"{name:24}" + "".join(f"{cell:>22}" for cell in cells))
    same = "the " * 50_000
    begun = time.perf_counter()
    compare(same, same[:-4] + "a")
    print(f"\n2 x 50,000 identical words but one: {time.perf_counter() - begun:.2f} s")


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--quick", action="store_true", help="no texts of 10,000 words")
    options = parser.parse_args()
    for folder, table in (("ablit-dev", sentence_table), ("onestop-dev", levels_table)):
        if (options.data / folder).is_dir():
            table(options.data / folder)
        else:
            print(f"{options.data / folder} is not here: its table is skipped.\n")
    speed_table(quick=options.quick)


if __name__ == "__main__":
    main()
