"""Which sentences of two texts say the same thing, wherever they stand."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .tokens import tokenize

THRESHOLD = 0.30


class Link(NamedTuple):
    """Sentences of both sides that answer to each other, by index, and how alike they are."""

    source: tuple[int, ...]
    derived: tuple[int, ...]
    score: float


def align_sentences(source: Sequence[str], derived: Sequence[str]) -> list[Link]:
    """Links between two sequences of sentences: n:m, in any order, no sentence in two links.

    A sentence that answers to none is in no link.
    """
    if (len(source), list(source)) > (len(derived), list(derived)):
        return [Link(s, d, score) for d, s, score in align_sentences(derived, source)]
    return link(
        [[token.key for token in tokenize(sentence)] for sentence in source],
        [[token.key for token in tokenize(sentence)] for sentence in derived],
    )


def link(
    source: Sequence[Sequence[str]], derived: Sequence[Sequence[str]]
) -> list[Link]:
    """The links between sentences given as the keys of their tokens."""
    if not source or not derived:
        return []
    vocabulary: dict[str, int] = {}
    rows = [
        [vocabulary.setdefault(word, len(vocabulary)) for word in sentence]
        for sentence in (*source, *derived)
    ]
    counts = np.zeros((len(rows), max(1, len(vocabulary))), dtype=np.float32)
    for row, words in enumerate(rows):
        np.add.at(counts[row], words, 1)
    frequency = (counts > 0).sum(axis=0)
    weights = np.log(1 + len(rows) / np.maximum(frequency, 1)).astype(np.float32)
    counts *= weights
    counts /= np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)
    likeness = counts[: len(source)] @ counts[len(source) :].T
    best_derived = likeness.argmax(axis=1)
    best_source = likeness.argmax(axis=0)
    return [
        Link((i,), (int(j),), min(1.0, float(likeness[i, j])))
        for i, j in enumerate(best_derived)
        if best_source[j] == i and likeness[i, j] >= THRESHOLD
    ]
