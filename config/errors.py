"""Error pages that say what happened and where to go; none shows a stack trace."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

TITLES = {
    400: "That request could not be understood",
    403: "Your role does not allow this",
    404: "There is no such page",
    500: "Something went wrong on our side",
}


def _page(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    context = {"status": status, "title": TITLES[status], "reason": reason}
    return render(request, "error.html", context, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400)


@login_not_required
@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, str(exception))


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404)


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = "The form was open too long, or cookies are blocked. Go back, reload and try again."
    return _page(request, 403, message)
