"""What allauth asks of us: who may try, what is noted, what it says."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import get_random_string

from . import places, throttle
from .log import Kind, address_of, known_at, log, unknown_name
from .names import person_named

KNOWN_COOKIE = "known"
_KNOWN_FOR = 400 * 24 * 3600  # seconds; browsers keep none longer


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "The name and the password do not go together.",
        "invalid_login": "The name and the password do not go together.",
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your password.",
        "account_inactive": "This account is not in use.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by those who run the site."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person whose name and password these are; tries that fail are counted and noted.

        Raises ValidationError, before any password is looked at, where there were too many.
        """
        name = str(credentials.get("username") or "")
        person = person_named(name)
        address = address_of(request)
        # A name can be typed in several ways, and all are tries at one account.
        account = person.get_username() if person else name
        said = person.get_username() if person else unknown_name(name)
        known = person is not None and known_at(person, address)
        browser = known_browser(request, person) if person else ""
        limits = throttle.limits(account, address, known=known, browser=browser)
        try:
            throttle.take(limits)
        except throttle.TooMany as error:
            if error.first:
                log(Kind.THROTTLED, user=None, about=person, request=request, words=f"As {said}.")
            raise ValidationError(
                f"There were too many tries. Wait {error.minutes} minutes, then try again; or ask "
                "an owner of your collection for a link to a new password.",
                code="too_many_login_attempts",
            ) from error
        found: User | None = super().authenticate(request, **credentials)
        if found is None:
            log(Kind.FAILED, user=None, about=person, request=request, words=f"As {said}.")
        else:
            throttle.give_back(limits)
        return found

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: authenticate() has counted in the database, where allauth would in a cache."""

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing, as nothing was counted in the cache."""

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        places.note(request, user)
        log(Kind.SIGNED_IN, user=user, request=request)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        remember(response, request, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            log(Kind.SIGNED_OUT, user=request.user, request=request)
            key = request.session.session_key
            request.user.places_signed_in.filter(session_key=key).delete()
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        request = self.request
        own = request is not None and request.user == user
        kind = Kind.PASSWORD if own else Kind.RESET
        log(kind, user=user, about=user, request=request)
        # Django ends the other sessions, which were signed with the old password.
        places.end(user, but=(request.session.session_key or "") if own else "")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what is news; that somebody is signed in, or out, the page shows."""
        if message_template in {
            "account/messages/logged_in.txt",
            "account/messages/logged_out.txt",
        }:
            return
        if message_template and "password" in message_template:
            messages.add_message(request, level, "Your password is changed.")
            return
        super().add_message(request, level, message_template, message_context, extra_tags, message)


def known_browser(request: HttpRequest, user: User) -> str:
    """The mark of a browser in which the person has signed in before; empty for any other."""
    browser, people = _remembered(request)
    return browser if user.pk in people else ""


def remember(response: HttpResponseBase, request: HttpRequest, user: User) -> None:
    """Leave in the browser that this person signed in in it; it opens nothing."""
    browser, people = _remembered(request)
    others = [pk for pk in people if pk != user.pk][:4]
    response.set_cookie(
        _cookie_name(request),
        signing.dumps([browser or get_random_string(16), [user.pk, *others]], salt=KNOWN_COOKIE),
        max_age=_KNOWN_FOR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _remembered(request: HttpRequest) -> tuple[str, list[int]]:
    """The mark that this browser has, and who signed in in it before."""
    cookie = request.COOKIES.get(_cookie_name(request), "")
    try:
        browser, people = signing.loads(cookie, salt=KNOWN_COOKIE, max_age=_KNOWN_FOR)
    except signing.BadSignature:
        return "", []
    return browser, people


def _cookie_name(request: HttpRequest) -> str:
    return f"__Host-{KNOWN_COOKIE}" if request.is_secure() else KNOWN_COOKIE
