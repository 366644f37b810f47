"""What a person does with suggested passages: accept them, reject them, want them offered again."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID, uuid4, uuid5

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from annotations.access import must_change
from annotations.models import Annotation, EditConflict, Rejection
from annotations.offers import Offer, rejections
from annotations.states import AnnotationState, touched_by
from corpus.http import as_number
from corpus.models import Collection, Document

from .done import Done, those


@dataclass(frozen=True, slots=True)
class Accepting:
    """A mark, what is accepted of what it suggests, and the keys of all that the person chose.

    A repeated request finds the passages of its keys marked already.
    """

    annotation: Annotation
    offers: tuple[Offer, ...]
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choosing:
    """A mark, and the keys of passages that are suggested for it."""

    annotation: Annotation
    keys: tuple[str, ...]


def accept(
    collection: Collection, user: User, values: Accepting, *, operation: UUID | None = None
) -> Done:
    """Make suggested passages marks of the person, all in one undoable step."""
    annotation, operation = values.annotation, operation or uuid4()
    must_change(annotation, user, collection)
    made = []
    with transaction.atomic():
        for offer in values.offers:
            with suppress(ValidationError):
                made.append(_make(collection, user, annotation, offer, operation=operation))
    ids = [_id(user, annotation, key) for key in values.keys]
    shown = Annotation.objects.filter(pk__in=[*ids, *(one.pk for one in made)]).with_parts()
    count = f"{len(made)} passage{'' if len(made) == 1 else 's'}"
    return Done(
        f"Marked {count} in other documents." if made else "Already marked.",
        collection=collection,
        touched=touched_by(*(one.as_state() for one in shown)),
        claims=those({annotation.claim_id}),
        made=tuple(made),
    )


def reject(
    collection: Collection, user: User, values: Choosing, *, operation: UUID | None = None
) -> Done:
    """Remember what the person does not want to see again; what names no passage counts for nothing."""
    annotation = values.annotation
    must_change(annotation, user, collection)
    lengths = dict(Document.objects.filter(collection=collection).values_list("pk", "length"))
    for document, start, end in _places(values.keys):
        if annotation.claim_id and start < end <= lengths.get(document, 0):
            Rejection.objects.get_or_create(
                user=user,
                claim_id=annotation.claim_id,
                document_id=document,
                start=start,
                end=end,
            )
    return Done("Not offered again.", collection=collection)


def offer_again(
    collection: Collection, user: User, values: Choosing, *, operation: UUID | None = None
) -> Done:
    """Forget that the person rejected these."""
    must_change(values.annotation, user, collection)
    rejected = rejections(user, values.annotation)
    for document, start, end in _places(values.keys):
        rejected.filter(document=document, start=start, end=end).delete()
    return Done("Offer again.", collection=collection)


def _places(keys: Iterable[str]) -> list[tuple[int, int, int]]:
    """Document, start and end as key_of() has them; 0 for what is missing."""
    found = []
    for key in keys:
        document, start, end = ([as_number(part) for part in key.split(":")] + [0, 0, 0])[:3]
        found.append((document, start, end))
    return found


def _id(user: User, annotation: Annotation, key: str) -> UUID:
    """The same offer accepted twice, in two tabs or by a retry, is one annotation."""
    return uuid5(annotation.pk, f"{user.pk}:{annotation.claim_id}@{key}")


def _make(
    collection: Collection,
    user: User,
    annotation: Annotation,
    offer: Offer,
    *,
    operation: UUID,
) -> Annotation:
    model = annotation.as_state()
    state = AnnotationState(
        model.motivation,
        (offer.target, *offer.said),
        codings=model.codings,
        claim=model.claim,
    )
    record = partial(
        Annotation.objects.record,
        state,
        collection=collection,
        user=user,
        via=annotation,
        generator=offer.generator,
        operation=operation,
        action="accept",
    )
    try:
        return record(id=_id(user, annotation, offer.key))
    except EditConflict as conflict:
        before: Annotation = conflict.current
        if not before.deleted:
            # It was changed since it was accepted; what the person made of it stays.
            return record()
        before.change(
            replace(state, note=before.note), user=user, operation=operation, action="accept"
        )
        return before
