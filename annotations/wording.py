"""Stance and origin of a document in plain words, such as "Republished opinion"."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

# How an origin reads in front of a stance; the codebook's label serves for all others.
ADJECTIVES = {
    "wire": "Wire",
    "staff": "Staff",
    "republished": "Republished",
    "rewrite": "Rewritten",
    "official": "Official",
    "unknown": "",
}


@dataclass(frozen=True, slots=True)
class CodeName:
    key: str
    label: str


def in_words(stance: CodeName | None, origin: CodeName | None) -> str:
    """Both together: "Wire reporting"; one alone: "Opinion", "Wire copy"; neither: ""."""
    adjective = ADJECTIVES.get(origin.key, origin.label) if origin else ""
    if stance is None:
        return f"{adjective} copy" if adjective else ""
    noun = "text" if stance.key == "other" else stance.label
    return f"{adjective} {noun.lower()}" if adjective else stance.label


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the coders of one variable say of one document.

    `code` is the viewer's own where they gave one, otherwise the one most coders gave; None where
    nobody coded, or where no code leads. `coders` counts all who coded, `agreeing` those with `code`.
    """

    code: str | None
    own: bool
    coders: int
    agreeing: int

    @property
    def disputed(self) -> bool:
        return self.agreeing < self.coders


def verdict(codes: Mapping[int, str], viewer: int) -> Verdict:
    """The verdict from each coder's code (coder id -> code key) for this viewer."""
    counts = Counter(codes.values())
    if viewer in codes:
        own = codes[viewer]
        return Verdict(own, own=True, coders=len(codes), agreeing=counts[own])
    leaders = counts.most_common(2)
    if not leaders or (len(leaders) == 2 and leaders[0][1] == leaders[1][1]):
        return Verdict(None, own=False, coders=len(codes), agreeing=0)
    return Verdict(leaders[0][0], own=False, coders=len(codes), agreeing=leaders[0][1])
