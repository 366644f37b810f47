"""Who may see and change what is said in a collection: the one place that knows.

Where coding is blind, who does not curate must not learn what other coders have done: not their marks,
not the claims they have written, not how many there are of either. Such a person sees

- the marks they have made themselves;
- the claims of those who own or curate the collection now, their own, and those that their own marks
  are about (somebody with an overview has put them there);
- of the history what was done to those marks by anybody, and to those claims by themselves and by who
  owns or curates the collection now.

Everybody else sees everything. Whose claim it is goes by the role that its writer has today: who becomes
a curator shows their claims to the coders, and hides them again by becoming a coder or leaving.
"""

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from corpus.models import ARCHIVED, MAY_CODE, MAY_CURATE, Collection, Membership, Role, is_member

NOT_CODING = "Your role in this collection does not allow this."
NOT_YOURS = "This mark is somebody else's. Only owners and curators may edit it."
NOT_WORDED = "While coding is blind, only its writer and the curators word a claim anew."
NOT_ARRANGED = "While coding is blind, a curator moves, merges, splits and deletes claims."
ELSEWHERE = "This is of another collection."


class _Made(Protocol):
    """A mark or a claim, as far as it matters whose it is."""

    @property
    def creator_id(self) -> int | None: ...

    @property
    def collection_id(self) -> int: ...


def curates(user: User, collection: Collection) -> bool:
    """Whether the person owns or curates the collection; no query where it was opened to them."""
    if getattr(collection, "viewer", None) == user:
        return collection.may_curate
    return _curators(collection).filter(user=user).exists()


def sees_all(user: User, collection: Collection) -> bool:
    """Whether nothing that members say in the collection is hidden from this member."""
    return not collection.blind or curates(user, collection)


def annotations(user: User) -> Q:
    """The annotations that the person may see, in all their collections."""
    curates = {
        "collection__memberships__role__in": [str(role) for role in MAY_CURATE],
        "collection__memberships__archived_at": None,
    }
    return is_member(user) & (Q(collection__blind=False) | Q(creator=user) | Q(**curates))


def marks(user: User, collection: Collection) -> Q:
    """The annotations of a collection, opened to the person, that the person may see."""
    seen = Q(collection=collection)
    if not collection.blind or _has_overview(user, collection):
        return seen
    return seen & Q(creator=user)


def annotations_among(collections: Iterable[Collection], user: User) -> Q:
    """The same for several, which with_role() has asked for the person's part in."""
    mine = list(collections)
    whole = [row.pk for row in mine if not row.blind or row.role in MAY_CURATE]
    return Q(collection__in=whole) | Q(collection__in=[row.pk for row in mine], creator=user)


def _has_overview(user: User, collection: Collection) -> bool:
    """Whether the person's role is to curate, in an archived collection too."""
    if getattr(collection, "viewer", None) == user:
        return collection.role in MAY_CURATE
    return _curators(collection).filter(user=user).exists()


def claims(user: User, collection: Collection) -> Q:
    """The claims of a collection that a member of it may see."""
    seen = Q(collection=collection)
    if sees_all(user, collection):
        return seen
    own_marks = _annotation().objects.filter(collection=collection, creator=user)
    return seen & (
        Q(creator=user)
        | Q(creator__in=_curators(collection).values("user"))
        | Q(pk__in=own_marks.filter(claim__isnull=False).values("claim"))
    )


def revisions(user: User, collection: Collection) -> Q:
    """What a member of the collection may read of its history."""
    own_marks = _annotation().objects.seen_by(user, collection)
    of_marks = Q(annotation__in=own_marks.values("pk"))
    of_claims = Q(annotation__isnull=True)
    if not sees_all(user, collection):
        seen = apps.get_model("annotations", "Claim").objects.filter(claims(user, collection))
        by = Q(user=user) | Q(user__in=_curators(collection).values("user"))
        of_claims = Q(claim__in=seen.values("pk")) & by
    return Q(collection=collection) & (of_marks | of_claims)


