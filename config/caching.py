"""No page stays behind in a cache for somebody else to find."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

SIGN_OUT = {"logout", "account_logout"}


def private_pages_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answers are the asker's own, and asked for again each time; static files say it otherwise.

    Whoever signs out leaves nothing in the browser's cache, which "back" would show.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-cache"
        if "public" not in response["Cache-Control"]:
            patch_vary_headers(response, ["Cookie"])
        found = request.resolver_match
        if request.method == "POST" and found and found.url_name in SIGN_OUT:
            response["Clear-Site-Data"] = '"cache"'
        return response

    return middleware
