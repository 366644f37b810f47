"""Archive, delete, bring back, move and copy documents."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from corpus.copying import copy_documents
from corpus.dependents import registered
from corpus.models import (
    GRACE,
    MAY_CURATE,
    Collection,
    Derivation,
    Document,
    ImportedFile,
    Living,
)
from corpus.relatives.relating import put_off
from corpus.relatives.tasks import relate_soon

from .allowed import OF_OTHERS, check, may_delete
from .done import CannotBeDone, Done
from .logged import log

MOST = 2000  # documents that one act takes
NAMED = 5  # titles that a sentence lists


def archive(
    collection: Collection, user: User, values: Iterable[int], *, operation: UUID | None = None
) -> Done:
    """Put documents away: they are read, and out of the lists, and nobody marks them."""
    with transaction.atomic():
        rows = _rows(collection, user, values, keeper="change_document")
        put = [row for row in rows if row.deleted_at is None and row.archived_at is None]
        _update(put, archived_at=timezone.now())
        words = f"{named(put)} archived." if put else "Archived already."
        _log(collection, user, "archive documents", put, words)
    return Done(words, touched=_numbers(put))


def take_out(
    collection: Collection, user: User, values: Iterable[int], *, operation: UUID | None = None
) -> Done:
    """Take documents out of the archive."""
    with transaction.atomic():
        rows = _rows(collection, user, values, keeper="change_document")
        put = [row for row in rows if row.deleted_at is None and row.archived_at is not None]
        _update(put, archived_at=None)
        words = f"{named(put)} in use again." if put else "In use already."
        _log(collection, user, "take documents out of the archive", put, words)
    return Done(words, touched=_numbers(put))


def delete(
    collection: Collection, user: User, values: Iterable[int], *, operation: UUID | None = None
) -> Done:
    """Put documents out of sight with all that hangs on them, until brought back or purged."""
    with transaction.atomic():
        rows = _rows(collection, user, values, keeper="delete_document")
        put = [row for row in rows if row.deleted_at is None]
        if not may_delete(collection, user, rows):
            raise PermissionDenied(OF_OTHERS)
        words = mark_deleted(put, user=user, at=timezone.now())
        _log(collection, user, "delete documents", put, words)
    return Done(words, touched=_numbers(put), claims="all")


def bring_back(
    collection: Collection, user: User, values: Iterable[int], *, operation: UUID | None = None
) -> Done:
    """Bring deleted documents back as they were, but for those whose text is here again."""
    with transaction.atomic():
        rows = _rows(collection, user, values, keeper="delete_document")
        gone = [row for row in rows if row.deleted_at is not None]
        if not may_delete(collection, user, rows):
            raise PermissionDenied(OF_OTHERS)
        back, words = mark_returned(collection, gone, user=user)
        _log(collection, user, "bring back documents", back, words)
    return Done(words, touched=_numbers(back), claims="all", warning=len(back) < len(gone))


def copy(
    collection: Collection,
    user: User,
    values: Iterable[int],
    *,
    into: Collection,
    operation: UUID | None = None,
) -> Done:
    """Copy documents, without anybody's marks, into another collection."""
    with transaction.atomic():
        rows = _rows(collection, user, values, keeper="change_document", archived=True)
        rows = [row for row in rows if row.deleted_at is None]
        _check_target(collection, user, into)
        have = _texts_of(into, rows)
        fresh = [row for row in rows if row.sha256 not in have]
        made = copy_documents(fresh, into)
        put_off(made.values())
        words = f"{named(fresh)} copied to {into}." if fresh else f"Nothing was copied to {into}."
        words += _had(rows, fresh, into)
        _log(collection, user, "copy documents", fresh, words)
        log(user, "receive documents", collection=into, words=words)
    relate_soon(into)
    return Done(words, made=tuple(made.values()), warning=len(fresh) < len(rows))


