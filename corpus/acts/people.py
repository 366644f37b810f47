"""Take people into a collection and out of it; their marks stay either way."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from corpus.models import MAY_MANAGE, Collection, Membership, Role

from .allowed import check
from .documents import check_grace
from .done import CannotBeDone, Done
from .logged import ROLE, log

LAST = "A collection keeps at least one owner: make somebody else an owner first."


def take_out(
    collection: Collection, user: User, values: int, *, operation: UUID | None = None
) -> Done:
    """End a person's membership; it can be brought back with its role, and the marks stay."""
    with transaction.atomic():
        part = _part(collection, user, values, keeper="delete_membership")
        if part.deleted_at is not None:
            return Done(f"{part.user} is out already.")
        _keep_an_owner(part)
        _write(part, deleted_at=timezone.now(), deleted_by=user)
        words = f"{part.user} is out; their marks stay."
        log(user, "take out", kind=ROLE, about=part.user, collection=collection, words=words)
    return Done(words)


def bring_back(
    collection: Collection, user: User, values: int, *, operation: UUID | None = None
) -> Done:
    """Bring a person back in, in the role they had."""
    with transaction.atomic():
        part = _part(collection, user, values, keeper="delete_membership")
        if part.deleted_at is None:
            return Done(f"{part.user} is in already.")
        if Membership.objects.filter(collection=collection, user=part.user_id).exists():
            raise CannotBeDone(f"{part.user} has been taken in again meanwhile.")
        check_grace([part])
        _write(part, deleted_at=None, deleted_by=None)
        words = f"{part.user} is back, as {part.get_role_display().lower()}."
        log(user, "bring back", kind=ROLE, about=part.user, collection=collection, words=words)
    return Done(words)


def archive(
    collection: Collection, user: User, values: int, *, operation: UUID | None = None
) -> Done:
    """Say that a person's part is over: they still read, and mark no more."""
    with transaction.atomic():
        part = _part(collection, user, values, keeper="change_membership")
        if part.deleted_at is not None:
            raise CannotBeDone(f"{part.user} is out.")
        if part.archived_at is not None:
            return Done(f"The part of {part.user} is over already.")
        _keep_an_owner(part)
        _write(part, archived_at=timezone.now())
        words = f"The part of {part.user} is over: they read, and mark no more."
        log(user, "end a part", kind=ROLE, about=part.user, collection=collection, words=words)
    return Done(words)


def take_up(
    collection: Collection, user: User, values: int, *, operation: UUID | None = None
) -> Done:
    """Let a person whose part was over take it up again."""
    with transaction.atomic():
        part = _part(collection, user, values, keeper="change_membership")
        if part.archived_at is None:
            return Done(f"{part.user} is at work already.")
        _write(part, archived_at=None)
        words = f"{part.user} is {part.get_role_display().lower()} again."
        log(user, "take up a part", kind=ROLE, about=part.user, collection=collection, words=words)
    return Done(words)


def leave(
    collection: Collection, user: User, values: None = None, *, operation: UUID | None = None
) -> Done:
    """Leave a collection oneself; an owner can bring one back."""
    with transaction.atomic():
        Collection.everything.select_for_update().get(pk=collection.pk)
        part = Membership.objects.select_related("user").get(collection=collection, user=user)
        _keep_an_owner(part)
        _write(part, deleted_at=timezone.now(), deleted_by=user)
        words = f"You have left {collection}. Your marks stay; an owner can bring you back."
        log(user, "leave", kind=ROLE, about=part.user, collection=collection, words=words)
    return Done(words)


def take_in(
    collection: Collection, user: User, values: tuple[User, str], *, operation: UUID | None = None
) -> Done:
    """Give a person a role; one who was out comes back in this role."""
    person, role = values
    with transaction.atomic():
        Collection.everything.select_for_update().get(pk=collection.pk)
        check(collection, user, MAY_MANAGE, keeper="add_membership", archived=True)
        known = Membership.everything.filter(collection=collection, user=person)
        # The place that the person has, else the one that was left last.
        part = known.alive().first() or known.order_by("-deleted_at").first()
        part = part or Membership(collection=collection, user=person)
        part.role, part.archived_at, part.deleted_at, part.deleted_by = role, None, None, None
        part.save()
        words = f"{person} is now in this collection."
        log(
            user,
            "take in",
            kind=ROLE,
            about=person,
            collection=collection,
            words=f"{person} as {part.role}.",
        )
    return Done(words, made=part)


def give_role(
    collection: Collection, user: User, values: tuple[int, str], *, operation: UUID | None = None
) -> Done:
    """Give a person who is in the collection another role."""
    pk, role = values
    with transaction.atomic():
        part = _part(collection, user, pk, keeper="change_membership")
        if part.deleted_at is not None:
            raise CannotBeDone(f"{part.user} is out.")
        if role != Role.OWNER:
            _keep_an_owner(part)
        _write(part, role=role)
        words = f"{part.user} is now {part.get_role_display()}."
        log(
            user,
            "change a role",
            kind=ROLE,
            about=part.user,
            collection=collection,
            words=words,
        )
    return Done(words, made=part)


def is_last_owner(part: Membership) -> bool:
    """Whether nobody else could manage the collection without this person."""
    owners = Membership.objects.in_use().filter(collection=part.collection_id, role=Role.OWNER)
    return not owners.exclude(pk=part.pk).filter(user__is_active=True).exists()


def _keep_an_owner(part: Membership) -> None:
    if part.role == Role.OWNER and part.archived_at is None and is_last_owner(part):
        raise CannotBeDone(LAST)


def _part(collection: Collection, user: User, pk: int, *, keeper: str) -> Membership:
    # The lock is for two owners who take each other out at the same moment.
    Collection.everything.select_for_update().get(pk=collection.pk)
    check(collection, user, MAY_MANAGE, keeper=keeper, archived=True)
    return Membership.everything.select_related("user").get(collection=collection, pk=pk)


def _write(part: Membership, **fields: object) -> None:
    Membership.everything.filter(pk=part.pk).update(**fields)
    part.refresh_from_db(from_queryset=Membership.everything.select_related("user"))
