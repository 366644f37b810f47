"""Archive, undo and bring back an import: the documents that came in with it go along."""

from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from corpus.models import MAY_CURATE, MAY_MANAGE, Collection, Document, ImportBatch

from .allowed import OF_OTHERS, check, is_keeper, role_in
from .documents import check_grace, mark_deleted, mark_returned
from .done import Done
from .logged import log


def archive(
    collection: Collection, user: User, values: int, *, operation: UUID | None = None
) -> Done:
    """Put an import away with its documents that are in use."""
    with transaction.atomic():
        batch = _batch(collection, user, values, keeper="change_importbatch")
        if batch.archived_at is not None:
            return Done("Archived already.")
        now = timezone.now()
        count = batch.documents.in_use().update(archived_at=now)
        ImportBatch.everything.filter(pk=batch.pk).update(archived_at=now)
        words = f"The import of {_when(batch)} is archived, with {_documents(count)}."
        log(user, "archive an import", collection=collection, words=words)
    return Done(words)


def take_out(
    collection: Collection, user: User, values: int, *, operation: UUID | None = None
) -> Done:
    """Take an import out of the archive, with what was put away with it."""
    with transaction.atomic():
        batch = _batch(collection, user, values, keeper="change_importbatch")
        if batch.archived_at is None:
            return Done("In use already.")
        # What was put away with it bears the same moment.
        count = batch.documents.filter(archived_at=batch.archived_at).update(archived_at=None)
        ImportBatch.everything.filter(pk=batch.pk).update(archived_at=None)
        words = f"The import of {_when(batch)} is in use again, with {_documents(count)}."
        log(user, "take an import out of the archive", collection=collection, words=words)
    return Done(words)


def delete(
    collection: Collection, user: User, values: int, *, operation: UUID | None = None
) -> Done:
    """Undo an import: its documents are out of sight until it is brought back or purged."""
    with transaction.atomic():
        batch = _batch(collection, user, values, keeper="delete_importbatch")
        if not may_undo(collection, user, batch):
            raise PermissionDenied(OF_OTHERS)
        if batch.deleted_at is not None:
            return Done("Undone already.")
        now = timezone.now()
        rows = list(batch.documents.for_lists())
        mark_deleted(rows, user=user, at=now)
        ImportBatch.everything.filter(pk=batch.pk).update(deleted_at=now, deleted_by=user)
        words = f"The import of {_when(batch)} is undone: {_documents(len(rows))} deleted."
        log(user, "undo an import", collection=collection, words=words)
    return Done(words, touched=tuple(row.pk for row in rows), claims="all")


def bring_back(
    collection: Collection, user: User, values: int, *, operation: UUID | None = None
) -> Done:
    """Bring an undone import back, with the documents that went with it."""
    with transaction.atomic():
        batch = _batch(collection, user, values, keeper="delete_importbatch")
        if not may_undo(collection, user, batch):
            raise PermissionDenied(OF_OTHERS)
        if batch.deleted_at is None:
            return Done("It is here already.")
        check_grace([batch])
        # What went with it bears the same moment.
        gone = Document.everything.filter(batch=batch, deleted_at=batch.deleted_at)
        rows = list(gone.for_lists())
        ImportBatch.everything.filter(pk=batch.pk).update(deleted_at=None, deleted_by=None)
        back, words = mark_returned(collection, rows, user=user)
        words = f"The import of {_when(batch)} is back. {words}"
        log(user, "bring back an import", collection=collection, words=words)
    touched = tuple(row.pk for row in back)
    return Done(words, touched=touched, claims="all", warning=len(back) < len(rows))


def may_undo(collection: Collection, user: User, batch: ImportBatch) -> bool:
    """Owners may; a curator may undo what she has imported herself."""
    role = role_in(collection, user)
    if role in MAY_MANAGE or is_keeper(user, "delete_importbatch"):
        return True
    return role in MAY_CURATE and batch.creator_id == user.pk


def _batch(collection: Collection, user: User, pk: int, *, keeper: str) -> ImportBatch:
    Collection.everything.select_for_update().get(pk=collection.pk)
    check(collection, user, MAY_CURATE, keeper=keeper)
    return ImportBatch.everything.get(collection=collection, pk=pk)


def _when(batch: ImportBatch) -> str:
    return f"{timezone.localtime(batch.created):%-d %B %Y, %H:%M}"


def _documents(number: int) -> str:
    return f"{number:,} document{'' if number == 1 else 's'}"
