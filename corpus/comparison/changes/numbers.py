"""Numbers in a text, in figures and in words, with their unit and their bound."""

import re
from collections.abc import Sequence

from ..language.lists import Lists, Word
from ..tokens import fold
from .dates import CURRENCIES, Fact

_FIGURES = {
    ".": re.compile(r"\d+(?:[,\s]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"),
    ",": re.compile(r"\d+(?:[.\s]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"),
}
"""What a figure looks like, by the decimal mark of the language."""


def number_at(words: Sequence[Word], i: int, lists: Lists) -> list[Fact]:
    word = words[i]
    if not word.stem:
        return []
    if any(map(str.isdigit, word.text)):
        return _figures(words, i, lists)
    vague = lists.vague.get(word.key)
    if vague is not None and not (i and words[i - 1].key in lists.scales):
        return [Fact(i, i + 1, ("vague", float(vague)))]
    share = _share(words, i, lists)
    if share is not None:
        return [share]
    ordinal = _ordinal(word, lists)
    value = None if ordinal else _in_words(word, lists)
    if value is None:
        if ordinal is not None and not (word.key == "second" and i and words[i - 1].key == "a"):
            return [Fact(i, i + 1, ("ordinal", ordinal))]
        if word.key in lists.quantities:
            bound, opening = _bound(words, i, lists)
            value = float(lists.quantities[word.key])
            if word.key in lists.multiples:
                return [Fact(i, i + 1, ("times", value))]
            return [Fact(i, i + 1, ("number", value), "", bound, opening)]
        return []
    joined = [word.key for word in words[i + 1 : i + 3]] in lists.and_a
    if word.key == "one" and not joined and not _counts(words, i, lists):
        return []
    last = i + 1
    total = value
    while last < len(words) and (more := _in_words(words[last], lists)) is not None:
        if words[last].key in lists.scales:
            total *= more
        elif more < 100 and total >= 20 and words[last - 1].key != "-":
            total += more
        else:
            break
        last += 1
    if [word.key for word in words[last : last + 2]] in lists.and_a and last + 2 < len(words):
        part = words[last + 2].key
        if part in lists.quantities or part in lists.fractions:
            total += 1 / lists.fractions.get(part, 2)
            last += 3
    return [_measured(words, i, last, total, lists)]


def _share(words: Sequence[Word], i: int, lists: Lists) -> Fact | None:
    """A fraction in words: "a third of", "two thirds", "by a quarter"."""
    if i + 1 >= len(words) or words[i + 1].key not in lists.fractions:
        return None
    many = 1 if words[i].key in lists.ones else lists.numbers.get(words[i].key)
    after = words[i + 2].key if i + 2 < len(words) else ""
    plural = words[i + 1].key not in lists.ordinals and many != 1
    before = words[i - 1].key if i else ""
    if not many or not (plural or after in lists.possession or before in lists.steps):
        return None
    value = round(many / lists.fractions[words[i + 1].key], 6)
    bound, opening = _bound(words, i, lists)
    return Fact(i, i + 2, ("number", value), "", bound, opening)


def _ordinal(word: Word, lists: Lists) -> int | None:
    """The value of "third" or "forty-fifth"."""
    value = lists.ordinals.get(word.key)
    if value is None and "-" in word.text:
        tens, _, ones = (fold(part) for part in word.text.partition("-"))
        if lists.numbers.get(tens, 0) >= 20 and ones in lists.ordinals:
            value = lists.numbers[tens] + lists.ordinals[ones]
    return value


def _in_words(word: Word, lists: Lists) -> float | None:
    value = lists.numbers.get(word.key)
    if value is None and word.key in lists.scales and len(word.key) > 2:
        value = lists.scales[word.key]
    if value is None and "-" in word.text:
        parts = [lists.numbers.get(fold(part)) for part in word.text.split("-") if part]
        if len(parts) == 2 and parts[0] and parts[1] and parts[0] >= 20 > parts[1]:
            value = parts[0] + parts[1]
        elif parts and parts[0] is not None:
            value = parts[0]
            if len(parts) > 1:
                value *= lists.scales.get(fold(word.text.split("-")[1]), 1)
    return value


