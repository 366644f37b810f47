"""Words replaced by their opposite.

That "rise" and "fall" are opposites says nothing of two sentences that have both: the words must
be said of the same things. So only words whose frames share a word are compared, and those that
only a lexicon or their form calls opposites must share more. Small words ("in", "over", "he") and
prefixes of place and side ("anti-") are opposites only between equal neighbours.
"""

from collections.abc import Iterator

from ..language.lists import Word
from .frames import Frame, alike, frame, is_content, shared
from .pair import Finding, Match

_BUDGET = 20_000
"""How many pairs of words of one passage are looked at."""

_PHRASE = 8
"""Words of a reworded stretch in which an opposite may be made good by other words."""

_PARTS = slice(None), slice(2), slice(-2, None)
"""The parts of a word that can tell its opposite: all of it, how it begins and how it ends."""

_SURE = 2
"""Words that two frames must share for an opposite to turn the statement round."""


def opposites(match: Match) -> Iterator[tuple[int, int, int]]:
    """Words that are opposites, by position, with how severe that is.

    So are words that faced each other and changed places: "fell in Asia but grew in Europe".
    """
    a, b = match.source, match.derived
    for place in match.blocks if not any(match.exchanged) else ():
        if len(place.source) == len(place.derived) == 1:
            i, j = place.source.start, place.derived.start
            moved = i not in match.source_left and j not in match.derived_left
            if moved and match.opposite(a.words[i], b.words[j]):
                yield i, j, 3
    budget = _BUDGET
    free = sorted(match.derived_left)
    known = match.lists.turned
    there = {j: (b.stems[j], *known(b.stems[j])) for j in free}
    stems, begins, ends = ({other[0][part] for other in there.values()} for part in _PARTS)
    turns = frozenset().union(*(other[2] | other[3] for other in there.values()))
    for i in sorted(match.source_left):
        budget -= len(free)
        if budget < 0:
            return
        stem = a.stems[i]
        against, groups, reversals = known(stem)
        if (
            stem[:2] not in begins
            and stem[-2:] not in ends
            and stems.isdisjoint(against)
            and turns.isdisjoint(groups)
            and turns.isdisjoint(reversals)
            and "-" not in a.words[i].text
        ):
            continue
        found = [
            (severity, -j)
            for j in free
            if (
                (other := there[j])[0] in against
                or not reversals.isdisjoint(other[2])
                or not groups.isdisjoint(other[3])
                or stem[:2] == other[0][:2]
                or stem[-2:] == other[0][-2:]
                or "-" in a.words[i].text
            )
            and (severity := _severity(match, i, j))
        ]
        if found:
            severity, j = max(found)
            free.remove(-j)
            yield i, -j, severity


def _severity(match: Match, i: int, j: int) -> int:
    """How severe it is that one word stands where the other stood; 0 if they are no opposites."""
    a, b = match.source, match.derived
    one, other = a.words[i], b.words[j]
    listed = match.opposite(one, other)
    if not listed and not _by_lexicon(match, one, other):
        return 0
    if one.function or other.function or "-" in one.text or "-" in other.text:
        return 3 if _between_equals(match, i, j) else 0
    if not is_content(a, i) and not is_content(b, j):
        return 3 if _between_equals(match, i, j) else 0
    left, right = frame(a, i, i + 1), frame(b, j, j + 1)
    common = shared(match, left, right)
    if not listed:
        if common < _SURE or not _same_head(match, left, right):
            return 0
        return 3 if other.stem in match.lists.opposites.get(one.stem, ()) else 2
    block = match.source_block[i]
    facing = block >= 0 and block == match.derived_block[j]
    if facing and common:
        place = match.blocks[block]
        return 3 if max(len(place.source), len(place.derived)) <= _PHRASE else 2
    if facing and not (left.all and right.all):
        return 3
    if common >= _SURE:
        return 3
    return 2 if common and _same_head(match, left, right) else 0


def _by_lexicon(match: Match, one: Word, other: Word) -> bool:
    """Whether a lexicon, or an antonym's synonym, makes two words of substance opposites."""
    if one.function or other.function:
        return False
    lists = match.lists
    told = other.stem in lists.opposites.get(one.stem, ()) or (
        (one.stem in lists.verbs or other.stem in lists.verbs)
        and not (
            lists.reversals(one.stem).isdisjoint(lists.synonyms.get(other.stem, ()))
            and lists.reversals(other.stem).isdisjoint(lists.synonyms.get(one.stem, ()))
        )
    )
    return told and not match.related(one, other)


def _same_head(match: Match, one: Frame, other: Frame) -> bool:
    """Whether the nearest word on one side, the subject or the object, is the same."""
    near = [(one.before, other.before), (one.after, other.after)]
    near += [(one.before, other.after), (one.after, other.before)]
    return any(x and y and alike(match, x[0], y[0]) for x, y in near)


def _between_equals(match: Match, i: int, j: int) -> bool:
    """Whether the words right before and right after are the same, where there are any.

    The verb of a particle is enough: "went up", "went down".
    """
    a, b = match.source.stems, match.derived.stems
    if i and j and a[i - 1] == b[j - 1] and is_content(match.source, i - 1):
        return True
    one, other = frame(match.source, i, i + 1, 1), frame(match.derived, j, j + 1, 1)
    framed = zip(one.all, other.all, strict=False)
    if len(one.all) == len(other.all) == 2 and all(alike(match, k, n) for k, n in framed):
        return True
    before = (a[i - 1] if i else "") == (b[j - 1] if j else "")
    after = (a[i + 1] if i + 1 < len(a) else "") == (b[j + 1] if j + 1 < len(b) else "")
    return before and after


def finding(match: Match, i: int, j: int, severity: int) -> Finding:
    match.source_left.discard(i)
    match.derived_left.discard(j)
    spans = match.source.span(i, i + 1), match.derived.span(j, j + 1)
    return Finding("negation", severity, *spans, "opposite")
