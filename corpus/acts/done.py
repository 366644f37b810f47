from dataclasses import dataclass
from typing import Any, Final, Literal

ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Done:
    """What an act has done.

    `words` tell a person; `touched` are the numbers of documents, or the passages, that look
    different now, `claims` the numbers of such claims, or ALL; `made` is what there is more.
    `warning` says that something was left undone, which the words name.
    """

    words: str
    touched: tuple[Any, ...] = ()
    claims: frozenset[int] | Literal["all"] = frozenset()
    made: Any = None
    warning: bool = False


class CannotBeDone(Exception):
    """An act refused, with nothing changed; the message tells a person why."""
