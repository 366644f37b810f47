"""Which documents of a collection may share text, found without comparing every pair.

A shingle is five words in a row, without case and punctuation (Broder, "On the resemblance and
containment of documents", 1997). Documents that share some are candidates for a real comparison;
all others need none. Time and memory grow with the number of words, not with the number of pairs.

A shingle that many documents have says little: it belongs to a notice, or to a text that everybody
printed. So it never makes a candidate by itself. It still counts where it is part of much shared
text, but only with the first documents that have it, because a text in a thousand documents would
otherwise give half a million pairs.
"""

from collections import Counter
from collections.abc import Container, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WORDS = 5
# A shingle of more documents than this is common.
COMMON = 20
# So many rare shingles make a candidate: a quotation of eight words does.
LEAST_SHARED = 4
# So much of the shorter text makes one too, however common: more than a notice is of most texts.
LEAST_SHARE = 1 / 3
# A pair is kept where it is among so many best of either: a hundred copies give no 4,950 pairs.
MOST_PER_DOCUMENT = 8

# Shingles sorted at once: some 100 MB.
_AT_ONCE = 1_000_000
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))

# What each character is to a word. Scripts without spaces give no words, so each of theirs is one.
_GAP, _LETTER, _ALONE = range(3)
_KINDS = np.array([chr(code).isalnum() for code in range(0x10000)], np.uint8) * np.uint8(_LETTER)
for _first, _last in ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)):
    _KINDS[_first : _last + 1] = _ALONE

type Hashes = NDArray[np.uint64]
type Numbers = NDArray[np.int64]


class Counts(NamedTuple):
    """For each pair of documents, in rising order of `pairs`, the rare shingles and all it shares.

    The number of a pair is first * how many documents there are + second.
    """

    pairs: Numbers
    rare: Numbers
    shared: Numbers


class Candidate(NamedTuple):
    """Two documents, in the order in which they were given.

    `shared` counts the shingles they share, `share` is their part of those of the shorter text.
    """

    first: int
    second: int
    shared: int
    share: float


def candidates(
    documents: Iterable[tuple[int, str]], *, of: Container[int] | None = None
) -> list[Candidate]:
    """The pairs of documents, given as number and text, that may share text, the closest first.

    With `of`, only pairs with at least one of these numbers are looked for. The order is total, so
    the same documents give the same list. A text of fewer than WORDS words has no candidates.
    """
    numbers: list[int] = []
    found: list[Hashes] = []
    for number, text in documents:
        numbers.append(number)
        found.append(shingles(text))
    sizes = np.array([len(own) for own in found], np.int64)
    wanted = np.array([of is None or number in of for number in numbers], bool)
    if 10 * wanted.sum() < len(found):
        found = _in_common(found, wanted)  # cheaper than sorting everything for a few
    pairs, rare, shared = _counted(found, wanted)
    first, second = np.divmod(pairs, max(1, len(found)))
    share = shared / np.minimum(sizes[first], sizes[second])
    kept = np.flatnonzero((rare >= LEAST_SHARED) | (share >= LEAST_SHARE))
    kept = kept[np.lexsort((pairs[kept], -shared[kept], -share[kept]))]
    taken: Counter[int] = Counter()
    best = []
    for a, b, count, part in zip(
        *(column[kept].tolist() for column in (first, second, shared, share)), strict=True
    ):
        if any(wanted[place] and taken[place] < MOST_PER_DOCUMENT for place in (a, b)):
            best.append(Candidate(numbers[a], numbers[b], count, part))
            taken.update((a, b))
    return best


