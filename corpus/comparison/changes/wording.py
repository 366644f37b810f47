"""Words that turn a statement round, make it surer or weaker, or replace its substance."""

from collections.abc import Callable, Iterator

from ..language.lists import CERTAIN, Lists
from .pair import Finding, Match, Side

_MOST = 60
"""Denials of one passage that are looked at for a counterpart."""

_PHRASE = 8
"""Words of a reworded stretch in which an opposite may be made good by other words."""

_BUDGET = 20_000
"""How many pairs of words of one passage are looked at for antonyms."""


def _negations(side: Side) -> list[int]:
    """The positions of the words that deny something."""
    return [i for i, word in enumerate(side.words) if word.negates and _denies(side, i)]


def _denies(side: Side, position: int) -> bool:
    """Whether a word such as "not" denies what follows: not that of "not only"."""
    following = side.words[position + 1].key if position + 1 < len(side) else ""
    return following not in side.reading.lists.negation_companions


def _predicate(side: Side, position: int) -> int | None:
    """The position of the first word of substance after a negation."""
    for i in range(position + 1, min(position + 6, len(side))):
        word = side.words[i]
        if not word.function and not side.reading.lists.is_adverb(word):
            return i
    return None


def negation(match: Match) -> Iterator[Finding]:
    """Predicates that are denied on one side only, and words replaced by their opposite."""
    a, b = match.source, match.derived
    left, right = _negations(a), _negations(b)
    _pair_off(left, right, lambda i, j: _denied(a, i) == _denied(b, j) != "")
    match.cancel_synonyms()
    _pair_off(left, right, lambda i, j: _alike_predicates(match, i, j))
    _pair_off(left, right, lambda i, j: _same_place(match, i, j))
    _pair_off(
        left,
        right,
        lambda i, j: match.partners.get(i) == j and not (_affirmed(a, i, b) and _affirmed(b, j, a)),
    )
    _pair_off(left, right, lambda i, j: not (_affirmed(a, i, b) or _affirmed(b, j, a)))
    denials = _denials(a, match.raw_left[0]), _denials(b, match.raw_left[1])
    _pair_off(left, denials[1], lambda i, j: _under(a, i, b, j))
    _pair_off(denials[0], right, lambda i, j: _under(b, j, a, i))
    yield from _undenied(match, *denials, denied=bool(left or right))
    opposites = [pair for pair in _opposites(match) if pair not in match.reversed]
    for i in left[:_MOST]:
        yield from _unpaired(match, a, i, b, opposites, mirrored=False)
    for j in right[:_MOST]:
        yield from _unpaired(match, b, j, a, opposites, mirrored=True)
    for i, j in opposites:
        match.source_left.discard(i)
        match.derived_left.discard(j)
        block = match.blocks[match.source_block[i]]
        sure = max(len(block.source), len(block.derived)) <= _PHRASE
        yield Finding("negation", 3 if sure else 2, a.span(i, i + 1), b.span(j, j + 1), "opposite")


def _pair_off(left: list[int], right: list[int], same: Callable[[int, int], bool]) -> None:
    """Take out of both lists what is the same denial."""
    for i in list(left[:_MOST]):
        for j in right[:_MOST]:
            if same(i, j):
                left.remove(i)
                right.remove(j)
                break


def _affirmed(side: Side, position: int, other: Side) -> bool:
    """Whether the other side has the denied predicate, whatever it says of it."""
    predicate = _predicate(side, position)
    return predicate is not None and side.stems[predicate] in other.stem_set


def _denied(side: Side, position: int) -> str:
    predicate = _predicate(side, position)
    return side.stems[predicate] if predicate is not None else ""


def _same_place(match: Match, i: int, j: int) -> bool:
    """Whether the denied predicates replaced one another and are no opposites."""
    one, other = _predicate(match.source, i), _predicate(match.derived, j)
    if one is None or other is None:
        return False
    block = match.source_block[one]
    return block == match.derived_block[other] >= 0 and not match.opposite(
        match.source.words[one], match.derived.words[other]
    )


def _denials(side: Side, left: frozenset[int]) -> list[int]:
    """The left-over verbs that deny what follows them: "denied", "failed to", "refused to"."""
    verbs = side.reading.lists.negative_verbs
    return [i for i in sorted(left) if side.stems[i] in verbs][:_MOST]


def _under(side: Side, position: int, other: Side, verb: int) -> bool:
    """Whether the predicate that one side denies comes after the denying verb of the other."""
    predicate = _predicate(side, position)
    return predicate is not None and side.stems[predicate] in other.stems[verb + 1 : verb + 16]


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


