"""Passages as the W3C's text selectors: by position, and by quotation with its surroundings.

Positions are Unicode code points, half-open, as the Web Annotation Data Model asks (4.2.4, 4.2.5)
and as Python slices.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from .states import CONTEXT

_NO_SPACE = re.compile(r"\S+")


class AnchorError(ValueError):
    """The quotation is not in the text, or in more than one place."""


@dataclass(frozen=True, slots=True)
class TextPosition:
    """[start, end) of a text, in code points; raises ValueError unless 0 <= start < end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"{self.start} to {self.end} is no passage.")


@dataclass(frozen=True, slots=True)
class TextQuote:
    """The words of a passage, and the words around it that tell it from its like."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    @classmethod
    def from_position(cls, text: str, position: TextPosition, *, context: int = CONTEXT) -> Self:
        """The quotation at a position, with up to `context` characters on either side.

        Raises ValueError where the text ends before the position does.
        """
        start, end = position.start, position.end
        if end > len(text):
            raise ValueError(f"The text ends at {len(text)}, before {end}.")
        return cls(
            exact=text[start:end],
            prefix=text[max(0, start - context) : start],
            suffix=text[end : end + context],
        )


def anchor(text: str, quote: TextQuote) -> TextPosition:
    """Find the one place in the text that the quotation selects.

    The Recommendation lets a quotation select all its matches; a mark in the wrong place is worse
    than none, so several matches raise AnchorError here, as none does.
    """
    if not quote.exact:
        raise AnchorError("An empty quotation is nowhere.")
    whole = quote.prefix + quote.exact + quote.suffix
    found = text.find(whole)
    if found < 0:
        raise AnchorError(f"The text does not say {_shortened(quote.exact)} there.")
    if text.find(whole, found + 1) >= 0:
        raise AnchorError(f"The text says {_shortened(quote.exact)} in more than one place.")
    start = found + len(quote.prefix)
    return TextPosition(start, start + len(quote.exact))


def _shortened(words: str) -> str:
    return f"“{words}”" if len(words) <= 60 else f"“{words[:57]}...”"


def find_words(text: str, words: str, *, start: int, end: int) -> tuple[int, int]:
    """The place of some words in or around the passage [start, end), white space being elastic.

    Raises ValueError, in words for the reader, where there is no such place or more than one.
    """
    wanted = " ".join(words.split())
    if not wanted:
        raise ValueError("Write the words to mark.")
    found = list(_places_of(wanted, text, start=start, end=end))
    inside = [span for span in found if start <= span[0] and span[1] <= end]
    near = inside or [span for span in found if span[0] < end and start < span[1]]
    if not near:
        raise ValueError("These words are not in this passage. Copy them exactly as they stand.")
    if len(near) > 1:
        raise ValueError("These words stand here more than once. Add a word before or after.")
    return near[0]


def _places_of(wanted: str, text: str, *, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where some words stand in and around [start, end), as if all white space were one space.

    A regular expression with elastic spaces would take quadratic time on words that recur.
    """
    reach = 2 * len(wanted) + 1000
    tokens = list(_NO_SPACE.finditer(text, max(0, start - reach), end + reach))
    joined = " ".join(token[0] for token in tokens)
    places = list(accumulate((len(token[0]) + 1 for token in tokens), initial=0))

    def in_text(at: int) -> int:
        number = bisect_right(places, at) - 1
        return tokens[number].start() + at - places[number]

    at = joined.find(wanted)
    while at >= 0:
        yield in_text(at), in_text(at + len(wanted) - 1) + 1
        at = joined.find(wanted, at + len(wanted))
