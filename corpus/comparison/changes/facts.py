"""A text read once for its facts: words with their stems, figures, dates, names, quotations."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from ..furniture import story
from ..language.lists import Lists, Word, lists
from ..quotations import quotations
from ..results import Quotation, Span
from ..tokens import Token, tokenize
from .dates import Fact, date_at
from .numbers import number_at

NEAR = 400
"""How many characters around a pair may hold a detail that only moved."""
_HYPHENS = ("-", "‐", "‑")
_BULLET = "•"
_LISTED = re.compile(r"\n[^\S\n]*\(?(\d{1,2})[.)][^\S\n]")


class Reading:
    """One text, read once however many pairs it is part of."""

    def __init__(
        self, text: str, tokens: Sequence[Token] | None = None, *, language: str = "en"
    ) -> None:
        self.text = text
        self.tokens = tokenize(text) if tokens is None else tokens
        self.lists = lists(language)
        self.language = language
        word = self.lists.word
        self.words = [word(token.text) for token in self.tokens]
        self.starts = [token.start for token in self.tokens]
        self.ends = [token.end for token in self.tokens]
        for i in self._numbers_of_lists():
            self.words[i] = word(_BULLET)

    def _numbers_of_lists(self) -> Iterator[int]:
        """The words that number the lines of a list: "2." where "1." or "3." begins a line too."""
        found = {match.start(1): int(match[1]) for match in _LISTED.finditer(f"\n{self.text}")}
        numbers = set(found.values())
        for start, number in found.items():
            i = bisect_left(self.starts, start - 1)
            beside = {number - 1, number + 1} & numbers
            # "12. Mai" is a day.
            if beside and not any(word.key in self.lists.months for word in self.words[i : i + 3]):
                yield i

    def ranges(self, spans: Iterable[Span]) -> list[tuple[int, int]]:
        """The words of each span, as half-open ranges of indices."""
        return [
            (bisect_left(self.starts, start), bisect_left(self.starts, end)) for start, end in spans
        ]

    @cached_property
    def quotations(self) -> list[Quotation]:
        return quotations(self.text, self.tokens, language=self.language)

    @cached_property
    def story(self) -> Span:
        """The stretch without the lines at both ends that look like a page's furniture."""
        return story(self.text, self.tokens, language=self.language)

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
        if self.lists.capital_nouns:
            return self._stands_out(i)
        if not self.opens_sentence[i]:
            return True
        if (
            word.stem in self.lists.places
            or word.key in self.capitalised
            or (word.text.isupper() and len(word.text) > 1)
        ):
            return True
        following = self.words[i + 1] if i + 1 < len(self.words) else None
        return (
            following is not None
            and following.capital
            and not following.function
            and (word.stem not in self.lists.synonyms or word.key in self.lists.titles)
        )

    def _stands_out(self, i: int) -> bool:
        """Whether word i is a name where every noun has a capital: two of them side by side are."""
        word, lists = self.words[i], self.lists
        return (
            (word.text.isupper() and len(word.text) > 1)
            or (word.stem in lists.demonyms or word.stem in lists.aliases)
            or word.key in self.full_names
            or self._is_place(i)
        )

    def _is_place(self, i: int) -> bool:
        """Whether a capital stands without an article after "in": a place or a company."""
        lists = self.lists
        return (
            i > 0
            and self.words[i - 1].key in lists.place_prepositions
            and self._may_be_named(i)
            and self.words[i].key not in lists.bare_nouns
        )

    @cached_property
    def full_names(self) -> frozenset[str]:
        """The keys of the words that stand beside another capital somewhere: "Elke Sander"."""
        names: set[str] = set()
        run: list[str] = []
        for i in range(len(self.words) + 1):
            word = self.words[i] if i < len(self.words) else None
            if word is not None and self._may_be_named(i):
                run.append(word.key)
                continue
            if len(run) > 1:
                names.update(run)
            run = []
        return frozenset(names)

    def _may_be_named(self, i: int) -> bool:
        word, lists = self.words[i], self.lists
        if not word.capital or word.function or word.opens_fact or word.key in lists.units:
            return False
        if word.key in lists.titles or word.key in lists.periods:
            return False
        return not word.key.endswith(lists.capital_nouns) and not (
            self.opens_sentence[i] and word.key.endswith(lists.comparative_endings)
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
            found = date_at(words, i, lists) or number_at(words, i, lists)
            yield from found
            taken = found[-1].last if found else i + 1
