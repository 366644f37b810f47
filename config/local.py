"""Sign-in for one person on their own machine: no password, and the loopback interface only."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse

FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA")


def from_this_machine(request: HttpRequest) -> bool:
    """Whether the request came over loopback and through no proxy."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and not any(header in request.META for header in FORWARDED)


def local_user_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Sign the user named by LOCAL_USER in, when nobody is signed in yet."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.LOCAL_USER and not request.user.is_authenticated and from_this_machine(request):
            user = get_user_model().objects.filter(username=settings.LOCAL_USER).first()
            if user is not None and user.is_active:
                login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return get_response(request)

    return middleware
