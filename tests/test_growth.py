"""No text takes more time than its length is worth: each function on each family of texts."""

import re

import pytest

from tests import growing

RUNS = growing.timed()


def test_every_public_function_of_the_pure_modules_is_timed() -> None:
    named = {name.partition(" (")[0] for name in RUNS}

    public = growing.public_functions()

    assert public <= named | growing.REACHED.keys() | growing.WITHOUT_TEXT
    assert growing.REACHED.keys() | growing.WITHOUT_TEXT <= public, "the table names what is gone"
    assert set(growing.REACHED.values()) <= RUNS.keys()


# Each of these compares two texts first, or cuts one again and again: a part of the families here, `make bench` tries all.
COMPARING = frozenset(
    {
        "annotations.propagation.project",
        "annotations.reader.page.column",
        "corpus.comparison.changes.name_changes",
        "corpus.comparison.compare.compare",
        "corpus.comparison.sentences.align_sentences",
        "corpus.comparison.words.align_words",
        "annotations.similarity.nearest",
        "corpus.evidence.report.as_text",
        "corpus.imports.guess.guess",
    }
)


@pytest.mark.parametrize("name", RUNS)
def test_no_text_is_slow(name: str) -> None:
    families = list(growing.FAMILIES.items())
    if name in COMPARING:
        families = families[sorted(COMPARING).index(name) :: len(COMPARING)]

    slow = growing.slow_families(RUNS[name], seconds=0.001, most=3_000, families=dict(families))

    assert slow == []


def test_what_takes_the_square_of_a_length_is_found() -> None:
    """The judge is judged: a run of one sign, read anew from each of its signs."""

    def quadratic(text: str) -> int:
        stops = re.compile(r"[؟]+(?=x)")
        return len(stops.findall(text))

    families = {name: growing.FAMILIES[name] for name in ("only letter", "only Arabic question")}
    slow = growing.slow_families(quadratic, seconds=0.001, most=8_000, families=families)

    assert [fault.partition(":")[0] for fault in slow] == ["only Arabic question"]
