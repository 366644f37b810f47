"""Statements that are denied on one side only.

A denial is a word ("not", "nobody") or a phrase that denies what it governs ("failed to", "stopped
short of") with the words of substance it bears on. Denials of two passages are paired by the
clause they stand in, so that a "not" that moved is no change; what is left over is a reversal where
the denied words stand undenied on the other side.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..language.lists import Lists
from ..results import Span
from . import opposites
from .frames import agree, follows_mark, frame, is_content, shared
from .pair import Finding, Match, Side

_MOST = 60
"""Denials of one passage that are looked at for a counterpart."""

_SCOPE = 3
"""Words of substance after a denial that it may bear on."""

_REACH = 9
"""How far they may be, small words included."""


_SEARCHED = 300
"""Words of a passage that are looked at for a synonym of what is denied."""


class Denial(NamedTuple):
    """The words [first, last) that deny, and the words of substance they bear on."""

    first: int
    last: int
    scope: tuple[int, ...]
    before: tuple[int, ...]
    governs: bool
    """Whether it is a verb or an adjective that denies what it governs."""

    @property
    def clause(self) -> tuple[int, ...]:
        return self.scope + self.before


def denials(side: Side) -> list[Denial]:
    """The denials of a passage, without those that another denial undoes ("not without")."""
    found: list[Denial] = []
    openers = side.reading.lists.denying_openers
    for i, word in enumerate(side.words):
        if not word.negates and word.stem not in openers:
            continue
        last = i + 1 if word.negates and _denies(side, i) else _phrase(side, i)
        if not last or (found and i < found[-1].last):
            continue
        if found and i - found[-1].last <= 1 and not follows_mark(side, i):
            found.pop()
            continue
        found.append(Denial(i, last, *clause(side, i, last), last > i + 1 or not word.negates))
        if len(found) == _MOST:
            break
    return found


def _denies(side: Side, position: int) -> bool:
    """Whether a word such as "not" denies what follows: not that of "not only" or "no later than"."""
    lists = side.reading.lists
    following = [word.key for word in side.words[position + 1 : position + 3]]
    if following and following[0] in lists.negation_companions:
        return False
    if following[1:] == [lists.than]:
        return False
    return not (position and side.words[position - 1].key in lists.alternatives)


def _phrase(side: Side, position: int) -> int:
    """The end of a phrase that denies what it governs and begins here, or 0."""
    lists = side.reading.lists
    return phrase_at(side, position, lists.denying, lists.denying_openers)


def phrase_at(side: Side, position: int, phrases: frozenset[str], openers: frozenset[str]) -> int:
    """The end of the longest of the phrases, given as stems, that begins here, or 0."""
    if side.stems[position] not in openers:
        return 0
    for last in range(min(position + 4, len(side)), position, -1):
        if "_".join(side.stems[position:last]) in phrases:
            return last
    return 0


def clause(side: Side, first: int, last: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The words of substance that the words [first, last) bear on, and those before them."""
    scope: list[int] = []
    for i in range(last, min(last + _REACH, len(side))):
        if len(scope) == _SCOPE or (scope and follows_mark(side, i)):
            break
        if is_content(side, i):
            scope.append(i)
    before: list[int] = []
    for i in range(first - 1, max(-1, first - _REACH), -1):
        if len(before) == 2 or follows_mark(side, i + 1):
            break
        if is_content(side, i):
            before.append(i)
    return tuple(scope), tuple(before)