def _counts(words: Sequence[Word], i: int, lists: Lists) -> bool:
    """Whether "one" counts something: "one goal", not "no one" or "one of"."""
    following = words[i + 1] if i + 1 < len(words) else None
    before = words[i - 1] if i else None
    return (
        following is not None
        and bool(following.stem)
        and not following.function
        and not following.capital
        and not (before and before.function and before.key in lists.determiners)
    )


def _figures(words: Sequence[Word], i: int, lists: Lists) -> list[Fact]:
    word = words[i]
    mark = lists.decimal_mark or "."
    figures = list(_FIGURES[mark].finditer(word.text))
    if not figures:
        return []
    if not word.text[0].isdigit():
        if len(word.key) == 2 and word.key[0] == lists.quarter_letter and word.key[1] in "1234":
            return [Fact(i, i + 1, ("ordinal", int(word.key[1])))]
        # A code such as "G7" or "COVID-19" is a name, not an amount.
        return [Fact(i, i + 1, ("code", word.key))]
    following = words[i + 1] if i + 1 < len(words) else None
    if following is not None and following.text == ")" and (not i or words[i - 1].text != "("):
        return []  # the number of an item in a list
    facts = []
    for figure in figures[:4]:
        value = _value(figure[0], mark)
        last = i + 1
        rest = word.text[figure.end() :].strip("-").lower()
        if rest in ("st", "nd", "rd", "th"):
            facts.append(Fact(i, i + 1, ("ordinal", int(value))))
            continue
        value *= lists.scales.get(rest.split("-")[0], 1)
        while last < len(words) and words[last].key in lists.scales:
            value *= lists.scales[words[last].key]
            last += 1
        fact = _measured(words, i, last, value, lists)
        named = next((part for part in rest.split("-") if part in lists.units), "")
        facts.append(fact._replace(unit=fact.unit or lists.units.get(named, "")))
    return facts


def _value(figures: str, mark: str) -> float:
    """The value of figures: the other mark groups before three of them, else it is decimal too."""
    group = "." if mark == "," else ","
    whole, found, rest = figures.rpartition(group)
    if found and len(rest) != 3 and rest.isdecimal():
        figures = f"{whole}{mark}{rest}"
    digits = "".join(figures.replace(group, "").split())
    return float(digits.replace(mark, ".")[:300])


def _measured(words: Sequence[Word], first: int, last: int, value: float, lists: Lists) -> Fact:
    """A number with the unit beside it and with "more than" or "under" before it."""
    unit = ""
    before = words[first - 1] if first else None
    if before is not None and before.text in CURRENCIES:
        unit = before.text
        first -= 1
    elif last < len(words):
        following = words[last]
        beside = " ".join(word.key for word in words[last : last + 2])
        unit = lists.units.get(following.key, "")
        if not unit and "-" in following.text:
            unit = lists.units.get(fold(following.text.partition("-")[0]), "")
        if beside in lists.points:
            unit, last = "%p", last + 1
            value *= lists.points[beside]
        elif unit and [word.text for word in words[last + 1 : last + 3]] == ["/", "h"]:
            unit, last = f"{unit}/h", last + 2
        if following.text == "%" or following.key == "%":
            unit = "%"
        if unit:
            last += 1
    bound, opening = _bound(words, first, lists)
    counted = -1
    if not unit and last < len(words) and words[last].stem and not words[last].function:
        counted = last
    return Fact(first, last, ("number", round(value, 6)), unit, bound, opening, counted)


def _bound(words: Sequence[Word], first: int, lists: Lists) -> tuple[int, int]:
    """Whether a word before a number makes it a lower (1) or an upper bound (-1), and which."""
    bound, opening = 0, -1
    for i in range(max(0, first - 2), first):
        if words[i].key in lists.comparators:
            bound, opening = lists.comparators[words[i].key], i
    return bound, opening
