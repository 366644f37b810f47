"""How many of something: "few", "some", "most", "almost all" of the same things."""

from collections.abc import Iterator
from typing import NamedTuple

from .frames import alike, is_content
from .pair import Finding, Match, Side

_MOST = 20
"""Quantities of one passage that are looked at."""

_NEAR = 4
"""How many words after a quantity the counted things may stand."""

_APART = 2
"""Steps on the scale from which on a reader would say it is another claim."""


class Quantity(NamedTuple):
    """A word of quantity at [first, last), where it is on the scale, and what it counts."""

    first: int
    last: int
    level: int
    counted: tuple[int, ...]


def quantities(match: Match) -> Iterator[Finding]:
    """Quantities of the same things that are not the same."""
    a, b = match.source, match.derived
    theirs = list(_quantities(b))
    for one in _quantities(a) if theirs else ():
        found = next((other for other in theirs if _same_things(match, one, other)), None)
        if found is None:
            continue
        theirs.remove(found)
        if one.level != found.level:
            severity = 3 if abs(one.level - found.level) >= _APART else 2
            match.source_left.difference_update(range(one.first, one.last))
            match.derived_left.difference_update(range(found.first, found.last))
            spans = a.span(one.first, one.last), b.span(found.first, found.last)
            yield Finding("strength", severity, *spans, "degree")


def _quantities(side: Side) -> Iterator[Quantity]:
    lists = side.reading.lists
    found = [i for i, word in enumerate(side.words) if word.key in lists.quantifiers]
    for i in found[:_MOST]:
        level, first = lists.quantifiers[side.words[i].key], i
        if i and side.words[i - 1].key in lists.approximations:
            level, first = level - 1, i - 1
        after = (k for k in range(i + 1, min(i + 1 + _NEAR, len(side))) if is_content(side, k))
        yield Quantity(first, i + 1, level, tuple(after)[:2])


def _same_things(match: Match, one: Quantity, other: Quantity) -> bool:
    """Whether the first two words of substance after them have one in common."""
    return any(alike(match, i, j) for i in one.counted for j in other.counted)
