"""Archive, delete, bring back and duplicate whole collections."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from corpus.copying import AT_ONCE, copy_some, relate_copies
from corpus.dependents import registered
from corpus.models import MAY_MANAGE, Collection, Document, Membership, Role, Story

from .allowed import check
from .documents import check_grace
from .done import CannotBeDone, Done
from .logged import log


@dataclass(frozen=True, slots=True)
class Duplicate:
    """What a copy of a collection is called, and whether its people come along."""

    name: str
    people: bool = False


def archive(
    collection: Collection, user: User, values: None = None, *, operation: UUID | None = None
) -> Done:
    """Put a collection away: it can be read, and nothing in it is changed."""
    with transaction.atomic():
        row = _locked(collection, user, keeper="change_collection")
        if row.deleted_at is not None:
            raise CannotBeDone("It has been deleted.")
        if row.archived_at is not None:
            return Done("Archived already.")
        _write(row, archived_at=timezone.now())
        words = f"{row} is archived: it can be read, and nothing in it is changed."
        log(user, "archive the collection", collection=row, words=words)
    return Done(words)


def take_out(
    collection: Collection, user: User, values: None = None, *, operation: UUID | None = None
) -> Done:
    """Take a collection out of the archive."""
    with transaction.atomic():
        row = _locked(collection, user, keeper="change_collection")
        if row.archived_at is None:
            return Done("In use already.")
        _write(row, archived_at=None)
        words = f"{row} is in use again."
        log(user, "take the collection out of the archive", collection=row, words=words)
    return Done(words)


def delete(
    collection: Collection, user: User, values: None = None, *, operation: UUID | None = None
) -> Done:
    """Put a collection out of everybody's sight, until brought back or purged."""
    with transaction.atomic():
        row = _locked(collection, user, keeper="delete_collection")
        if row.deleted_at is not None:
            return Done("Deleted already.")
        _write(row, deleted_at=timezone.now(), deleted_by=user)
        words = f"{row} is deleted, for everybody. It can be brought back for 30 days."
        log(user, "delete the collection", collection=row, words=words)
    return Done(words)


def bring_back(
    collection: Collection, user: User, values: None = None, *, operation: UUID | None = None
) -> Done:
    """Bring a deleted collection back as it was."""
    with transaction.atomic():
        row = _locked(collection, user, keeper="delete_collection")
        if row.deleted_at is None:
            return Done("It is here already.")
        check_grace([row])
        _write(row, deleted_at=None, deleted_by=None)
        words = f"{row} is back, with all that was in it."
        log(user, "bring back the collection", collection=row, words=words)
    return Done(words)


def duplicate(
    collection: Collection, user: User, values: Duplicate, *, operation: UUID | None = None
) -> Done:
    """Make a new collection of the same documents and codebook, without anybody's marks.

    The documents are copied in short transactions, and the copy is in sight when it is whole: one
    that broke off is purged as if it had been deleted.
    """
    with transaction.atomic():
        row = _locked(collection, user, keeper="change_collection")
        if row.deleted_at is not None:
            raise CannotBeDone("It has been deleted.")
        made = Collection.everything.create(
            name=values.name,
            slug=Collection.free_slug(values.name),
            description=row.description,
            blind=row.blind,
            deleted_at=timezone.now(),
            deleted_by=user,
        )
        Membership.objects.create(collection=made, user=user, role=Role.OWNER)
        if values.people:
            others = row.memberships.in_use().exclude(user=user).filter(user__is_active=True)
            Membership.objects.bulk_create(
                Membership(collection=made, user_id=person, role=role)
                for person, role in others.order_by("pk").values_list("user", "role")
            )
        for dependents in registered():
            dependents.copy(row, made, user=user)
    numbers: dict[int, int] = {}
    stories: dict[int, Story] = {}
    pks = list(Document.objects.filter(collection=row).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(pks), AT_ONCE):
        with transaction.atomic():
            copy_some(pks[first : first + AT_ONCE], made, numbers, stories)
    with transaction.atomic():
        relate_copies(numbers)
        _write(made, deleted_at=None, deleted_by=None)
        count = len(numbers)
        words = (
            f"{made} has {count:,} document{'' if count == 1 else 's'} and the codebook of {row}, "
            "without marks."
        )
        log(user, "duplicate the collection", collection=row, words=words)
        log(user, "make the collection", collection=made, words=words)
    return Done(words, made=made)


def _locked(collection: Collection, user: User, *, keeper: str) -> Collection:
    row = Collection.everything.select_for_update().get(pk=collection.pk)
    check(row, user, MAY_MANAGE, keeper=keeper, archived=True)
    return row


def _write(row: Collection, **fields: object) -> None:
    Collection.everything.filter(pk=row.pk).update(**fields)
    row.refresh_from_db(from_queryset=Collection.everything.all())