def _alike_predicates(match: Match, i: int, j: int) -> bool:
    one, other = _predicate(match.source, i), _predicate(match.derived, j)
    return (
        one is not None
        and other is not None
        and match.alike(match.source.words[one], match.derived.words[other])
    )


def _opposites(match: Match) -> Iterator[tuple[int, int]]:
    """Left-over words of one block, or of neighbouring ones, that are antonyms.

    So are words that faced each other and changed places: "fell in Asia but grew in Europe".
    """
    for place in match.blocks:
        if len(place.source) == len(place.derived) == 1:
            i, j = place.source.start, place.derived.start
            moved = i not in match.source_left and j not in match.derived_left
            if moved and match.opposite(match.source.words[i], match.derived.words[j]):
                yield i, j
    budget = _BUDGET
    free = sorted(match.derived_left)
    for i in sorted(match.source_left):
        block = match.source_block[i]
        for j in free:
            budget -= 1
            if budget < 0:
                return
            if abs(match.derived_block[j] - block) <= 1 and match.opposite(
                match.source.words[i], match.derived.words[j]
            ):
                free.remove(j)
                yield i, j
                break


def _unpaired(
    match: Match,
    side: Side,
    position: int,
    other: Side,
    opposites: list[tuple[int, int]],
    *,
    mirrored: bool,
) -> Iterator[Finding]:
    """A denial that the other side has not, unless its words say the same another way."""
    blocks = match.derived_block if mirrored else match.source_block
    block = blocks[position]
    for pair in opposites:
        one = pair[1] if mirrored else pair[0]
        if one == position:
            return  # named as an opposite: "with" and "without"
        if one == _predicate(side, position) or blocks[one] == block:
            opposites.remove(pair)  # "not legal" and "illegal"
            return
    if block >= 0:
        there = (match.blocks[block].source if mirrored else match.blocks[block].derived)[:_MOST]
        for i in there:
            word = other.words[i]
            negative = word.key.endswith(match.lists.privative_ending)
            negative = negative or word.key in match.lists.scant
            if negative or word.stem in match.lists.negative_verbs:
                return
            if match.lists.without_prefix(word.key):
                return
        if not _affirmed(side, position, other) and any(not other.words[i].function for i in there):
            return  # "not cheap" and "costly": another predicate, which may say the same
    if _denied(side, position) in other.reading.denied_near(other.spans):
        return  # it moved to another sentence
    last = position + 1
    while last < min(position + 7, len(side)) and side.at[last] == side.at[last - 1] + 1:
        last += 1
    told = side.span(min(position + 1, last - 1), last)
    finding = Finding(
        "negation", 3, side.span(position, position + 1), None, "negation", (told, None)
    )
    yield finding.mirrored() if mirrored else finding


def certainty(match: Match) -> Iterator[Finding]:
    """Modal verbs, hedges and attitudes that make a statement more or less sure."""
    a, b = match.source, match.derived
    lists = match.lists
    for table, by_stem in ((lists.modals, False), (lists.attitudes, True)):
        left = _levels(a, match.raw_left[0], table, by_stem=by_stem)
        right = _levels(b, match.raw_left[1], table, by_stem=by_stem)
        for i, level in left:
            for item in right:
                j, other = item
                if match.source_block[i] == match.derived_block[j]:
                    right.remove(item)
                    match.source_left.discard(i)
                    match.derived_left.discard(j)
                    if abs(level - other) > 1:
                        yield _surer(match, i, j, other - level)
                    break
            else:
                if not by_stem and level == 1 and _stands_alone(a, i):
                    yield Finding("certainty", 2, a.span(i, i + 1), None, "certainty")
        for j, level in right:
            if not by_stem and level == 1 and _stands_alone(b, j):
                yield Finding("certainty", 2, None, b.span(j, j + 1), "certainty")
    yield from _settled(match)
    yield from _assumed(match)
    for words, reason in ((lists.hedges, "certainty"), (lists.boosters, "booster")):
        hedged, counter = bool(a.keys & words), bool(b.keys & words)
        if hedged and not counter and not _modal(b, match):
            i = next(i for i, word in enumerate(a.words) if word.key in words)
            match.source_left.discard(i)
            yield Finding("certainty", 2, a.span(i, i + 1), None, reason)
        if counter and not hedged and not _modal(a, match):
            j = next(j for j, word in enumerate(b.words) if word.key in words)
            match.derived_left.discard(j)
            yield Finding("certainty", 2, None, b.span(j, j + 1), reason)


