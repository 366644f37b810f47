"""Which sentences answer to each other though hardly a word was kept.

What rewording leaves alone weighs most: names, figures, dates, quoted words. Beside these count
stems and synonyms, each by how rare it is in the two texts. What one link explains speaks for no
other, so a name that stands in many sentences ties none of them together.
"""

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, product

from .language.lists import Lists, lists
from .windows import Keys

Place = tuple[int, int]

# Tuned on invented reports and their rewording, see benchmarks/rewording.py.
RELATED = (
    0.2  # share of the sentences that are linked surely, below which nothing more is looked for
)
SHARE = 0.18  # of what two sentences say (geometric mean of both) to be in the other one too
LEAST = 3.5  # weight of what they share
COPIED = 0.8  # share of a text to be found again at once for a copy, which rewords little
NEAR = 0.05  # what a link between neighbours adds to the share
STEM, SYNONYM = 0.8, 0.6  # worth of words that begin alike and of synonyms
FIGURE = 2.0  # worth of a figure that is not met by chance
DIGITS = 3  # from which a figure is such
BEGINNING = 5  # letters that related words begin with
RARE = 32  # pairs of places in which words may meet in at most for bringing two sentences together

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")  # 12.000, of languages with a decimal comma
_ENDS = frozenset(".!?…\"'")


def in_other_words(
    links: Sequence[Place], source: Sequence[Keys], derived: Sequence[Keys], *, language: str = "en"
) -> list[Place]:
    """Pairs of sentences to be linked besides the sure `links`, the best first.

    Of each pair one sentence at least was in no link. Sentences are given as the keys of their
    tokens. Texts of which little is linked are not of one origin, and get no more links.
    """
    rows, columns = {i for i, _ in links}, {j for _, j in links}
    both = len(rows) + len(columns)
    whole = len(source) + len(derived)
    if both < RELATED * whole or both == whole:
        return []
    return _Search(links, source, derived, _meanings(language)).run()


class _Meanings:
    """What the words of a language may stand for, each with what it is worth, the surest first."""

    def __init__(self, known: Lists) -> None:
        self.lists = known
        self.of = lru_cache(maxsize=1 << 16)(self._of)
        self.said = lru_cache(maxsize=1 << 16)(self._said)

    def content(self, keys: Keys) -> list[str]:
        """The different words of a sentence that say something."""
        return [word for word in dict.fromkeys(map(self.said, dict.fromkeys(keys))) if word]

    def _said(self, key: str) -> str:
        """The word of a token if it says something, or ""."""
        if not key[0].isalnum() and key != "%":
            return ""
        word = key.removesuffix("'s")
        if not self.lists.function:  # of a language without lists: short words mostly serve others
            return "" if _is_short(word) else word
        return "" if word in self.lists.function else word

    def _of(self, word: str) -> tuple[tuple[str, float], ...]:
        figure = _FIGURE.match(word)
        if figure:
            digits = figure[0].replace(",", "")
            return ((digits.replace(".", "") if _GROUPED.fullmatch(digits) else digits, 1.0),)
        number = self.lists.numbers.get(word, 1)
        if number != 1:
            return ((str(number), 1.0),)
        stem = self.lists.stem(word)
        groups = [f"={n}" for n in sorted(self.lists.synonyms.get(stem, ()))]
        groups += [f"~{n}" for n in sorted(self.lists.demonyms.get(stem, ()))]
        related = [(f"{stem[:BEGINNING]}-", STEM)] if len(stem) >= BEGINNING else []
        return ((stem, 1.0), *related, *((group, SYNONYM) for group in groups))


@cache
def _meanings(language: str) -> _Meanings:
    return _Meanings(lists(language))


