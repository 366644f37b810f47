"""Words that turn a statement round, make it surer or weaker, or replace its substance."""

from collections.abc import Callable, Iterator

from .pair import Finding, Match, Side

_MOST = 60
"""Denials of one passage that are looked at for a counterpart."""

_BUDGET = 20_000
"""How many pairs of words of one passage are looked at for antonyms."""


def _is_negation(match: Match, side: Side, position: int) -> bool:
    word = side.words[position]
    if word.key in match.lists.negations:
        following = side.words[position + 1].key if position + 1 < len(side) else ""
        return following not in match.lists.negation_companions
    return word.key.endswith(match.lists.negation_ending)


def _predicate(side: Side, position: int) -> int | None:
    """The position of the first word of substance after a negation."""
    for i in range(position + 1, min(position + 6, len(side))):
        word = side.words[i]
        if not word.function and not word.key.endswith(side.reading.lists.adverb_ending):
            return i
    return None


def negation(match: Match) -> Iterator[Finding]:
    """Predicates that are denied on one side only, and words replaced by their opposite."""
    a, b = match.source, match.derived
    left = [i for i in range(len(a)) if _is_negation(match, a, i)]
    right = [j for j in range(len(b)) if _is_negation(match, b, j)]
    _pair_off(left, right, lambda i, j: _denied(a, i) == _denied(b, j) != "")
    match.cancel_synonyms()
    _pair_off(left, right, lambda i, j: _alike_predicates(match, i, j))
    _pair_off(left, right, lambda i, j: not (_affirmed(a, i, b) or _affirmed(b, j, a)))
    opposites = list(_opposites(match))
    for i in left[:_MOST]:
        yield from _unpaired(match, a, i, b, opposites, mirrored=False)
    for j in right[:_MOST]:
        yield from _unpaired(match, b, j, a, opposites, mirrored=True)
    for i, j in opposites:
        match.source_left.discard(i)
        match.derived_left.discard(j)
        yield Finding("negation", 3, a.span(i, i + 1), b.span(j, j + 1), "opposite")


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


def _alike_predicates(match: Match, i: int, j: int) -> bool:
    one, other = _predicate(match.source, i), _predicate(match.derived, j)
    return (
        one is not None
        and other is not None
        and match.alike(match.source.words[one], match.derived.words[other])
    )


def _opposites(match: Match) -> Iterator[tuple[int, int]]:
    """Left-over words of one block, or of neighbouring ones, that are antonyms."""
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
            if negative or word.stem in match.lists.negative_verbs:
                return
            if match.lists.without_prefix(word.key):
                return
        if not _affirmed(side, position, other) and any(not other.words[i].function for i in there):
            return  # "not cheap" and "costly": another predicate, which may say the same
    finding = Finding("negation", 3, side.span(position, position + 1), None, "negation")
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
                        yield Finding(
                            "certainty", 2, a.span(i, i + 1), b.span(j, j + 1), "certainty"
                        )
                    break
            else:
                if not by_stem and level == 1 and _stands_alone(a, i):
                    yield Finding("certainty", 2, a.span(i, i + 1), None, "certainty")
        for j, level in right:
            if not by_stem and level == 1 and _stands_alone(b, j):
                yield Finding("certainty", 2, None, b.span(j, j + 1), "certainty")
    for words in (lists.hedges, lists.boosters):
        hedged, counter = bool(a.keys & words), bool(b.keys & words)
        if hedged and not counter and not _modal(b, match):
            i = next(i for i, word in enumerate(a.words) if word.key in words)
            match.source_left.discard(i)
            yield Finding("certainty", 2, a.span(i, i + 1), None, "certainty")
        if counter and not hedged and not _modal(a, match):
            j = next(j for j, word in enumerate(b.words) if word.key in words)
            match.derived_left.discard(j)
            yield Finding("certainty", 2, None, b.span(j, j + 1), "certainty")


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
    """Whether a modal verb is one: "may rise", not the month."""
    return not side.words[position].capital or position == 0


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
                said = one and other and not one & other
                if said or _compared(a.words[i].text, b.words[j].text, endings):
                    match.source_left.discard(i)
                    match.derived_left.discard(j)
                    yield Finding("strength", 2, a.span(i, i + 1), b.span(j, j + 1), "strength")


def _compared(one: str, other: str, endings: tuple[str, ...]) -> bool:
    """Whether two words differ by a comparative ending: "lower-level" and "low-level"."""
    parts, others = one.lower().split("-"), other.lower().split("-")
    if len(parts) != len(others) or parts == others:
        return False
    unlike = [pair for pair in zip(parts, others, strict=True) if pair[0] != pair[1]]
    if len(unlike) != 1:
        return False
    short, long = sorted(unlike[0], key=len)
    return len(parts) > 1 and len(short) > 2 and long in [short + ending for ending in endings]
