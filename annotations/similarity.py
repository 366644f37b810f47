"""Texts that say nearly the same: character n-gram TF-IDF for ranking, edit distance for twins."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz

SIZES = (3, 4, 5)  # characters of an n-gram, spaces at a word's edges included
TWINS = 88  # rapidfuzz's ratio from which two statements are nearly identical

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_NEGATIONS = frozenset({"no", "not", "never", "none", "nobody", "nothing", "without", "neither"})


class Index:
    """Texts to be ranked by likeness to another, by the cosine of their TF-IDF vectors.

    The weights are (1 + log tf) * (1 + log((1 + n) / (1 + df))), as in Salton and Buckley (1988)
    with smoothed document frequencies.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._ids: dict[str, int] = {}
        counted = [Counter(_grams(text)) for text in texts]
        self._rows = np.repeat(np.arange(len(texts)), [len(counts) for counts in counted])
        self._columns = np.fromiter(
            (self._ids.setdefault(gram, len(self._ids)) for counts in counted for gram in counts),
            dtype=np.int64,
            count=len(self._rows),
        )
        frequency = np.fromiter(
            (count for counts in counted for count in counts.values()),
            dtype=np.float64,
            count=len(self._rows),
        )
        appearing = np.bincount(self._columns, minlength=len(self._ids))
        self._idf = 1 + np.log((1 + len(texts)) / (1 + appearing))
        self._weights = (1 + np.log(frequency)) * self._idf[self._columns]
        self._norms = np.sqrt(np.bincount(self._rows, self._weights**2, minlength=len(texts)))

    def scores(self, query: str) -> list[float]:
        """The likeness of each text to the query, 0 to 1."""
        wanted = np.zeros(len(self._ids))
        # What no text has makes the query longer all the same: it is what they lack.
        unknown = 0.0
        rarest = 1 + math.log(1 + len(self._norms))
        for gram, count in Counter(_grams(query)).items():
            weight = 1 + math.log(count)
            if gram in self._ids:
                wanted[self._ids[gram]] = weight * self._idf[self._ids[gram]]
            else:
                unknown += (weight * rarest) ** 2
        length = math.sqrt(float(wanted @ wanted) + unknown)
        if not length:
            return [0.0] * len(self._norms)
        products = np.bincount(
            self._rows, self._weights * wanted[self._columns], minlength=len(self._norms)
        )
        return [float(score) for score in products / (np.maximum(self._norms, 1e-9) * length)]

    def nearest(self, query: str, *, most: int = 5) -> list[tuple[int, float]]:
        """The likest texts, best first: (index, score); those that share nothing are left out."""
        scores = self.scores(query)
        order = sorted(range(len(scores)), key=lambda index: (-scores[index], index))
        return [(index, scores[index]) for index in order[:most] if scores[index] > 0]


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
