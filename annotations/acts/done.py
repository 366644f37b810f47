"""What acts on marks and claims take and give."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from annotations.models import Annotation, Claim
from annotations.states import TargetState
from corpus.acts.done import ALL as ALL
from corpus.acts.done import Done as DoneInCorpus
from corpus.models import Collection


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(DoneInCorpus):
    """What an act on marks or claims has done, and in which collection.

    `touched` are the passages that look different now; `claims` the numbers of those whose
    positions may have changed, or ALL where the list itself has; `made` the marks and claims that
    are new or say something new.
    """

    collection: Collection
    touched: tuple[TargetState, ...] = ()
    claims: frozenset[int] | Literal["all"] = frozenset()
    made: tuple[Annotation | Claim, ...] = ()

    @property
    def claims_made(self) -> list[Claim]:
        return [row for row in self.made if isinstance(row, Claim)]


@dataclass(frozen=True, slots=True)
class Seen[Row: (Annotation, Claim)]:
    """A mark or a claim as the person had it before them; no version stands for any."""

    row: Row
    version: int | None = None


def those(claims: Iterable[int | None]) -> frozenset[int]:
    """The claims among these, some of which may be none."""
    return frozenset(claim for claim in claims if claim is not None)
