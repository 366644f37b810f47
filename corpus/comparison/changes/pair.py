"""Two passages that answer to each other, their words matched as far as they mean the same."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import LCSseq, Levenshtein

from ..language.lists import Lists, Word, lists
from ..results import ChangeKind, Quotation, Span
from ..tokens import fold
from .dates import Fact
from .facts import Reading

LONG = 4000
"""Passages with more words than this are compared by their words' counts, not their order."""

_BUDGET = 20_000
"""How many pairs of words of one passage are looked at for synonyms."""

_TELLING = 5
"""Words of substance from which on a passage can be said to have little in common with another."""

_LOOSE = 0.35
"""The share of them in common below which it has."""

PHRASE = 4
"""The longest phrase, in words, that is looked up as a synonym of a word."""


class Finding(NamedTuple):
    """A change before it is worded; a side is None where words were added or dropped."""

    kind: ChangeKind
    severity: int
    source: Span | None
    derived: Span | None
    reason: str
    about: tuple[Span | None, Span | None] = (None, None)
    """The words of each side that the note quotes, where they are not those of the change."""
    shift: int = 0
    """Whether the derived side says it more strongly or surely (> 0) or less so (< 0)."""

    def mirrored(self) -> "Finding":
        return self._replace(
            source=self.derived,
            derived=self.source,
            about=(self.about[1], self.about[0]),
            shift=-self.shift,
        )


