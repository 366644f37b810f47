"""What is only suspected, planned or tried on one side, and told as done on the other."""

from collections.abc import Iterator

from .denials import clause, counterparts, phrase_at
from .exchanged import is_verb
from .frames import agree, frame
from .pair import Finding, Match, Side

_MOST = 20
"""Such phrases of one passage that are looked at."""

_BEFORE = 4
"""How many words before what is told as done a modal verb may stand."""


def done(match: Match) -> Iterator[Finding]:
    """Phrases such as "was suspected of" whose words stand on the other side without any doubt."""
    for side, other, mirrored in (
        (match.source, match.derived, False),
        (match.derived, match.source, True),
    ):
        for first, last in _phrases(side):
            scope, _ = clause(side, first, last)
            for position in scope[:1]:
                found = _told(match, side, position, other, mirrored=mirrored)
                if found is not None:
                    finding = Finding(
                        "certainty",
                        3,
                        side.span(first, position + 1),
                        other.span(found, found + 1),
                        "certainty",
                        shift=1,
                    )
                    yield finding.mirrored() if mirrored else finding
                    break


def _phrases(side: Side) -> list[tuple[int, int]]:
    lists = side.reading.lists
    found = [
        (i, last)
        for i in range(len(side))
        if (last := phrase_at(side, i, lists.tentative, lists.tentative_openers))
    ]
    return found[:_MOST]


def _told(match: Match, side: Side, position: int, other: Side, *, mirrored: bool) -> int | None:
    """The position at which the other side tells as done what this one only suspects."""
    for j in counterparts(match, side, position, other):
        if _is_doubted(other, j):
            return None
        going_on = other.words[j].key.endswith(match.lists.participle_ending)
        if not j or going_on or not is_verb(other, j):
            continue
        frames = frame(side, position, position + 1), frame(other, j, j + 1)
        if agree(match, *(frames[::-1] if mirrored else frames)):
            return j
    return None


def _is_doubted(side: Side, position: int) -> bool:
    """Whether a modal verb, a hedge, an attitude, "to" or a denial stands right before."""
    lists = side.reading.lists
    return any(
        word.negates
        or word.key in lists.modals
        or word.key in lists.doubts
        or word.stem in lists.attitudes
        or word.key in lists.verb_openers - lists.pronouns
        for word in side.words[max(0, position - _BEFORE) : position]
    )
