"""Take back what a person has done, and do it again, from the log."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction

from annotations import access
from annotations.models import (
    MOVE,
    PASSED,
    Annotation,
    Claim,
    EditConflict,
    QuoteMismatch,
    Revision,
    check_open,
)
from annotations.states import ClaimState
from corpus.models import Collection

CHANGED = "somebody else has changed this since"
SO_ALREADY = "it has come about in another way already"
NO_ROOM = "the codebook or another answer given since leaves no room for what was there"
# Says nothing of marks that the person may not see.
BLIND = "while coding is blind, this stays as it is"
NOT_THERE = "the codebook no longer has the code that was there"


class Refused(EditConflict):
    """An undo or redo that would destroy what came since; `reason` is half a sentence."""

    def __init__(self, current: Annotation | Claim, reason: str) -> None:
        super().__init__(current)
        self.reason = reason


def undo(user: User, collection: Collection, *, operation: UUID | None = None) -> list[Revision]:
    """Take back the person's latest operation; the revisions written, newest work first.

    Empty where there is nothing to undo. A repeated request with the same `operation` finds what
    the first one wrote. Raises Refused, and changes nothing, where that would destroy what has come
    since or break a rule; it is then passed over, and the next undo takes what is older.
    """
    return _replay(user, collection, operation=operation, kind="undo")


def redo(user: User, collection: Collection, *, operation: UUID | None = None) -> list[Revision]:
    """Do again what undo() took back last; as undo()."""
    return _replay(user, collection, operation=operation, kind="redo")


def _replay(
    user: User, collection: Collection, *, operation: UUID | None, kind: str
) -> list[Revision]:
    operation = operation or uuid4()
    written = Revision.objects.filter(operation=operation, collection=collection, user=user)
    written = written.select_related("annotation", "claim").order_by("pk")
    with transaction.atomic():
        if repeated := list(written):
            if repeated[0].action == PASSED:
                of_claim = repeated[0].claim_id is not None
                reason = BLIND if collection.blind and of_claim else CHANGED
                raise Refused(_record(repeated[0]), reason)
            return repeated
        reach = Revision.objects.reach_of(user, collection)
        of = reach.undo if kind == "undo" else reach.redo
        if of is None:
            return []
        rows = list(
            Revision.objects.filter(operation=of, collection=collection, user=user)
            .select_related("annotation", "claim")
            .order_by("pk" if kind == "redo" else "-pk")
        )
        try:
            with transaction.atomic():
                _check_documents(rows)
                for row in rows:
                    _check_merge(row, kind=kind, user=user, collection=collection)
                for row in rows:
                    _apply(row, user=user, operation=operation, kind=kind)
                _check_claims(rows, user=user, collection=collection)
                if done := list(written.all()):
                    return done
                raise Refused(_record(rows[0]), SO_ALREADY)
        except Refused as error:
            refused = error
        except EditConflict as conflict:
            refused = Refused(conflict.current, CHANGED)
        except ValidationError:
            refused = Refused(_record(rows[0]), NO_ROOM)
        except (ObjectDoesNotExist, QuoteMismatch):
            refused = Refused(_record(rows[0]), NOT_THERE)
        _pass_over(rows[0], user=user, operation=operation, kind=kind)
    raise refused


def _record(row: Revision) -> Annotation | Claim:
    """What the revision is of, as it is stored now: another may have changed it."""
    record = row.annotation or row.claim
    assert record is not None  # noqa: S101  a constraint of the database says so
    record.refresh_from_db()
    return record


def _sides(row: Revision, kind: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The state that must be there now, and the one that is wanted."""
    return (row.before, row.after) if kind == "redo" else (row.after, row.before)


def _check_documents(rows: list[Revision]) -> None:
    """Refuse to change marks alone where their document is closed; a claim takes its marks along."""
    if any(row.claim_id is not None for row in rows):
        return
    for row in rows:
        record = _record(row)
        states = [state for state in (row.before, row.after) if state is not None]
        documents = {target["document"] for state in states for target in state["targets"]}
        try:
            check_open(documents, row.collection_id)
        except ValidationError as error:
            raise Refused(record, error.messages[0].rstrip(".")) from error


def _check_merge(row: Revision, *, kind: str, user: User, collection: Collection) -> None:
    """Refuse to merge into a claim that has left the list, before any mark goes there."""
    then, wanted = _sides(row, kind)
    into = (wanted or {}).get("merged_into")
    if row.claim is None or not isinstance(into, int) or into == (then or {}).get("merged_into"):
        return
    claims = Claim.objects.filter(collection=row.collection_id)
    other = claims.standing_for(into)
    if other == row.claim or not other.current:
        named = claims.seen_by(user, collection).filter(pk=into).first()
        if named is None:
            raise Refused(row.claim, BLIND)
        raise Refused(row.claim, f"“{named}” has been merged or deleted since")


def _apply(row: Revision, *, user: User, operation: UUID, kind: str) -> None:
    """Bring one thing to the other side of a revision, unless it has moved on since."""
    record: Any = _record(row)  # a mark or a claim: what is done with their states is the same
    stored = record.as_state()
    then, wanted = _sides(row, kind)
    gone = {"deleted": True}
    expected = stored.from_dict(then if then is not None else {**(wanted or {}), **gone})
    target = stored.from_dict(wanted if wanted is not None else {**(then or {}), **gone})
    if isinstance(target, ClaimState):
        expected, target = _placed(row, stored, expected=expected, target=target)
    # What was merged since leads on to what took it.
    now, aim, due = (record.fitted(state) for state in (stored, target, expected))
    if now == aim:
        return
    if now != due:
        raise Refused(record, CHANGED)
    record.change(
        target, user=user, action=row.action, operation=operation, kind=kind, of=row.operation
    )


def _placed(
    row: Revision, stored: ClaimState, *, expected: ClaimState, target: ClaimState
) -> tuple[ClaimState, ClaimState]:
    """A move is about the place in the list and nothing else, any other change about the rest."""
    if row.action == MOVE:
        return stored, replace(stored, order=target.order)
    return replace(expected, order=stored.order), replace(target, order=stored.order)


def _check_claims(rows: list[Revision], *, user: User, collection: Collection) -> None:
    """Refuse to take a claim off the list under marks, or under a claim that is now part of it."""
    touched = {row.claim_id for row in rows if row.claim_id is not None}
    listed = Claim.objects.current()
    for claim in Claim.objects.filter(pk__in=touched).exclude(pk__in=listed.values("pk")):
        if claim.annotations.live().visible_to(user).exists():
            raise Refused(claim, f"{CHANGED}: “{claim}” is in use")
        if claim.annotations.live().exists():
            raise Refused(claim, BLIND)
        if claim.deleted_at is not None and claim.merged.filter(deleted_at=None).exists():
            if not access.sees_all(user, collection):
                raise Refused(claim, BLIND)
            raise Refused(claim, f"{CHANGED}: another claim has become part of “{claim}”")


def _pass_over(row: Revision, *, user: User, operation: UUID, kind: str) -> None:
    """Leave a trace that nothing was done, so that the next undo or redo goes on from there."""
    state = _record(row).as_state().as_dict()
    Revision.objects.create(
        collection=row.collection,
        annotation=row.annotation,
        claim=row.claim,
        user=user,
        operation=operation,
        kind=kind,
        of=row.operation,
        action=PASSED,
        before=state,
        after=state,
    )
