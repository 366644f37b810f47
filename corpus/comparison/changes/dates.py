"""Dates and times of day in a text: what a reader would put on a calendar."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..language.lists import Lists, Word

_HOUR = re.compile(r"(\d{1,2})(?:[:.h](\d\d)?)?(?:([ap])\.?m\.?)?$")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?:[ap]\.?m\.?)?$|\d{1,2}[ap]\.?m\.?$")
CURRENCIES = frozenset("$€£¥₹₽₩₺₴₪")


class Fact(NamedTuple):
    """A figure or a date: the words [first, last) that give it, and its value."""

    first: int
    last: int
    value: tuple[str, object]
    unit: str = ""
    bound: int = 0
    opening: int = -1
    """The word that sets a bound ("more" of "more than 20"), or -1."""
    counted: int = -1
    """The word of substance right after a number without a known unit, or -1."""


def date_at(words: Sequence[Word], i: int, lists: Lists) -> list[Fact]:
    word = words[i]
    key = word.key
    following = words[i + 1] if i + 1 < len(words) else None
    capital = word.capital or not lists.capital_months
    if capital and key in lists.months:
        day = _digits(following)
        before = words[i - 1] if i else None
        if key in lists.month_words and not (day or (before and before.key in lists.prepositions)):
            return []
        month = lists.months[key]
        facts = [Fact(i, i + 1, ("month", month))]
        if day and len(day) < 3:
            facts = [Fact(i, i + 2, ("day", (month, int(day))))]
        return facts
    if (day := _digits(word)) and len(day) < 3:
        named = _month_after(words, i, lists)
        if named:
            return [Fact(i, named + 1, ("day", (lists.months[words[named].key], int(day))))]
    if capital and key in lists.weekdays:
        return [Fact(i, i + 1, ("weekday", lists.weekdays[key]))]
    if key in lists.relative_days:
        return [Fact(i, i + 1, ("relative", key))]
    if (
        key in lists.period_openers
        and following is not None
        and following.text.islower()
        and following.key in lists.periods
    ):
        period = lists.period_openers[key], following.key
        return [Fact(i, i + 2, ("relative", lists.same_days.get(" ".join(period), period)))]
    if key in lists.period_openers and following is not None and following.key in lists.weekdays:
        return []
    plain = word.text.removesuffix("'s").removesuffix("’s")
    if plain.isdecimal() and len(plain) == 4 and 1000 <= int(plain) <= 2100:
        before = words[i - 1] if i else None
        counted = following is not None and (
            following.key in lists.units or following.key in lists.scales
        )
        if not counted and not (before and before.text in CURRENCIES):
            return [Fact(i, i + 1, ("year", plain))]
    if len(word.text) == 5 and word.text[:4].isdecimal() and word.text[4] == "s":
        return [Fact(i, i + 1, ("year", word.text))]
    if word.text[0].isdigit() and following is not None and following.key in lists.day_halves:
        clock = _time(f"{word.key}{following.key}")
        if clock:
            return [Fact(i, i + 2, ("time", clock))]
    if word.text[0].isdigit() and _CLOCK.match(word.text) and _is_clock(words, i, lists):
        return [Fact(i, i + 1, ("time", _time(word.key) or word.key))]
    return []


def _month_after(words: Sequence[Word], i: int, lists: Lists) -> int:
    """The place of the month of day i: "3 May", "3. Mai", "3 de mayo"; 0 where none is named."""
    for at in range(i + 1, min(i + 3, len(words))):
        word = words[at]
        if word.key in lists.months:
            return at if word.capital or not lists.capital_months else 0
        if word.text != "." and word.key not in lists.prepositions | {"er"}:
            break
    return 0


def _time(clock: str) -> str:
    """The time of "2pm", "10.30" or "14:00", by the hours of the day: "14:00"."""
    match = _HOUR.match(clock)
    if match is None or int(match[1]) > 24:
        return ""
    hour = int(match[1])
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "p" else 0)
    return f"{hour}:{match[2] or '00'}"


def _is_clock(words: Sequence[Word], i: int, lists: Lists) -> bool:
    """Whether figures with a point tell the time: "at 10.30", not "3.40 florins"."""
    text = words[i].text
    if ":" in text or text[-1].isalpha() or text.endswith("m."):
        return True
    following = words[i + 1].key if i + 1 < len(words) else ""
    measured = following in lists.units or following in lists.scales or following == "%"
    return i > 0 and words[i - 1].key in lists.clock_openers and not measured


def _digits(word: Word | None) -> str:
    """The figures of a day of the month: "30", "30th"."""
    if word is None or not word.text[0].isdigit():
        return ""
    digits = word.text.rstrip("stndrh")
    return digits if digits.isdecimal() and len(digits) < 5 else ""