def shingles(text: str) -> Hashes:
    """The distinct shingles of a text as hashes in rising order.

    The hash of a word is a polynomial of its letters, that of a shingle one of its words, modulo
    2**64; multiplying by the inverse makes it the same wherever the word stands.
    """
    codes = np.frombuffer(text.lower().encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _KINDS[np.minimum(codes, len(_KINDS) - 1)]
    before = np.concatenate(([_GAP], kinds[:-1]))
    starts = np.flatnonzero((kinds == _ALONE) | ((kinds == _LETTER) & (before != _LETTER)))
    if len(starts) < WORDS:
        return np.empty(0, np.uint64)
    powers = np.cumprod(np.full(len(codes), _FACTOR))
    terms = np.where(kinds == _GAP, 0, powers * codes)
    # What lies between words adds nothing, so a word's sum may run up to the next word.
    sums = np.add.reduceat(terms, starts)
    words = sums * np.cumprod(np.full(len(codes), _INVERSE))[starts]
    rolled = np.zeros(len(words) - WORDS + 1, np.uint64)
    for offset in range(WORDS):
        rolled *= _FACTOR
        rolled += words[offset : offset + len(rolled)]
    return _distinct(rolled)


def _distinct(hashes: Hashes) -> Hashes:
    """The hashes in rising order, each once; np.unique takes ten times as long."""
    hashes.sort()
    return hashes[np.concatenate(([True], hashes[1:] != hashes[:-1]))]


def _in_common(found: list[Hashes], wanted: NDArray[np.bool_]) -> list[Hashes]:
    """The shingles of each document that one of the wanted documents has."""
    own = [hashes for hashes, asked in zip(found, wanted, strict=True) if asked]
    if not any(map(len, own)):
        return [np.empty(0, np.uint64) for _ in found]
    known = _distinct(np.concatenate(own))
    return [
        hashes[known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] == hashes]
        for hashes in found
    ]


def _counted(found: list[Hashes], wanted: NDArray[np.bool_]) -> Counts:
    """The pairs of documents that share shingles, counted over slices that fit the memory."""
    slices = 1 + sum(map(len, found)) // _AT_ONCE
    bounds = [np.uint64(number * 2**64 // slices) for number in range(1, slices)]
    cuts = [[0, *np.searchsorted(own, bounds), len(own)] for own in found]
    counts = [
        _counted_slice(
            [own[cut[number] : cut[number + 1]] for own, cut in zip(found, cuts, strict=True)],
            wanted,
        )
        for number in range(slices)
    ]
    pairs, rare, shared = (np.concatenate(column) for column in zip(*counts, strict=True))
    return _summed(pairs, rare, shared)


def _counted_slice(found: list[Hashes], wanted: NDArray[np.bool_]) -> Counts:
    every = np.concatenate([np.empty(0, np.uint64), *found])
    if not len(every):
        return Counts(*(np.empty(0, np.int64) for _ in range(3)))
    owners = np.repeat(np.arange(len(found)), [len(own) for own in found])
    # Stable, so the documents of a shingle keep their order.
    order = np.argsort(every, kind="stable")
    every, owners = every[order], owners[order]
    starts = np.flatnonzero(np.concatenate(([True], every[1:] != every[:-1])))
    spread = np.diff(starts, append=len(every))
    telling = (spread > 1) & np.logical_or.reduceat(wanted[owners], starts)
    entries = np.flatnonzero(np.repeat(telling, spread))
    starts, spread = np.repeat(starts, spread)[entries], np.repeat(spread, spread)[entries]

    pairs, rare = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    # Each document of a shingle is paired with the first of them, with the second, and so on.
    for rank in range(COMMON):
        later = entries > starts + rank
        entries, starts, spread = entries[later], starts[later], spread[later]
        first, second = owners[starts + rank], owners[entries]
        asked = wanted[first] | wanted[second]
        pairs.append((first * len(found) + second)[asked])
        rare.append((spread[asked] <= COMMON).astype(np.int64))
    numbers = np.concatenate(pairs)
    return _summed(numbers, np.concatenate(rare), np.ones_like(numbers))


def _summed(pairs: Numbers, rare: Numbers, shared: Numbers) -> Counts:
    numbers, places = np.unique(pairs, return_inverse=True)
    sums = (np.bincount(places, weights, len(numbers)) for weights in (rare, shared))
    return Counts(numbers, *(column.astype(np.int64) for column in sums))
