"""What a link to a new password is good for."""

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from corpus.models import Membership, Role


class LinkTokens(PasswordResetTokenGenerator):
    """A link opens what its maker might open when it was made, and nothing that came since.

    It is void once the person has another part or more rights, or a collection of theirs other
    owners, and as Django has it once they sign in, or their password or mail address is another.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        parts = Membership.everything.filter(user=user).order_by("pk")
        own = list(parts.values_list("collection", "role", "archived_at", "deleted_at"))
        owners = Membership.objects.in_use().filter(
            role=Role.OWNER, collection__in=[collection for collection, *_ in own]
        )
        rights = (
            user.is_active,
            user.is_staff,
            user.is_superuser,
            own,
            list(owners.order_by("collection", "user").values_list("collection", "user")),
        )
        return f"{super()._make_hash_value(user, timestamp)}{rights}"
