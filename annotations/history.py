"""Which operation undo and redo reach next, worked out from an append-only log."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Kind = Literal["do", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of one person, in the order of the log; `of` is what an undo or redo answers.

    An undo or redo that was refused is `passed`: what it would have answered is out of reach.
    """

    operation: UUID
    kind: Kind
    of: UUID | None = None
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """The operations that undo and redo would take next, or None."""

    undo: UUID | None
    redo: UUID | None


def reach(newest_first: Iterable[Step]) -> Reach:
    """Walk back through the log, no further than needed.

    Each undo takes back the latest operation that still stands, each redo brings back the latest
    that was undone, and a new operation forgets what was undone and not redone.
    """
    undo: UUID | None = None
    redo: UUID | None = None
    settled: set[UUID | None] = set()  # operations of which the latest word has been read
    forgotten = False
    for step in newest_first:
        about = step.operation if step.kind == "do" else step.of
        if about not in settled:
            settled.add(about)
            if step.passed:
                pass
            elif step.kind != "undo":
                undo = undo or about
            elif not forgotten:
                redo = redo or about
        forgotten = forgotten or step.kind == "do"
        if undo and (redo or forgotten):
            break
    return Reach(undo, redo)
