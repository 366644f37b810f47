from collections.abc import Callable

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

DIGITS = 19  # of the largest number that a database takes


def as_number(value: object) -> int:
    """The number that is written there; 0, which no row has, where none is or none that fits."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < DIGITS else 0


class Request(HttpRequest):
    """A request as the views see it: signed in, and asked whether htmx sent it."""

    user: User
    htmx: HtmxDetails


def same_person_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse, with 401, what a page of somebody else sends after another person signed in.

    A page that keeps work until it can be saved names its person in `X-Person`.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.headers.get("X-Person")
        if person and request.user.is_authenticated and person != str(request.user.pk):
            return HttpResponse("Somebody else is signed in.", status=401)
        return get_response(request)

    return middleware
