"""What an annotation or a claim says at one moment, as values that compare and travel as JSON."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

TargetRole = Literal["passage", "source", "cue"]
Codings = tuple[tuple[str, str], ...]

CONTEXT = 32  # characters of prefix and suffix kept with a quotation


@dataclass(frozen=True, slots=True)
class TargetState:
    """A passage of a document, [start, end) in code points; no span is the whole document.

    `role` tells the passage itself from the words that name its source and from the cue.
    """

    document: int
    start: int | None = None
    end: int | None = None
    exact: str = ""
    role: TargetRole = "passage"


@dataclass(frozen=True, slots=True)
class AnnotationState:
    """All that a revision must know to bring an annotation back.

    `codings` are (variable key, code key) pairs, sorted; keys are stable, labels are not.
    """

    motivation: str
    targets: tuple[TargetState, ...]
    codings: Codings = ()
    claim: int | None = None
    note: str = ""
    unsure: bool = False
    deleted: bool = False
    archived: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "codings", tuple(sorted(set(self.codings))))

    @property
    def documents(self) -> frozenset[int]:
        return frozenset(target.document for target in self.targets)

    @property
    def live(self) -> bool:
        """Neither deleted nor archived."""
        return not (self.deleted or self.archived)

    def as_dict(self) -> dict[str, Any]:
        return _logged(asdict(self))

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        fields = dict(data)
        fields["targets"] = tuple(TargetState(**target) for target in data["targets"])
        fields["codings"] = tuple((variable, code) for variable, code in data["codings"])
        return cls(**fields)

    def codes(self, variable: str) -> tuple[str, ...]:
        """The keys of the codes set in a variable."""
        return tuple(code for key, code in self.codings if key == variable)

    def coded(self, **codes: str | None) -> Self:
        """The same with one code in each of the variables named, or none where it is None."""
        kept = [(key, code) for key, code in self.codings if key not in codes]
        added = [(key, code) for key, code in codes.items() if code]
        return replace(self, codings=tuple(kept + added))


def _logged(state: dict[str, Any]) -> dict[str, Any]:
    """As the log has it: what is not archived says nothing of it, as before there was an archive."""
    if not state["archived"]:
        del state["archived"]
    return state


def touched_by(*states: AnnotationState | None) -> tuple[TargetState, ...]:
    """The passages of an annotation before and after a change."""
    return tuple(target for state in states if state for target in state.targets)


@dataclass(frozen=True, slots=True)
class ClaimState:
    """All that a revision must know to bring a claim back."""

    statement: str
    description: str = ""
    order: int = 0
    codings: Codings = ()
    merged_into: int | None = None
    deleted: bool = False
    archived: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "codings", tuple(sorted(set(self.codings))))

    def as_dict(self) -> dict[str, Any]:
        return _logged(asdict(self))

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        codings = tuple((variable, code) for variable, code in data["codings"])
        return cls(**{**data, "codings": codings})
