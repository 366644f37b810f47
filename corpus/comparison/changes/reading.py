"""A text read once for its facts: words with their stems, figures, dates, names, quotations."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from ..language import Language, load
from ..quotes import quotations
from ..results import Quotation, Span
from ..tokens import Token, fold, key, tokenize

CERTAIN = 3
"""The level of "will" among the modal verbs."""

NEAR = 400
"""How many characters around a pair may hold a detail that only moved."""

_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?:[ap]\.?m\.?)?$|\d{1,2}[ap]\.?m\.?$")
_CURRENCIES = frozenset("$€£¥₹₽₩₺₴₪")
_HYPHENS = ("-", "‐", "‑")


class Word(NamedTuple):
    """What the lists say of a token, the same wherever it stands; `stem` is "" for marks."""

    text: str
    key: str
    stem: str
    function: bool
    capital: bool
    opens_fact: bool
    """Whether a figure or a date can begin with it."""
    negates: bool
    """Whether it denies something, as "not", "no" and "isn't" do."""
    acronym: bool
    """Whether it may be made of the first letters of other words: "UNHCR"."""


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


class Lists:
    """The word lists of a language that the detectors look up."""

    def __init__(self, language: Language) -> None:
        words, stems, data = language.words, language.stems, language.data
        self.language = language
        self.stem = language.stem
        self.function = frozenset().union(
            *(
                words(name)
                for name in [
                    "articles",
                    "pronouns",
                    "possessives",
                    "demonstratives",
                    "prepositions",
                    "conjunctions",
                    "auxiliaries",
                    "fillers",
                ]
            )
        )
        self.pronouns = words("pronouns")
        self.determiners = words("articles") | words("possessives") | words("demonstratives")
        self.prepositions = words("prepositions")
        self.auxiliaries = words("auxiliaries")
        self.negations = words("strict_negations")
        self.negation_ending: str = data["negation_ending"]
        self.negation_companions = words("negation_companions")
        self.privative_ending: str = data["privative_ending"]
        self.comparative_endings = tuple(data["comparative_endings"].split())
        self.twos = words("twos")
        self.month_words = words("month_words")
        self.negative_verbs = stems("negative_verbs")
        self.negative_prefixes = language.negative_prefixes
        self.opposite_prefixes = [pair.split() for pair in data["opposite_prefixes"]]
        self.opposite_suffixes = [pair.split() for pair in data["opposite_suffixes"]]
        self.plain_negatives = tuple(data["plain_negatives"].split())
        self.word = lru_cache(maxsize=1 << 16)(self._word)
        self.without_prefix = lru_cache(maxsize=1 << 14)(self._without_prefix)
        self.months: dict[str, int] = data["months"]
        self.weekdays: dict[str, int] = data["weekdays"]
        self.relative_days = words("relative_days")
        self.period_openers: dict[str, str] = data["period_openers"]
        self.periods = words("periods")
        self.same_days: dict[str, str] = data["same_days"]
        self.numbers: dict[str, int] = data["numbers"]
        self.ordinals: dict[str, int] = data["ordinals"]
        self.scales: dict[str, int] = data["scales"]
        self.quantities: dict[str, str] = data["quantities"]
        self.clock_openers = words("clock_openers")
        self.quarter_letter: str = data["quarter_letter"]
        self.units: dict[str, str] = data["units"]
        self.fact_openers = frozenset().union(
            self.months,
            self.weekdays,
            self.relative_days,
            self.period_openers,
            self.numbers,
            self.ordinals,
            self.scales,
            self.quantities,
        )
        self.comparators: dict[str, int] = data["comparators"]
        self.titles = words("titles")
        self.title_heads = words("title_heads")
        self.honorifics = words("honorifics")
        self.modals: dict[str, int] = data["modals"]
        self.hedges = words("hedges")
        self.boosters = words("boosters")
        self.abilities = words("abilities")
        self.assumptions = words("assumptions")
        self.doubts = self.assumptions | self.hedges
        self.certain = frozenset(word for word, level in self.modals.items() if level == CERTAIN)
        self.attitudes = {language.stem(word): level for word, level in data["attitudes"].items()}
        self.speech = stems("reporting") | {language.stem(data["according"].split()[0])}
        self.seen_by = words("seen_by")
        self.aliases = language.groups("aliases")
        self.demonyms = language.groups("demonyms")
        self.synonyms = language.groups("synonyms")
        self.phrase_openers = frozenset(
            phrase.partition("_")[0] for phrase in self.synonyms if "_" in phrase
        )
        self.meanings = _meanings(self.synonyms, self.aliases, self.demonyms)
        self.synonym_groups = _members(self.synonyms)
        self.antonyms = language.pairs("antonyms")
        self.kinds = language.groups("kinds")
        self.verb_strength = language.groups("verb_strength")
        self.tones = list(data["verb_strength"])
        self.shades = _shades(language)
        self.denials = stems("denials")
        self.scant = words("scant")
        self.coordinators = words("coordinators")
        self.not_adverbs = words("not_adverbs")
        self.ranks = words("ranks")
        self.roles = self.titles | words("roles")
        self.light = stems("light")
        self.anaphors = stems("anaphors")
        self.brackets = words("brackets")
        self.furniture: list[tuple[str, list[str]]] = [
            (name, [_line(phrase) for part in names.split() for phrase in data[part]])
            for name, names in data["furniture"].items()
        ]
        self.byline_openers = words("byline_openers")
        self.subjects = words("articles") | words("pronouns") | words("possessives")
        self.verb_openers = words("verb_openers")
        self.verb_endings = tuple(data["verb_endings"].split())
        self.adverb_ending: str = data["adverb_ending"]

    def _word(self, text: str) -> Word:
        """The word of a token's text; its key goes without the possessive ending."""
        full = key(text)
        if not text[0].isalnum() or full in self.brackets:
            return Word(text, full, "", True, *[False] * 4)
        bare = full.removesuffix("'s").removesuffix("'")
        return Word(
            text,
            bare,
            self.stem(bare),
            bare in self.function,
            text[0].isupper(),
            bare in self.fact_openers or "-" in text or any(map(str.isdigit, text)),
            bare in self.negations or bare.endswith(self.negation_ending),
            text.isupper() and 1 < len(bare) < 7,
        )

    def is_adverb(self, word: Word) -> bool:
        return word.key.endswith(self.adverb_ending) and word.key not in self.not_adverbs

    def opposite_form(self, one: str, other: str) -> bool:
        """Whether two words differ by opposite prefixes or endings: "useful" and "useless"."""
        for prefix, counterpart in self.opposite_prefixes:
            if one.startswith(prefix) and other == counterpart + one[len(prefix) :]:
                return len(one) - len(prefix) >= 4
        return any(
            one.endswith(suffix) and other == one[: len(one) - len(suffix)] + counterpart
            for suffix, counterpart in self.opposite_suffixes
        )

    def _without_prefix(self, key: str) -> str:
        """The word without its negative prefix ("undemocratic"), or "" if it has none."""
        for prefix in self.plain_negatives:
            if key.startswith(prefix) and len(key) - len(prefix) >= 4:
                return key[len(prefix) :]
        return ""


