"""Figures, dates and times that differ."""

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Literal

from ..results import Span
from .dates import Fact
from .pair import Finding, Match, Side

_DATES = frozenset(("month", "day", "year", "weekday", "relative", "time"))
_CLASSES = {"month": "day", "code": "number", "vague": "number"}
_ROUNDING = 0.02
_MOST = 200
"""Facts of one passage that are looked at for a counterpart."""


def figures(match: Match) -> Iterator[Finding]:
    """Numbers, units, limits, dates and times that the other side has differently or not."""
    a, b = match.source, match.derived
    left, right, same = _unmatched(a.facts, b.facts)
    for one, other in same:
        if _measures_differ(match, one, other):
            yield Finding("number", 3, _counted(a, one), _counted(b, other), "unit")
        if one.bound != other.bound:
            severity = 3 if one.bound * other.bound else 1
            yield Finding("number", severity, _bounded(a, one), _bounded(b, other), "bound")
    left, right = left[:_MOST], right[:_MOST]
    for one, other in _partners(match, left, right):
        left.remove(one)
        right.remove(other)
        finding = _changed(a, b, one, other)
        if finding:
            yield finding
    near_a = a.reading.values_near(a.spans) if right else set()
    near_b = b.reading.values_near(b.spans) if left else set()
    for kind, span in _together(a, [f for f in left if f.value not in near_b and _matters(f, b)]):
        yield Finding(kind, 2, span, None, kind)
    for kind, span in _together(b, [f for f in right if f.value not in near_a and _matters(f, a)]):
        yield Finding(kind, 2, None, span, kind)


def _together(side: Side, facts: list[Fact]) -> Iterator[tuple[Literal["date", "number"], Span]]:
    """The spans of facts; the parts of a date ("Monday, 12 January") are one."""
    found: list[tuple[Literal["date", "number"], Fact, Span]] = []
    for fact in sorted(facts):
        kind, span = _kind(fact), side.fact_span(fact)
        if found and kind == "date" == found[-1][0] and fact.first - found[-1][1].last <= 1:
            span = Span(found.pop()[2].start, span.end)
        found.append((kind, fact, span))
    yield from ((kind, span) for kind, _, span in found)


def _unmatched(
    source: list[Fact], derived: list[Fact]
) -> tuple[list[Fact], list[Fact], list[tuple[Fact, Fact]]]:
    """The facts that only one side has, and those with the same value on both."""
    waiting: defaultdict[tuple[str, object], deque[Fact]] = defaultdict(deque)
    for fact in derived:
        waiting[fact.value].append(fact)
    left, same = [], []
    for fact in source:
        others = waiting[fact.value]
        if others:
            same.append((fact, others.popleft()))
        else:
            left.append(fact)
    right = sorted(fact for others in waiting.values() for fact in others)
    return left, right, same


def _measures_differ(match: Match, one: Fact, other: Fact) -> bool:
    """Whether equal numbers are of unlike things: "61 florins" and "61 dollars"."""
    if one.unit and other.unit:
        return one.unit != other.unit
    a, b = match.source, match.derived
    word = a.reading.words[one.counted] if one.counted >= 0 else None
    counterpart = b.reading.words[other.counted] if other.counted >= 0 else None
    if one.unit and counterpart:
        return not _has_unit(b, one.unit) and counterpart.stem not in a.stem_set
    if other.unit and word:
        return not _has_unit(a, other.unit) and word.stem not in b.stem_set
    return False


def _has_unit(side: Side, unit: str) -> bool:
    """Whether a side names a unit or its sign anywhere: "61 million in dollars"."""
    words = side.reading.words
    units = side.reading.lists.units
    return any(
        words[i].text == unit or units.get(words[i].key) == unit
        for first, last in side.ranges
        for i in range(first, last)
    )


def _counted(side: Side, fact: Fact) -> Span:
    """The span of a number with what it counts."""
    end = side.reading.ends[fact.counted] if fact.counted >= 0 else side.fact_span(fact).end
    return Span(side.fact_span(fact).start, end)


def _told(side: Side, fact: Fact) -> Span:
    """The same where the thing counted is one word: "40 million florins", not "14 container"."""
    words = side.reading.words
    following = words[fact.counted + 1] if fact.counted + 1 < len(words) else None
    if fact.counted < 0 or (following is not None and not following.function):
        return side.fact_span(fact)
    return _counted(side, fact)


