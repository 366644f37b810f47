"""The word lists of a language as the detectors look them up, and what they say of a word."""

from functools import cache, lru_cache
from typing import NamedTuple

from ..tokens import fold, is_address, key, tokenize
from . import Language, load

CERTAIN = 3
"""The level of "will" among the modal verbs."""


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
        self.capital_nouns = tuple(data["capital_nouns"].split())
        self.place_prepositions = words("place_prepositions")
        self.bare_nouns = words("bare_nouns")
        self.decimal_mark: str = data["decimal_mark"]
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
        self.capital_months = bool(data["capital_months"])
        self.weekdays: dict[str, int] = data["weekdays"]
        self.relative_days = words("relative_days")
        self.period_openers: dict[str, str] = data["period_openers"]
        self.periods = words("periods")
        self.same_days: dict[str, str] = data["same_days"]
        self.numbers: dict[str, int] = data["numbers"]
        self.ordinals: dict[str, int] = data["ordinals"]
        self.scales: dict[str, int] = data["scales"]
        self.quantities: dict[str, str] = data["quantities"]
        self.day_halves = words("day_halves")
        self.vague: dict[str, int] = data["vague"]
        self.fractions: dict[str, int] = data["fractions"]
        self.ones = words("ones")
        self.steps = words("steps")
        self.loaded = words("loaded")
        self.multiples = words("multiples")
        self.and_a = [phrase.split() for phrase in data["and_a"]]
        self.quantifiers: dict[str, int] = data["quantifiers"]
        self.approximations = words("approximations")
        self.tentative = frozenset(
            language.phrase(phrase.split("_")) for phrase in data["tentative"].split()
        )
        self.tentative_openers = frozenset(phrase.partition("_")[0] for phrase in self.tentative)
        self.points: dict[str, float] = data["points"]
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
            self.vague,
            self.ones,
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
        self.speech = stems("reporting") | {
            language.stem(words[0]) for words in language.phrases("according")
        }
        self.seen_by = words("seen_by")
        self.aliases = language.groups("aliases")
        self.demonyms = language.groups("demonyms")
        self.synonyms = language.groups("synonyms")
        common = self.titles | self.honorifics | self.synonyms.keys()
        self.places = frozenset((*self.demonyms, *self.aliases)) - common - {"la"}
        self.phrase_openers = frozenset(
            phrase.partition("_")[0] for phrase in self.synonyms if "_" in phrase
        )
        self.meanings = _meanings(self.synonyms, self.aliases, self.demonyms)
        self.synonym_groups = _members(self.synonyms)
        self.antonyms = language.pairs("antonyms")
        self.opposites = language.pairs("opposites")
        self.verbs = stems("verbs")
        self.reversals = lru_cache(maxsize=1 << 14)(self._reversals)
        self.turned = lru_cache(maxsize=1 << 14)(self._turned)
        self.denying = frozenset(
            language.phrase(phrase.split("_")) for phrase in data["denying"].split()
        )
        self.denying_openers = frozenset(phrase.partition("_")[0] for phrase in self.denying)
        self.symmetric = stems("symmetric")
        self.possession = words("possession")
        self.agent: str = data["agent"]
        self.participle_ending: str = data["participle_ending"]
        self.past_ending: str = data["past_ending"]
        self.absences = words("absences")
        self.averse = stems("averse")
        self.alternatives = words("alternatives")
        self.than: str = data["than"]
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
        self.readers = words("readers")
        self.conditions = words("conditions")
        self.imperative_endings = tuple(data["imperative_endings"].split())
        self.past_forms = words("past_forms")
        self.auxiliaries = words("auxiliaries")
        self.subjects = words("articles") | words("pronouns") | words("possessives")
        self.verb_openers = words("verb_openers")
        self.verb_endings = tuple(data["verb_endings"].split())
        self.adverb_ending: str = data["adverb_ending"]

    def _word(self, text: str) -> Word:
        """The word of a token's text; its key goes without the possessive ending."""
        full = key(text)
        if not text[0].isalnum() or full in self.brackets or is_address(full):
            return Word(text, full, "", True, *[False] * 4)
        bare = self.language.bare(full)
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

    def _reversals(self, stem: str) -> frozenset[int]:
        """The groups of synonyms that the antonyms of a word are in."""
        none: frozenset[int] = frozenset()
        return none.union(*(self.synonyms.get(word, none) for word in self.antonyms.get(stem, ())))

    def _turned(self, stem: str) -> tuple[frozenset[str], frozenset[int], frozenset[int]]:
        """The opposites of a word, its groups of synonyms, and those of its antonyms."""
        none: frozenset[str] = frozenset()
        against = self.antonyms.get(stem, none) | self.opposites.get(stem, none)
        return against, self.synonyms.get(stem, frozenset()), self._reversals(stem)

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