def _line(phrase: str) -> str:
    """A phrase as it stands among the keys of a text, to look for."""
    return f" {' '.join(token.key for token in tokenize(phrase))} "


def _meanings(*tables: dict[str, frozenset[int]]) -> dict[str, frozenset[tuple[int, int]]]:
    """For each word, its groups in all tables."""
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for n, table in enumerate(tables):
        for word, numbers in table.items():
            found[word] = found.get(word, frozenset()) | {(n, number) for number in numbers}
    return found


def _shades(language: Language) -> dict[str, list[tuple[int, int]]]:
    """For each verb, the scales that it is on and how strong it is there."""
    found: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(language.data["shades"]):
        for strength, verbs in enumerate(line.split("<")):
            for verb in verbs.split():
                found.setdefault(language.stem(fold(verb)), []).append((number, strength))
    return found


def _members(groups: dict[str, frozenset[int]]) -> dict[int, list[str]]:
    members: dict[int, list[str]] = {}
    for phrase, numbers in groups.items():
        for number in numbers:
            members.setdefault(number, []).append(phrase)
    return members


@cache
def lists(code: str = "en") -> Lists:
    return Lists(load(code))


class Reading:
    """One text, read once however many pairs it is part of."""

    def __init__(self, text: str, tokens: Sequence[Token] | None = None) -> None:
        self.text = text
        self.tokens = tokenize(text) if tokens is None else tokens
        self.lists = lists()
        word = self.lists.word
        self.words = [word(token.text) for token in self.tokens]
        self.starts = [token.start for token in self.tokens]
        self.ends = [token.end for token in self.tokens]

    def ranges(self, spans: Iterable[Span]) -> list[tuple[int, int]]:
        """The words of each span, as half-open ranges of indices."""
        return [
            (bisect_left(self.starts, start), bisect_left(self.starts, end)) for start, end in spans
        ]

    @cached_property
    def quotations(self) -> list[Quotation]:
        return quotations(self.text, self.tokens)

    @cached_property
    def quotes(self) -> int:
        """How many quotations stand in quotation marks."""
        return sum(found.direct for found in self.quotations)

    @cached_property
    def quotation_starts(self) -> list[int]:
        return [found.span.start for found in self.quotations]

    def quotations_in(self, spans: Sequence[Span]) -> list[Quotation]:
        """The quotations that begin in the spans."""
        found, starts = self.quotations, self.quotation_starts
        return [
            found[i]
            for start, end in spans
            for i in range(bisect_left(starts, start), bisect_left(starts, end))
        ]

    def speaker_of(self, quotation: Quotation) -> Span | None:
        """Who says a quotation; where that is a pronoun, the last one named in its paragraph."""
        if quotation.speaker is None or not self._is_pronoun(quotation.speaker):
            return quotation.speaker
        at = bisect_left(self.quotation_starts, quotation.span.start)
        for earlier in reversed(self.quotations[max(0, at - 6) : at]):
            if "\n" in self.text[earlier.span.end : quotation.span.start]:
                break
            if earlier.speaker is not None and not self._is_pronoun(earlier.speaker):
                return earlier.speaker
        return quotation.speaker

    def _is_pronoun(self, span: Span) -> bool:
        ((first, last),) = self.ranges([span])
        return last - first == 1 and self.words[first].key in self.lists.pronouns

    @cached_property
    def spoken(self) -> str:
        """The keys of all words as one string, to look for phrases in."""
        return f" {' '.join(word.key for word in self.words if word.stem)} "

    def quotations_near(self, spans: Sequence[Span]) -> list[Quotation]:
        """The quotations that begin within NEAR characters of the spans."""
        first = bisect_left(self.quotation_starts, spans[0][0] - NEAR)
        last = bisect_left(self.quotation_starts, spans[-1][1] + NEAR)
        return self.quotations[first:last]

    @cached_property
    def opens_sentence(self) -> bytearray:
        """A flag for each word that begins a sentence, a quotation or a line."""
        flags = bytearray(len(self.words) + 1)
        begins = True
        previous = 0
        for i, (word, start, end) in enumerate(
            zip(self.words, self.starts, self.ends, strict=True)
        ):
            if start - previous > 1 or self.text[previous:start] == "\n":
                begins = begins or "\n" in self.text[previous:start]
            previous = end
            if word.stem:
                flags[i] = begins
                begins = False
            elif word.text in '.!?:"“”‘…' or word.key in ("-", "..."):
                # A comma before a mark that closes: “We will,” Ruiz said.
                begins = word.text not in '"”' or i == 0 or self.words[i - 1].text != ","
        return flags

    @cached_property
    def capitalised(self) -> frozenset[str]:
        """The keys of the words that have a capital inside a sentence."""
        opens = self.opens_sentence
        return frozenset(
            word.key for i, word in enumerate(self.words) if word.capital and not opens[i]
        )

    def is_name(self, i: int) -> bool:
        """Whether word i is (part of) a proper name, as far as capitals tell."""
        word = self.words[i]
        if not word.capital or (word.function and not word.text.isupper()):
            return False
        if (
            word.text in ("I", "A")
            or word.text[1:2] in _HYPHENS
            or word.key in self.lists.months
            or word.key in self.lists.weekdays
        ):
            return False
        if not self.opens_sentence[i]:
            return True
        if word.key in self.capitalised or (word.text.isupper() and len(word.text) > 1):
            return True
        following = self.words[i + 1] if i + 1 < len(self.words) else None
        return (
            following is not None
            and following.capital
            and not following.function
            and (word.stem not in self.lists.synonyms or word.key in self.lists.titles)
        )

    @cached_property
    def facts(self) -> list[Fact]:
        """The figures and dates, in order."""
        return list(_facts(self.words, self.lists))

    @cached_property
    def in_fact(self) -> bytearray:
        """A flag for each word that is part of a figure or a date."""
        flags = bytearray(len(self.words) + 1)
        for fact in self.facts:
            for i in range(fact.first, fact.last):
                flags[i] = 1
        return flags

    @cached_property
    def fact_firsts(self) -> list[int]:
        return [fact.first for fact in self.facts]

    def words_near(self, spans: Sequence[Span]) -> tuple[int, int]:
        """The words within NEAR characters of the spans, as a half-open range of indices."""
        start, end = spans[0][0] - NEAR, spans[-1][1] + NEAR
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def stems_near(self, spans: Sequence[Span]) -> frozenset[str]:
        """The stems of the words within NEAR characters of the spans."""
        first, last = self.words_near(spans)
        return frozenset(word.stem for word in self.words[first:last])

    @cached_property
    def denied(self) -> list[tuple[int, str]]:
        """Each word that denies something, with the stem of the first word of substance after it."""
        found = []
        for i in [i for i, word in enumerate(self.words) if word.negates]:
            rest = self.words[i + 1 : i + 8]
            stems = (
                word.stem for word in rest if not word.function and not self.lists.is_adverb(word)
            )
            found.append((i, next(stems, "")))
        return found

    def denied_near(self, spans: Sequence[Span]) -> set[str]:
        """The stems of what is denied within NEAR characters of the spans."""
        first, last = self.words_near(spans)
        begin, end = bisect_left(self.denied, (first, "")), bisect_left(self.denied, (last, ""))
        return {stem for _, stem in self.denied[begin:end] if stem}

    def values_near(self, spans: Sequence[Span]) -> set[tuple[str, object]]:
        """The values of the facts within NEAR characters of the spans."""
        first, last = self.words_near(spans)
        found = bisect_left(self.fact_firsts, first), bisect_left(self.fact_firsts, last)
        return {fact.value for fact in self.facts[slice(*found)]}


