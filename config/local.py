"""Sign-in for one person on their own machine: no password, and this machine's browser only."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from corpus.people import places
from corpus.people.log import Kind, log

# What proxies and tunnels add. A browser sends no header of these families, but for the three that
# our own scripts send.
PROXIES = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_",
    "HTTP_CF_",
    "HTTP_TRUE_CLIENT_",
    "HTTP_CLIENT_IP",
    "HTTP_FLY_",
    "HTTP_FASTLY_",
    "HTTP_CDN_",
    "HTTP_AKAMAI_",
    "HTTP_NGROK_",
    "HTTP_TAILSCALE_",
    "HTTP_PROXY_",
)
OUR_SCRIPTS = {"HTTP_X_PERSON", "HTTP_X_CSRFTOKEN", "HTTP_X_REQUESTED_WITH"}
OF_THIS_SITE = {"", "same-origin", "none"}
SESSION_MARK = "signed_in_locally"


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _names_loopback(host: str) -> bool:
    """Whether the Host header names this machine; a name that was made to lead here does not."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_loopback(name)


def from_this_machine(request: HttpRequest) -> bool:
    """Whether the request came over loopback, to a loopback name, and through no proxy."""
    meta = request.META
    proxied = any(name.startswith(PROXIES) and name not in OUR_SCRIPTS for name in meta)
    return (
        not proxied
        and _is_loopback(meta.get("REMOTE_ADDR", ""))
        and _names_loopback(meta.get("HTTP_HOST", ""))
    )


def _asked_for_here(request: HttpRequest) -> bool:
    """Whether no other site's page made the browser ask."""
    return request.headers.get("Sec-Fetch-Site", "") in OF_THIS_SITE


def local_user_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Sign the user named by LOCAL_USER in, when nobody is signed in yet.

    A session that began so is good for that user at this machine and for nothing else: a cookie
    that gets out opens nothing through a tunnel, nor once the site is served with passwords.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        near = bool(settings.LOCAL_USER) and from_this_machine(request)

        def person() -> AbstractBaseUser | AnonymousUser:
            user = get_user(request)
            local = near and user.get_username() == settings.LOCAL_USER
            return user if local or not request.session.get(SESSION_MARK) else AnonymousUser()

        # Asked for late, as Django does: a page that needs nobody must not need the database.
        request.user = cast(Any, SimpleLazyObject(person))
        if near and not request.user.is_authenticated and _asked_for_here(request):
            user = get_user_model().objects.filter(username=settings.LOCAL_USER).first()
            if user is not None and user.is_active:
                login(request, user)
                request.session[SESSION_MARK] = True
                places.note(request, user)
                log(
                    Kind.SIGNED_IN,
                    user=user,
                    request=request,
                    words="On this machine, without a password.",
                )
        return get_response(request)

    return middleware
