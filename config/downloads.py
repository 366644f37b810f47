"""What leaves the site as a file is noted in the security log, whichever page gives it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from corpus.models import Collection
from corpus.people.log import Kind, log

DATA = "application/ld+json"  # what programs read without saving a file


def downloads_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if (
            request.method == "GET"
            and response.status_code == 200
            and request.user.is_authenticated
            and _is_data(response)
        ):
            match = request.resolver_match
            slug = match.kwargs.get("slug") if match else None
            log(
                Kind.EXPORTED,
                user=request.user,
                collection=Collection.objects.filter(slug=slug).first() if slug else None,
                request=request,
                words=request.get_full_path(),
            )
        return response

    return middleware


def _is_data(response: HttpResponseBase) -> bool:
    given = response.headers.get("Content-Disposition", "")
    return given.startswith("attachment") or response.headers.get("Content-Type", "").startswith(
        DATA
    )
