"""Invented texts with their links written down by hand: how many of them the engine finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rapidfuzz.distance import LCSseq

from corpus.comparison import Change, Passage, align_sentences, align_words, compare

FIXTURES = Path(__file__).parent.parent / "fixtures"
Pairs = set[tuple[int, int]]


def f1(rows: list[tuple[Pairs, Pairs]]) -> float:
    right = sum(len(found & gold) for found, gold in rows)
    return 2 * right / sum(len(found) + len(gold) for found, gold in rows)


def lines(name: str) -> Iterator[str]:
    yield from (FIXTURES / name).read_text(encoding="utf-8").splitlines()


def sentence_pairs() -> dict[str, list[tuple[list[str], list[str], Pairs]]]:
    """By style: the tokens of two sentences and the pairs of indices with the same number."""
    styles: dict[str, list[tuple[list[str], list[str], Pairs]]] = {}
    style, waiting = "", []
    for line in lines("word_alignments.txt"):
        if line.startswith("#"):
            style = line.partition("Style: ")[2] or style
        elif line:
            waiting.append([part.rpartition("/") for part in line.split()])
        if len(waiting) == 2:
            source, derived = ([word or label for word, _, label in side] for side in waiting)
            gold = {
                (i, j)
                for i, (word, _, label) in enumerate(waiting[0])
                for j, (other, _, number) in enumerate(waiting[1])
                if word and other and label == number and label.isdigit()
            }
            styles.setdefault(style, []).append((source, derived, gold))
            waiting = []
    return styles


def plain_versions() -> dict[str, tuple[list[str], list[str], Pairs]]:
    """By title: the sentences of a text, of its version in plain language, and their links."""
    texts: dict[str, tuple[list[str], list[str], set[tuple[int, int]]]] = {}
    title, block = "", ([], [])
    for line in [*lines("simplified.txt"), ""]:
        if line.startswith("# Text: "):
            title, block = line.removeprefix("# Text: "), ([], [])
            texts[title] = ([], [], set())
        elif line[:1] in ("<", ">"):
            side = line[0] == ">"
            block[side].append(len(texts[title][side]))
            texts[title][side].append(line[2:])
        elif not line and title:
            texts[title][2].update((i, j) for i in block[0] for j in block[1])
            block = ([], [])
    return texts


def rewrites() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """A report, its rewrite and what an editor would name: the kind, the words of both sides."""
    found: list[tuple[str, str, list[tuple[str, str, str]]]] = []
    source = ""
    for line in lines("rewrites.txt"):
        if line.startswith("<"):
            source = line[2:]
        elif line.startswith(">"):
            found.append((source, line[2:], []))
        elif line.startswith("="):
            kind, _, words = line[2:].partition(":")
            before, _, after = words.partition("->")
            found[-1][2].append((kind, before.strip(), after.strip()))
    return found


def named_in_rewrites() -> tuple[int, int, int, int, int]:
    """Changes named, of these under the same kind, wanted; and idle ones among all named."""
    named = same = wanted = idle = total = 0
    for source, derived, gold in rewrites():
        changes = compare(source, derived).changes
        apt: set[Change] = set()
        for kind, before, after in gold:
            hits = {
                change
                for change in changes
                if _touches(change.source, source, before)
                or _touches(change.derived, derived, after)
            }
            named += bool(hits)
            same += any(change.kind == kind for change in hits)
            apt |= hits
        wanted += len(gold)
        idle += len(changes) - len(apt)
        total += len(changes)
    return named, same, wanted, idle, total


def _touches(passage: Passage | None, text: str, words: str) -> bool:
    if passage is None or not words:
        return False
    at = text.index(words)
    return passage.start < at + len(words) and at < passage.end


def common_words(source: list[str], derived: list[str]) -> Pairs:
    left, right = [word.lower() for word in source], [word.lower() for word in derived]
    return {
        (block.a + n, block.b + n)
        for block in LCSseq.editops(left, right).as_matching_blocks()
        for n in range(block.size)
    }


def test_the_tables_are_whole():
    rows = [row for style in sentence_pairs().values() for row in style]

    assert len(rows) == 60
    assert all(gold for *_, gold in rows)
    assert [len(gold) >= 9 for *_, gold in plain_versions().values()] == [True] * 4


@pytest.mark.parametrize("style", sorted(sentence_pairs()))
def test_words_of_paraphrases_find_one_another(style):
    rows = sentence_pairs()[style]

    ours = f1([(set(align_words(source, derived)), gold) for source, derived, gold in rows])
    plain = f1([(common_words(source, derived), gold) for source, derived, gold in rows])

    assert ours >= 0.88
    assert ours >= plain + 0.1


@pytest.mark.parametrize("title", sorted(plain_versions()))
@pytest.mark.parametrize("swapped", [False, True])
def test_sentences_of_plain_versions_find_their_originals(title, swapped):
    source, derived, gold = plain_versions()[title]
    if swapped:
        source, derived, gold = derived, source, {(j, i) for i, j in gold}

    links = align_sentences(source, derived)
    found = {(i, j) for link in links for i in link.source for j in link.derived}

    assert f1([(found, gold)]) >= 0.8


def test_plain_versions_in_another_order_find_their_originals_too():
    rows = []
    for source, derived, gold in plain_versions().values():
        half, size = len(derived) // 2, len(derived)
        links = align_sentences(source, derived[half:] + derived[:half])
        found = {
            (i, (j + half) % size) for link in links for i in link.source for j in link.derived
        }
        rows.append((found, gold))

    assert f1(rows) >= 0.8


def test_what_an_editor_would_name_in_rewrites_is_named_and_little_else():
    named, same, wanted, idle, total = named_in_rewrites()

    assert wanted == 60
    assert named >= 0.9 * wanted
    assert same >= 0.85 * wanted
    assert idle <= 0.1 * total
