"""What stands around a word: the context in which two passages say a thing of something.

A frame is the nearest words of substance on both sides. Two values, verbs or denials are compared
only where their frames agree; where a clause moved, its frame moved with it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from .pair import Match, Side

REACH = 7
"""How many words away, small ones included, a word of substance may still belong to a frame."""

NEAREST = 2
"""How many words of substance on each side make a frame."""


class Frame(NamedTuple):
    """Positions of the nearest words of substance before and after, the nearest first."""

    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def all(self) -> tuple[int, ...]:
        return self.before + self.after


def frame(side: Side, first: int, last: int, nearest: int = NEAREST) -> Frame:
    """The frame of the words at positions [first, last)."""
    before = (i for i in range(first - 1, max(-1, first - 1 - REACH), -1) if is_content(side, i))
    after = (i for i in range(last, min(len(side), last + REACH)) if is_content(side, i))
    return Frame(_first(before, nearest), _first(after, nearest))


def _first(positions: Iterator[int], many: int) -> tuple[int, ...]:
    return tuple(i for _, i in zip(range(many), positions, strict=False))


def is_content(side: Side, position: int) -> bool:
    """Whether a word has substance of its own, as figures have."""
    word = side.words[position]
    return not word.function and not word.negates and not side.reading.lists.is_adverb(word)


def shared(match: Match, one: Frame, other: Frame) -> int:
    """How many words of one frame answer to a word of the other, on whichever side they stand."""
    return sum(any(alike(match, i, j) for j in other.all) for i in one.all)


def agree(match: Match, one: Frame, other: Frame) -> bool:
    """Whether at least half of the smaller frame answers to words of the other."""
    least = min(len(one.all), len(other.all))
    return least > 0 and 2 * shared(match, one, other) >= least


def alike(match: Match, i: int, j: int) -> bool:
    """Whether a word of the source means the same as one of the derived passage."""
    return match.source.stems[i] == match.derived.stems[j] or match.alike(
        match.source.words[i], match.derived.words[j]
    )


def follows_mark(side: Side, position: int) -> bool:
    """Whether a mark stands between the word and the one before it."""
    return position > 0 and side.at[position] > side.at[position - 1] + 1
