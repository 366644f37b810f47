"""Did this edit change a fact? Balanced accuracy, recall and speed of the named changes.

    python benchmarks/changes.py [--data PATH]

Two files of other people's data are read if they are there: `summedits-dev.jsonl` (summaries
before and after an edit, `consistent` 1 where the facts were kept) and `vitaminc-dev.jsonl`
(sentences before and after a revision that changes a fact). An edit counts as a change of fact
when at least one change is named. The figures are also given for the half of the summaries, chosen
by a hash of the text before, whose sentences were not read while rules and word lists grew; its
score was looked at after every step, so it is a development figure too.

`tests/fixtures/rewrites.txt` has twelve invented reports and rewrites with what an editor would
name. Before the engine had seen them it named 54 of the 60 changes (48 under the same kind), and
6 of the 67 it named touched nothing an editor names; what that showed was then mended.
"""

import argparse
import hashlib
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.comparison.changes import Reading, changes_in_pair, name_changes  # noqa: E402
from corpus.comparison.results import Span  # noqa: E402
from tests.corpus.test_comparison_gold import named_in_rewrites  # noqa: E402

Row = dict[str, Any]
Verdict = Callable[[str, str], bool]

_WORDS = re.compile(r"[^\W_]+")
_FIGURES_AND_DENIALS = re.compile(r"\d[\d.,]*|\bnot?\b|\bnever\b|n['’]t\b|\bwithout\b")


def named(before: str, after: str) -> bool:
    return bool(name_changes(before, after))


def any_difference(before: str, after: str) -> bool:
    return before != after


def unlike_words(before: str, after: str) -> bool:
    """Jaccard similarity of the words under .95; lower thresholds do worse on the summaries."""
    left, right = set(_WORDS.findall(before.lower())), set(_WORDS.findall(after.lower()))
    return len(left & right) < 0.95 * len(left | right)


def figures_and_denials(before: str, after: str) -> bool:
    def found(text: str) -> list[str]:
        return sorted(_FIGURES_AND_DENIALS.findall(text.lower()))

    return found(before) != found(after)


VERDICTS: dict[str, Verdict] = {
    "name_changes": named,
    "any difference": any_difference,
    "unlike words": unlike_words,
    "figures and denials": figures_and_denials,
}


def read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def held_out(row: Row) -> bool:
    return hashlib.sha256(row["before"].encode()).digest()[0] % 2 == 1


def score(rows: list[Row], verdict: Verdict) -> tuple[float, float, float, float]:
    """Balanced accuracy, recall and precision of "a fact changed", and recall of "kept"."""
    counts = {(truth, said): 0 for truth in (True, False) for said in (True, False)}
    for row in rows:
        counts[row.get("consistent", 0) == 0, verdict(row["before"], row["after"])] += 1
    recall = counts[True, True] / max(1, counts[True, True] + counts[True, False])
    kept = counts[False, False] / max(1, counts[False, False] + counts[False, True])
    precision = counts[True, True] / max(1, counts[True, True] + counts[False, True])
    return (recall + kept) / 2, recall, precision, kept


def compared(rows: list[Row]) -> None:
    """The changes and quotations of two texts of which each sentence was revised."""
    before, after = Article(row["before"] for row in rows), Article(row["after"] for row in rows)
    source, derived = Reading(before.text), Reading(after.text)
    for left, right in zip(before.spans, after.spans, strict=True):
        changes_in_pair(source, derived, source_spans=[left], derived_spans=[right])


class Article:
    """Sentences as one text, with their spans."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.text = ""
        self.spans: list[Span] = []
        for sentence in sentences:
            self.spans.append(Span(len(self.text), len(self.text) + len(sentence)))
            self.text += sentence + "\n"


def timed(title: str, calls: list[Callable[[], object]]) -> None:
    times = []
    for call in calls[:1000]:
        begun = time.process_time()
        call()
        times.append((time.process_time() - begun) * 1000)
    cuts = statistics.quantiles(times, n=20)
    print(f"CPU time for {title}: p50 {cuts[9]:.2f} ms, p95 {cuts[18]:.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    data = parser.parse_args().data
    named_right, same_kind, wanted, idle, named_all = named_in_rewrites()
    print(
        f"twelve invented rewrites: {named_right} of {wanted} changes named ({same_kind} under the"
    )
    print(f"same kind); of {named_all} named, {idle} touch nothing that an editor names")
    summaries, sentences = data / "summedits-dev.jsonl", data / "vitaminc-dev.jsonl"
    if summaries.exists():
        rows = read(summaries)
        for title, part in (
            ("summaries", rows),
            ("summaries, held-out half", [row for row in rows if held_out(row)]),
        ):
            print(f"\n{title}: {len(part)} edits")
            print(f"{'':24}{'balanced':>10}{'recall':>10}{'precision':>10}{'kept':>10}")
            for name, verdict in VERDICTS.items():
                figures = "".join(f"{figure:10.3f}" for figure in score(part, verdict))
                print(f"{name:24}{figures}")
    else:
        print(f"skipped: {summaries} is missing")
    if sentences.exists():
        rows = read(sentences)
        print(f"\nrevisions of single sentences that change a fact: {len(rows)}")
        for name, verdict in VERDICTS.items():
            print(f"{name:24}{'recall':>10}{score(rows, verdict)[1]:10.3f}")
        timed("a pair of sentences", [partial(name_changes, r["before"], r["after"]) for r in rows])
        articles = [rows[first : first + 30] for first in range(0, len(rows), 30)]
        timed("two articles of 30 sentences", [partial(compared, article) for article in articles])
    else:
        print(f"skipped: {sentences} is missing")


if __name__ == "__main__":
    main()
