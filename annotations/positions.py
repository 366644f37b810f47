"""Where a document stands on a claim, derived from its occurrences and never typed in.

The codebook's "derived" rule, made exact. What the text says in its own voice decides: support
alone is `for`, dispute alone is `against`, both are `mixed`. Where the text itself takes neither
side, its own doubt makes it `questioned`; what is left (its sources' words, mere mentions) is
`reported`. Those two together are the rule's "observing". The rule's "no passage: absent" is split,
because leaving something out and not having been read are different: `absent` needs a coder who
confirmed it, everything else is `not looked at`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Position(StrEnum):
    """A document's position on a claim; `DIVIDED` only ever combines several coders."""

    FOR = "for"
    AGAINST = "against"
    MIXED = "mixed"
    REPORTED = "reported"
    QUESTIONED = "questioned"
    ABSENT = "absent"
    DIVIDED = "divided"
    NOT_LOOKED_AT = "not_looked_at"

    @property
    def letter(self) -> str:
        """The one character that stands for it in a grid."""
        return _SIGNS[self][0]

    @property
    def label(self) -> str:
        return _SIGNS[self][1]

    @property
    def meaning(self) -> str:
        return _SIGNS[self][2]

    @property
    def made(self) -> bool:
        """Whether the document makes, disputes or mentions the claim at all."""
        return self not in (Position.ABSENT, Position.NOT_LOOKED_AT)


_SIGNS = {
    Position.FOR: ("+", "For", "Says in its own voice that the claim is true."),
    Position.AGAINST: ("−", "Against", "Says in its own voice that the claim is false."),
    Position.MIXED: ("±", "Mixed", "Says both in its own voice."),
    Position.REPORTED: ("R", "Reported", "Leaves it to sources, or mentions it and no more."),
    Position.QUESTIONED: ("?", "Questioned", "Doubts in its own voice, and takes no side."),
    Position.ABSENT: ("A", "Absent", "Read in full by a coder: the claim is not there."),
    Position.DIVIDED: ("÷", "Divided", "The coders differ, and no position leads."),
    Position.NOT_LOOKED_AT: ("·", "Not looked at", "Nobody has marked or ruled out anything."),
}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What one marked passage says: keys of the codebook's `voice` and `position`, or None."""

    voice: str | None
    position: str | None


def derive(occurrences: Iterable[Occurrence], *, absent: bool = False) -> Position:
    """One coder's position for one document and claim; `absent`: this coder confirmed absence.

    A voice not coded counts as the text's own, because the codebook asks for a source to be marked
    where there is one. A position not coded, or not among the codebook's core codes, is a mention.
    A marked passage outweighs a confirmed absence: it is there to be seen.
    """
    occurrences = tuple(occurrences)
    own = {found.position for found in occurrences if found.voice != "source"}
    if {"supports", "disputes"} <= own:
        return Position.MIXED
    if "supports" in own:
        return Position.FOR
    if "disputes" in own:
        return Position.AGAINST
    if "questions" in own:
        return Position.QUESTIONED
    if occurrences:
        return Position.REPORTED
    return Position.ABSENT if absent else Position.NOT_LOOKED_AT


@dataclass(frozen=True, slots=True)
class Combined:
    """Several coders' positions as one; `differ` says that they are not all the same."""

    position: Position
    differ: bool


def combine(positions: Mapping[int, Position] | Mapping[str, Position]) -> Combined:
    """The position most coders give (coder -> position), `divided` where no single one leads.

    The passages are not thrown together instead: one coder's "for" and another's "against" are a
    disagreement about the document, not a document that says both. Who has not looked has no vote.
    """
    votes = Counter(found for found in positions.values() if found != Position.NOT_LOOKED_AT)
    if not votes:
        return Combined(Position.NOT_LOOKED_AT, differ=False)
    (first, most), *others = votes.most_common(2)
    if others and others[0][1] == most:
        return Combined(Position.DIVIDED, differ=True)
    return Combined(first, differ=bool(others))


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each position occurs in a row or a column of the grid."""

    counts: tuple[tuple[Position, int], ...] = ()

    @classmethod
    def of(cls, positions: Iterable[Position]) -> "Tally":
        counts = Counter(positions)
        return cls(tuple((kind, counts[kind]) for kind in Position if counts[kind]))

    def count(self, position: Position) -> int:
        return dict(self.counts).get(position, 0)

    def __str__(self) -> str:
        return ", ".join(f"{count} {kind.label.lower()}" for kind, count in self.counts)

    @property
    def dispute(self) -> tuple[int, int]:
        """How contested a claim is, to sort by: first documents that stand against each other,
        then all that deny, doubt or are read differently."""
        both = self.count(Position.MIXED)
        sides = min(self.count(Position.FOR) + both, self.count(Position.AGAINST) + both)
        doubts = (Position.AGAINST, Position.MIXED, Position.QUESTIONED, Position.DIVIDED)
        return sides, sum(self.count(kind) for kind in doubts)
