"""What no text and no number here can be is refused in words, before or after a database chokes."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse

from .errors import refused

NUL = "\0"
TOLD = "There is a character or a number in it that nothing here can have: a NUL, or a number too large."


class HostileValuesMiddleware:
    """Answers 400 where an address holds a NUL, or where what was sent fits no column.

    SQLite keeps a NUL in text and chokes on large numbers, PostgreSQL does neither.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if NUL in value]:
            del request.COOKIES[name]
        if NUL in request.path_info or any(
            NUL in text for name, values in request.GET.lists() for text in (name, *values)
        ):
            return refused(request, TOLD)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        unfit = isinstance(error, DataError | OverflowError)
        # What psycopg says of text with a NUL.
        nul = isinstance(error, ValueError) and "NUL" in str(error)
        return refused(request, TOLD) if unfit or nul else None