def negation(match: Match) -> Iterator[Finding]:
    """Predicates that are denied on one side only, and words replaced by their opposite."""
    a, b = match.source, match.derived
    left, right = denials(a), denials(b)
    everything = list(left), list(right)
    _pair_off(left, right, lambda i, j: _stem(a, i) == _stem(b, j) != "")
    match.cancel_synonyms()
    _pair_off(left, right, lambda i, j: bool(i.scope and j.scope) and _same(match, i, j))
    _pair_clauses(match, left, right)
    _pair_off(left, right, lambda i, j: _same_place(match, i, j))
    _pair_off(left, right, lambda i, j: not (_affirmed(a, i, b) or _affirmed(b, j, a)))
    verbs = _negative_verbs(a, match.raw_left[0]), _negative_verbs(b, match.raw_left[1])
    _pair_off(left, verbs[1], lambda i, j: _under(a, i, b, j))
    _pair_off(verbs[0], right, lambda i, j: _under(b, j, a, i))
    yield from _undenied(match, *verbs, denied=bool(left or right))
    governing = [{i for d in found if d.governs for i in range(*d[:2])} for found in everything]
    reversed_words = [
        found
        for found in opposites.opposites(match)
        if found[:2] not in match.reversed
        and not (found[0] in governing[0] or found[1] in governing[1])
    ]
    for denial in left:
        yield from _unpaired(match, denial, everything[1], reversed_words, mirrored=False)
    for denial in right:
        yield from _unpaired(match, denial, everything[0], reversed_words, mirrored=True)
    for i, j, severity in reversed_words:
        yield opposites.finding(match, i, j, severity)


def _pair_off[One, Other](
    left: list[One], right: list[Other], same: Callable[[One, Other], bool]
) -> None:
    """Take out of both lists what is the same denial."""
    for one in list(left[:_MOST]):
        for other in right[:_MOST]:
            if same(one, other):
                left.remove(one)
                right.remove(other)
                break


def _pair_clauses(match: Match, left: list[Denial], right: list[Denial]) -> None:
    """Take out denials whose clauses share their words, those that share most first."""
    found = []
    for one in left:
        for other in right:
            common = sum(any(_alike(match, i, j) for j in other.clause) for i in one.clause)
            least = min(len(one.clause), len(other.clause))
            if least and 2 * common >= least:
                found.append((-common / least, one, other))
    for _, one, other in sorted(found):
        if one in left and other in right:
            left.remove(one)
            right.remove(other)


def _stem(side: Side, denial: Denial) -> str:
    return side.stems[denial.scope[0]] if denial.scope else ""


def _alike(match: Match, i: int, j: int) -> bool:
    return match.source.stems[i] == match.derived.stems[j] or match.related(
        match.source.words[i], match.derived.words[j]
    )


def _same(match: Match, one: Denial, other: Denial) -> bool:
    return match.alike(match.source.words[one.scope[0]], match.derived.words[other.scope[0]])


def _same_place(match: Match, one: Denial, other: Denial) -> bool:
    """Whether the denied predicates replaced one another and are no opposites."""
    if not one.scope or not other.scope:
        return False
    i, j = one.scope[0], other.scope[0]
    return match.source_block[i] == match.derived_block[j] >= 0 and not match.opposite(
        match.source.words[i], match.derived.words[j]
    )


def _affirmed(side: Side, denial: Denial, other: Side) -> bool:
    """Whether the other side has the denied predicate, whatever it says of it."""
    return bool(denial.scope) and side.stems[denial.scope[0]] in other.stem_set


def _negative_verbs(side: Side, left: frozenset[int]) -> list[int]:
    """The left-over verbs that deny what follows them: "denied", "forbade"."""
    verbs = side.reading.lists.negative_verbs
    return [i for i in sorted(left) if side.stems[i] in verbs][:_MOST]


def _under(side: Side, denial: Denial, other: Side, verb: int) -> bool:
    """Whether what one side denies comes after the denying verb of the other."""
    return any(side.stems[i] in other.stems[verb : verb + 16] for i in denial.scope)


def _undenied(
    match: Match, left: list[int], right: list[int], *, denied: bool
) -> Iterator[Finding]:
    """Denials that became mere statements ("denied" and "said"), or the other way round.

    Where another denial of the passage may stand for them, nothing is said.
    """
    if denied:
        return
    a, b = match.source, match.derived
    verbs = match.lists.denials
    pairs = [(i, j) for i in left for j in match.blocks[match.source_block[i]].derived[:_MOST]]
    pairs += [(i, j) for j in right for i in match.blocks[match.derived_block[j]].source[:_MOST]]
    for i, j in pairs:
        one, other = a.stems[i], b.stems[j]
        if (one in verbs) != (other in verbs) and _tells(match.lists, one, other):
            match.reversed.add((i, j))
            spans = a.span(i, i + 1), b.span(j, j + 1)
            yield Finding("negation", 3, *spans, "denial", shift=1 if one in verbs else -1)