def _facts(words: Sequence[Word], lists: Lists) -> Iterable[Fact]:
    taken = 0
    for i in [i for i, word in enumerate(words) if word.opens_fact]:
        if i >= taken:
            found = _date(words, i, lists) or _number(words, i, lists)
            yield from found
            taken = found[-1].last if found else i + 1


def _date(words: Sequence[Word], i: int, lists: Lists) -> list[Fact]:
    word = words[i]
    key = word.key
    following = words[i + 1] if i + 1 < len(words) else None
    if word.capital and key in lists.months:
        day = _digits(following)
        before = words[i - 1] if i else None
        if key in lists.month_words and not (day or (before and before.key in lists.prepositions)):
            return []
        month = lists.months[key]
        facts = [Fact(i, i + 1, ("month", month))]
        if day and len(day) < 3:
            facts = [Fact(i, i + 2, ("day", (month, int(day))))]
        return facts
    if following and following.capital and following.key in lists.months:
        day = _digits(word)
        if day and len(day) < 3:
            return [Fact(i, i + 2, ("day", (lists.months[following.key], int(day))))]
    if word.capital and key in lists.weekdays:
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
        if not counted and not (before and before.text in _CURRENCIES):
            return [Fact(i, i + 1, ("year", plain))]
    if len(word.text) == 5 and word.text[:4].isdecimal() and word.text[4] == "s":
        return [Fact(i, i + 1, ("year", word.text))]
    if word.text[0].isdigit() and _CLOCK.match(word.text) and _is_clock(words, i, lists):
        return [Fact(i, i + 1, ("time", word.key.replace(".", ":")))]
    return []


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


def _number(words: Sequence[Word], i: int, lists: Lists) -> list[Fact]:
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
    figures = list(_FIGURE.finditer(word.text))
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
        value = _value(figure[0])
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


def _value(figures: str) -> float:
    return float(figures.replace(",", "")[:300])


def _measured(words: Sequence[Word], first: int, last: int, value: float, lists: Lists) -> Fact:
    """A number with the unit beside it and with "more than" or "under" before it."""
    unit = ""
    before = words[first - 1] if first else None
    if before is not None and before.text in _CURRENCIES:
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
