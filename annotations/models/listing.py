"""The list of claims as one member sees it, each by the number that this person knows it by."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from annotations import access
from corpus.models import Collection

from .claim import Claim


@dataclass(frozen=True, slots=True)
class Known:
    """What a claim is called and where it stands for somebody from whom others are hidden."""

    number: int
    place: int


def known_claims(user: User, collection: Collection) -> dict[int, Known] | None:
    """The claims that a member sees, by key, as they are numbered for this person.

    None where nothing is hidden, so that the stored numbers serve. Elsewhere these have gaps that
    would tell how many claims the others have made: such a person has running numbers, in the order
    of the stored ones. They stay as they are when a claim is deleted or moved, and when others write.
    """
    if access.sees_all(user, collection):
        return None
    seen = list(
        Claim.objects.seen_by(user, collection).order_by("number").values_list("pk", "order")
    )
    places = {key: place for place, (key, _) in enumerate(sorted(seen, key=_order), start=1)}
    return {key: Known(number, places[key]) for number, (key, _) in enumerate(seen, start=1)}


def _order(row: tuple[int, int]) -> tuple[int, int]:
    key, order = row
    return order, key


def listed_claims(user: User, collection: Collection) -> list[Claim]:
    """The current claims that a member sees, in order, with the numbers that this person knows.

    A claim's number is never stored again, so one that is called otherwise here does no harm.
    """
    claims = list(Claim.objects.seen_by(user, collection).current().in_order())
    return numbered(user, collection, claims)


def numbered(user: User, collection: Collection, claims: list[Claim]) -> list[Claim]:
    """These claims, which the member sees, with the numbers that this person knows."""
    if claims and (known := known_claims(user, collection)) is not None:
        for claim in claims:
            claim.number = known[claim.pk].number
    return claims
