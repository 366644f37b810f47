"""Where a text begins and ends between the lines of the page that it was taken from."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter

from .language.lists import Lists, Word, lists
from .results import Span
from .tokens import Token

_LINE = re.compile(r"\S[^\n]*")
_ENDED = re.compile(r"[.!?:…]\W*$")
_QUOTES = frozenset('"“”„«»‹›「」')
_LONGEST = 14
"""Words at most of a line that offers something or tells the reader to do something."""


def story(text: str, tokens: Sequence[Token], *, language: str) -> Span:
    """The stretch of a text without the lines at both ends that look like a page's furniture.

    Those are short, name nobody, have no figure and tell of nothing: they tell the reader what to
    do, or, at the end, are no sentence. Where all lines look like it, none is taken for it.
    """
    known = lists(language)
    lines = [Span(*found.span()) for found in _LINE.finditer(text)]
    first, last = 0, len(lines)

    def is_furniture(line: Span, *, closes: bool) -> bool:
        start, end = (bisect_left(tokens, at, key=attrgetter("start")) for at in line)
        if end - start > 2 * _LONGEST:
            return False
        words = [known.word(token.text) for token in tokens[start:end]]
        ended = _ENDED.search(text, max(line.start, line.end - 8), line.end) is not None
        return _is_furniture(words, known, fragment=closes and not ended)

    while first < last and is_furniture(lines[first], closes=False):
        first += 1
    while first < last and is_furniture(lines[last - 1], closes=True):
        last -= 1
    if first == last:
        return Span(0, len(text))
    return Span(lines[first].start, lines[last - 1].end)


def _is_furniture(line: Sequence[Word], known: Lists, *, fragment: bool) -> bool:
    words = [word for word in line if word.stem]
    if len(words) > _LONGEST or any(word.text in _QUOTES for word in line):
        return False
    if not words:
        return True  # an address or a rule
    tells = any(_tells(word, known) for word in words) or _is_past(words, known)
    if tells or _names(words, known):
        return False
    return fragment or _is_order(words, known)


def _tells(word: Word, known: Lists) -> bool:
    """Whether a word is part of a statement: a denial, a figure, a verb of saying in the past."""
    return (
        word.negates
        or any(map(str.isdigit, word.text))
        or (word.key in known.past_forms and not word.function)
    )


def _is_past(words: Sequence[Word], known: Lists) -> bool:
    """Whether a word has the ending of the past, and no article before it: "a preferred source"."""
    return bool(known.past_ending) and any(
        word.key.endswith(known.past_ending) and before.key not in known.subjects
        for before, word in pairwise(words)
    )


def _names(words: Sequence[Word], known: Lists) -> bool:
    """Whether some of the words, but not all, have the capital of a name."""
    capitals = [word.capital for word in words if not word.function]
    return not known.capital_nouns and any(capitals[1:]) and not all(capitals)


def _is_order(words: Sequence[Word], known: Lists) -> bool:
    """Whether a sentence begins with a verb in the form of an order, and has no other subject."""
    first, *rest = words
    if first.key in known.subjects or not rest:
        return False
    ordering = (
        first.key in known.verbs
        or first.key.endswith(known.imperative_endings)
        or rest[0].key in known.readers
    )
    spoken_to = any(word.key in known.readers for word in rest)
    helped = any(word.key in known.auxiliaries for word in rest)
    return ordering and not helped and (spoken_to or rest[0].key in known.subjects)
