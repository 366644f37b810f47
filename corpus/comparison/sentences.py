"""Which sentences of two texts say the same thing, wherever they stand."""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from .language.guessing import lists_for
from .rewording import in_other_words
from .tokens import tokenize
from .windows import Keys, windows

Floats = NDArray[np.floating]

# Tuned on half of the development data, see benchmarks/alignment.py.
SURE = 0.38  # likeness from which two sentences are linked wherever they stand
LONELY = 0.4  # the same with its neighbours, in the end
MARGIN = 0.05  # by which such a pair must be better than the next
CONTEXT = 0.16  # what a linked neighbour on the same diagonal is worth
REACH = 3  # how many sentences away a neighbour still counts, half as much for each step
FLOOR = 0.1  # likeness below which no neighbour helps
ROUNDS = 8  # in which links may gain from the links before
UNEVEN = 0.5  # between the cosine (0) and the share of the lighter sentence (1)
SHORT = 3  # words; the shorter a sentence, the less an agreement says
SHARE = 0.17  # share of a sentence to be found in another for a merge or a split
APART = 3  # sentences at most between those that were merged
ALONE = 0.25  # the same share, between two sentences that are not linked elsewhere
BRIDGE = 0.7  # and between two sentences that are both linked elsewhere
COVER = 0.2  # share of a sentence to be covered by what the sentence beside it is linked with
STEM = 5  # words that begin with the same letters may stand for each other in a merge or a split
NGRAM = 4
RARE = 32  # pairs of places that a feature meets in at most for not to have a column
WORDS = 1 << 29  # pairs of words that are looked at together, which is 64 MB of bits

_NEARNESS = np.fromfunction(lambda i, j: 0.5 ** (i + j), (REACH, REACH)).astype(np.float32)


class Link(NamedTuple):
    """Sentences of both sides that answer to each other, by index, and how alike they are.

    `sure` is False where only rare words, figures and synonyms speak for the link or a part of it.
    """

    source: tuple[int, ...]
    derived: tuple[int, ...]
    score: float
    sure: bool = True


def align_sentences(
    source: Sequence[str], derived: Sequence[str], *, language: str | None = None
) -> list[Link]:
    """Links between two sequences of sentences: n:m, in any order, no sentence in two links.

    A sentence that answers to none is in no link. The language is guessed if it is not given.
    """
    if (len(source), list(source)) > (len(derived), list(derived)):
        return [
            found._replace(source=found.derived, derived=found.source)
            for found in align_sentences(derived, source, language=language)
        ]
    return link(
        [[token.key for token in tokenize(sentence)] for sentence in source],
        [[token.key for token in tokenize(sentence)] for sentence in derived],
        language=lists_for(*source, *derived, language=language),
    )


def link(source: Sequence[Keys], derived: Sequence[Keys], *, language: str = "en") -> list[Link]:
    """The links between sentences given as the keys of their tokens; `language` has word lists."""
    if source == derived:
        return [Link((i,), (i,), 1.0) for i in range(len(source))]
    return [
        Link(tuple(i + n for n in s), tuple(j + n for n in d), score, sure)
        for (i, i_end), (j, j_end) in windows(source, derived)
        for s, d, score, sure in _link(source[i:i_end], derived[j:j_end], language)
    ]


def _link(source: Sequence[Keys], derived: Sequence[Keys], language: str) -> list[Link]:
    if not source or not derived:
        return []
    sides = _Sides(source, derived)
    anchors = _anchors(sides.likeness())
    shares = sides.shares(_blocks(anchors, len(source), len(derived)))
    pairs = _sure(anchors, shares, sides)
    return _groups(pairs, in_other_words(pairs, source, derived, language=language), sides)


