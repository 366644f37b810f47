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


def reach(steps: Iterable[Step]) -> Reach:
    """Replay the log, oldest first: a new operation forgets what was undone and not redone."""
    done: list[UUID] = []
    undone: list[UUID] = []
    for step in steps:
        if step.kind == "do":
            done.append(step.operation)
            undone.clear()
        elif step.kind == "undo" and done:
            undone.append(done.pop())
        elif step.kind == "redo" and undone:
            done.append(undone.pop())
    return Reach(done[-1] if done else None, undone[-1] if undone else None)
