"""A request with a method that its address does not take is refused before anything else is asked."""

import inspect
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

UNTOLD = ("GET", "HEAD", "POST")


def taken_by(view: Callable[..., Any]) -> tuple[str, ...]:
    """The methods that a view takes: of a class those it has, of a function those it requires."""
    if view_class := getattr(view, "view_class", None):
        names = [name for name in view_class.http_method_names if hasattr(view_class, name)]
        # Django has every form take PUT as it takes POST.
        return tuple(name.upper() for name in names if name != "put")
    # Django's require_http_methods keeps its list nowhere else.
    while hasattr(view, "__wrapped__"):
        if required := inspect.getclosurevars(view).nonlocals.get("request_method_list"):
            return tuple(required)
        view = view.__wrapped__
    return UNTOLD


class MethodsMiddleware:
    """Answers 405 with the methods that are taken, whoever asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        taken = taken_by(view)
        return None if request.method in taken else HttpResponseNotAllowed(taken)