def _bounded(side: Side, fact: Fact) -> Span:
    """The span of a number with what limits it: "more than 20"."""
    if fact.opening < 0:
        return side.fact_span(fact)
    return Span(side.reading.starts[fact.opening], side.fact_span(fact).end)


def _kind(fact: Fact) -> Literal["date", "number"]:
    return "date" if fact.value[0] in _DATES else "number"


def _class(fact: Fact) -> str:
    """What a fact may be exchanged for: numbers of one unit, and shares of a whole."""
    if fact.value[0] == "number" and (fact.unit == "%" or _is_share(fact)):
        return "share"
    return _CLASSES.get(fact.value[0], fact.value[0])


def _partners(match: Match, left: list[Fact], right: list[Fact]) -> list[tuple[Fact, Fact]]:
    """Which of the left facts answers to which of the right: in one block first, then in order."""
    pairs: list[tuple[Fact, Fact]] = []
    free = list(right)
    for same_block in (True, False):
        for one in left:
            if any(one is taken for taken, _ in pairs):
                continue
            block = _block(match.source, match.source_block, one)
            for other in free:
                there = _block(match.derived, match.derived_block, other)
                if same_block and (block != there or block < 0):
                    continue
                alike = _kind(one) == _kind(other) and "times" not in (one.value[0], other.value[0])
                if _class(one) == _class(other) or (same_block and alike):
                    pairs.append((one, other))
                    free.remove(other)
                    break
    return pairs


def _is_share(fact: Fact) -> bool:
    value = fact.value[1]
    return not fact.unit and isinstance(value, float) and 0 < value < 1


def _block(side: Side, blocks: list[int], fact: Fact) -> int:
    first, last = side.position(fact.first), side.position(fact.last)
    return max(blocks[first:last], default=-1)


def _changed(a: Side, b: Side, one: Fact, other: Fact) -> Finding | None:
    kinds = {one.value[0], other.value[0]}
    if "relative" in kinds and len(kinds) == 2 and kinds & _DATES - {"relative"}:
        return None  # "yesterday" and "on Tuesday" may be one day
    if kinds == {"month", "day"}:
        days = [fact.value[1] for fact in (one, other)]
        months = {day[0] if isinstance(day, tuple) else day for day in days}
        severity = 1 if len(months) == 1 else 3
        return Finding("date", severity, a.fact_span(one), b.fact_span(other), "date")
    reason: str = _kind(one)
    # "This evening" may be "tonight".
    severity = 2 if any(isinstance(fact.value[1], tuple) for fact in (one, other)) else 3
    if "day" in kinds:
        severity = 3
    x, y = one.value[1], other.value[1]
    if kinds == {"vague", "number"}:
        return _vague(a, b, one, other)
    if kinds == {"ordinal", "number"} and x == y:
        return None
    if isinstance(x, float) and isinstance(y, float):
        if {one.unit, other.unit} == {"%", ""} and min(abs(x / 100 - y), abs(y / 100 - x)) < 0.005:
            return None
        if abs(x - y) <= _ROUNDING * max(abs(x), abs(y)) and _is_round(x) != _is_round(y):
            reason, severity = "rounding", 1
    kind = _kind(one)
    about = _told(a, one), _told(b, other)
    return Finding(kind, severity, a.fact_span(one), b.fact_span(other), reason, about)


def _vague(a: Side, b: Side, one: Fact, other: Fact) -> Finding | None:
    """A number facing "dozens" or "hundreds": a change where it is none of them."""
    vague, number = (one, other) if one.value[0] == "vague" else (other, one)
    least, value = vague.value[1], number.value[1]
    if isinstance(least, float) and isinstance(value, float) and 2 * least <= value < 10 * least:
        return None
    return Finding("number", 3, a.fact_span(one), b.fact_span(other), "number")


def _is_round(value: float) -> bool:
    return len(f"{value:.10g}".rstrip("0").rstrip(".")) <= 2


def _matters(fact: Fact, other: Side) -> bool:
    """Whether a fact that one side has alone is one: "one" and "first" are often mere words."""
    kind, value = fact.value
    if kind in ("number", "ordinal") and value == 1 and not fact.unit:
        return False
    if kind == "number" and value == 2 and other.keys & other.reading.lists.twos:
        return False
    return kind != "code"
