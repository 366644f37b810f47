"""Who may end, put away and bring back what is in the corpus."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from corpus.models import ARCHIVED, MAY_CURATE, MAY_MANAGE, Collection, Document, Membership, Role

NOT_YOURS = "Your role in this collection does not allow this."
OF_OTHERS = "A curator may delete what she has imported herself; the rest is for owners."


def is_keeper(user: User, permission: str) -> bool:
    """Whether the person may do it in the administration, in whatever collection."""
    return user.is_active and user.is_staff and user.has_perm(f"corpus.{permission}")


def role_in(collection: Collection, user: User) -> Role | None:
    """The person's role as it stands, none where it is over or has ended."""
    found = Membership.objects.in_use().filter(collection=collection, user=user).first()
    return Role(found.role) if found else None


def check(
    collection: Collection,
    user: User,
    roles: frozenset[Role],
    *,
    keeper: str,
    archived: bool = False,
) -> None:
    """Raise PermissionDenied unless the person has one of the roles or keeps the corpus.

    In an archived collection nothing is done but what is `archived`.
    """
    if not is_keeper(user, keeper) and role_in(collection, user) not in roles:
        raise PermissionDenied(NOT_YOURS)
    if collection.archived_at is not None and not archived:
        raise PermissionDenied(ARCHIVED)


def may_delete(collection: Collection, user: User, documents: Iterable[Document]) -> bool:
    """Owners may; a curator may where she has imported them all."""
    role = role_in(collection, user)
    if role in MAY_MANAGE or is_keeper(user, "delete_document"):
        return True
    return role in MAY_CURATE and all(
        row.batch is not None and row.batch.creator_id == user.pk for row in documents
    )
