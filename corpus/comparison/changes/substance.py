"""Words of substance that were replaced, dropped or added.

Without a model nobody knows whether "pitch" and "message" mean the same. What is known: words of
one closed kind that differ (a train, a plane) change the fact; several words of substance that
came or went do; and in a sentence that was hardly touched an unknown replacement usually does,
while in one reworded throughout it is usually one more synonym. Verbs are replaced by verbs of
much the same meaning far more often than nouns and their modifiers are.
"""

from collections.abc import Iterator

from ..results import Span
from .pair import Block, Finding, Match, Side

_FEW_FOR_NOUNS = 2
_FEW_FOR_MODIFIERS = 3
"""How many places may differ in a passage that is hardly touched."""

_MANY = 2
"""As many words of substance as this, come or gone in one place, matter in any passage."""

_STATEMENT = 4
"""As many of them are more than a nuance."""


def substance(match: Match) -> Iterator[Finding]:
    """Words of substance that the other side has differently, or not at all."""
    altered = _altered_quotations(match)
    for block in match.blocks:
        left = [i for i in block.source if i in match.source_left and _counts(match.source, i)]
        right = [j for j in block.derived if j in match.derived_left and _counts(match.derived, j)]
        if not (left or right) or _inside(match.source, left, altered[0]):
            continue
        if _inside(match.derived, right, altered[1]):
            continue
        if left and right:
            yield from _replaced(match, left, right)
        elif left:
            yield from _alone(match, block, match.source, left)
        else:
            for finding in _alone(match, block, match.derived, right):
                yield finding.mirrored()


def _counts(side: Side, position: int) -> bool:
    """Whether a word has substance, and no other detector looks after it."""
    word = side.words[position]
    return (
        not word.function
        and not side.reading.in_fact[side.at[position]]
        and word.stem not in side.reading.lists.light
        and not side.is_name(position)
    )


def _altered_quotations(match: Match) -> tuple[list[Span], list[Span]]:
    """The spans of direct quotations, whose words are compared as quotations."""
    left = [found.span for found in match.source.quotations if found.direct]
    right = [found.span for found in match.derived.quotations if found.direct]
    return (left, right) if left and right else ([], [])


def _inside(side: Side, positions: list[int], spans: list[Span]) -> bool:
    return bool(positions) and any(
        start <= side.reading.starts[side.at[positions[0]]] < end for start, end in spans
    )


def _replaced(match: Match, left: list[int], right: list[int]) -> Iterator[Finding]:
    a, b = match.source, match.derived
    kinds = match.lists.kinds
    none: frozenset[int] = frozenset()
    for i in left[:20]:
        for j in right[:20]:
            if kinds.get(a.stems[i], none) & kinds.get(b.stems[j], none):
                yield Finding("statement", 3, a.span(i, i + 1), b.span(j, j + 1), "kind")
                return
    if len(match.blocks) > _FEW_FOR_MODIFIERS + 2:
        return
    if any(match.related(a.words[i], b.words[j]) for i in left[:9] for j in right[:9]):
        return
    if len(left) > 1 and len(right) > 1:
        limit = _FEW_FOR_MODIFIERS + 2
    else:
        classes = {_word_class(a, left[-1]), _word_class(b, right[-1])}
        if "verb" in classes:
            return
        limit = _FEW_FOR_MODIFIERS if "modifier" in classes else _FEW_FOR_NOUNS
    if len(match.blocks) <= limit:
        yield Finding(
            "statement", 1, a.span(left[0], left[-1] + 1), b.span(right[0], right[-1] + 1), "words"
        )


def _alone(match: Match, block: Block, side: Side, positions: list[int]) -> Iterator[Finding]:
    """Words that only one side has; the finding is given as if that were the source."""
    bare = not block.source or not block.derived
    many = len(positions) >= _MANY
    if not many:
        if not bare or len(match.blocks) > _FEW_FOR_MODIFIERS:
            return
        if _word_class(side, positions[0]) not in ("noun", "modifier"):
            return
    whole = bare and len(positions) >= _STATEMENT
    if whole:
        place = block.source or block.derived
        positions = list(range(place.start, place.stop))
    span = side.span(positions[0], positions[-1] + 1)
    severity = 2 if len(positions) >= _STATEMENT else 1
    yield Finding("statement", severity, span, None, "clause" if whole else "words")


def _word_class(side: Side, position: int) -> str:
    """A guess at the part of speech from the word's ending and its neighbours."""
    lists = side.reading.lists
    word = side.words[position]
    before = side.words[position - 1] if position else None
    following = side.words[position + 1] if position + 1 < len(side) else None
    if lists.is_adverb(word):
        return "adverb"
    if before and (before.key in lists.verb_openers or before.key in lists.modals):
        return "verb"
    if following and side.at[position + 1] > side.at[position] + 1:
        following = None  # a mark stands between
    if following and not following.function:
        inflected = before and not before.function and word.key.endswith("s")
        return "verb" if inflected else "modifier"
    opened = before and (before.key in lists.determiners or before.key in lists.prepositions)
    if following and following.key in lists.determiners and not opened:
        return "verb"
    return "verb" if word.key.endswith(lists.verb_endings) else "noun"
