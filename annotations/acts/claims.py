"""What a person does to the list of claims: add, reword, move, merge, split, delete, archive, say absent.

Each is one undoable step, in one transaction, with a revision for each row that it changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from annotations.access import (
    must_be_of,
    must_code,
    must_rearrange,
    must_reword,
    sees_all,
)
from annotations.models import Annotation, Claim, ClaimInUse, EditConflict
from annotations.states import AnnotationState, ClaimState, TargetState, touched_by
from annotations.vocabulary import PRESENCE
from corpus.models import Collection, Document

from .done import ALL, Done, Seen


@dataclass(frozen=True, slots=True)
class Rewording:
    """What a claim is to say, by the version of it that the person had seen."""

    claim: Claim
    state: ClaimState
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Placing:
    """A claim, and its new place in the list, counted from 0."""

    claim: Claim
    place: int


@dataclass(frozen=True, slots=True)
class Merging:
    """A claim that becomes part of another."""

    claim: Claim
    into: Claim
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Splitting:
    """A claim, and what is said of it that goes to a new one."""

    claim: Claim
    state: ClaimState
    marks: Iterable[Annotation]


@dataclass(frozen=True, slots=True)
class Absence:
    """A claim that a document leaves out."""

    claim: Claim
    document: Document


def add(
    collection: Collection, user: User, values: ClaimState, *, operation: UUID | None = None
) -> Done:
    """Put a claim at the end of the list."""
    must_code(user, collection)
    claim = Claim.objects.record(values, collection=collection, user=user, operation=operation)
    return Done(f"New claim: “{claim}”", collection=collection, claims=ALL, made=(claim,))


def state(
    collection: Collection, user: User, values: str, *, operation: UUID | None = None
) -> Done:
    """As add(), unless there is a claim with just this statement already."""
    must_code(user, collection)
    claim, new = Claim.objects.stating(
        values, collection=collection, user=user, operation=operation
    )
    words = f"New claim: “{claim}”" if new else f"This claim is already in the list: “{claim}”"
    return Done(words, collection=collection, claims=ALL, made=(claim,) if new else ())


def reword(
    collection: Collection, user: User, values: Rewording, *, operation: UUID | None = None
) -> Done:
    """Word a claim anew, or describe it so; its occurrences stay.

    Raises EditConflict where it was changed meanwhile, unless it says just this already.
    """
    claim, wanted = values.claim, values.state
    must_reword(claim, user, collection)
    renamed = wanted == replace(claim.as_state(), statement=wanted.statement)
    try:
        claim.change(
            wanted,
            user=user,
            action="rename" if renamed else "edit",
            version=values.version,
            operation=operation,
        )
    except EditConflict as conflict:
        # A repeated request meets its own first success.
        if conflict.current.as_state() != wanted:
            raise
    marks = Annotation.objects.visible_to(user).live().about(claim).with_parts()
    return Done(
        f"Renamed: “{wanted.statement}”" if renamed else "Saved.",
        collection=collection,
        touched=touched_by(*(annotation.as_state() for annotation in marks)),
        claims=ALL,
        made=(claim,),
    )


def move(
    collection: Collection, user: User, values: Placing, *, operation: UUID | None = None
) -> Done:
    """Put a claim at another place of the list."""
    must_be_of(collection, values.claim)
    must_rearrange(user, collection)
    values.claim.move(values.place, user=user, operation=operation)
    return Done(f"Moved: “{values.claim}”", collection=collection, claims=ALL)


def merge(
    collection: Collection, user: User, values: Merging, *, operation: UUID | None = None
) -> Done:
    """Give all annotations of a claim to another one and retire it.

    What one person would then have said twice goes: the same mark on the same passage, a second
    answer about the same document, and "absent" where that person has marked a passage.
    Raises EditConflict where the claim was changed meanwhile or has left the list, and ValueError
    unless the other is a current claim of the same collection.
    """
    must_rearrange(user, collection)
    claim, into = values.claim, values.into
    operation = operation or uuid4()
    with transaction.atomic():
        both = Claim.objects.current().filter(collection=collection, pk__in=[claim.pk, into.pk])
        listed = set(both.order_by("pk").select_for_update())
        if into == claim or into not in listed:
            raise ValueError("A claim is merged into another current claim of its collection.")
        if claim not in listed:
            raise EditConflict(Claim.objects.get(pk=claim.pk))
        moving = list(claim.annotations.live().for_export())
        away = claim.annotations.archived().for_export()
        redundant = redundant_among(list(into.annotations.live().for_export()), moving)
        for annotation in redundant:
            annotation.change(
                replace(annotation.as_state(), deleted=True),
                user=user,
                action="merge",
                operation=operation,
            )
        for annotation in (*moving, *away):
            if annotation not in redundant:
                annotation.change(
                    replace(annotation.as_state(), claim=into.pk),
                    user=user,
                    action="merge",
                    operation=operation,
                )
        claim.change(
            replace(claim.as_state(), merged_into=into.pk),
            user=user,
            action="merge",
            version=values.version,
            operation=operation,
        )
    words = f"Merged: “{claim}” is now part of “{into}”."
    return Done(words, collection=collection, touched=_touched(moving), claims=ALL)


def split(
    collection: Collection, user: User, values: Splitting, *, operation: UUID | None = None
) -> Done:
    """A new claim, next in the list, that takes some annotations of another."""
    must_rearrange(user, collection)
    claim, operation = values.claim, operation or uuid4()
    marks = [annotation for annotation in values.marks if annotation.claim_id == claim.pk]
    with transaction.atomic():
        claims = Claim.objects.filter(collection=collection)
        here = claims.select_for_update().get(pk=claim.pk).order
        claims.filter(order__gt=here).update(order=F("order") + 1)
        made = claims.record(
            replace(values.state, order=here + 1),
            collection=collection,
            user=user,
            operation=operation,
        )
        for annotation in marks:
            annotation.change(
                replace(annotation.as_state(), claim=made.pk),
                user=user,
                action="split",
                operation=operation,
            )
    words = f"Split: {len(marks)} mark{'s' if len(marks) > 1 else ''} moved here."
    return Done(words, collection=collection, touched=_touched(marks), claims=ALL, made=(made,))


def delete(
    collection: Collection, user: User, values: Seen[Claim], *, operation: UUID | None = None
) -> Done:
    """Take a claim off the list, and with it what was said of its absence.

    Raises ClaimInUse, and changes nothing, while any passage is marked with it, archived ones too.
    """
    claim, operation = values.row, operation or uuid4()
    must_be_of(collection, claim)
    must_rearrange(user, collection)
    with transaction.atomic():
        annotations = list(claim.annotations.alive().for_export())
        shown = set(claim.annotations.alive().readable().values_list("pk", flat=True))
        absences = [annotation for annotation in annotations if is_absence(annotation)]
        if not shown <= {annotation.pk for annotation in absences}:
            raise ClaimInUse(claim)
        # Marks on a deleted document stay with the claim: it comes back when that does.
        for annotation in absences:
            annotation.change(
                replace(annotation.as_state(), deleted=True),
                user=user,
                action="delete",
                operation=operation,
                along=True,
            )
        claim.change(
            replace(claim.as_state(), deleted=True),
            user=user,
            action="delete",
            version=values.version,
            operation=operation,
        )
    words = f"Deleted: “{claim}”. Undo brings it back."
    return Done(words, collection=collection, touched=_touched(absences), claims=ALL)


def bring_back(
    collection: Collection, user: User, values: Claim, *, operation: UUID | None = None
) -> Done:
    """Put a deleted claim on the list again, with what was said of its absence."""
    claim, operation = values, operation or uuid4()
    must_be_of(collection, claim)
    must_rearrange(user, collection)
    words = f"Brought back: “{claim}”"
    if claim.deleted_at is None:
        return Done(words, collection=collection)
    with transaction.atomic():
        # Something else may have been logged since, such as an undo that was refused.
        deletions = claim.revisions.filter(before__deleted=False, after__deleted=True)
        gone_with_it = claim.annotations.filter(
            deleted_at__isnull=False,
            revisions__operation=deletions.newest_first().values("operation")[:1],
        )
        absences = list(filter(is_absence, gone_with_it.distinct().for_export()))
        claim.change(
            replace(claim.as_state(), deleted=False),
            user=user,
            action="bring back",
            operation=operation,
        )
        for annotation in absences:
            annotation.change(
                replace(annotation.as_state(), deleted=False),
                user=user,
                action="bring back",
                operation=operation,
                along=True,
            )
    return Done(words, collection=collection, touched=_touched(absences), claims=ALL)


def archive(
    collection: Collection, user: User, values: Seen[Claim], *, operation: UUID | None = None
) -> Done:
    """Put a claim away, and with it all that is said of it; doing it twice changes nothing.

    Raises EditConflict where it was changed meanwhile or has left the list.
    """
    operation = operation or uuid4()
    must_be_of(collection, values.row)
    must_rearrange(user, collection)
    with transaction.atomic():
        claim = _kept(values.row)
        if claim.archived_at is not None:
            return Done(f"Archived already: “{claim}”", collection=collection)
        marks = list(claim.annotations.live().for_export())
        for annotation in marks:
            annotation.change(
                replace(annotation.as_state(), archived=True),
                user=user,
                action="archive",
                operation=operation,
                along=True,
            )
        claim.change(
            replace(claim.as_state(), archived=True),
            user=user,
            action="archive",
            version=values.version,
            operation=operation,
        )
    words = f"Archived, with all that is said of it: “{claim}”. Undo takes it out again."
    return Done(words, collection=collection, touched=_touched(marks), claims=ALL)


def take_out(
    collection: Collection, user: User, values: Claim, *, operation: UUID | None = None
) -> Done:
    """Take a claim out of the archive, with what went there along with it.

    Raises EditConflict where it was deleted or merged meanwhile.
    """
    operation = operation or uuid4()
    must_be_of(collection, values)
    must_rearrange(user, collection)
    with transaction.atomic():
        claim = _kept(values)
        words = f"Taken out of the archive: “{claim}”"
        if claim.archived_at is None:
            return Done(words, collection=collection)
        # What is not archived says nothing of it in the log.
        put_away = claim.revisions.filter(before__archived__isnull=True, after__archived=True)
        along = claim.annotations.archived().filter(
            revisions__operation=put_away.newest_first().values("operation")[:1]
        )
        marks = list(along.distinct().for_export())
        claim.change(
            replace(claim.as_state(), archived=False),
            user=user,
            action="take out",
            operation=operation,
        )
        for annotation in marks:
            annotation.change(
                replace(annotation.as_state(), archived=False),
                user=user,
                action="take out",
                operation=operation,
                along=True,
            )
    return Done(words, collection=collection, touched=_touched(marks), claims=ALL)


def _kept(claim: Claim) -> Claim:
    """The claim as it stands now, locked; EditConflict where it was deleted or merged."""
    now = Claim.objects.select_for_update().get(pk=claim.pk)
    if now.deleted_at is not None or now.merged_into_id is not None:
        raise EditConflict(now)
    return now


def confirm_absent(
    collection: Collection, user: User, values: Absence, *, operation: UUID | None = None
) -> Done:
    """Record that the person has read the document and the claim is not in it.

    Saying it twice changes nothing. Raises ClaimInUse where they have marked a passage of it.
    """
    claim, document = _sought(collection, user, values)
    target = TargetState(document.pk)
    with transaction.atomic():
        said = list(claim.annotations.live().by(user).on(document).with_parts())
        if not any(map(is_absence, said)):
            if any(target.start is not None for row in said for target in row.targets.all()):
                raise ClaimInUse(claim)
            claim.annotations.record(
                AnnotationState("classifying", (target,), claim=claim.pk).coded(
                    **{PRESENCE: "absent"}
                ),
                collection=collection,
                user=user,
                operation=operation,
            )
    words = f"Claim {claim.number} is absent from “{document}”."
    return Done(words, collection=collection, touched=(target,), claims=frozenset({claim.pk}))


def withdraw_absent(
    collection: Collection, user: User, values: Absence, *, operation: UUID | None = None
) -> Done:
    """Take back what confirm_absent() recorded, if anything."""
    claim, document = _sought(collection, user, values)
    operation = operation or uuid4()
    with transaction.atomic():
        said = claim.annotations.live().by(user).on(document).with_parts()
        for annotation in filter(is_absence, said):
            annotation.change(
                replace(annotation.as_state(), deleted=True),
                user=user,
                action="delete",
                operation=operation,
            )
    words = f"Claim {claim.number} in “{document}”: no longer confirmed as absent."
    target = TargetState(document.pk)
    return Done(words, collection=collection, touched=(target,), claims=frozenset({claim.pk}))


def is_absence(annotation: Annotation) -> bool:
    """Whether it says that a whole document leaves the claim out; with_parts() saves queries."""
    return bool(annotation.as_state().codes(PRESENCE))


def redundant_among(
    staying: Iterable[Annotation], moving: Iterable[Annotation]
) -> list[Annotation]:
    """What would repeat or contradict something by the same person, if all were about one claim."""
    states = [(row, row.as_state()) for row in (*staying, *moving)]
    marked = {
        (row.creator_id, target.document)
        for row, state in states
        for target in state.targets
        if target.start is not None
    }
    answered: set[tuple[int, int, str]] = set()
    said: set[tuple[int, AnnotationState]] = set()
    redundant = []
    for row, state in states:
        answers = {
            (row.creator_id, target.document, variable)
            for target in state.targets
            if target.start is None
            for variable, _ in state.codings
        }
        denied = {(*place, PRESENCE) for place in marked}
        words = (row.creator_id, replace(state, claim=None))
        if answers & (answered | denied) or words in said:
            redundant.append(row)
        answered |= answers
        said.add(words)
    return redundant


def _sought(collection: Collection, user: User, values: Absence) -> tuple[Claim, Document]:
    """The claim and the document, where the person may say something of them."""
    must_code(user, collection)
    must_be_of(collection, values.claim)
    if values.document.collection_id != collection.pk:
        raise PermissionDenied("This document is of another collection.")
    seen = Claim.objects.seen_by(user, collection).filter(pk=values.claim.pk)
    if not sees_all(user, collection) and not seen.exists():
        raise PermissionDenied("This claim is somebody else's.")
    return values.claim, values.document


def _touched(annotations: Iterable[Annotation]) -> tuple[TargetState, ...]:
    return touched_by(*(annotation.as_state() for annotation in annotations))
