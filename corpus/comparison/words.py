"""Which words of two sentences answer to each other, and the edits that turn one into the other."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler, LCSseq
from rapidfuzz.process import cdist

from .language import load
from .results import Edit, EditOp, Span
from .tokens import Token, key

ALIKE = 0.6  # from which words with a meaning are aligned
SPELLING = 0.85  # Jaro-Winkler similarity from which two stems are taken for relatives
CLASS = 0.35  # how alike two small words of one class are
SUPPORTED = 0.2  # how well equal small words must be supported by their neighbours
FRAMED = 1.25  # the same for two small words of one class
ONCE = ("preposition", "conjunction", "filler")  # small words that are worth something alone
SMALL_WORTH = 0.4  # what small words count as neighbours
AROUND = 0.3  # what the neighbours count for words with a meaning
PLACE = 0.2  # what a difference in relative position costs
GAP = 5  # from one aligned neighbour to the next, in which a lone word answers to a lone word
TABLE = 100_000  # pairs of words that are looked at one by one
DIFFED = 1 << 28  # pairs of words in one common subsequence, which is 32 MB of bits
ISLAND = 3  # words
SMALL = 3  # letters; most words of three letters and all marks only serve others


class Step(NamedTuple):
    """One step between two token sequences, as half-open ranges of token indices."""

    equal: bool
    source: tuple[int, int]
    derived: tuple[int, int]


def align_words(
    source: Sequence[str], derived: Sequence[str], *, language: str = "en"
) -> list[tuple[int, int]]:
    """Pairs (i, j) of words that answer to each other in two sequences of words.

    After Sultan, Bethard and Sumner, "Back to Basics for Monolingual Alignment" (2014): first the
    words with a meaning, the best supported by their neighbours first; then the small words and
    marks next to what is aligned; at last single words left between aligned neighbours. Each word
    is in one pair at most; the pairs need not be in order.
    """
    if (len(source), list(source)) > (len(derived), list(derived)):
        return sorted((i, j) for j, i in align_words(derived, source, language=language))
    s, d = ([Word.of(word, language) for word in side] for side in (source, derived))
    if len(s) * len(d) > TABLE:
        found = steps([word.key for word in s], [word.key for word in d])
        return [
            pair
            for step in found
            if step.equal
            for pair in zip(range(*step.source), range(*step.derived), strict=True)
        ]
    if not s or not d:
        return []
    aligned = _Alignment(s, d)
    aligned.add_content()
    aligned.add_small()
    aligned.add_substitutes()
    aligned.add_lone()
    return sorted(aligned.pairs.items())


class Word(NamedTuple):
    """What is known of a word, by which it can answer to another."""

    key: str
    stem: str
    root: str
    small: str  # the class of a small word or mark, empty for a word with a meaning
    groups: frozenset[str]  # of synonyms and of names of one place

    @classmethod
    @lru_cache(maxsize=1 << 16)
    def of(cls, text: str, code: str = "en") -> Self:
        language = load(code)
        word = key(text) if text else ""
        stem = language.stem(word)
        return cls(
            word,
            _numbers(code).get(word, stem),
            language.root(stem),
            _small_words(code).get(word, "" if word[:1].isalnum() else "mark"),
            frozenset(
                f"{name} {number}"
                for name, groups in _meanings(code).items()
                for number in groups.get(stem, ())
            ),
        )


@cache
def _numbers(code: str) -> dict[str, str]:
    """Numbers in words, as digits; "one" is rather a pronoun."""
    return {word: str(n) for word, n in load(code).data["numbers"].items() if n != 1}


@cache
def _small_words(code: str) -> dict[str, str]:
    """The class of each word that mainly serves others."""
    classes = {
        "articles": "determiner",
        "demonstratives": "determiner",
        "possessives": "determiner",
        "pronouns": "pronoun",
        "prepositions": "preposition",
        "auxiliaries": "auxiliary",
        "conjunctions": "conjunction",
        "fillers": "filler",
    }
    small: dict[str, str] = {"'s": "possessive", "'": "possessive"}
    small[load(code).data["negation_ending"]] = "filler"
    for name, kind in classes.items():
        for word in load(code).words(name):
            small.setdefault(word, kind)
    return small


@cache
def _meanings(code: str) -> dict[str, dict[str, frozenset[int]]]:
    """Groups of words that mean the same; those on one side of an antonym nearly do."""
    return {
        name: load(code).groups(name) for name in ("synonyms", "demonyms", "aliases", "equivalents")
    } | {"sides": load(code).sides("antonyms")}


class _Alignment:
    """The pairs of words found so far."""

    def __init__(self, source: list[Word], derived: list[Word]) -> None:
        self.source, self.derived = source, derived
        self.pairs: dict[int, int] = {}
        self.taken: dict[int, int] = {}
        self.alike = self._likeness()

    def _likeness(self) -> NDArray[np.floating]:
        """How alike every word is to every other, by spelling and meaning alone, 0 to 1."""
        s, d = self.source, self.derived
        alike = _similar_spelling(s, d)
        for i, left in enumerate(s):
            for j, right in enumerate(d):
                if left.key == right.key:
                    alike[i, j] = 1.0
                elif left.small or right.small:
                    if left.groups & right.groups:
                        alike[i, j] = 0.75
                    else:
                        alike[i, j] = CLASS if left.small == right.small != "mark" else 0.0
                elif left.stem == right.stem:
                    alike[i, j] = 0.95
                elif left.root == right.root:
                    alike[i, j] = 0.8
                elif left.groups & right.groups:
                    alike[i, j] = 0.75
        return alike

    def add(self, i: int, j: int) -> None:
        self.pairs[i] = j
        self.taken[j] = i

    def free(self, i: int, j: int) -> bool:
        return i not in self.pairs and j not in self.taken

    def add_content(self) -> None:
        """Align words with a meaning, those whose neighbours agree first."""
        content = np.outer(
            [not word.small for word in self.source], [not word.small for word in self.derived]
        )
        weight = np.where(content, self.alike, SMALL_WORTH * self.alike)
        score = self.alike + AROUND * _context(weight)
        rows, columns = score.shape
        place = np.subtract.outer(np.arange(rows) / rows, np.arange(columns) / columns)
        score -= PLACE * np.abs(place)
        candidates = np.argwhere(content & (self.alike >= ALIKE))
        order = np.argsort(-score[tuple(candidates.T)], kind="stable")
        for i, j in candidates[order].tolist():
            if self.free(i, j):
                self.add(i, j)

    def add_small(self) -> None:
        """Align small words and marks beside what is aligned, the best supported first, in turns.

        Another word of the same class answers only between two aligned neighbours.
        """
        candidates = [
            (i, j)
            for i, j in np.argwhere(self.alike >= CLASS).tolist()
            if self.source[i].small and self.derived[j].small
        ]
        while True:
            scored = sorted(
                (-self.alike[i, j] * support, i, j)
                for i, j in candidates
                if self.free(i, j)
                and (support := self.support(i, j) + self.echo(i, j))
                >= (SUPPORTED if self.alike[i, j] == 1 else FRAMED)
            )
            # The better half first: what it settles is support for the rest.
            if not scored:
                break
            for _, i, j in scored[: len(scored) // 2 + 1]:
                if self.free(i, j):
                    self.add(i, j)

    def support(self, i: int, j: int) -> float:
        """How well the neighbours of two words are aligned with each other."""
        total = 0.0
        for side in (-1, 1):
            best = 0.0
            for di in (1, 2, 3, 4):
                partner = self.pairs.get(i + side * di)
                if partner is None:
                    continue
                dj = (partner - j) * side
                if 1 <= dj <= 4:
                    best = max(best, 1.0 / (di + dj - 1))
            if not best and self._at_edge(i, j, side):
                best = 0.5
            total += best
        return total

    def echo(self, i: int, j: int) -> float:
        """What two equal words are worth of themselves: more if rare, or beside another echo."""
        if self.source[i].key != self.derived[j].key:
            return 0.0
        worth = 0.0
        for side in (-1, 1):
            left, right = i + side, j + side
            if 0 <= left < len(self.source) and 0 <= right < len(self.derived):
                same = self.source[left].key == self.derived[right].key
                worth += 0.25 * (same and self.free(left, right))
        if self.source[i].small in ONCE and len(self.source[i].key) > SMALL:
            once = sum(word.key == self.source[i].key for word in self.source) == 1
            once &= sum(word.key == self.source[i].key for word in self.derived) == 1
            worth += 0.25 * once
        return worth

    def _at_edge(self, i: int, j: int, side: int) -> bool:
        if side < 0:
            return i == 0 and j == 0
        return i == len(self.source) - 1 and j == len(self.derived) - 1

    def add_substitutes(self) -> None:
        """Align one or two words left between aligned neighbours with as many on the other side."""
        at = (-1, -1)
        ends = (len(self.source), len(self.derived))
        for end in [*sorted(self.pairs.items()), ends]:
            size = end[0] - at[0] - 1
            if 1 <= size <= 2 and size == end[1] - at[1] - 1:
                gap = [(at[0] + n, at[1] + n) for n in range(1, size + 1)]
                if all(
                    j not in self.taken and self.source[i].small == self.derived[j].small
                    for i, j in gap
                ):
                    for i, j in gap:
                        self.add(i, j)
            at = end

    def add_lone(self) -> None:
        """Align words with a meaning that are alone between aligned neighbours of theirs.

        So "resigned" answers to "stepped down" in "the minister stepped down", and wherever the
        minister stands in the other sentence.
        """
        source = self._stretches(self.source, self.pairs)
        derived = self._stretches(self.derived, self.taken)
        before = {start - 1: stretch for stretch in derived if (start := stretch[0]) > 0}
        after = {stretch[1]: stretch for stretch in derived}
        for start, end, i in source:
            beside = (before.get(self.pairs.get(start - 1, -2)), after.get(self.pairs.get(end, -2)))
            for stretch in beside:
                if stretch is not None and self.free(i, stretch[2]):
                    self.add(i, stretch[2])

    def _stretches(self, words: list[Word], settled: dict[int, int]) -> list[tuple[int, int, int]]:
        """The short stretches [start, end) without an aligned word and with one of a meaning."""
        bounds = [-1, *sorted(settled), len(words)]
        found = []
        for before, end in pairwise(bounds):
            content = [i for i in range(before + 1, end) if not words[i].small]
            if len(content) == 1 and end - before <= GAP:
                found.append((before + 1, end, content[0]))
        return found


def _similar_spelling(source: list[Word], derived: list[Word]) -> NDArray[np.floating]:
    """Where two longer words begin or are spelt alike, how much; elsewhere 0."""
    table: NDArray[np.floating] = cdist(
        [word.stem for word in source],
        [word.stem for word in derived],
        scorer=JaroWinkler.similarity,
    )
    long = np.minimum.outer(
        [len(word.stem) for word in source], [len(word.stem) for word in derived]
    )
    table[(table < SPELLING) | (long < 4)] = 0
    table[[not word.stem.isalpha() for word in source], :] = 0
    return 0.7 * table


def _context(alike: NDArray[np.floating]) -> NDArray[np.floating]:
    """For every two words, how alike the words around them are, in the same order."""
    rows, columns = alike.shape
    padded = np.pad(alike, 3)
    total = np.zeros_like(alike)
    for side in (-1, 1):
        best = np.zeros_like(alike)
        for di in (1, 2, 3):
            for dj in (1, 2, 3):
                top, left = 3 + side * di, 3 + side * dj
                near = padded[top : top + rows, left : left + columns] / (di + dj - 1)
                total += near * 0.25
                np.maximum(best, near, out=best)
        total += best
    return total


def steps(source: Sequence[str], derived: Sequence[str]) -> list[Step]:
    """The steps that turn one sequence of keys into the other.

    They follow the longest common subsequence, less the islands between changes that say too
    little to stand alone, so that a phrase is replaced in one step.
    """
    if source == derived:
        size = len(source)
        return [Step(True, (0, size), (0, size))] if size else []
    result: list[Step] = []
    for (s, s_end), (d, d_end) in _shares(len(source), len(derived)):
        for op in LCSseq.opcodes(source[s:s_end], derived[d:d_end]):
            _append(
                result,
                Step(
                    op.tag == "equal",
                    (s + op.src_start, s + op.src_end),
                    (d + op.dest_start, d + op.dest_end),
                ),
            )
    return _without_islands(result, source, derived)


def is_coarse(source: Sequence[str], derived: Sequence[str]) -> bool:
    """Whether `steps` takes sequences of this length in shares, and so may miss equal words."""
    return len(source) * len(derived) > DIFFED and source != derived


def _shares(rows: int, columns: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The two lengths cut into as few equal shares as memory needs, mostly one."""
    count = -(-math.isqrt(rows * columns) // math.isqrt(DIFFED)) or 1
    bounds = [(rows * n // count, columns * n // count) for n in range(count + 1)]
    return [((s, s_end), (d, d_end)) for (s, d), (s_end, d_end) in pairwise(bounds)]


def _append(result: list[Step], step: Step) -> None:
    """Add a step, joined with the last one where both are changes or both are equal."""
    if result and step.equal == result[-1].equal:
        last = result.pop()
        step = Step(
            step.equal, (last.source[0], step.source[1]), (last.derived[0], step.derived[1])
        )
    result.append(step)


def _without_islands(
    found: list[Step], source: Sequence[str], derived: Sequence[str]
) -> list[Step]:
    """The steps without equal stretches that are slight beside the changes on both sides.

    After the semantic clean-up of Fraser's diff-match-patch, by words and only for short stretches.
    """
    result: list[Step] = []
    for n, step in enumerate(found):
        if step.equal and 0 < n < len(found) - 1:
            size = step.source[1] - step.source[0]
            substance = _substance(source[slice(*step.source)])
            around = min(_extent(side, source, derived) for side in (result[-1], found[n + 1]))
            if size <= ISLAND and 2 * substance <= around:
                step = Step(False, step.source, step.derived)
        _append(result, step)
    return result


def _extent(step: Step, source: Sequence[str], derived: Sequence[str]) -> int:
    """How much a change says: the letters that were replaced, none where they only came or went."""
    s = sum(map(len, source[slice(*step.source)]))
    d = sum(map(len, derived[slice(*step.derived)]))
    return max(s, d) if s and d else 0


def _substance(keys: Sequence[str]) -> int:
    """How much a stretch says: the letters of its words that are not small."""
    return sum(len(key) for key in keys if len(key) > SMALL)


def edits(
    source: Sequence[Token],
    derived: Sequence[Token],
    *,
    source_runs: Sequence[Span],
    derived_runs: Sequence[Span],
) -> tuple[Edit, ...]:
    """The edits between two token sequences.

    A run is a stretch of one side without a gap; the edits tile the runs of each side in order, so
    none crosses a gap. White space goes to what is equal, so that replaced phrases begin and end
    with words; words left out on the other side take the space that goes with them.
    """
    s_first = _first_tokens(source, source_runs)
    d_first = _first_tokens(derived, derived_runs)
    found = [
        piece
        for step in steps([token.key for token in source], [token.key for token in derived])
        for piece in _cut(step, s_first, d_first)
    ]
    ops = [_op(step) for step in found]
    s_parts = [(step.source, op) for step, op in zip(found, ops, strict=True)]
    d_parts = [(step.derived, op) for step, op in zip(found, ops, strict=True)]
    s_spans = _tiles(source, source_runs, s_first, s_parts)
    d_spans = _tiles(derived, derived_runs, d_first, d_parts)
    return tuple(Edit(*edit) for edit in zip(ops, s_spans, d_spans, strict=True))


def _op(step: Step) -> EditOp:
    if step.equal:
        return "equal"
    if step.source[0] == step.source[1]:
        return "insert"
    return "delete" if step.derived[0] == step.derived[1] else "replace"


def _first_tokens(tokens: Sequence[Token], runs: Sequence[Span]) -> list[int]:
    """The index of the first token of each run."""
    return [bisect_left(tokens, run.start, key=attrgetter("start")) for run in runs]


def _cut(step: Step, source_firsts: list[int], derived_firsts: list[int]) -> list[Step]:
    """The step in pieces, so that none crosses from one run into another."""
    (s, s_end), (d, d_end) = step.source, step.derived
    s_cuts = [first for first in source_firsts if s < first < s_end]
    d_cuts = [first for first in derived_firsts if d < first < d_end]
    if not s_cuts and not d_cuts:
        return [step]
    if step.equal:
        cuts = sorted({first - s for first in s_cuts} | {first - d for first in d_cuts})
        bounds = [0, *cuts, s_end - s]
        return [Step(True, (s + i, s + j), (d + i, d + j)) for i, j in pairwise(bounds)]
    count = max(len(s_cuts), len(d_cuts)) + 2
    s_bounds = ([s, *s_cuts] + [s_end] * count)[:count]
    d_bounds = ([d, *d_cuts] + [d_end] * count)[:count]
    return [
        Step(False, s_range, d_range)
        for s_range, d_range in zip(pairwise(s_bounds), pairwise(d_bounds), strict=True)
    ]


def _tiles(
    tokens: Sequence[Token],
    runs: Sequence[Span],
    firsts: list[int],
    parts: list[tuple[tuple[int, int], EditOp]],
) -> list[Span]:
    """The span of each part of a side; together they tile its runs."""
    starts = {first: run.start for first, run in zip(firsts, runs, strict=True)}
    ends = {last: run.end for last, run in zip([*firsts[1:], len(tokens)], runs, strict=True)}
    spans: list[Span] = []
    at = runs[0].start
    for n, ((first, last), op) in enumerate(parts):
        start = at
        if first < last:
            start = starts.get(first, at)
            at = ends.get(last, -1)
            if at < 0:
                keeps = op in ("insert", "delete") or (
                    op == "equal" and not _takes_space_before(tokens, parts, n + 1)
                )
                at = tokens[last].start if keeps else tokens[last - 1].end
        spans.append(Span(start, at))
    return spans


def _takes_space_before(
    tokens: Sequence[Token], parts: list[tuple[tuple[int, int], EditOp]], n: int
) -> bool:
    """Whether part n is left out on the other side and stands right before a mark, as in "x y."."""
    (first, last), op = parts[n]
    return (
        op in ("insert", "delete")
        and first < last < len(tokens)
        and tokens[last - 1].end == tokens[last].start
    )
