"""What a state names, read before a transaction begins: who writes holds the lock for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from django.core.exceptions import ValidationError

from annotations.states import AnnotationState
from corpus.models import Collection, Document

from .claim import Claim
from .codebook import Code, Codebook, Variable, resolve


@dataclass(frozen=True, slots=True)
class Fitted:
    """A state as it is stored, and the rows that it names; merged codes lead on to what took them.

    The claim is there once standing() has read it.
    """

    state: AnnotationState
    codes: list[tuple[Variable, Code]]
    documents: dict[int, Document]
    collection: int
    claim: Claim | None = None

    def standing(self) -> Self:
        """The same with its claim as it stands now, or the one that took it.

        Raises Claim.DoesNotExist where the collection has no such claim. Call it in the transaction
        of what is written: a live mark is always about a listed claim.
        """
        if self.state.claim is None or self.claim is not None:
            return self
        claims = Claim.objects.filter(collection=self.collection)
        claim = claims.standing_for(self.state.claim)
        return replace(self, claim=claim, state=replace(self.state, claim=claim.pk))

    def codebook_version(self) -> int | None:
        """Which version of the codebook the codes are of; it comes with them."""
        if self.codes:
            return self.codes[0][0].codebook.version
        books = Codebook.objects.filter(collection=self.collection)
        return books.values_list("version", flat=True).first()

    def check_open(self) -> None:
        """Raise ValidationError, in words, unless marks on the documents may be made and changed."""
        for document in sorted(self.documents.values(), key=lambda row: row.pk):
            _check_open(document)


def fit(
    state: AnnotationState, collection: Collection | int, *, documents: Iterable[Document] = ()
) -> Fitted:
    """Read what a state names: a query for the codes, one for the documents not read already.

    Raises Code.DoesNotExist or Document.DoesNotExist where the collection has no such thing.
    """
    number = collection.pk if isinstance(collection, Collection) else collection
    codes = resolve(state.codings, number)
    found = {row.pk: row for row in documents if row.collection_id == number}
    if missing := state.documents - found.keys():
        rows = Document.everything.filter(collection=number)
        found |= rows.only("title", "text", "deleted_at", "archived_at").in_bulk(missing)
    if state.documents - found.keys():
        raise Document.DoesNotExist("The passage is in no document of this collection.")
    codings = tuple((variable.key, code.key) for variable, code in codes)
    return Fitted(replace(state, codings=codings), codes, found, number)


def check_open(documents: Iterable[int], collection: Collection | int) -> None:
    """Raise ValidationError, in words, unless marks on these documents may be made and changed."""
    rows = Document.everything.filter(collection=collection, pk__in=set(documents)).order_by("pk")
    closed = rows.exclude(deleted_at=None, archived_at=None)
    for document in closed.only("title", "deleted_at", "archived_at"):
        _check_open(document)


def _check_open(document: Document) -> None:
    if document.deleted_at is not None:
        raise ValidationError(f"“{document}” has been deleted; an owner can bring it back.")
    if document.archived_at is not None:
        raise ValidationError(f"“{document}” is archived: it is read, and marked no more.")