def may_code(user: User, collection: Collection) -> bool:
    """Whether the person may say something; no query where the collection was opened to them."""
    return _has(user, collection, MAY_CODE)


def may_change(annotation: _Made, user: User, collection: Collection) -> bool:
    """Whether a member may change a mark that they see: their own, as an owner or curator any."""
    return may_change_those_of(annotation.creator_id, user, collection)


def may_change_those_of(creator: int | None, user: User, collection: Collection) -> bool:
    """As may_change(), of all marks that somebody has made, by that person's key."""
    return _has(user, collection, MAY_CODE if creator == user.pk else MAY_CURATE)


def may_reword(claim: _Made, user: User, collection: Collection) -> bool:
    """Whether a member may word a claim anew: where coding is blind, others would read it."""
    own = claim.creator_id == user.pk or not collection.blind
    return _has(user, collection, MAY_CODE if own else MAY_CURATE)


def may_rearrange(user: User, collection: Collection) -> bool:
    """Whether the person may change the list of claims and move marks between them.

    That takes others' marks along and changes others' list, so it is not for who must not know of
    them.
    """
    return _has(user, collection, MAY_CURATE if collection.blind else MAY_CODE)


# --- who may not is told so, with PermissionDenied ------------------------------------------------


def must_code(user: User, collection: Collection) -> None:
    if not may_code(user, collection):
        raise PermissionDenied(ARCHIVED if collection.archived_at else NOT_CODING)


def must_change(annotation: _Made, user: User, collection: Collection) -> None:
    """Who keeps marks in the administration may change them in whatever collection."""
    must_be_of(collection, annotation)
    if not _keeps(user, "annotation") and not may_change(annotation, user, collection):
        must_code(user, collection)
        raise PermissionDenied(NOT_YOURS)


def must_reword(claim: _Made, user: User, collection: Collection) -> None:
    must_be_of(collection, claim)
    if not may_reword(claim, user, collection):
        must_code(user, collection)
        raise PermissionDenied(NOT_WORDED)


def must_rearrange(user: User, collection: Collection) -> None:
    """Who keeps claims in the administration may rearrange them in whatever collection."""
    if not _keeps(user, "claim") and not may_rearrange(user, collection):
        must_code(user, collection)
        raise PermissionDenied(NOT_ARRANGED)


def must_be_of(collection: Collection, *rows: _Made) -> None:
    if any(row.collection_id != collection.pk for row in rows):
        raise PermissionDenied(ELSEWHERE)


def editable(user: User, pk: UUID) -> tuple[Collection, Any]:
    """A mark with its parts, if the person may change it, and its collection, opened to them.

    Raises Http404 where they may not know of it, PermissionDenied where they may not change it.
    """
    seen = _annotation().objects.visible_to(user).with_parts().select_related("collection")
    annotation = get_object_or_404(seen, pk=pk)
    collection = Collection.objects.open_to(user, annotation.collection.slug, MAY_CODE)
    if not may_change(annotation, user, collection):
        raise PermissionDenied(NOT_YOURS)
    return collection, annotation


def _has(user: User, collection: Collection, roles: frozenset[Role]) -> bool:
    if collection.archived_at is not None:
        return False
    if getattr(collection, "viewer", None) == user:
        return collection.role in roles
    found = Membership.objects.in_use().filter(collection=collection, user=user)
    return found.filter(role__in=[str(role) for role in roles]).exists()


def _keeps(user: User, what: str) -> bool:
    return user.is_active and user.is_staff and user.has_perm(f"annotations.delete_{what}")


def _curators(collection: Collection) -> QuerySet[Membership]:
    return Membership.objects.in_use().filter(
        collection=collection, role__in=[str(role) for role in MAY_CURATE]
    )


def _annotation() -> Any:
    # The models ask this module, so it cannot import them.
    return apps.get_model("annotations", "Annotation")
