from django.contrib.auth.models import User
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """A request as the views see it: signed in, and asked whether htmx sent it."""

    user: User
    htmx: HtmxDetails
