"""Words that make a statement surer or weaker, or say it louder."""

from collections.abc import Iterator

from ..language.lists import CERTAIN, Lists
from .pair import Finding, Match, Side

_MOST = 60
"""Words of one passage that are looked at for a counterpart."""


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
    yield from _loaded(match)
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


def _loaded(match: Match) -> Iterator[Finding]:
    """Words that judge what they name, on one side alone: "so-called", "regime"."""
    words = match.lists.loaded
    for side, other, left, mirrored in (
        (match.source, match.derived, match.raw_left[0], False),
        (match.derived, match.source, match.raw_left[1], True),
    ):
        for i in sorted(left):
            if side.words[i].key in words and other.keys.isdisjoint(words):
                finding = Finding("strength", 2, side.span(i, i + 1), None, "loaded")
                yield finding.mirrored() if mirrored else finding
                break


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
