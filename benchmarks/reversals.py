"""Is a statement that was turned round named, and is a harmless rewording let pass?

    python benchmarks/reversals.py [--data PATH] [--sample N] [--verbose]

`tests/corpus/reversals.tsv` has pairs of sentences that we invented before the engine had seen
them: reversals by group, with the kinds under which they may be named, and rewordings of which
nothing of severity 2 or more may be said. `reversals-dev.json` and `translations-dev.tsv` (two
translations of each sentence, between which nearly every finding of severity 3 is a false alarm)
are read if they are there.
"""

import argparse
import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.comparison import Change, name_changes  # noqa: E402

OURS = ROOT / "tests" / "corpus" / "reversals.tsv"
HARMLESS = "harmless"


class Case(NamedTuple):
    """A pair of sentences, and the kinds under which their difference may be named."""

    group: str
    kinds: frozenset[str]
    source: str
    derived: str


def ours() -> Iterator[Case]:
    with OURS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            group = row["group"]
            if group == HARMLESS and row["language"] != "en":
                group = f"{HARMLESS}, {row['language']}"
            yield Case(group, frozenset(row["kinds"].split()), row["source"], row["derived"])


def theirs(path: Path) -> Iterator[Case]:
    found = json.loads(path.read_text(encoding="utf-8"))
    for row in found["changed"]:
        kinds = frozenset(row["kinds"])
        if {"name", "statement"} <= kinds:  # any kind would do, when there was none for roles
            kinds |= {"roles"}
        yield Case(row["group"], kinds, row["source"], row["derived"])
    for row in found["harmless"]:
        yield Case(HARMLESS, frozenset(), row["source"], row["derived"])


def is_right(case: Case, changes: list[Change]) -> bool:
    """Whether the change is named, or nothing of weight is said of a harmless one."""
    if case.group.startswith(HARMLESS):
        return all(change.severity == 1 for change in changes)
    return any(change.kind in case.kinds for change in changes)


def report(title: str, cases: Iterable[Case], *, verbose: bool) -> None:
    """The share of each group that is right, and of the findings of severity 3 that are."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    highest: Counter[bool] = Counter()
    for case in cases:
        changes = name_changes(case.source, case.derived)
        total[case.group] += 1
        fine = is_right(case, changes)
        right[case.group] += fine
        for change in changes:
            if change.severity == 3:
                highest[change.kind in case.kinds] += 1
        if verbose and not fine:
            _print(case.group, case.source, case.derived, changes)
    print(f"\n{title}")
    for group, number in total.items():
        print(f"{group:44}{right[group]:4} of {number}")
    print(f"findings of severity 3 of a kind that fits: {highest[True]} of {highest.total()}")


def translations(path: Path, sample: int, *, verbose: bool) -> None:
    """The findings of severity 3 between two translations of each sentence, by kind."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    rows = rows[:: max(1, len(rows) // sample)] if sample else rows
    counts: Counter[tuple[int, str]] = Counter()
    begun = time.process_time()
    for source, derived in rows:
        changes = name_changes(source, derived)
        counts.update((change.severity, change.kind) for change in changes)
        highest = [change for change in changes if change.severity == 3]
        if verbose and highest:
            _print("translation", source, derived, highest)
    spent = time.process_time() - begun
    print(f"\ntwo translations of {len(rows)} sentences, findings by kind ({spent:.1f} s CPU)")
    print(f"{'':16}" + "".join(f"{f'severity {n}':>12}" for n in (3, 2, 1)))
    for kind in sorted({kind for _, kind in counts}):
        print(f"{kind:16}" + "".join(f"{counts[n, kind]:12}" for n in (3, 2, 1)))


def _print(group: str, source: str, derived: str, changes: list[Change]) -> None:
    print(f"[{group}]\n  {source}\n  {derived}")
    for change in changes:
        print(f"    {change.kind} {change.severity}: {change.note}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--sample", type=int, default=0, help="how many translations to read")
    parser.add_argument("--verbose", action="store_true", help="print what was wrong")
    options = parser.parse_args()
    report("invented by us", ours(), verbose=options.verbose)
    for name in ("reversals-dev.json", "translations-dev.tsv"):
        path = options.data / name
        if not path.exists():
            print(f"\nskipped: {path} is missing")
        elif path.suffix == ".json":
            report("reversals by another hand", theirs(path), verbose=options.verbose)
        else:
            translations(path, options.sample, verbose=options.verbose)


if __name__ == "__main__":
    main()
