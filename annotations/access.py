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

from typing import Any, Protocol

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from corpus.models import MAY_CURATE, Collection, Membership, is_member


class _Made(Protocol):
    """A mark or a claim, as far as it matters whose it is."""

    @property
    def creator_id(self) -> int | None: ...


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
    own_marks = _annotation().objects.visible_to(user).filter(collection=collection)
    of_marks = Q(annotation__in=own_marks.values("pk"))
    of_claims = Q(annotation__isnull=True)
    if not sees_all(user, collection):
        seen = apps.get_model("annotations", "Claim").objects.filter(claims(user, collection))
        by = Q(user=user) | Q(user__in=_curators(collection).values("user"))
        of_claims = Q(claim__in=seen.values("pk")) & by
    return Q(collection=collection) & (of_marks | of_claims)


def may_change(annotation: _Made, user: User, collection: Collection) -> bool:
    """Whether a member may change a mark that they see: their own, as an owner or curator any."""
    return collection.may_code and (annotation.creator_id == user.pk or collection.may_curate)


def may_reword(claim: _Made, user: User, collection: Collection) -> bool:
    """Whether a member may word a claim anew: where coding is blind, others would read it."""
    return collection.may_code and (sees_all(user, collection) or claim.creator_id == user.pk)


def may_rearrange(collection: Collection) -> bool:
    """Whether the person may change the list of claims and move marks between them.

    That takes others' marks along and changes others' list, so it is not for who must not know of
    them.
    """
    return collection.may_curate or (collection.may_code and not collection.blind)


def _curators(collection: Collection) -> QuerySet[Membership]:
    return Membership.objects.in_use().filter(
        collection=collection, role__in=[str(role) for role in MAY_CURATE]
    )


def _annotation() -> Any:
    # The models ask this module, so it cannot import them.
    return apps.get_model("annotations", "Annotation")