class _Sides:
    """The sentences of both texts, as sequences of word numbers and as weighted vectors."""

    def __init__(self, source: Sequence[Keys], derived: Sequence[Keys]) -> None:
        self.split = len(source)
        rows = [_words(sentence) for sentence in (*source, *derived)]
        numbers: dict[str, int] = {}
        self.words = [
            [numbers.setdefault(word, len(numbers)) for word in sentence] for sentence in rows
        ]
        self.types = list(numbers)
        self.sizes = np.array([len(words) for words in self.words])
        self.row = np.repeat(np.arange(len(rows)), self.sizes)
        self.flat = np.fromiter((w for words in self.words for w in words), np.int64, len(self.row))
        self.weights = _rarity(len(rows), np.bincount(self.flat, minlength=len(self.types)))
        self.masses = np.bincount(self.row, self.weights[self.flat], minlength=len(rows))
        self._vectorise()

    def _vectorise(self) -> None:
        """Give each sentence a vector of its words and their letter n-grams.

        A value is the square root of the count times the rarity; the vectors are of unit length.
        Only features of both texts make columns, and of these not those that meet in few pairs of
        sentences: what they add to the cosine is kept in `meetings`. `norms` are the
        lengths with all features: the square of a root is the count, so they need no table.
        """
        features: dict[str, int] = {}
        parts = [
            [features.setdefault(feature, len(features)) for feature in _features(word)]
            for word in self.types
        ]
        sizes = np.array([len(part) for part in parts], dtype=np.int64)
        starts = np.cumsum(sizes) - sizes
        numbers = np.fromiter((n for part in parts for n in part), np.int64, sizes.sum())
        gains = np.repeat(1 / np.sqrt(np.maximum(sizes - 1, 1)), sizes)
        gains[starts] = 1.0  # the word itself comes first
        # Parts that one word alone has go where it goes: its own column can stand for theirs.
        owner = np.repeat(np.arange(len(sizes)), sizes)
        unique = np.bincount(numbers, minlength=len(features))[numbers] == 1
        folded = unique & unique[starts][owner]
        folded[starts] = False
        gains[starts] += np.bincount(owner[folded], gains[folded], minlength=len(sizes))
        sizes -= np.bincount(owner[folded], minlength=len(sizes))
        starts = np.cumsum(sizes) - sizes
        numbers, gains = numbers[~folded], gains[~folded]
        # One entry for each feature of each word of the texts.
        counts = sizes[self.flat]
        row = np.repeat(self.row, counts)
        at = np.arange(len(row)) + np.repeat(starts[self.flat] - np.cumsum(counts) + counts, counts)
        feature, gain = numbers[at], gains[at]
        rarity = _rarity(len(self.words), np.bincount(feature, minlength=len(features)))
        rows = len(self.words)
        self.norms = np.sqrt(np.bincount(row, gain * rarity[feature] ** 2, minlength=rows))
        first = row < self.split
        totals = np.array(
            [np.bincount(feature[side], minlength=len(features)) for side in (first, ~first)]
        )
        rare = totals.all(axis=0) & (totals.prod(axis=0) <= RARE)
        self._meet(rare, feature, row, gain * rarity[feature] ** 2)
        (columns,) = np.nonzero(totals.all(axis=0) & ~rare)
        column = np.full(len(features), -1)
        column[columns] = np.arange(len(columns))
        kept = column[feature] >= 0
        table = np.zeros(rows * len(columns), dtype=np.float32)
        np.add.at(
            table, row[kept] * len(columns) + column[feature[kept]], gain[kept].astype(np.float32)
        )
        np.sqrt(table, out=table)
        self.unit = table.reshape(rows, len(columns))
        self.unit *= rarity[columns].astype(np.float32)
        self.unit /= np.maximum(self.norms, 1e-9).astype(np.float32)[:, np.newaxis]

    def _meet(
        self,
        rare: NDArray[np.bool_],
        feature: NDArray[np.int64],
        row: NDArray[np.int64],
        square: NDArray[np.float64],
    ) -> None:
        """Add up what rare features say of the pairs of sentences that they meet in."""
        kept = rare[feature]
        cells, place = np.unique(
            feature[kept] * len(self.words) + row[kept], return_inverse=True
        )  # by feature, the source before the derived text
        feature, row = np.divmod(cells, len(self.words))
        values = np.sqrt(np.bincount(place, square[kept], minlength=len(cells)))
        values /= np.maximum(self.norms[row], 1e-9)
        _, starts, group = np.unique(feature, return_index=True, return_inverse=True)
        in_source = row < self.split
        (left,) = np.nonzero(in_source)
        firsts = starts + np.bincount(group[in_source], minlength=len(starts))
        counts = np.bincount(group[~in_source], minlength=len(starts))[group[left]]
        step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        right = np.repeat(firsts[group[left]], counts) + step
        left = np.repeat(left, counts)
        shape = self.split, len(self.words) - self.split
        total = np.bincount(
            row[left] * shape[1] + row[right] - self.split,
            values[left] * values[right],
            minlength=shape[0] * shape[1],
        )
        self.meetings = total.reshape(shape).astype(np.float32)

    def likeness(self) -> Floats:
        """How alike every source sentence is to every derived sentence.

        Their cosine; it counts for more where one is longer, which may say more besides, and for
        less where one is very short, which may agree by chance.
        """
        worth = (1 - np.exp(-self.sizes / SHORT)).astype(np.float32)
        s, d = slice(self.split), slice(self.split, None)
        self.cosine = _products(self.unit[s], self.unit[d]) + self.meetings
        likeness: Floats = self.cosine * np.minimum.outer(worth[s], worth[d])
        size = (np.maximum(self.norms, 1e-9) ** UNEVEN).astype(np.float32)
        ratio = np.divide.outer(size[s], size[d])
        likeness *= np.maximum(ratio, 1 / ratio)
        rows, columns = likeness.shape
        # A hair's breadth for the same relative position decides between equal candidates.
        place = np.subtract.outer(_places(rows), _places(columns))
        likeness -= np.float32(1e-4) * np.abs(place)
        return likeness

    def shares(self, blocks: Iterable[tuple[int, int, int, int]]) -> dict[tuple[int, int], float]:
        """For pairs of sentences, how much of the lighter one is found in order in the other.

        Each block (first and last sentence of both sides) is one longest common subsequence of
        words, so no word counts for two sentences.
        """
        stems: dict[str, int] = {}
        stem = np.array([stems.setdefault(word[:STEM], len(stems)) for word in self.types])
        words = stem[self.flat] if len(stem) else self.flat
        shares: dict[tuple[int, int], float] = {}
        for i, i_last, j, j_last in blocks:
            bounds = (i, i_last + 1, j + self.split, j_last + 1 + self.split)
            s, s_end, d, d_end = np.searchsorted(self.row, bounds).tolist()
            if (s_end - s) * (d_end - d) > WORDS:
                continue
            found = LCSseq.editops(words[s:s_end].tolist(), words[d:d_end].tolist())
            blocks_found = np.array([tuple(block) for block in found.as_matching_blocks()])
            starts, sizes = blocks_found[:, :2], blocks_found[:, 2]
            step = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            left, right = (np.repeat(starts, sizes, axis=0) + step[:, np.newaxis] + (s, d)).T
            cells = self.row[left] * len(self.words) + self.row[right]
            pairs, place = np.unique(cells, return_inverse=True)
            weights = np.bincount(place, self.weights[self.flat[left]])
            rows, columns = np.divmod(pairs, len(self.words))
            lighter = np.minimum(self.masses[rows], self.masses[columns])
            keys = zip(rows.tolist(), (columns - self.split).tolist(), strict=True)
            shares.update(zip(keys, (weights / lighter).tolist(), strict=True))
        return shares

    def cover(self, i: int, j: int, *, of: int) -> float:
        """How much of a source sentence (`of` 0) or a derived one (1) the other one covers."""
        norms = float(self.norms[i]), float(self.norms[self.split + j])
        return float(self.cosine[i, j]) * norms[1 - of] / max(norms[of], 1e-9)

    def score(self, source: Sequence[int], derived: Sequence[int]) -> float:
        """The cosine of two groups of sentences."""
        if len(source) == len(derived) == 1:
            return min(1.0, float(self.cosine[source[0], derived[0]]))
        common = np.outer(self.norms[list(source)], self.norms[[self.split + j for j in derived]])
        dot = float((self.cosine[np.ix_(source, derived)] * common).sum())
        squares = []
        for rows in (list(source), [self.split + j for j in derived]):
            vectors = self.unit[rows] * self.norms[rows][:, np.newaxis]
            total = vectors.sum(axis=0)
            private = self.norms[rows] ** 2 - (vectors**2).sum(axis=1)
            squares.append(float(total @ total) + max(0.0, float(private.sum())))
        norm = math.sqrt(squares[0] * squares[1])
        return max(0.0, min(1.0, dot / norm)) if norm else 0.0


