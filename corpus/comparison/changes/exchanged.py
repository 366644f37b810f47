"""What changed places: figures, dates, names, and who did what to whom.

Two values that both passages have are exchanged where what stood by the one now stands by the
other: each word that both passages have once is bound to the nearer of the two values, and says
whether it kept that value. Where a verb stands between two of its arguments, order and the passive
decide.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Literal, NamedTuple

from .frames import alike, follows_mark, is_content
from .pair import Finding, Match, Side

_LONG = 120
"""Passages with more words than this are not looked at: their values stand in many statements."""

_MOST = 8
"""Values of one kind in a passage that are looked at."""

_BOUND = 1.5
"""How many times nearer a word must be to one value than to the other to be bound to it."""

_CLAUSE = 3
"""How many words farther away a word seems for each mark and each "and" between."""

_FAR = 12
"""Words away from which on a word is bound to no value."""

_ALMOST_ALL = 0.8
"""The share of what the bound words weigh that must speak for an exchange."""

_LEAST = 0.75
"""What they must weigh at least: a word beside a value weighs 1, the next one a half."""


_SMALL = 0.5
"""What a small word weighs beside a word of substance."""

_REPEATED = 3
"""Places that a value may have in a passage."""

_DATES = frozenset(("day", "month", "year", "weekday", "time"))


type Sort = Literal["roles", "date", "number"]


class Item(NamedTuple):
    """A value at the positions [first, last)."""

    sort: str
    value: object
    first: int
    last: int


def exchanged(match: Match) -> Iterator[Finding]:
    """Values and arguments that changed places; at most one finding for a passage."""
    a, b = match.source, match.derived
    if max(len(a), len(b)) > _LONG:
        return
    if not match.moved and [fact.value for fact in a.facts] == [fact.value for fact in b.facts]:
        return
    found, settled = _roles(match)
    found = found or _opposites(match)
    found = found or _values(match, names=bool(match.lists.verbs) and not settled)
    if found is not None:
        yield found


def _opposites(match: Match) -> Finding | None:
    """Two opposites that faced each other twice and changed places: "the left", "the right"."""
    a, b = match.source, match.derived
    faced = [
        (block.source.start, block.derived.start)
        for block in match.blocks
        if len(block.source) == len(block.derived) == 1
    ]
    for (i, j), (k, n) in combinations(faced[:_MOST], 2):
        crossed = a.stems[i] == b.stems[n] and a.stems[k] == b.stems[j] != a.stems[i]
        if crossed and match.opposite(a.words[i], b.words[j]) and not is_verb(a, i):
            return _finding(match, "roles", range(i, i + 1), range(j, j + 1))
    return None


def _values(match: Match, *, names: bool) -> Finding | None:
    """Figures, dates or names that changed places; the names too where no verb settled it."""
    a, b = match.source, match.derived
    value = next(_crossed(match, _figures(a), _figures(b)), None)
    if value is None and not names:
        return None
    name = next(_crossed(match, list(_names(a)), list(_names(b))), None)
    found = value or name
    # Where names and figures changed places together, "A 5, B 3" was told as "B 3, A 5".
    if found is None or (value and name):
        return None
    item, there = found
    kind: Sort = "roles"
    if value:
        kind = "date" if item.sort in _DATES else "number"
    return _finding(match, kind, range(*item[2:]), range(*there[2:]))


def _crossed(
    match: Match, left: Sequence[Item], right: Sequence[Item]
) -> Iterator[tuple[Item, Item]]:
    """Values of one sort that changed places, each with what stands in its place."""
    a, b = match.source, match.derived
    for sort in sorted({item.sort for item in left} & {item.sort for item in right}):
        ours, theirs = _places(left, sort), _places(right, sort)
        common = [value for value in ours if value in theirs][:_MOST]
        if len(common) < 2:
            continue
        weights = [1 if is_content(a, i) else _SMALL for i, _ in match.once]
        here, there = [i for i, _ in match.once], [j for _, j in match.once]
        near = {
            value: (_distances(a, here, ours[value]), _distances(b, there, theirs[value]))
            for value in common
        }
        for one, other in combinations(common, 2):
            if not _speak_for_exchange(weights, near[one], near[other]):
                continue
            if not _listed(match, ours[one], ours[other], theirs[one], theirs[other]):
                yield ours[one][0], theirs[other][0]


def _finding(match: Match, kind: Sort, here: range, there: range) -> Finding:
    match.exchanged[0].update(here)
    match.exchanged[1].update(there)
    spans = match.source.span(here.start, here.stop), match.derived.span(there.start, there.stop)
    return Finding(kind, 3, *spans, "exchanged")


def _figures(side: Side) -> list[Item]:
    """The figures and dates of a passage."""
    items = []
    for fact in side.facts:
        first, last = side.position(fact.first), side.position(fact.last)
        if first < last:
            items.append(Item(fact.value[0], fact.value[1], first, last))
    return items


def _names(side: Side) -> Iterator[Item]:
    """The names, with the words that belong to them."""
    first = None
    for i in range(len(side) + 1):
        named = i < len(side) and side.is_name(i)
        if first is not None and (not named or follows_mark(side, i)):
            yield Item("name", side.stems[i - 1], first, i)
            first = None
        if named and first is None:
            first = i


def _places(items: Sequence[Item], sort: str) -> dict[object, list[Item]]:
    """The values of one sort with all their places, without those that stand everywhere."""
    found: dict[object, list[Item]] = {}
    for item in items:
        if item.sort == sort:
            found.setdefault(item.value, []).append(item)
    return {value: places for value, places in found.items() if len(places) <= _REPEATED}


def _listed(
    match: Match, one: list[Item], other: list[Item], there: list[Item], that: list[Item]
) -> bool:
    """Whether the two only stand in a list or in one name: "Ana and Bo", "the Port of Tarn"."""
    return _in_list(match.source, one, other) or _in_list(match.derived, there, that)


def _in_list(side: Side, one: list[Item], other: list[Item]) -> bool:
    joined = side.reading.lists.coordinators | side.reading.lists.possession
    return any(
        all(side.words[i].key in joined for i in range(min(x.last, y.last), max(x.first, y.first)))
        for x in one
        for y in other
    )


type Distances = tuple[list[int], list[int]]
"""How far from a value the words are that both passages have once: in the one, in the other."""


def _speak_for_exchange(weights: Sequence[float], one: Distances, other: Distances) -> bool:
    """Whether almost all words that both sides have once left one value for the other."""
    kept, lost = 0.0, [0.0, 0.0]
    for weight, *away in zip(weights, *one, *other, strict=True):
        if min(away) <= 0:
            continue
        before, after = _bound(away[0], away[2]), _bound(away[1], away[3])
        if before * after > 0:
            kept += min(abs(before), abs(after)) * weight
        elif before * after < 0:
            lost[before > 0] += min(abs(before), abs(after)) * weight
    gone = sum(lost)
    return min(lost) > 0 and gone >= _LEAST and gone >= _ALMOST_ALL * (kept + gone)


def _bound(near: int, far: int) -> float:
    """How firmly a word is bound to one of two values: positive for the first; 0 if to neither."""
    if min(near, far) > _FAR:
        return 0.0
    if far >= _BOUND * near:
        return 1 / near
    return -1 / far if near >= _BOUND * far else 0.0


def _distances(side: Side, positions: Sequence[int], places: Sequence[Item]) -> list[int]:
    """How many words away from a value words are, in another clause more; 0 or less inside it."""
    walk = [i + _CLAUSE * joint for i, joint in enumerate(side.joints)]
    found = [
        [
            walk[item.first] - walk[i] if i < item.first else walk[i] - walk[item.last - 1]
            for i in positions
        ]
        for item in places
    ]
    return [min(away) for away in zip(*found, strict=True)] if len(found) > 1 else found[0]


class Role(NamedTuple):
    """A verb with the heads before and after it, by position."""

    before: int
    verb: int
    after: int
    passive: bool


def _roles(match: Match) -> tuple[Finding | None, bool]:
    """A verb whose two arguments changed places, and whether any verb has kept its two."""
    a, b = match.source, match.derived
    theirs = list(roles(b))
    settled = False
    for ours in roles(a) if theirs else ():
        for there in theirs:
            if a.stems[ours.verb] in match.lists.symmetric or not _one_verb(match, ours, there):
                continue
            crossed = _alike(match, ours.before, there.after, ours.after, there.before)
            straight = _alike(match, ours.before, there.before, ours.after, there.after)
            if crossed == straight:
                continue
            settled = True
            if crossed == (ours.passive == there.passive):
                place = there.after if straight else there.before
                here = range(ours.before, ours.before + 1)
                return _finding(match, "roles", here, range(place, place + 1)), True
    return None, settled


def _alike(match: Match, one: int, there: int, other: int, that: int) -> bool:
    return alike(match, one, there) and alike(match, other, that)


def _one_verb(match: Match, ours: Role, there: Role) -> bool:
    return match.source.stems[ours.verb] == match.derived.stems[there.verb] or match.alike(
        match.source.words[ours.verb], match.derived.words[there.verb]
    )


def roles(side: Side) -> Iterator[Role]:
    """The verbs that stand between two heads: "the truck hit a parked tram" gives truck and tram."""
    verbs = [i for i in range(1, len(side) - 1) if is_verb(side, i)]
    for verb in verbs:
        before = _head_before(side, verb)
        after, passive = _head_after(side, verb)
        if before is not None and after is not None and side.stems[before] != side.stems[after]:
            yield Role(before, verb, after, passive)


def is_verb(side: Side, position: int) -> bool:
    """Whether a word is a verb as far as its form and its neighbours tell."""
    word, lists = side.words[position], side.reading.lists
    if word.function or side.is_name(position) or side.reading.in_fact[side.at[position]]:
        return False
    before = side.words[position - 1]
    if before.key in lists.determiners:
        return False
    if word.key.endswith(lists.past_ending) or word.key in lists.language.irregular_forms:
        return True
    return word.stem in lists.verbs


def _head_before(side: Side, verb: int) -> int | None:
    """The word of substance before a verb, over auxiliaries and adverbs."""
    lists = side.reading.lists
    for i in range(verb - 1, max(-1, verb - 6), -1):
        word = side.words[i]
        if follows_mark(side, i + 1):
            return None
        if word.key in lists.auxiliaries or lists.is_adverb(word) or word.negates:
            continue
        return i if is_content(side, i) else None
    return None


def _head_after(side: Side, verb: int) -> tuple[int | None, bool]:
    """The last word of substance of the phrase after a verb, and whether "by" stands between."""
    lists = side.reading.lists
    passive = False
    head = None
    for i in range(verb + 1, min(verb + 8, len(side))):
        word = side.words[i]
        if follows_mark(side, i):
            break
        if head is None and word.key == lists.agent:
            passive = True
        elif head is None and (word.key in lists.determiners or lists.is_adverb(word)):
            continue
        elif is_content(side, i) and not side.reading.in_fact[side.at[i]]:
            if head is not None and (word.capital != side.words[head].capital or _is_past(side, i)):
                break
            head = i
        else:
            break
    return head, passive


def _is_past(side: Side, position: int) -> bool:
    return side.words[position].key.endswith(side.reading.lists.past_ending)