def _surer(match: Match, i: int, j: int, shift: int, *, severity: int = 2) -> Finding:
    spans = match.source.span(i, i + 1), match.derived.span(j, j + 1)
    return Finding("certainty", severity, *spans, "certainty", shift=shift)


def _settled(match: Match) -> Iterator[Finding]:
    """Plans and expectations that became certain: "plans to" and "will", or the other way round."""
    a, b = match.source, match.derived
    certain, attitudes = match.lists.certain, match.lists.attitudes
    if a.keys.isdisjoint(certain) and b.keys.isdisjoint(certain):
        return
    for block in match.blocks:
        if len(block.source) > 12 or len(block.derived) > 12:
            continue
        for i in block.source:
            for j in block.derived:
                one, other = attitudes.get(a.stems[i], 4), attitudes.get(b.stems[j], 4)
                if one < 4 and b.words[j].key in certain:
                    yield _surer(match, i, j, 1, severity=2 if one < CERTAIN else 1)
                elif other < 4 and a.words[i].key in certain:
                    yield _surer(match, i, j, -1, severity=2 if other < CERTAIN else 1)


def _assumed(match: Match) -> Iterator[Finding]:
    """What is "thought to be" on one side alone."""
    for side, other, left, mirrored in (
        (match.source, match.derived, match.raw_left[0], False),
        (match.derived, match.source, match.raw_left[1], True),
    ):
        words = match.lists.assumptions
        if side.keys.isdisjoint(words):
            continue
        if not other.keys.isdisjoint(match.lists.doubts) or _modal(other, match):
            continue
        for i in sorted(left):
            if side.words[i].key in words and i + 2 < len(side) and side.words[i + 1].key == "to":
                finding = Finding("certainty", 2, side.span(i, i + 2), None, "certainty")
                yield finding.mirrored() if mirrored else finding
                break


def _modal(side: Side, match: Match) -> bool:
    return any(match.lists.modals.get(word.key) == 1 for word in side.words)


def _levels(
    side: Side, left: frozenset[int], table: dict[str, int], *, by_stem: bool
) -> list[tuple[int, int]]:
    return [
        (i, level)
        for i in sorted(left)
        if (level := table.get(side.stems[i] if by_stem else side.words[i].key)) is not None
    ][:_MOST]


def _stands_alone(side: Side, position: int) -> bool:
    """Whether a modal verb makes less sure: "may rise", not the month, nor "could not be reached"."""
    word = side.words[position]
    following = side.words[position + 1] if position + 1 < len(side) else None
    if following is not None and following.negates and word.key in side.reading.lists.abilities:
        return False
    return not word.capital or position == 0


def strength(match: Match) -> Iterator[Finding]:
    """Verbs of saying that say it louder, and comparatives that lost or found their ending."""
    a, b = match.source, match.derived
    groups, endings = match.lists.verb_strength, match.lists.comparative_endings
    none: frozenset[int] = frozenset()
    for block in match.blocks:
        if len(block.source) > 12 or len(block.derived) > 12:
            continue
        for i in block.source:
            for j in block.derived:
                one, other = groups.get(a.stems[i], none), groups.get(b.stems[j], none)
                said = one and other and not one & other and (i, j) not in match.reversed
                degree = not said and _compared(a.words[i].text, b.words[j].text, endings)
                shift = 0 if said or degree else _shade(match.lists, a.stems[i], b.stems[j])
                if said or degree or shift:
                    match.source_left.discard(i)
                    match.derived_left.discard(j)
                    spans = a.span(i, i + 1), b.span(j, j + 1)
                    reason = "degree" if degree else "strength"
                    yield Finding("strength", 1 if shift else 2, *spans, reason, shift=shift)


def _shade(lists: Lists, one: str, other: str) -> int:
    """Whether one of two words of much the same meaning is stronger: 1 if the second is, or -1."""
    if one not in lists.shades or other not in lists.shades or one == other:
        return 0
    for scale, strength in lists.shades[one]:
        for another, counter in lists.shades[other]:
            if scale == another and strength != counter:
                return 1 if counter > strength else -1
    return 0


def _compared(one: str, other: str, endings: tuple[str, ...]) -> bool:
    """Whether two words differ by a comparative ending: "lower-level" and "low-level"."""
    if "-" not in one or "-" not in other:
        return False
    parts, others = one.lower().split("-"), other.lower().split("-")
    if len(parts) != len(others) or parts == others:
        return False
    unlike = [pair for pair in zip(parts, others, strict=True) if pair[0] != pair[1]]
    if len(unlike) != 1:
        return False
    short, long = sorted(unlike[0], key=len)
    return len(short) > 2 and long in [short + ending for ending in endings]