def _tells(lists: Lists, *stems: str) -> bool:
    return all(stem in lists.verb_strength or stem in lists.denials for stem in stems)


def _unpaired(
    match: Match,
    denial: Denial,
    others: list[Denial],
    reversed_words: list[tuple[int, int, int]],
    *,
    mirrored: bool,
) -> Iterator[Finding]:
    """A denial that the other side has not, unless its words say the same another way."""
    side, other = match.source, match.derived
    blocks, facing = match.source_block, [block.derived for block in match.blocks]
    if mirrored:
        side, other = other, side
        blocks, facing = match.derived_block, [block.source for block in match.blocks]
    block = blocks[denial.first]
    for pair in reversed_words:
        one = pair[1] if mirrored else pair[0]
        if one == denial.first:
            return  # named as an opposite: "with" and "without"
        if one in denial.scope[:2] or blocks[one] == block:
            reversed_words.remove(pair)  # "not legal" and "illegal"
            return
    there = facing[block][:_MOST] if block >= 0 else range(0)
    if any(_is_negative(other, i) for i in there):
        return
    if _stem(side, denial) in other.reading.denied_near(other.spans):
        return  # it moved to another sentence
    severity = _severity(match, denial, others, mirrored=mirrored)
    if not severity:
        return
    if severity < 3 and any(not other.words[i].function for i in there):
        return  # "not cheap" and "costly": another predicate, which may say the same
    finding = Finding(
        "negation",
        severity,
        side.span(denial.first, denial.last),
        None,
        "negation",
        (_told(side, denial), None),
    )
    yield finding.mirrored() if mirrored else finding


def _severity(match: Match, denial: Denial, others: list[Denial], *, mirrored: bool) -> int:
    """How much it matters: 3 where the same is said undenied, 0 where it is denied there too."""
    side, other = (match.derived, match.source) if mirrored else (match.source, match.derived)
    denied = {i for found in others for i in found.scope}
    found = [(i, j) for i in denial.scope[:2] for j in counterparts(match, side, i, other)]
    absent = side.words[denial.first].key in match.lists.absences
    said = [(i, j) for i, j in found if absent or i == denial.scope[0]]
    if not said:
        elsewhere = any(j in denied or _is_averse(other, j) for _, j in found)
        return 0 if denial.governs or elsewhere else 2
    said = [(i, j) for i, j in said if side.stems[i] == other.stems[j]] or said
    weighed = []
    for i, j in said:
        frames = frame(side, i, i + 1), frame(other, j, j + 1)
        left, right = frames[::-1] if mirrored else frames
        weighed.append((shared(match, left, right), agree(match, left, right), -i, -j))
    _, same, _, place = max(weighed)
    if -place in denied or _is_averse(other, -place):
        return 0
    return 3 if same else 2


def counterparts(match: Match, side: Side, position: int, other: Side) -> list[int]:
    """The positions of the words of the other side that mean the same; in a huge one, of its forms."""
    word = side.words[position]
    if len(other) > _SEARCHED:
        return list(other.places.get(word.stem, ()))[:_MOST]
    return [
        j
        for j, there in enumerate(other.words)
        if there.stem == word.stem or match.related(word, there)
    ]


def _is_averse(side: Side, position: int) -> bool:
    """Whether what stands there is denied by a word before it: "against", "lost", "impossible"."""
    lists = side.reading.lists
    return any(
        _is_negative(side, i)
        and (
            not (base := lists.without_prefix(side.words[i].key))
            or lists.stem(base) in lists.synonyms
        )
        for i in range(max(0, position - 3), position)
    )


def _is_negative(side: Side, position: int) -> bool:
    """Whether a word denies by its form or meaning: "useless", "seldom", "avoid", "unfair"."""
    word, lists = side.words[position], side.reading.lists
    return (
        word.negates
        or word.key.endswith(lists.privative_ending)
        or word.key in lists.scant
        or word.stem in lists.negative_verbs
        or word.stem in lists.averse
        or bool(lists.without_prefix(word.key))
    )


def _told(side: Side, denial: Denial) -> Span:
    """The words that are denied, up to the next mark."""
    last = denial.first + 1
    while last < min(denial.first + 7, len(side)) and not follows_mark(side, last):
        last += 1
    return side.span(min(denial.last, last - 1), max(last, denial.last))
