from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import transaction

from annotations.states import AnnotationState, ClaimState
from corpus.models import Collection

from .annotation import Annotation
from .claim import Claim
from .errors import EditConflict
from .revision import Revision


def undo(user: User, collection: Collection) -> list[Revision]:
    """Take back the person's latest operation; the revisions written, newest work first.

    Empty where there is nothing to undo. Raises EditConflict, and changes nothing, where somebody
    else has changed the same thing since.
    """
    target = Revision.objects.reach_of(user, collection).undo
    return _replay(target, user=user, collection=collection, kind="undo") if target else []


def redo(user: User, collection: Collection) -> list[Revision]:
    """Do again what undo() took back last; as undo()."""
    target = Revision.objects.reach_of(user, collection).redo
    return _replay(target, user=user, collection=collection, kind="redo") if target else []


def _replay(of: UUID, *, user: User, collection: Collection, kind: str) -> list[Revision]:
    operation = uuid4()
    with transaction.atomic():
        rows = list(
            Revision.objects.filter(operation=of, collection=collection, user=user)
            .select_related("annotation", "claim")
            .order_by("pk" if kind == "redo" else "-pk")
        )
        for row in rows:
            _apply(row, user=user, operation=operation, kind=kind)
        return list(Revision.objects.filter(operation=operation).order_by("pk"))


def _apply(row: Revision, *, user: User, operation: UUID, kind: str) -> None:
    """Bring one thing to the other side of a revision, unless it has moved on since."""
    then, wanted = (row.before, row.after) if kind == "redo" else (row.after, row.before)
    record: Annotation | Claim
    state: type[AnnotationState | ClaimState]
    if row.annotation is not None:
        record, state = row.annotation, AnnotationState
    elif row.claim is not None:
        record, state = row.claim, ClaimState
    else:
        return
    gone = {"deleted": True}
    expected = state.from_dict(then if then is not None else {**(wanted or {}), **gone})
    if record.as_state() != expected:
        raise EditConflict(record)
    target = state.from_dict(wanted if wanted is not None else {**(then or {}), **gone})
    record.change(
        target,  # type: ignore[arg-type]
        user=user,
        action=row.action,
        operation=operation,
        kind=kind,
        of=row.operation,
    )
