"""Texts that say nearly the same: TF-IDF of characters and words for ranking, edit distance for
twins."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

SIZES = (3, 4, 5)  # characters of an n-gram, spaces at a word's edges included
STEM = 5  # letters of a word that are compared: a stem for most languages, and cheap
TWINS = 88  # rapidfuzz's ratio from which two statements are nearly identical

# What the likeness is made of: the cosine by n-grams, that by stems, and how much of the text's
# rare n-grams the query has, for a claim is short and the passage that makes it long.
SHARES = (3 / 7, 3 / 7, 1 / 7)

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_NEGATIONS = frozenset({"no", "not", "never", "none", "nobody", "nothing", "without", "neither"})

Numbers = NDArray[np.float64]


class Index:
    """Texts to be ranked by likeness to another, by their n-grams of characters and their words.

    The memory taken is proportional to the texts' length.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._characters = _Vectors(texts, _grams)
        self._words = _Vectors(texts, _stems)

    def scores(self, query: str) -> list[float]:
        """The likeness of each text to the query, 0 to 1."""
        by_characters, covered = self._characters.likeness(query)
        by_words, _ = self._words.likeness(query)
        parts = zip(SHARES, (by_characters, by_words, covered), strict=True)
        return [float(score) for score in sum(share * part for share, part in parts)]  # type: ignore[union-attr]

    def nearest(self, query: str, *, most: int = 5) -> list[tuple[int, float]]:
        """The likest texts, best first: (index, score); those that share nothing are left out."""
        scores = self.scores(query)
        order = sorted(range(len(scores)), key=lambda index: (-scores[index], index))
        ranked = ((index, scores[index]) for index in order if scores[index] > 0)
        return list(islice(ranked, most))


class _Vectors:
    """The texts as sparse vectors of their features, numbered as they come.

    The weights are (1 + log tf) * (1 + log((1 + n) / (1 + df))), as in Salton and Buckley (1988)
    with smoothed document frequencies.
    """

    def __init__(self, texts: Sequence[str], features: Callable[[str], Iterator[str]]) -> None:
        self._features = features
        self._ids: dict[str, int] = {}
        counted = [Counter(features(text)) for text in texts]
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
        appearing = np.bincount(self._columns, minlength=len(self._ids))
        self._idf: Numbers = 1 + np.log((1 + len(texts)) / (1 + appearing))
        self._weights: Numbers = (1 + np.log(frequency)) * self._idf[self._columns]
        self._norms: Numbers = np.sqrt(self._sum(self._weights**2, len(texts)))
        self._rare: Numbers = self._sum(self._idf[self._columns] ** 2, len(texts))

    def likeness(self, query: str) -> tuple[Numbers, Numbers]:
        """Each text's cosine to the query, and the share of its rare features that the query has."""
        texts = len(self._norms)
        wanted = np.zeros(len(self._ids))
        # What no text has makes the query longer all the same: it is what they lack.
        unknown = 0.0
        rarest = 1 + math.log(1 + texts)
        for name, count in Counter(self._features(query)).items():
            weight = 1 + math.log(count)
            if name in self._ids:
                wanted[self._ids[name]] = weight * self._idf[self._ids[name]]
            else:
                unknown += (weight * rarest) ** 2
        length = math.sqrt(float(wanted @ wanted) + unknown)
        found = wanted[self._columns]
        products = self._sum(self._weights * found, texts)
        held = self._sum(np.where(found > 0, self._idf[self._columns] ** 2, 0.0), texts)
        return (
            products / np.maximum(self._norms * length, 1e-9),
            held / np.maximum(self._rare, 1e-9),
        )

    def _sum(self, values: Numbers, texts: int) -> Numbers:
        return np.bincount(self._rows, values, minlength=texts)


def nearest(query: str, texts: Sequence[str], *, most: int = 5) -> list[tuple[int, float]]:
    """Index(texts).nearest(query), for one query."""
    return Index(texts).nearest(query, most=most)


def near_identical(statement: str, others: Sequence[str]) -> list[int]:
    """The indices of the statements that say this one in nearly the same words, likest first.

    Another number or another negation makes another statement, however alike the rest is.
    """
    words, sense = _read(statement)
    found = []
    for index, other in enumerate(others):
        other_words, other_sense = _read(other)
        if sense == other_sense:
            score = fuzz.token_sort_ratio(words, other_words, score_cutoff=TWINS)
            if score:
                found.append((-score, index))
    return [index for _, index in sorted(found)]


def _read(statement: str) -> tuple[str, tuple[list[str], int]]:
    words = _WORD.findall(statement.casefold())
    numbers = sorted(word for word in words if word[0].isdigit())
    negated = len(_NEGATIONS.intersection(words)) + statement.casefold().count("n’t")
    return " ".join(words), (numbers, negated + statement.casefold().count("n't"))


def _grams(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        padded = f" {word} "
        for size in SIZES:
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


def _stems(text: str) -> Iterator[str]:
    return (word[:STEM] for word in _WORD.findall(text.casefold()))
