"""Which stretches of two texts are looked at together: all of both, or windows of huge ones."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

Keys = Sequence[str]

AREA = 500_000  # pairs of sentences that are looked at together


def is_coarse(source: Sequence[Keys], derived: Sequence[Keys]) -> bool:
    """Whether `link` takes these texts in windows, and so misses what moved between windows."""
    return len(source) * len(derived) > AREA and source != derived


def windows(
    source: Sequence[Keys], derived: Sequence[Keys]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """The stretches of both texts to be linked with each other: all at once unless that is too much.

    Huge texts are cut where sentences that occur once in each run in order (patience diff), and
    where these are too far apart, in equal shares.
    """
    cuts = [(0, 0), (len(source), len(derived))]
    if is_coarse(source, derived):
        cuts[1:1] = _once_in_each(source, derived)
    start = cuts[0]
    for cut, following in pairwise(cuts):
        # A window grows from anchor to anchor for as long as it stays small enough.
        if (following[0] - start[0]) * (following[1] - start[1]) > AREA:
            yield (start[0], cut[0]), (start[1], cut[1])
            start = cut
            height, width = following[0] - cut[0], following[1] - cut[1]
            shares = math.isqrt(height * width // AREA) + 1
            for n in range(1, shares):
                middle = (cut[0] + height * n // shares, cut[1] + width * n // shares)
                yield (start[0], middle[0]), (start[1], middle[1])
                start = middle
    yield (start[0], len(source)), (start[1], len(derived))


def _once_in_each(source: Sequence[Keys], derived: Sequence[Keys]) -> list[tuple[int, int]]:
    """The places of sentences that occur once in each text, those that run in order."""
    left, right = [tuple(keys) for keys in source], [tuple(keys) for keys in derived]
    left_counts, right_counts = Counter(left), Counter(right)
    place = {keys: j for j, keys in enumerate(right) if right_counts[keys] == 1}
    pairs = [
        (i, place[keys]) for i, keys in enumerate(left) if left_counts[keys] == 1 and keys in place
    ]
    return [pairs[n] for n in heaviest_increasing([j for _, j in pairs], [1] * len(pairs))]


def heaviest_increasing(values: Sequence[int], weights: Sequence[int]) -> list[int]:
    """The indices of the increasing subsequence of the values with the greatest total weight.

    In n log n: a Fenwick tree holds the best chain that ends at or below each value.
    """
    ranks = {value: n + 1 for n, value in enumerate(sorted(set(values)))}
    tree = [(0, -1)] * (len(ranks) + 1)
    before = []
    best = (0, -1)
    for n, (value, weight) in enumerate(zip(values, weights, strict=True)):
        chain = (0, -1)
        at = ranks[value] - 1
        while at > 0:
            chain = max(chain, tree[at])
            at &= at - 1
        before.append(chain[1])
        chain = (chain[0] + weight, n)
        best = max(best, chain)
        at = ranks[value]
        while at < len(tree):
            tree[at] = max(tree[at], chain)
            at += at & -at
    indices = []
    at = best[1]
    while at >= 0:
        indices.append(at)
        at = before[at]
    return indices[::-1]