class Side:
    """One of the two passages: the words that are not marks, by position."""

    def __init__(self, reading: Reading, spans: Sequence[Span]) -> None:
        self.reading = reading
        self.spans = spans
        self.ranges = reading.ranges(spans)
        words = reading.words
        self.at = [i for first, last in self.ranges for i in range(first, last) if words[i].stem]
        self.words = [words[i] for i in self.at]
        self.stems = [word.stem for word in self.words]
        self.stem_set = frozenset(self.stems)
        self.facing: frozenset[str] = frozenset()
        """The keys of names in the text that it is compared with."""

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(word.key for word in self.words)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The positions of each stem."""
        found: dict[str, list[int]] = {}
        for i, stem in enumerate(self.stems):
            found.setdefault(stem, []).append(i)
        return found

    @cached_property
    def joints(self) -> list[int]:
        """For each position, how many marks and coordinators stand before it."""
        count, counts = 0, []
        for i, word in enumerate(self.words):
            if word.key in self.reading.lists.coordinators or (
                i and self.at[i] > self.at[i - 1] + 1
            ):
                count += 1
            counts.append(count)
        return counts

    @cached_property
    def parts(self) -> frozenset[str]:
        """The parts of its hyphenated words."""
        return frozenset(
            fold(part) for word in self.words if "-" in word.text for part in word.text.split("-")
        )

    @cached_property
    def initials(self) -> str:
        """The first letters of its capitalised words, one after another."""
        return "".join(word.key[0] for word in self.words if word.capital)

    @cached_property
    def acronyms(self) -> frozenset[str]:
        return frozenset(word.key for word in self.words if word.acronym)

    @cached_property
    def stems_near(self) -> frozenset[str]:
        return self.reading.stems_near(self.spans)

    def __len__(self) -> int:
        return len(self.words)

    def position(self, index: int) -> int:
        """The position in the passage of a word of the text, or of the next one."""
        return bisect_left(self.at, index)

    def span(self, first: int, last: int) -> Span:
        """The span of the words at positions [first, last)."""
        reading = self.reading
        return Span(reading.starts[self.at[first]], reading.ends[self.at[last - 1]])

    @cached_property
    def is_headline(self) -> bool:
        """Whether nearly every word has a capital, so that capitals tell nothing."""
        content = [word for word in self.words if not word.function]
        return len(content) > 7 and 4 * sum(word.capital for word in content) > 3 * len(content)

    def is_name(self, position: int) -> bool:
        word = self.words[position]
        if not word.capital or self.is_headline:
            return False
        return self.reading.is_name(self.at[position]) or (
            not word.function and word.key in self.facing
        )

    @cached_property
    def facts(self) -> list[Fact]:
        found, firsts = self.reading.facts, self.reading.fact_firsts
        return [
            found[i]
            for first, last in self.ranges
            for i in range(bisect_left(firsts, first), bisect_left(firsts, last))
        ]

    def fact_span(self, fact: Fact) -> Span:
        return Span(self.reading.starts[fact.first], self.reading.ends[fact.last - 1])

    def has(self, span: Span) -> bool:
        """Whether a span of the text begins in the passage."""
        return any(start <= span.start < end for start, end in self.spans)

    @cached_property
    def quotations(self) -> list[Quotation]:
        """The quotations that begin in the passage."""
        return self.reading.quotations_in(self.spans)


class Block(NamedTuple):
    """Words between two matched ones that differ: positions on both sides."""

    source: range
    derived: range


class Match:
    """Which words of two passages mean the same, and which are left on each side."""

    def __init__(self, source: Side, derived: Side, *, copied: bool = False) -> None:
        self.copied = copied
        """Whether one text was made from the other, so that quotations should be the same."""
        self.source = source
        self.derived = derived
        source.facing, derived.facing = derived.reading.capitalised, source.reading.capitalised
        self.lists: Lists = source.reading.lists
        whole = Block(range(len(source)), range(len(derived)))
        coarse = max(len(source), len(derived)) > LONG
        self.blocks = [whole] if coarse else list(blocks(source.stems, derived.stems))
        self.source_block = _block_numbers(len(source), [block.source for block in self.blocks])
        self.derived_block = _block_numbers(len(derived), [block.derived for block in self.blocks])
        self.source_left = {i for block in self.blocks for i in block.source}
        self.derived_left = {j for block in self.blocks for j in block.derived}
        self.raw_left = (frozenset(self.source_left), frozenset(self.derived_left))
        self.reversed: set[tuple[int, int]] = (
            set()
        )  # verbs of which one denies what the other tells
        self.exchanged: tuple[set[int], set[int]] = (set(), set())
        """The positions of what changed places."""
        self.moved = False
        """Whether a word of substance stands in another place."""
        self._cancel_moved()

    @cached_property
    def is_loose(self) -> bool:
        """Whether the passages have little in common beside grammar."""
        a, b = self.source, self.derived
        left = sum(not a.words[i].function for i in self.raw_left[0])
        right = sum(not b.words[j].function for j in self.raw_left[1])
        all_a = sum(not word.function for word in a.words)
        all_b = sum(not word.function for word in b.words)
        shorter = min(all_a, all_b)
        return shorter >= _TELLING and max(all_a - left, all_b - right) < _LOOSE * shorter

    @cached_property
    def once(self) -> list[tuple[int, int]]:
        """The positions of the words that both passages have once, but for determiners."""
        there, determiners = self.derived.places, self.lists.determiners
        return [
            (places[0], there[stem][0])
            for stem, places in self.source.places.items()
            if len(places) == len(there.get(stem, ())) == 1
            and self.source.words[places[0]].key not in determiners
        ]

    @cached_property
    def partners(self) -> dict[int, int]:
        """The position in the derived passage of each word of the source that kept its place."""
        found: dict[int, int] = {}
        s = d = 0
        end = Block(range(len(self.source), 0), range(len(self.derived), 0))
        for block in (*self.blocks, end):
            found.update(
                zip(range(s, block.source.start), range(d, block.derived.start), strict=False)
            )
            s, d = block.source.stop, block.derived.stop
        return found

    def _cancel_moved(self) -> None:
        """Words that only moved are not left over."""
        a, b = self.source, self.derived
        places: defaultdict[str, list[int]] = defaultdict(list)
        for j in sorted(self.derived_left, reverse=True):
            places[b.stems[j]].append(j)
        for i in sorted(self.source_left):
            if places[a.stems[i]]:
                self.source_left.discard(i)
                self.derived_left.discard(places[a.stems[i]].pop())
                self.moved |= not a.words[i].function

    def cancel_synonyms(self) -> None:
        """Words and phrases that mean the same are not left over, wherever they stand."""
        for block in self.blocks:
            self._cancel_phrases(block)
        budget = _BUDGET
        by_block: defaultdict[int, list[int]] = defaultdict(list)
        for j in sorted(self.derived_left):
            by_block[self.derived_block[j]].append(j)
        for i in sorted(self.source_left):
            number = self.source_block[i]
            for near in (number, number - 1, number + 1):
                candidates = by_block.get(near, [])
                budget -= len(candidates)
                if budget < 0:
                    return
                match = next(
                    (
                        j
                        for j in candidates
                        if j in self.derived_left
                        and self.alike(self.source.words[i], self.derived.words[j])
                    ),
                    None,
                )
                if match is not None:
                    self.source_left.discard(i)
                    self.derived_left.discard(match)
                    break

    def _cancel_phrases(self, block: Block) -> None:
        if not block.source and not block.derived:
            return
        left = list(self._phrases(self.source, block.source))
        right = list(self._phrases(self.derived, block.derived))
        if len(left) * len(right) > 4000:
            return
        long = [phrase for phrase in right if phrase[2] - phrase[1] > 1]
        for groups, first, last in left:
            one_word = last - first == 1
            for others, begin, end in long if one_word else right:
                if not groups.isdisjoint(others):
                    self.source_left.difference_update(range(first, last))
                    self.derived_left.difference_update(range(begin, end))

    def _phrases(self, side: Side, positions: range) -> Iterator[tuple[frozenset[int], int, int]]:
        """The phrases that begin in a block and that the synonyms know."""
        synonyms, openers, stems = self.lists.synonyms, self.lists.phrase_openers, side.stems
        for first in positions:
            stem = stems[first]
            groups = synonyms.get(stem)
            if groups:
                yield groups, first, first + 1
            if stem in openers:
                for last in range(first + 2, min(first + PHRASE, len(stems)) + 1):
                    groups = synonyms.get("_".join(stems[first:last]))
                    if groups:
                        yield groups, first, last

    def alike(self, one: Word, other: Word) -> bool:
        """Whether two words mean the same, or one is a form of the other."""
        a, b = one.stem, other.stem
        if a == b or one.key == other.key:
            return True
        lists = self.lists
        meanings = lists.meanings.get(a)
        if meanings and not meanings.isdisjoint(lists.meanings.get(b, ())):
            return True
        if not _resemble(one, other) or not (a.isalpha() and b.isalpha()):
            return False
        if b in lists.antonyms.get(a, ()):
            return False
        root, other_root = lists.language.root(a), lists.language.root(b)
        if root == other_root and len(root) >= 4:
            return True
        if "-" in one.text or "-" in other.text:
            parts, others = _parts(one), _parts(other)
            if len(parts) == len(others) > 1:
                return all(
                    self.alike(part, match) for part, match in zip(parts, others, strict=True)
                )
        stripped = lists.without_prefix(one.key)
        if stripped and stripped == lists.without_prefix(other.key):
            return True
        return len(a) >= 6 and len(b) >= 6 and Levenshtein.distance(a, b, score_cutoff=1) <= 1

    def related(self, one: Word, other: Word) -> bool:
        """Whether two words share a synonym, or nearly the same form."""
        if self.alike(one, other):
            return True
        synonyms = self.lists.synonyms
        groups = synonyms.get(other.stem)
        if not groups:
            return False
        return any(
            synonyms[neighbour] & groups
            for number in synonyms.get(one.stem, ())
            for neighbour in self.lists.synonym_groups[number]
        )

    def opposite(self, one: Word, other: Word) -> bool:
        """Whether two words are antonyms, by the list or by their form."""
        lists = self.lists
        if other.stem in lists.antonyms.get(one.stem, ()):
            return True
        if not _resemble(one, other):
            return False
        if _negates(one.key, other.key, lists) or _negates(other.key, one.key, lists):
            return True
        if lists.opposite_form(one.key, other.key) or lists.opposite_form(other.key, one.key):
            return True
        if "-" in one.text or "-" in other.text:
            parts, others = _parts(one), _parts(other)
            if len(parts) == len(others) > 1:
                unlike = [
                    (part, match)
                    for part, match in zip(parts, others, strict=True)
                    if part.stem != match.stem
                ]
                return len(unlike) == 1 and self.opposite(*unlike[0])
        return False


def _resemble(one: Word, other: Word) -> bool:
    """Whether two words can be forms of one: they begin or end alike, or have several parts."""
    return (
        one.stem[:2] == other.stem[:2]
        or one.stem[-2:] == other.stem[-2:]
        or ("-" in one.text and "-" in other.text)
    )


def _negates(word: str, other: str, lists: Lists) -> bool:
    """Whether one word is the other with a negative prefix: "illegal", "non-payment"."""
    if len(other) < 4 or not word.endswith(other):
        stem, base = lists.stem(word), lists.stem(other)
        if len(base) < 4 or not stem.endswith(base):
            return False
        return stem[: len(stem) - len(base)] in lists.negative_prefixes
    return word[: len(word) - len(other)] in lists.negative_prefixes


def _parts(word: Word) -> list[Word]:
    """The parts of a hyphenated word, as words."""
    stem = lists().stem
    return [
        word._replace(text=part, key=part.lower(), stem=stem(part.lower()))
        for part in word.text.split("-")
        if part
    ]


def blocks(source: Sequence[str], derived: Sequence[str]) -> Iterator[Block]:
    """The places where two sequences differ, by their longest common subsequence."""
    s = d = 0
    for op in LCSseq.opcodes(source, derived):
        if op.tag != "equal":
            continue
        if s < op.src_start or d < op.dest_start:
            yield Block(range(s, op.src_start), range(d, op.dest_start))
        s, d = op.src_end, op.dest_end
    if s < len(source) or d < len(derived):
        yield Block(range(s, len(source)), range(d, len(derived)))


def _block_numbers(length: int, ranges: list[range]) -> list[int]:
    """For each position the number of its block, or -2 where the words are the same."""
    numbers = [-2] * length
    for number, positions in enumerate(ranges):
        for position in positions:
            numbers[position] = number
    return numbers
