"""Links between reports and their thorough rewording, pairs that must stay apart, and speakers.

    python benchmarks/rewording.py [--data PATH] [--misses]

Our own invented gold is in `tests/fixtures/rewordings.json`; PATH is a folder with
`rewrites-dev.json`, other people's reports of the same kind. Nothing is said about a title or
another sentence that answers to nothing in particular (`optional`).
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.comparison import compare, quotations  # noqa: E402
from tests.corpus.test_comparison_rewording import GOLD, laid_out  # noqa: E402

Text = tuple[str, list[tuple[int, int]]]


def linked(source: Text, derived: Text) -> set[tuple[int, int]]:
    """The sentences linked by a comparison of the plain texts, by index in the gold.

    A sentence of the gold is one of a pair when it shares half of itself, or half of the span.
    """

    def owners(spans: tuple[Any, ...], sentences: list[tuple[int, int]]) -> set[int]:
        return {
            n
            for start, end in spans
            for n, (first, last) in enumerate(sentences)
            if 2 * (min(end, last) - max(start, first)) >= min(last - first, end - start)
        }

    return {
        (i, j)
        for pair in compare(source[0], derived[0]).pairs
        for i in owners(pair.source, source[1])
        for j in owners(pair.derived, derived[1])
    }


def score_links(cases: list[dict[str, Any]], *, misses: bool) -> None:
    totals: Counter[str] = Counter()
    for case in cases:
        source, derived = case["source"], case["derived"]
        found = linked(source, derived)
        gold = {tuple(link) for link in case["links"]}
        found -= {tuple(link) for link in case["optional"]} - gold
        totals.update(right=len(found & gold), gold=len(gold), found=len(found))
        print(f"  {case['key']:18s} {len(found & gold):3d} of {len(gold):3d}, named {len(found)}")
        if misses:
            for sign, links in (("-", gold - found), ("+", found - gold)):
                for i, j in sorted(links):
                    left, right = source[0][slice(*source[1][i])], derived[0][slice(*derived[1][j])]
                    print(f"    {sign} {i}-{j} {left}\n           {right}")
    precision, recall = totals["right"] / totals["found"], totals["right"] / totals["gold"]
    print(f"  precision {precision:.3f}, recall {recall:.3f}\n")


def score_apart(cases: list[dict[str, Any]], *, misses: bool) -> None:
    for case in cases:
        source, derived = laid_out(case["source"]), laid_out(case["derived"])
        found = linked(source, derived)
        relation = compare(source[0], derived[0]).relation
        print(f"  {case['key']:24s} {len(found)} links, {relation}")
        if misses:
            for i, j in sorted(found):
                left, right = source[0][slice(*source[1][i])], derived[0][slice(*derived[1][j])]
                print(f"    + {i}-{j} {left}\n           {right}")
    print()


def score_speakers(cases: list[dict[str, Any]], *, misses: bool) -> None:
    totals: Counter[str] = Counter()
    for case in cases:
        text = case["text"]
        said = {
            text[slice(*quotation.span)].strip(".,?!"): quotation
            for quotation in quotations(text)
            if quotation.direct
        }
        for words, name in case["speakers"]:
            quotation = said.get(words)
            speaker = text[slice(*quotation.speaker)] if quotation and quotation.speaker else ""
            totals.update(gold=1, found=quotation is not None, named=bool(speaker))
            totals["right"] += name in speaker
            if misses and name not in speaker:
                print(f"    {speaker or '—'} for {name}: {text}")
    print(f"  {dict(totals)}\n")


def others(path: Path) -> list[dict[str, Any]]:
    pairs = json.loads(path.read_text(encoding="utf-8"))["pairs"]
    return [
        {
            "key": pair["id"],
            "source": (pair["source"], pair["source_sentences"]),
            "derived": (pair["derived"], pair["derived_sentences"]),
            "links": pair["links"],
            "optional": pair["optional_links"],
        }
        for pair in pairs
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    ours = [
        case | {"source": laid_out(case["source"]), "derived": laid_out(case["derived"])}
        for case in GOLD["reworded"]
    ]
    print("Thoroughly reworded, ours: links")
    score_links(ours, misses=options.misses)
    print("Not of one text")
    score_apart(GOLD["apart"], misses=options.misses)
    print("Who says it")
    score_speakers(GOLD["quotations"], misses=options.misses)
    if options.data and (path := options.data / "rewrites-dev.json").exists():
        print("Thoroughly reworded, others: links")
        score_links(others(path), misses=options.misses)


if __name__ == "__main__":
    main()
