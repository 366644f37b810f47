"""Who says what: the speaker and the cue of words in quotation marks, and what is reported without.

Each step looks at one paragraph or at a window of bounded length, so the time grows with the
length of the text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..language.guessing import lists_for
from ..results import Quotation, Span
from ..tokens import Token, tokenize
from .cues import cues
from .marks import Quoted, is_titled, quoted

_JOINTS = frozenset(("-", ".", "&", "'", "’", '"', "@"))
_STOPS = frozenset(".!?…")
_INNER = frozenset(",?!—–…-")
_TITLE = 6
"""As many words as the title of a film or a nickname may have."""
_WINDOW = 40
"""How many tokens around a quotation may name its speaker."""


def quotations(
    text: str, tokens: Sequence[Token] | None = None, *, language: str | None = None
) -> list[Quotation]:
    """The quotations of the text in order: words inside quotation marks, and reported statements.

    Words in marks that nobody says (a title, a nickname, a scare quote without a source) and
    apostrophes and inches are none. A quotation that goes on in the next paragraph is one
    quotation for each paragraph. `tokens` are those of the whole text, where they are known. `language` is a
    language tag, guessed if it is not given.
    """
    if tokens is None:
        tokens = tokenize(text)
    return _Reader(text, tokens, lists_for(text, language=language)).quotations()


class _Attribution(NamedTuple):
    """Who says it, and the words that say so; `near` when they stand beside the quotation."""

    speaker: Span | None
    cue: Span
    near: bool


class _Reader:
    """Finds who says what in one text."""

    def __init__(self, text: str, tokens: Sequence[Token], language: str) -> None:
        self.text = text
        self.tokens = tokens
        self.cues = cues(language)
        self.starts = [token.start for token in tokens]
        self.marked = quoted(text)
        self.inside = bytearray(len(tokens) + 3)
        for found in self.marked:
            first, last = self._index(found.outer.start), self._index(found.outer.end)
            for i in range(first, last):
                self.inside[i] = found.depth + 1
        self.depth = 0
        self.breaks = self._sentence_breaks()
        self.firsts = [0, *(i + 1 for i, ended in enumerate(self.breaks) if ended)]
        self.reports = [i for i, token in enumerate(tokens) if self.cues.reports(token.key)]
        self.accordings = {
            i: size for i in self.reports if (size := self._according_at(i)) is not None
        }
        self.lasts = [i for i, ended in enumerate(self.breaks) if ended and not self.inside[i]]

    def quotations(self) -> list[Quotation]:
        found = [*self._direct(), *self._reported()]
        return sorted(found, key=lambda quotation: (quotation.span, not quotation.direct))

    def _hidden(self, i: int) -> bool:
        """Whether token i is inside marks, seen from the words that are being looked at."""
        return self.inside[i] > self.depth

    def _index(self, offset: int) -> int:
        return bisect_left(self.starts, offset)

    def _sentence_breaks(self) -> bytearray:
        """A flag for each token after which a sentence or paragraph ends."""
        tokens = self.tokens
        breaks = bytearray(len(tokens) + 1)
        if not tokens:
            return breaks
        for i in [i for i, token in enumerate(tokens[:-1]) if token.text in _STOPS]:
            before = tokens[i - 1] if i else tokens[i]
            initial = len(before.text) == 1 and before.text.isupper()
            goes_on = tokens[i + 1].text[0].islower()
            breaks[i] = not (goes_on or initial or before.key in self.cues.honorifics)
        for blank in re.finditer("\n\n", self.text):
            i = self._index(blank.start())
            if i:
                breaks[i - 1] = 1
        breaks[len(tokens) - 1] = 1
        return breaks

    def _span(self, first: int, last: int) -> Span:
        """The span of the tokens [first, last)."""
        return Span(self.tokens[first].start, self.tokens[last - 1].end)

    # Words inside marks

    def _direct(self) -> Iterator[Quotation]:
        previous: tuple[Quoted, _Attribution] | None = None
        attributions = [self._attribution(found) for found in self.marked]
        for i in range(len(self.marked) - 1, 0, -1):
            if self.marked[i - 1].continues and attributions[i - 1] is None:
                attributions[i - 1] = attributions[i]
        self.depth = 0
        for found, said in zip(self.marked, attributions, strict=True):
            if (said is None or (said.speaker is None and not said.near)) and previous is not None:
                between = self.text[previous[0].outer.end : found.outer.start]
                goes_on = previous[0].continues or (
                    found.depth == previous[0].depth == 0
                    and "\n" not in between
                    and len(between) < 400
                    and self._is_sentence(found)
                )
                if goes_on:
                    cue = said.cue if said else previous[1].cue
                    said = _Attribution(previous[1].speaker, cue, near=True)
            if not self._is_said(found, said):
                continue
            yield Quotation(
                found.inner, said.speaker if said else None, said.cue if said else None, True
            )
            if said is not None:
                previous = found, said

    def _is_sentence(self, found: Quoted) -> bool:
        return found.continues or self.text[found.inner.start].isupper()

    def _is_said(self, found: Quoted, said: _Attribution | None) -> bool:
        """Whether words in marks are somebody's, and no title, nickname or scare quote."""
        if said is not None and said.near and said.speaker is not None:
            return True
        words = self.text[found.inner.start : found.inner.end]
        ended = words[-1] in ".,?!…—"
        first, after = self._index(found.outer.start), self._index(found.outer.end)
        before = self.tokens[first - 1] if first else None
        following = self.tokens[after] if after < len(self.tokens) else None
        if any(token.key in self.cues.naming for token in self.tokens[max(0, first - 2) : first]):
            return False
        if self.text[found.outer.start] in self.cues.foreign_marks:
            return True  # the cues of this language tell nothing here
        parts = words.split()
        if len(parts) <= _TITLE and is_titled(parts):
            if before and following and before.text[0].isupper() and following.text[0].isupper():
                return ended  # not so: Jo "The Fist" Hardy
            if (len(parts) > 1 or said is None) and words[-1] not in ".?!":
                return False
        opens = ended and words[0].isupper()
        return said is not None or opens or len(parts) > 1 or words[-1] in ".?!"

    def _attribution(self, found: Quoted) -> _Attribution | None:
        self.depth = found.depth
        first, after = self._index(found.outer.start), self._index(found.outer.end)
        if found.continues:
            after = len(self.tokens)
        end = self.text[found.inner.end - 1]
        leading = self._before(first)
        if leading is not None and leading.near and end != ",":
            return leading
        comma = after < len(self.tokens) and self.tokens[after].text == ","
        if end in _INNER or comma:
            trailing = self._after(after + comma)
            if trailing is not None:
                return trailing
        return leading or (self._later(after) if end not in ".?!" else None)

    def _after(self, first: int) -> _Attribution | None:
        """`said Ana Ruiz`, `the minister told reporters`, `according to him` at a token."""
        if first in self.accordings:
            speaker, _ = self._noun_phrase(first + self.accordings[first])
            return _Attribution(speaker, self._according(first), near=True)
        for i in range(first, min(first + 16, len(self.tokens))):
            if self._hidden(i):
                return None
            if self._is_cue(i, adjacent=True) or (i == first and self._may_say(i)):
                if i > first and not self._only_adverbs(first, i):
                    speaker = self._subject(i, first)
                else:
                    phrase, end = self._noun_phrase(i + 1 + self._is_reflexive(i + 1))
                    speaker = self._apposition(end) or phrase
                if speaker is None:
                    return None
                return _Attribution(speaker, self._span(i, i + 1), near=True)
            if self.breaks[i] or self.tokens[i].text == ";":
                return None
        return None

    def _before(self, first: int) -> _Attribution | None:
        """`Ana Ruiz said:`, `the minister called the plan` before a token, in its sentence."""
        participle: int | None = None
        for i in range(first - 1, max(-1, first - _WINDOW), -1):
            token = self.tokens[i]
            if self.breaks[i] and not (i == first - 1 and token.text == ":"):
                break
            if self._hidden(i):
                if token.text[-1] in "\"”’»'" and i and self.tokens[i - 1].text in ",.?!":
                    break
                continue
            if i in self.accordings:
                speaker, _ = self._noun_phrase(i + self.accordings[i])
                return _Attribution(speaker, self._according(i), near=first - i < 8)
            near = all(self._is_light(j) for j in range(i + 1, first)) if first - i < 6 else False
            opens = i == first - 2 and self.tokens[first - 1].text == ":" and self._ends_finite(i)
            if opens or self._is_cue(i, adjacent=near, labels=True):
                if (
                    i
                    and self.tokens[i - 1].text == ","
                    and token.key.endswith(self.cues.participle)
                ):
                    participle = i if participle is None else participle
                    continue
                cue = i if participle is None else participle
                subject = self._subject(i, max(0, i - _WINDOW))
                return _Attribution(subject, self._span(cue, cue + 1), near=near)
        if participle is not None:
            return _Attribution(None, self._span(participle, participle + 1), near=False)
        return None

    def _later(self, first: int) -> _Attribution | None:
        """`..., according to a memo` or `..., he said` at the end of the sentence."""
        comma = None
        for i in range(first, min(first + _WINDOW, len(self.tokens))):
            if i in self.accordings:
                speaker, _ = self._noun_phrase(i + self.accordings[i])
                return _Attribution(speaker, self._according(i), near=False)
            if comma is not None and self._is_cue(i, labels=True) and not self._hidden(i):
                speaker = self._subject(i, comma + 1)
                if speaker is not None:
                    return _Attribution(speaker, self._span(i, i + 1), near=False)
            if self.tokens[i].text == ",":
                comma = i
            if self.breaks[i]:
                break
        return None

    # Cues and noun phrases

    def _ends_finite(self, i: int) -> bool:
        """Whether token i may be a verb of the past: "shrugged", "thundered"."""
        token, cues = self.tokens[i], self.cues
        past = token.text.islower() and token.key.endswith(cues.past_ending)
        return past and len(token.key) > 4 and token.key not in cues.auxiliaries

    def _may_say(self, i: int) -> bool:
        """Whether a verb that says nothing by itself does so between a quotation and a name."""
        named = self._ends_finite(i) and i + 1 < len(self.tokens)
        return named and self.tokens[i + 1].text[0].isupper()

    def _apposition(self, end: int) -> Span | None:
        """The name that follows a noun phrase: `said the mayor, Ana Ruiz.`"""
        if end >= len(self.tokens) or self.tokens[end].text != ",":
            return None
        last = end + 1
        while last < len(self.tokens) and self.tokens[last].text[0].isupper():
            last += 1
        closed = last >= len(self.tokens) or self.tokens[last].text in (",", ".", ";")
        return self._span(end + 1, last) if last > end + 2 and closed else None

    def _is_reflexive(self, i: int) -> bool:
        return i < len(self.tokens) and self.tokens[i].key in self.cues.reflexives

    def _is_cue(self, i: int, *, adjacent: bool = False, labels: bool = False) -> bool:
        """Whether token i is a verb of saying; beside a quotation more verbs count."""
        cues = self.cues
        key = self.tokens[i].key
        stem = cues.stem(key)
        verbs = cues.speech if adjacent else cues.reporting
        if key in cues.auxiliaries or not (stem in verbs or (labels and stem in cues.labelling)):
            return False
        if i == 0 or key.endswith(cues.past_ending) or key in cues.past_forms:
            return True
        before = self.tokens[i - 1].key
        return (
            not (before in cues.determiners or before in cues.prepositions)
            or before in cues.relatives
        )

    def _according_at(self, i: int) -> int | None:
        """How many tokens "according to" or its like has at token i."""
        following = [token.key for token in self.tokens[i : i + 4]]
        for phrase in self.cues.accordings.get(following[0], ()):
            if tuple(following[: len(phrase)]) == phrase:
                return len(phrase)
            if following[1:2] and following[1] in self.cues.determiners:
                return 1
        return None

    def _according(self, i: int) -> Span:
        return self._span(i, i + self.accordings[i])

    def _is_light(self, i: int) -> bool:
        """A word that may stand between a cue and its quotation: a mark, `that`, `it`, `as`."""
        token = self.tokens[i]
        return (
            not token.text[0].isalnum()
            or token.key in self.cues.breaks
            or token.key in self.cues.determiners
            or token.key in self.cues.listeners
            or token.key in self.cues.auxiliaries
            or token.key in self.cues.times
        )

    def _only_adverbs(self, first: int, last: int) -> bool:
        return all(self.cues.is_between(token.key) for token in self.tokens[first:last])

    def _subject(self, cue: int, floor: int) -> Span | None:
        """The noun phrase that a cue's verb belongs to, on its left."""
        tokens, cues = self.tokens, self.cues
        end = cue
        while end > floor and (
            cues.is_between(tokens[end - 1].key) or tokens[end - 1].key in cues.adverbs
        ):
            end -= 1
        passive = any(token.key in cues.being for token in tokens[end:cue])
        if passive and not tokens[cue].key.endswith(cues.participle):
            return None  # "was described as"
        if end > floor and tokens[end - 1].key in cues.relatives:
            end -= 1
            if end > floor and tokens[end - 1].text == ",":
                end -= 1
        elif end > floor and tokens[end - 1].text == ",":
            opening = self._insertion(end - 1, floor)
            if opening is None:
                return None
            if all(token.text[0].isupper() for token in tokens[opening + 1 : end - 1]):
                return self._span(opening + 1, end - 1)  # "the chief, Amy Vance, said"
            end = opening
        start = end
        while start > max(floor, end - 15):
            token = tokens[start - 1]
            if self._hidden(start - 1) or self.breaks[start - 1]:
                break
            if not token.text[0].isalnum() and token.text not in _JOINTS:
                break
            if token.key in cues.breaks and token.key not in cues.inner_prepositions:
                joins = (
                    token.key in cues.coordinators
                    and start < end
                    and tokens[start].text[0].isupper()
                )
                if not (joins and start > 1 and tokens[start - 2].text[0].isupper()):
                    break
            if start < end and self._is_cue(start - 1):
                break
            start -= 1
        if cues.stem(tokens[cue].key) in cues.labelling and tokens[end - 1].text[0].isupper():
            # "in a vote Canada called": the name alone is the subject.
            first = end - 1
            while first > start and tokens[first - 1].text[0].isupper():
                first -= 1
            opened = any(token.key in cues.determiners for token in tokens[start:first])
            if opened and tokens[first - 1].key not in cues.titles:
                start = first
        while start < end and (
            tokens[start].key in cues.times or tokens[start].key in cues.prepositions
        ):
            start += 1
        return self._span(start, end) if self._is_noun_phrase(start, end) else None

    def _insertion(self, comma: int, floor: int) -> int | None:
        """The comma that opens what a comma closes: `Ruiz, the minister, said`."""
        for i in range(comma - 1, max(floor, comma - 20), -1):
            if self.breaks[i] or self._hidden(i):
                return None
            if self.tokens[i].text == ",":
                return i
        return None

    def _noun_phrase(self, first: int) -> tuple[Span | None, int]:
        """The noun phrase that begins at a token, and the token after it."""
        tokens, cues = self.tokens, self.cues
        end = first
        while end < min(first + 15, len(tokens)):
            token = tokens[end]
            if self._hidden(end):
                break
            word = token.text[0].isalnum()
            if not word and token.text not in _JOINTS - {"."}:
                initial = token.text == "." and not self.breaks[end] and end > first
                if not initial:
                    break
            if end > first and word:
                if token.key in cues.times and token.text.islower():
                    break
                stops = token.key in cues.breaks or token.key in cues.prepositions
                if token.key in cues.noun_ends:
                    break
                if stops and token.key not in cues.inner_prepositions:
                    joins = (
                        token.key in cues.coordinators
                        and end + 1 < len(tokens)
                        and tokens[end + 1].text[0].isupper()
                    )
                    if not joins:
                        break
                if token.key in cues.times or tokens[first].key in cues.speakers:
                    break
            end += 1
            if self.breaks[end - 1]:
                break
        while end > first and tokens[end - 1].text == ".":
            end -= 1
        return (self._span(first, end) if self._is_noun_phrase(first, end) else None), end

    def _opens_noun(self, i: int) -> bool:
        """Whether a name or an article stands at token i."""
        token = self.tokens[i]
        return token.text[0].isupper() or token.key in self.cues.determiners

    def _is_noun_phrase(self, first: int, end: int) -> bool:
        if first >= end:
            return False
        key = self.tokens[first].key
        cues = self.cues
        if end - first == 1:
            return key not in cues.determiners | cues.prepositions | cues.auxiliaries
        opens = key in cues.determiners or key not in cues.prepositions
        return opens and self.tokens[end - 1].key not in cues.auxiliaries

    # Reported statements

    def _reported(self) -> Iterator[Quotation]:
        for i in self.reports:
            if not self.inside[i]:
                clause = self._statement(i, self.firsts[bisect_right(self.firsts, i) - 1])
                if clause is not None:
                    yield clause

    def _statement(self, i: int, start: int) -> Quotation | None:
        """What the cue at token i reports, in the sentence that begins at token `start`."""
        tokens, cues = self.tokens, self.cues
        if i in self.accordings:
            cue = self._according(i)
            speaker, after = self._noun_phrase(i + self.accordings[i])
            if i - start > 2:
                return self._clause(start, i, speaker, cue)
            return self._clause(after, self._sentence_end(i), speaker, cue)
        if not self._is_cue(i):
            return None
        cue = self._span(i, i + 1)
        if (
            i > start + 3
            and tokens[i - 1].text == ","
            and cues.stem(tokens[i].key) in cues.inverting
        ):
            inverted, _ = self._noun_phrase(i + 1)
            if inverted and self._opens_noun(i + 1):
                return self._clause(start, i - 1, inverted, cue)
        speaker = self._subject(i, start)
        if speaker is None or speaker.end > tokens[i].start:
            return None
        end = self._sentence_end(i)
        first = i + 1
        while (
            first < min(end, i + 8) and tokens[first].text not in ",.;:" and not self.inside[first]
        ):
            if tokens[first].key in cues.complementisers:
                return self._clause(first + 1, end, speaker, cue)
            first += 1
        begins = self._index(speaker.start)
        if begins > start + 1 and tokens[begins - 1].text == ",":
            if self.inside[i + 2]:
                return None
            ends_here = first == i + 1 or tokens[i + 1].key in cues.times | cues.prepositions
            if ends_here:
                return self._clause(start, begins - 1, speaker, cue)
        first = i + 1
        if first < end and tokens[first].key in cues.listeners:
            first += 1
        elif cues.stem(tokens[i].key) not in cues.clausal:
            return None
        if first < end and (
            tokens[first].key in cues.prepositions or not tokens[first].text[0].isalnum()
        ):
            return None
        return self._clause(first, end, speaker, cue)

    def _sentence_end(self, i: int) -> int:
        """The token after the last one of the sentence of token i."""
        at = bisect_left(self.lasts, i)
        return self.lasts[at] + 1 if at < len(self.lasts) else len(self.tokens)

    def _clause(self, first: int, end: int, speaker: Span | None, cue: Span) -> Quotation | None:
        while end > first and self.tokens[end - 1].text in ".,!?;:":
            end -= 1
        while end > first and self.tokens[first].text in ",:":
            first += 1
        if end - first < 2 or all(self.inside[first:end]):
            return None
        return Quotation(self._span(first, end), speaker, cue, direct=False)
