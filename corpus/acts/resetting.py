"""Hand a link to a new password over, where no mail is sent."""

from uuid import UUID

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse

from corpus.models import MAY_MANAGE, Collection, Membership, Role
from corpus.people.log import Kind, log

from .done import Done


def may_hand_over(owner: User, member: User) -> bool:
    """Whether an owner may give a member a link to a new password.

    Whoever holds the link can sign in as the member, so it must open nothing that the owner does
    not rule: the member is in the owner's collections alone, owns none, and administers nothing.
    """
    if member == owner or not member.is_active or member.is_staff or member.is_superuser:
        return False
    parts = Membership.everything.filter(user=member)
    if parts.filter(role=Role.OWNER).exists():
        return False
    theirs = set(parts.values_list("collection", flat=True))
    owned = Membership.objects.in_use().filter(user=owner, role=Role.OWNER)
    return bool(theirs) and theirs <= set(owned.values_list("collection", flat=True))


def may_administer(keeper: User, person: User) -> bool:
    """Whether somebody of the administration may: not for an account that may do more."""
    if not keeper.is_active or not person.is_active:
        return False
    if keeper.is_superuser:
        return True
    return keeper.has_perm("auth.change_user") and not (person.is_staff or person.is_superuser)


def make_link(
    collection: Collection | None,
    user: User,
    values: User,
    *,
    operation: UUID | None = None,
    request: HttpRequest | None = None,
) -> Done:
    """Make the link for a member of the collection, or without one as the administration.

    `made` is its path. It is good once, and until the password changes, the person signs in, or a
    day has passed. Raises PermissionDenied.
    """
    person = values
    if collection is None:
        if not may_administer(user, person):
            raise PermissionDenied(f"{person} may do more here than you may.")
    else:
        collection = Collection.objects.open_to(user, collection.slug, MAY_MANAGE)
        if not may_hand_over(user, person):
            raise PermissionDenied(
                f"{person} has a part elsewhere too, or owns a collection: only the administration "
                "may hand over a link to a new password."
            )
    log(
        Kind.RESET_LINK,
        user=user,
        about=person,
        collection=collection,
        request=request,
        words=f"For {person}.",
    )
    token = PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    keys = {"uidb36": user_pk_to_url_str(person), "key": token}
    return Done(
        f"A link for {person}.", made=reverse("account_reset_password_from_key", kwargs=keys)
    )