class _Search:
    """Links drawn one by one, each from what the links before have left unexplained."""

    def __init__(
        self,
        links: Sequence[Place],
        source: Sequence[Keys],
        derived: Sequence[Keys],
        meanings: _Meanings,
    ) -> None:
        self.meanings = meanings.of
        self.words = [
            [meanings.content(keys) for keys in source],
            [meanings.content(keys) for keys in derived],
        ]
        self.headlines = [list(map(_is_headline, source)), list(map(_is_headline, derived))]
        vocabulary = {*chain.from_iterable(chain(*self.words))}
        names = {word: [meaning for meaning, _ in self.meanings(word)] for word in vocabulary}
        self.frequency = Counter(
            chain.from_iterable(
                {*chain.from_iterable(map(names.__getitem__, words))}
                for words in chain(*self.words)
            )
        )
        self.whole = len(source) + len(derived)
        self.rarity = {
            meaning: math.log1p(self.whole / count) for meaning, count in self.frequency.items()
        }
        self.weights = {word: self._weight(word) for word in vocabulary}
        self.masses = [
            [sum(map(self.weights.__getitem__, words)) for words in side] for side in self.words
        ]
        self.counterparts = cache(self._by_meaning)
        self.explained: list[list[set[str]]] = [[set() for _ in side] for side in self.words]
        self.links: set[Place] = set()
        self.linked: tuple[set[int], set[int]] = (set(), set())
        for place in sorted(links):
            self._add(place)
        self.copied = max(map(self._explained_share, (0, 1))) >= COPIED

    def run(self) -> list[Place]:
        heap = [(-score, place) for place in self._candidates() if (score := self._score(place))]
        heapq.heapify(heap)
        found = []
        while heap:
            before, place = heapq.heappop(heap)
            if place in self.links or not self._is_free(place):
                continue
            score = self._score(place)
            if score < SHARE:
                continue
            if score < -before:
                heapq.heappush(heap, (-score, place))
                continue
            found.append(place)
            self._add(place)
            for near in self._around(place):
                if score := self._score(near):
                    heapq.heappush(heap, (-score, near))
        return found

    def _weight(self, word: str) -> float:
        """How much a word says: the rarer what begins as it does, the more."""
        meanings = self.meanings(word)
        related = len(meanings) > 1 and meanings[1][1] == STEM
        return self.rarity[meanings[related][0]]

    def _by_meaning(self, column: int) -> dict[str, list[tuple[str, float]]]:
        """The words of a derived sentence by what they may stand for."""
        found: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for word in self.words[1][column]:
            for meaning, worth in self.meanings(word):
                found[meaning].append((word, worth))
        return dict(found)

    def _candidates(self) -> Iterator[Place]:
        """Pairs of sentences that share enough rare words, one of them in no link so far."""
        rare = self._rare()
        rows = self._places(0, rare)
        shared: defaultdict[Place, float] = defaultdict(float)
        for meaning, there in self._places(1, rare).items():
            here = rows.get(meaning, {})
            if len(here) * len(there) <= RARE:
                chance = self._chance(meaning)
                for place in product(here, there):
                    if self._is_free(place):
                        shared[place] += here[place[0]] * chance
        for place, weight in shared.items():
            if weight >= LEAST:
                yield place

    def _rare(self) -> set[str]:
        """What is met in a sentence that is in no link, and in few enough others."""
        free = (
            words
            for side, linked in zip(self.words, self.linked, strict=True)
            for n, words in enumerate(side)
            if n not in linked
        )
        return {
            meaning
            for word in {*chain.from_iterable(free)}
            for meaning, _ in self.meanings(word)
            if 1 < self.frequency[meaning] <= RARE + 1
        }

    def _places(self, side: int, rare: set[str]) -> dict[str, dict[int, float]]:
        """The sentences of each of these meanings, with what it weighs there."""
        found: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for n, words in enumerate(self.words[side]):
            for word in words:
                for meaning, worth in self.meanings(word):
                    if meaning in rare:
                        weight = worth * self.weights[word]
                        found[meaning][n] = max(weight, found[meaning].get(n, 0.0))
        return found

    def _explained_share(self, side: int) -> float:
        explained = sum(self.weights[word] for words in self.explained[side] for word in words)
        return explained / max(1.0, sum(self.masses[side]))

    def _is_free(self, place: Place) -> bool:
        """Whether one sentence is in no link, or both where the one text copies the other."""
        free = place[0] not in self.linked[0], place[1] not in self.linked[1]
        return all(free) if self.copied else any(free)

    def _around(self, place: Place) -> Iterator[Place]:
        i, j = place
        for near in ((i + a, j + b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b):
            inside = 0 <= near[0] < len(self.words[0]) and 0 <= near[1] < len(self.words[1])
            if inside and near not in self.links and self._is_free(near):
                yield near

    def _score(self, place: Place) -> float:
        """The share of both sentences that is in the other and not explained yet; 0 if too little."""
        i, j = place
        mass = self.masses[0][i] * self.masses[1][j]
        common = sum(weight for _, _, weight in self._common(place))
        if common < LEAST or not mass:
            return 0.0
        near = any((i + a, j + b) in self.links for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b)
        score = common / math.sqrt(mass) + NEAR * near
        return score if score >= SHARE else 0.0

    def _common(self, place: Place) -> list[tuple[str, str, float]]:
        """The words of both sentences that may stand for each other, with their weight."""
        i, j = place
        known, counterparts = self.explained[1][j], self.counterparts(j)
        taken: set[str] = set()
        found = []
        for word in self.words[0][i]:
            if word in self.explained[0][i]:
                continue
            best = ("", 0.0)
            for meaning, worth in self.meanings(word):
                for other, other_worth in counterparts.get(meaning, ()):
                    if other in known or other in taken:
                        continue
                    weight = min(worth, other_worth) * (
                        min(self.weights[word], self.weights[other])
                        if worth == SYNONYM
                        else self.rarity[meaning]
                    )
                    weight *= self._chance(meaning)
                    if weight > best[1]:
                        best = other, weight
                if best[0] and worth == 1:
                    break  # nothing weighs more than the same stem
            if best[0]:
                taken.add(best[0])
                found.append((word, *best))
        return found

    @staticmethod
    @lru_cache(maxsize=1 << 16)
    def _chance(meaning: str) -> float:
        """What the agreement of figures counts for more than that of words."""
        figure = meaning[0].isdigit() and (
            "." in meaning or sum(map(str.isdigit, meaning)) >= DIGITS
        )
        return FIGURE if figure else 1.0

    def _add(self, place: Place) -> None:
        """Draw a link, and take what its sentences share for explained.

        A headline says again what others say, so it leaves these as they were.
        """
        left, right = (self.headlines[side][place[side]] for side in (0, 1))
        for word, other, _ in self._common(place):
            if left >= right:
                self.explained[0][place[0]].add(word)
            if right >= left:
                self.explained[1][place[1]].add(other)
        self.links.add(place)
        if left >= right:
            self.linked[0].add(place[0])
        if right >= left:
            self.linked[1].add(place[1])


def _is_short(word: str) -> bool:
    return len(word) < BEGINNING - 1 and word.isascii() and word.isalpha()


def _is_headline(keys: Keys) -> bool:
    return not _ENDS.intersection(keys[-2:])
