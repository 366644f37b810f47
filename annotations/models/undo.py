from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import transaction

from annotations.states import AnnotationState, ClaimState
from corpus.models import Collection

from .annotation import Annotation
from .claim import Claim
from .errors import EditConflict
from .revision import Revision


def undo(user: User, collection: Collection, *, operation: UUID | None = None) -> list[Revision]:
    """Take back the person's latest operation; the revisions written, newest work first.

    Empty where there is nothing to undo. A repeated request with the same `operation` finds what
    the first one wrote. Raises EditConflict, and changes nothing, where somebody else has changed
    the same thing since, or has marked passages with a claim that would go.
    """
    return _replay(user, collection, operation=operation, kind="undo")


def redo(user: User, collection: Collection, *, operation: UUID | None = None) -> list[Revision]:
    """Do again what undo() took back last; as undo()."""
    return _replay(user, collection, operation=operation, kind="redo")


def _replay(
    user: User, collection: Collection, *, operation: UUID | None, kind: str
) -> list[Revision]:
    operation = operation or uuid4()
    with transaction.atomic():
        repeated = Revision.objects.filter(operation=operation, collection=collection, user=user)
        if written := list(repeated.order_by("pk")):
            return written
        reach = Revision.objects.reach_of(user, collection)
        of = reach.undo if kind == "undo" else reach.redo
        if of is None:
            return []
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
    record.refresh_from_db()  # another revision of the same operation may have changed it
    gone = {"deleted": True}
    expected = state.from_dict(then if then is not None else {**(wanted or {}), **gone})
    # A code that was merged since leads on to the one that took it.
    if record.as_state() != record.fitted(expected):  # type: ignore[arg-type]
        raise EditConflict(record)
    target = state.from_dict(wanted if wanted is not None else {**(then or {}), **gone})
    if isinstance(record, Claim) and target.deleted and record.annotations.live().exists():
        raise EditConflict(record)
    record.change(
        target,  # type: ignore[arg-type]
        user=user,
        action=row.action,
        operation=operation,
        kind=kind,
        of=row.operation,
    )
