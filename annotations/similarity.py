"""Which texts are likest to another: TF-IDF of characters and the words that answer to each other.

A likeness ranks what a person may look for. That two statements say the same is for `restating`.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from corpus.comparison.language import load
from corpus.comparison.tokens import tokenize
from corpus.comparison.words import Word

SIZES = (3, 4, 5)  # characters of an n-gram, spaces at a word's edges included
MEANT = 0.6  # what a word of the same meaning is worth beside the same word
SPELT = 0.7  # what a word of nearly the same letters is worth, times how near they are
SPELLING = 0.88  # Jaro-Winkler similarity from which two words are so

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
# "10-year-old" is three words, and "24M" a figure and a scale.
_JOINT = re.compile(r"[-‐‑]|(?<=\d)(?=[^\W\d])")

Numbers = NDArray[np.float64]


class Index:
    """Texts to be ranked by likeness to another, by their n-grams of characters and their words.

    The memory taken is proportional to the texts' length.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._grams = _Grams(texts)
        self._words = _Words(texts)

    def scores(self, query: str) -> list[float]:
        """The likeness of each text to the query, 0 to 1.

        The mean of three: the cosine by n-grams, how much of the query the text answers to, and how
        much of the text the query answers to. The last is there because a claim is short and the
        passage that makes it long.
        """
        cosine = self._grams.cosine(query)
        answers = self._words.answers(query)
        parts = (cosine, *answers) if answers else (cosine,)
        return [float(score) for score in np.mean(parts, axis=0)]

    def nearest(self, query: str, *, most: int = 5) -> list[tuple[int, float]]:
        """The likest texts, best first: (index, score); those that share nothing are left out."""
        scores = self.scores(query)
        order = sorted(range(len(scores)), key=lambda index: (-scores[index], index))
        ranked = ((index, scores[index]) for index in order if scores[index] > 0)
        return list(islice(ranked, most))


class _Grams:
    """The texts as sparse vectors of their n-grams, numbered as they come.

    The weights are (1 + log tf) * (1 + log((1 + n) / (1 + df))), as in Salton and Buckley (1988)
    with smoothed document frequencies.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._ids: dict[str, int] = {}
        counted = [Counter(_grams(text)) for text in texts]
        self._rows = np.repeat(np.arange(len(texts)), [len(counts) for counts in counted])
        self._columns = np.fromiter(
            (self._ids.setdefault(name, len(self._ids)) for counts in counted for name in counts),
            dtype=np.int64,
            count=len(self._rows),
        )
        frequency = np.fromiter(
            (count for counts in counted for count in counts.values()),
            dtype=np.float64,
            count=len(self._rows),
        )
        self._idf = _rarity(self._columns, len(self._ids), texts=len(texts))
        self._weights: Numbers = (1 + np.log(frequency)) * self._idf[self._columns]
        self._norms: Numbers = np.sqrt(np.bincount(self._rows, self._weights**2, len(texts)))

    def cosine(self, query: str) -> Numbers:
        texts = len(self._norms)
        wanted = np.zeros(len(self._ids))
        # What no text has makes the query longer all the same: it is what they lack.
        unknown = 0.0
        for name, count in Counter(_grams(query)).items():
            weight = 1 + math.log(count)
            if name in self._ids:
                wanted[self._ids[name]] = weight * self._idf[self._ids[name]]
            else:
                unknown += (weight * (1 + math.log(1 + texts))) ** 2
        length = math.sqrt(float(wanted @ wanted) + unknown)
        products = np.bincount(self._rows, self._weights * wanted[self._columns], texts)
        return products / np.maximum(self._norms * length, 1e-9)


class _Words:
    """The words with a meaning of each text, each once, weighted by their rarity.

    A word answers to another by its root wholly, by its meaning or its spelling in part, after
    Mihalcea, Corley and Strapparava, "Corpus-based and Knowledge-based Measures of Text Semantic
    Similarity" (2006).
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._ids: dict[str, int] = {}
        self._meaning: dict[str, list[int]] = {}
        columns: list[int] = []
        lengths = []
        for text in texts:
            words = _meant(text)
            lengths.append(len(words))
            for root, word in words.items():
                if root not in self._ids:
                    self._ids[root] = len(self._ids)
                    for group in word.groups:
                        self._meaning.setdefault(group, []).append(self._ids[root])
                columns.append(self._ids[root])
        self._texts = len(texts)
        self._columns = np.array(columns, dtype=np.int64)
        self._rows = np.repeat(np.arange(len(texts)), lengths)
        # The places where a text's words begin; a text without words has none.
        self._worded = np.flatnonzero(lengths)
        self._starts = np.searchsorted(self._rows, self._worded)
        self._idf = _rarity(self._columns, len(self._ids), texts=len(texts))
        self._sums: Numbers = np.bincount(self._rows, self._idf[self._columns], len(texts))

    def answers(self, query: str) -> tuple[Numbers, Numbers] | None:
        """The share of the query that each text answers to, and of each text that the query does.

        None where the query has no word with a meaning.
        """
        wanted = _meant(query)
        if not wanted:
            return None
        texts = self._texts
        asked, total = np.zeros(texts), 0.0
        answered = np.zeros(len(self._columns))
        unknown = 1 + math.log(1 + texts)
        for likeness in self._likeness(wanted):
            nearest = int(likeness.argmax()) if likeness.any() else None
            weight = unknown if nearest is None else float(self._idf[nearest])
            total += weight
            if nearest is None:
                continue
            found = likeness[self._columns]
            np.maximum(answered, found, out=answered)
            asked[self._worded] += weight * np.maximum.reduceat(found, self._starts)
        held = np.bincount(self._rows, answered * self._idf[self._columns], texts)
        return asked / total, held / np.maximum(self._sums, 1e-9)

    def _likeness(self, wanted: dict[str, Word]) -> Iterator[Numbers]:
        """For each word of the query, how well each word of the texts answers to it."""
        roots = list(self._ids)
        spelling = cdist(
            list(wanted),
            roots,
            scorer=JaroWinkler.similarity,
            score_cutoff=SPELLING,
            dtype=np.float64,
        )
        for (root, word), near in zip(wanted.items(), spelling, strict=True):
            # A figure is itself or another figure.
            likeness = np.zeros(len(roots)) if root[0].isdigit() else SPELT * near
            for group in word.groups:
                for column in self._meaning.get(group, ()):
                    likeness[column] = max(likeness[column], MEANT)
            if root in self._ids:
                likeness[self._ids[root]] = 1.0
            yield likeness


def _rarity(columns: NDArray[np.int64], count: int, *, texts: int) -> Numbers:
    """The inverse document frequency of each feature, at least 1."""
    appearing = np.bincount(columns, minlength=count)
    rarity: Numbers = 1 + np.log((1 + texts) / (1 + appearing))
    return rarity


def nearest(query: str, texts: Sequence[str], *, most: int = 5) -> list[tuple[int, float]]:
    """Index(texts).nearest(query), for one query."""
    return Index(texts).nearest(query, most=most)


def _grams(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        padded = f" {word} "
        for size in SIZES:
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


def _meant(text: str) -> dict[str, Word]:
    """The words with a meaning by their roots, in the order of the text; scales as figures."""
    scales = load().data["scales"]
    parts = (part for token in tokenize(text) for part in _JOINT.split(token.text) if part)
    words = (Word.of(str(scales.get(part.casefold(), part))) for part in parts)
    return {word.root: word for word in words if word.root and not word.small}
