"""Which operation undo and redo reach next, worked out from an append-only log."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Kind = Literal["do", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of one person, in the order of the log; `of` is what an undo or redo answers."""

    operation: UUID
    kind: Kind
    of: UUID | None = None


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
    taken_back = 0  # operations met later in the log that an undo has taken back
    brought_back = 0  # undos met later in the log that a redo has answered
    forgotten = False
    for step in newest_first:
        if step.kind == "undo":
            taken_back += 1
            if brought_back:
                brought_back -= 1
            elif redo is None and not forgotten:
                redo = step.of
        else:
            brought_back += step.kind == "redo"
            forgotten = forgotten or step.kind == "do"
            if taken_back:
                taken_back -= 1
            else:
                undo = undo or (step.operation if step.kind == "do" else step.of)
        if undo and (redo or forgotten):
            break
    return Reach(undo, redo)
