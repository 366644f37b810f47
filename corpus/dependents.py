"""What hangs on documents and collections in other apps, which this one must not know.

An app names itself here when it starts; an act then asks what goes with a document, and a purge has
it taken away first.
"""

from collections.abc import Collection as Several
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.contrib.auth.models import User
from django.db.models import QuerySet

from .models import Collection, Document


@dataclass(frozen=True, slots=True)
class Weight:
    """How much of something goes along, such as 12 marks by 3 people."""

    number: int
    singular: str
    plural: str
    more: str = ""

    def __str__(self) -> str:
        return f"{self.number:,} {self.singular if self.number == 1 else self.plural}{self.more}"


class Dependents(Protocol):
    """What an app keeps about documents and collections."""

    def weigh(self, documents: QuerySet[Document]) -> list[Weight]:
        """What goes out of sight with the documents."""

    def weigh_collection(self, collection: Collection) -> list[Weight]:
        """What goes with a collection beside what goes with its documents."""

    def holding(self, documents: Several[int]) -> set[int]:
        """Those of the documents that something hangs on, deleted or not."""

    def returned(self, documents: Several[int], *, user: User) -> None:
        """Put right what the documents brought back depend on."""

    def copy(self, source: Collection, made: Collection, *, user: User) -> None:
        """Give a copied collection what belongs to it beside documents, without anybody's work."""

    def due(self, limit: datetime) -> dict[str, int]:
        """How much a purge of what was deleted up to then would take, by its name."""

    def purge(self, limit: datetime, *, most: int) -> dict[str, int]:
        """Delete a portion of that for good: what that was; empty when none is left.

        It runs in a transaction of its own.
        """


_registered: list[Dependents] = []


def register(dependents: Dependents) -> None:
    _registered.append(dependents)


def registered() -> tuple[Dependents, ...]:
    return tuple(_registered)