def move(
    collection: Collection,
    user: User,
    values: Iterable[int],
    *,
    into: Collection,
    operation: UUID | None = None,
) -> Done:
    """Move documents that nobody has marked into another collection.

    Raises CannotBeDone where there are marks, whose claims and codes stay behind.
    """
    with transaction.atomic():
        rows = _rows(collection, user, values, keeper="change_document")
        rows = [row for row in rows if row.deleted_at is None]
        if not may_delete(collection, user, rows):
            raise PermissionDenied(OF_OTHERS)
        _check_target(collection, user, into)
        pks = [row.pk for row in rows]
        held = {pk for dependents in registered() for pk in dependents.holding(pks)}
        if held:
            marked = [row for row in rows if row.pk in held]
            raise CannotBeDone(
                f"{named(marked)} cannot be moved: there are marks, and their claims and codes "
                "belong to this collection (deleted marks count while they can be brought back). "
                "Copy without marks instead."
            )
        have = _texts_of(into, rows)
        fresh = [row for row in rows if row.sha256 not in have]
        going = [row.pk for row in fresh]
        ends = Q(source__in=going) & ~Q(derived__in=going) | ~Q(source__in=going) & Q(
            derived__in=going
        )
        Derivation.objects.filter(ends).delete()
        Document.everything.filter(replaces__in=going).exclude(pk__in=going).update(replaces=None)
        ImportedFile.objects.filter(document__in=going).update(document=None)
        emptied = {row.story_id for row in fresh if row.story_id}
        Document.everything.filter(pk__in=going).update(collection=into, batch=None, story=None)
        put_off(going)
        Document.everything.filter(pk__in=going).exclude(replaces__in=going).update(replaces=None)
        collection.stories.filter(pk__in=emptied, documents=None).delete()
        words = f"{named(fresh)} moved to {into}." if fresh else f"Nothing was moved to {into}."
        words += _had(rows, fresh, into)
        _log(collection, user, "move documents", fresh, words)
        log(user, "receive documents", collection=into, words=words)
    relate_soon(into)
    return Done(words, touched=tuple(going), warning=len(fresh) < len(rows))


def mark_deleted(rows: list[Document], *, user: User | None, at: datetime) -> str:
    """Put these out of sight: what that is, in words."""
    _update(rows, deleted_at=at, deleted_by=user)
    return f"{named(rows)} deleted." if rows else "Deleted already."


def mark_returned(
    collection: Collection, rows: list[Document], *, user: User
) -> tuple[list[Document], str]:
    """Bring these back, and say which could not be: the same text came in again meanwhile."""
    check_grace(rows)
    twins = dict(
        Document.objects.filter(
            collection=collection, sha256__in=[row.sha256 for row in rows]
        ).values_list("sha256", "title")
    )
    back: list[Document] = []
    stay: list[Document] = []
    for row in sorted(rows, key=lambda row: (row.deleted_at or timezone.now(), row.pk)):
        # The same text may have been deleted twice; the first to return takes the place.
        (stay if row.sha256 in twins else back).append(row)
        twins.setdefault(row.sha256, row.title)
    _update(back, deleted_at=None, deleted_by=None)
    for dependents in registered():
        dependents.returned([row.pk for row in back], user=user)
    said = [f"{named(back)} brought back."] if back else []
    if stay:
        there = f"“{twins[stay[0].sha256]}”"
        said.append(
            f"{named(stay)} cannot come back: the collection has the same text again, as {there}. "
            "Delete that one first."
        )
    return back, " ".join(said) or "It is here already."


def check_grace(rows: Iterable[Living]) -> None:
    """Raise CannotBeDone where the time is over: a purge may have begun to take things away."""
    for row in rows:
        if row.ends_at is not None and row.ends_at <= timezone.now():
            raise CannotBeDone(f"The {GRACE.days} days in which this can be brought back are over.")


def named(rows: list[Document]) -> str:
    """The documents by title, or how many, as the start of a sentence."""
    if len(rows) > NAMED:
        return f"{len(rows):,} documents"
    return ", ".join(f"“{row.title}”" for row in rows) or "No document"


def _rows(
    collection: Collection,
    user: User,
    values: Iterable[int],
    *,
    keeper: str,
    archived: bool = False,
) -> list[Document]:
    """The documents, locked with their collection, where the person may curate it."""
    Collection.everything.select_for_update().get(pk=collection.pk)
    check(collection, user, MAY_CURATE, keeper=keeper, archived=archived)
    wanted = set(values)
    if len(wanted) > MOST:
        raise CannotBeDone(f"At most {MOST:,} documents at a time: you chose {len(wanted):,}.")
    rows = Document.everything.filter(collection=collection, pk__in=wanted)
    return list(rows.for_lists().select_related("batch").order_by("pk"))


def _check_target(collection: Collection, user: User, into: Collection) -> None:
    if into.pk == collection.pk:
        raise CannotBeDone("That is the collection where they are.")
    if into.deleted_at is not None:
        raise CannotBeDone("That collection has been deleted.")
    check(into, user, MAY_CURATE, keeper="change_document")


def _texts_of(into: Collection, rows: list[Document]) -> set[str]:
    texts = [row.sha256 for row in rows]
    there = Document.objects.filter(collection=into, sha256__in=texts)
    return set(there.values_list("sha256", flat=True))


def _had(rows: list[Document], fresh: list[Document], into: Collection) -> str:
    left = [row for row in rows if row not in fresh]
    return f" {named(left)} stayed: {into} has the text already." if left else ""


def _update(rows: list[Document], **fields: object) -> None:
    Document.everything.filter(pk__in=[row.pk for row in rows]).update(**fields)


def _numbers(rows: list[Document]) -> tuple[int, ...]:
    return tuple(row.pk for row in rows)


def _log(collection: Collection, user: User, deed: str, rows: list[Document], words: str) -> None:
    if rows:
        log(user, deed, collection=collection, words=words)
