"""Take back what a person has done, and do it again, from the log."""

from dataclasses import replace
from typing import Any, Literal
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction

from annotations import access
from annotations.access import must_code
from annotations.forms.words import quoted
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
from annotations.states import AnnotationState, ClaimState, TargetState, touched_by
from corpus.models import Collection

from .done import ALL, Done

Kind = Literal["undo", "redo"]
DONE: dict[Kind, str] = {"undo": "Undone", "redo": "Done again"}
CHANGED = "somebody else has changed this since"
SO_ALREADY = "it has come about in another way already"
AWAY = "its claim has been archived since"
NO_ROOM = "the codebook or another answer given since leaves no room for what was there"
# Says nothing of marks that the person may not see.
BLIND = "while coding is blind, this stays as it is"
NOT_THERE = "the codebook no longer has the code that was there"


VERBS = {
    "create": "marking",
    "edit": "editing",
    "move": "moving",
    "delete": "deleting",
    "bring back": "bringing back",
    "archive": "archiving",
    "take out": "taking out of the archive",
    "merge": "merging",
    "split": "splitting",
    "rename": "renaming",
    "accept": "accepting",
}


class Refused(EditConflict):
    """An undo or redo that would destroy what came since; `reason` is half a sentence."""

    def __init__(self, current: Annotation | Claim, reason: str) -> None:
        super().__init__(current)
        self.reason = reason


def undo(
    collection: Collection, user: User, values: None = None, *, operation: UUID | None = None
) -> Done:
    """Take back the person's latest operation.

    A repeated request with the same `operation` finds what the first one did. Raises Refused, and
    changes nothing, where that would destroy what has come since or break a rule; it is then passed
    over, and the next undo takes what is older.
    """
    return _replayed(collection, user, operation=operation, kind="undo")


def redo(
    collection: Collection, user: User, values: None = None, *, operation: UUID | None = None
) -> Done:
    """Do again what undo() took back last; as undo()."""
    return _replayed(collection, user, operation=operation, kind="redo")


def not_done(collection: Collection, refused: Refused, *, kind: Kind) -> Done:
    """What a refused undo or redo leaves to tell."""
    done, current = DONE[kind].lower(), refused.current
    return Done(
        f"Not {done}: {refused.reason}. The next {kind} goes on from there.",
        collection=collection,
        touched=touched_by(current.as_state()) if isinstance(current, Annotation) else (),
        claims=ALL,
        warning=True,
    )


def told(row: Revision) -> str:
    """A change in words: marking “The port is closed.”"""
    verb = VERBS.get(row.action, row.action)
    state = row.after or row.before or {}
    if "statement" in state:
        return f"{verb} the claim {quoted(state['statement'], limit=40)}"
    words = next((target["exact"] for target in state["targets"] if target["exact"]), "")
    if words:
        return f"{verb} {quoted(words, limit=40)}"
    return f"{verb} {' and '.join(key for key, _ in state['codings']) or 'a note'}"


def _replayed(collection: Collection, user: User, *, operation: UUID | None, kind: Kind) -> Done:
    must_code(user, collection)
    rows = _replay(user, collection, operation=operation, kind=kind)
    touched = [target for row in rows for target in _touched(row)]
    words = _what_was(rows, DONE[kind]) if rows else f"Nothing to {kind}."
    return Done(words, collection=collection, touched=tuple(touched), claims=ALL)


def _what_was(rows: list[Revision], done: str) -> str:
    """What was done, in words; a claim that a mark brought along is named after it."""
    back = [row for row in rows if row.claim_id and row.action == "bring back"]
    back = [
        row for row in back if (row.before or {})["deleted"] and not (row.after or {})["deleted"]
    ]
    leading = next((row for row in rows if row not in back), rows[0])
    along = (
        f"the claim {quoted((row.after or {})['statement'])}" for row in back if row != leading
    )
    return ". ".join([f"{done}: {told(leading)}", *(f"With it {claim} is back" for claim in along)])


def _touched(row: Revision) -> tuple[TargetState, ...]:
    if row.annotation_id is None:
        return ()
    return touched_by(
        *(AnnotationState.from_dict(data) for data in (row.before, row.after) if data)
    )


def _replay(
    user: User, collection: Collection, *, operation: UUID | None, kind: Kind
) -> list[Revision]:
    """The revisions written, newest work first; none where there is nothing to do."""
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
        except ValidationError as error:
            away = getattr(error, "code", None) == "archived"
            refused = Refused(_record(rows[0]), AWAY if away else NO_ROOM)
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


def _sides(row: Revision, kind: Kind) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
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


def _check_merge(row: Revision, *, kind: Kind, user: User, collection: Collection) -> None:
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


def _apply(row: Revision, *, user: User, operation: UUID, kind: Kind) -> None:
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
        listless = claim.deleted_at is not None or claim.merged_into_id is not None
        under = claim.annotations.alive() if listless else claim.annotations.live()
        if under.seen_by(user, collection).exists():
            raise Refused(claim, f"{CHANGED}: “{claim}” is in use")
        if under.exists():
            raise Refused(claim, BLIND)
        if claim.deleted_at is not None and claim.merged.filter(deleted_at=None).exists():
            if not access.sees_all(user, collection):
                raise Refused(claim, BLIND)
            raise Refused(claim, f"{CHANGED}: another claim has become part of “{claim}”")


def _pass_over(row: Revision, *, user: User, operation: UUID, kind: Kind) -> None:
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