def _products(left: Floats, right: Floats) -> Floats:
    """The scalar product of every row of the one table with every row of the other.

    In blocks so small that the library of linear algebra takes one thread: its threads wait for
    one another in busy loops, which takes far longer than two articles do.
    """
    rows, columns, width = len(left), len(right), left.shape[1]
    high, broad, deep = (
        -(-size // block) for size, block in ((rows, 32), (columns, 32), (width, 256))
    )
    one = np.zeros((high * 32, deep * 256), dtype=np.float32)
    one[:rows, :width] = left
    other = np.zeros((broad * 32, deep * 256), dtype=np.float32)
    other[:columns, :width] = right
    products = np.zeros((high, broad, 32, 32), dtype=np.float32)
    for n in range(deep):
        part = slice(256 * n, 256 * (n + 1))
        blocks = one[:, part].reshape(high, 1, 32, 256)
        others = other[:, part].reshape(1, broad, 32, 256).transpose(0, 1, 3, 2)
        products += blocks @ others
    whole: Floats = products.transpose(0, 2, 1, 3).reshape(high * 32, broad * 32)
    return whole[:rows, :columns]


def _places(count: int) -> Floats:
    """The relative position of each of so many sentences, from 0 to 1."""
    return (np.arange(count) / count).astype(np.float32)


def _rarity(sentences: int, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The weight of words that occur so many times: log(1 + sentences / count)."""
    return np.log1p(sentences / np.maximum(counts, 1))


def _words(sentence: Keys) -> Keys:
    """The words of a sentence, or its marks where it has no word."""
    return [word for word in sentence if word[0].isalnum()] or sentence


@lru_cache(maxsize=1 << 16)
def _features(word: str) -> tuple[str, ...]:
    """The word and its letter n-grams, which inflected and compound words share."""
    if not word[0].isalpha():
        return (word,)
    framed = f"<{word}>"
    return (word, *(framed[n : n + NGRAM] for n in range(len(framed) - NGRAM + 1)))


def _anchors(likeness: Floats) -> dict[int, int]:
    """Sentences that are each other's best match, from sure links to those in their company."""
    rows, columns = likeness.shape
    anchors = _best(likeness, likeness, clear=True)
    for _ in range(ROUNDS - 1):
        support = _support(anchors, rows, columns)
        free = [i for i in range(rows) if i not in anchors]
        taken = set(anchors.values())
        untaken = [j for j in range(columns) if j not in taken]
        if not free or not untaken:
            break
        rest = np.ix_(free, untaken)
        found = _best(likeness[rest] + CONTEXT * support[rest], likeness[rest], clear=False)
        if not found:
            break
        anchors |= {free[i]: untaken[j] for i, j in found.items()}
    support = _support(anchors, rows, columns)
    return {i: j for i, j in anchors.items() if likeness[i, j] + CONTEXT * support[i, j] >= LONELY}


def _best(score: Floats, likeness: Floats, *, clear: bool) -> dict[int, int]:
    """Sentences that are each other's best match by the score, if asked with none near as good."""
    forth, back = score.argmax(axis=1), score.argmax(axis=0)
    (mutual,) = np.nonzero(back[forth] == np.arange(len(forth)))
    places = mutual, forth[mutual]
    found = (score[places] >= SURE) & (likeness[places] >= FLOOR)
    if clear:
        others = score.copy()
        others[np.arange(len(forth)), forth] = -1
        second = others.max(axis=1)[places[0]]
        others[np.arange(len(forth)), forth] = score[np.arange(len(forth)), forth]
        others[back, np.arange(len(back))] = -1
        second = np.maximum(second, others.max(axis=0)[places[1]])
        found &= score[places] - second >= MARGIN
    return dict(zip(places[0][found].tolist(), places[1][found].tolist(), strict=True))


def _support(anchors: dict[int, int], rows: int, columns: int) -> Floats:
    """For every pair of sentences, how near a link on its diagonal is: 0 to 1 for each side."""
    before = np.zeros((rows + 2 * REACH, columns + 2 * REACH), dtype=np.float32)
    after = np.zeros_like(before)
    for i, j in anchors.items():
        i, j = i + REACH, j + REACH
        view = before[i + 1 : i + 1 + REACH, j + 1 : j + 1 + REACH]
        np.maximum(view, _NEARNESS, out=view)
        view = after[i - REACH : i, j - REACH : j]
        np.maximum(view, _NEARNESS[::-1, ::-1], out=view)
    support: Floats = (before + after)[REACH:-REACH, REACH:-REACH]
    return support


def _blocks(anchors: dict[int, int], rows: int, columns: int) -> list[tuple[int, int, int, int]]:
    """Stretches in which the links run in order, widened over the unlinked sentences around them.

    Each is (first source, last source, first derived, last derived).
    """
    taken = set(anchors.values())
    chains: list[list[tuple[int, int]]] = []
    for i, j in sorted(anchors.items()):
        if chains and j > chains[-1][-1][1]:
            chains[-1].append((i, j))
        else:
            chains.append([(i, j)])
    blocks = []
    for chain in chains:
        (i, j), (i_last, j_last) = chain[0], chain[-1]
        while i > 0 and i - 1 not in anchors:
            i -= 1
        while j > 0 and j - 1 not in taken:
            j -= 1
        while i_last + 1 < rows and i_last + 1 not in anchors:
            i_last += 1
        while j_last + 1 < columns and j_last + 1 not in taken:
            j_last += 1
        blocks.append((i, i_last, j, j_last))
    return blocks


def _beside(pairs: list[tuple[int, int]], sides: _Sides) -> list[tuple[int, int]]:
    """Links for sentences without one, to what a sentence beside them is linked with.

    A plain version breaks one long sentence into several that each repeat some of it.
    """
    there: dict[int, set[int]] = {}
    back: dict[int, set[int]] = {}
    for i, j in pairs:
        there.setdefault(i, set()).add(j)
        back.setdefault(j, set()).add(i)
    rows, columns = sides.cosine.shape
    found = []
    for j in range(columns):
        if j not in back:
            near = back.get(j - 1, set()) | back.get(j + 1, set())
            best = max(((sides.cover(i, j, of=1), -i) for i in near), default=(0.0, 0))
            if best[0] >= COVER:
                found.append((-best[1], j))
    for i in range(rows):
        if i not in there:
            near = there.get(i - 1, set()) | there.get(i + 1, set())
            best = max(((sides.cover(i, j, of=0), -j) for j in near), default=(0.0, 0))
            if best[0] >= COVER:
                found.append((i, -best[1]))
    return found


def _sure(
    anchors: dict[int, int], shares: dict[tuple[int, int], float], sides: _Sides
) -> list[tuple[int, int]]:
    """The anchors, with what was merged into them or split from them."""
    back = {j: i for i, j in anchors.items()}
    pairs = list(anchors.items())
    for (i, j), share in shares.items():
        there, here = anchors.get(i), back.get(j)
        if there is not None and here is not None:
            found = share >= BRIDGE
        elif there is not None:
            found = share >= SHARE and abs(j - there) <= APART
        elif here is not None:
            found = share >= SHARE and abs(i - here) <= APART
        else:
            found = share >= ALONE and sides.cosine[i, j] >= FLOOR
        if found:
            pairs.append((i, j))
    return pairs + _beside(pairs, sides)


def _groups(sure: list[tuple[int, int]], weak: list[tuple[int, int]], sides: _Sides) -> list[Link]:
    """The sentences that pairs connect, as groups with their score."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for i, j in (*sure, *weak):
        parent[root(("s", i))] = root(("d", j))
    unsure = {root(("s", i)) for i, _ in weak}
    groups: dict[tuple[str, int], tuple[list[int], list[int]]] = {}
    for side, n in sorted(parent):
        groups.setdefault(root((side, n)), ([], []))[side == "d"].append(n)
    return sorted(
        Link(tuple(s), tuple(d), sides.score(s, d), node not in unsure)
        for node, (s, d) in groups.items()
    )
