"""Numbers in a text, in figures and in words, with their unit and their bound."""

import re
from collections.abc import Sequence

from ..language.lists import Lists, Word
from ..tokens import fold
from .dates import CURRENCIES, Fact

_FIGURES = {
    ".": re.compile(r"\d+(?:[,\s]\d{3})*(?:\.\d+)?"),
    ",": re.compile(r"\d+(?:[.\s]\d{3})*(?:,\d+)?"),
}
"""What a figure looks like, by the decimal mark of the language."""


def number_at(words: Sequence[Word], i: int, lists: Lists) -> list[Fact]:
    word = words[i]
    if not word.stem:
        return []
    if any(map(str.isdigit, word.text)):
        return _figures(words, i, lists)
    value = _in_words(word, lists)
    if value is None:
        ordinal = lists.ordinals.get(word.key)
        if ordinal is not None and not (word.key == "second" and i and words[i - 1].key == "a"):
            return [Fact(i, i + 1, ("ordinal", ordinal))]
        if word.key in lists.quantities:
            return [Fact(i, i + 1, ("number", float(lists.quantities[word.key])))]
        return []
    if word.key == "one" and not _counts(words, i, lists):
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
    return [_measured(words, i, last, total, lists)]


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
    return value


def _counts(words: Sequence[Word], i: int, lists: Lists) -> bool:
    """Whether "one" counts something: "one goal", not "no one" or "one of"."""
    following = words[i + 1] if i + 1 < len(words) else None
    before = words[i - 1] if i else None
    return (
        following is not None
        and bool(following.stem)
        and not following.function
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
        rest = word.text[figure.end() :].strip("-").lower()
        if rest in ("st", "nd", "rd", "th"):
            facts.append(Fact(i, i + 1, ("ordinal", int(value))))
            continue
        value *= lists.scales.get(rest, 1)
        last = i + 1
        while last < len(words) and words[last].key in lists.scales:
            value *= lists.scales[words[last].key]
            last += 1
        facts.append(_measured(words, i, last, value, lists))
    return facts


def _value(figures: str, mark: str) -> float:
    digits = "".join(figures.replace("." if mark == "," else ",", "").split())
    return float(digits.replace(",", ".")[:300])


def _measured(words: Sequence[Word], first: int, last: int, value: float, lists: Lists) -> Fact:
    """A number with the unit beside it and with "more than" or "under" before it."""
    unit = ""
    before = words[first - 1] if first else None
    if before is not None and before.text in CURRENCIES:
        unit = before.text
        first -= 1
    elif last < len(words):
        following = words[last]
        unit = lists.units.get(following.key, "")
        if following.text == "%" or following.key == "%":
            unit = "%"
        if unit:
            last += 1
    bound, opening = 0, -1
    for i in range(max(0, first - 2), first):
        if words[i].key in lists.comparators:
            bound, opening = lists.comparators[words[i].key], i
    counted = -1
    if not unit and last < len(words) and words[last].stem and not words[last].function:
        counted = last
    return Fact(first, last, ("number", round(value, 6)), unit, bound, opening, counted)
