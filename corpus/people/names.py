"""Whose name was typed; and the backend that asks it."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import get_user_by_username
from django.contrib.auth.models import User


def person_named(typed: str) -> User | None:
    """The person of that very name; else the only one whose name differs in capitals alone."""
    found: User | None = User.objects.filter(username=typed).first() or get_user_by_username(typed)
    return found


class NameBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, but of two names that differ in capitals alone each is somebody's."""

    def _authenticate_by_username(self, username: str, password: str) -> User | None:
        found: User | None = self._check_password(person_named(username), password)
        return found
