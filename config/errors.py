"""Error pages that say what happened and where to go; none shows a stack trace."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from .busy import busy_page, is_busy

TITLES = {
    400: "That request could not be understood",
    403: "Your role does not allow this",
    404: "There is no such page",
    413: "That is too much to send at once",
    500: "Something went wrong on our side",
}


def _page(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    context = {"status": status, "title": TITLES[status], "reason": reason}
    return render(request, "error.html", context, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    status, reason = 400, ""
    if isinstance(exception, RequestDataTooBig):
        megabytes = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 2**20
        status = 413
        reason = f"What is typed or pasted into a form may have {megabytes} MB in all. Save the text as a file, or send it in parts."
    elif isinstance(exception, TooManyFilesSent):
        status = 413
        reason = f"{settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files are taken at once. None of these was imported: send them in parts."
    elif isinstance(exception, TooManyFieldsSent):
        status = 413
        reason = (
            f"A form may have {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields. Send it in parts."
        )
    return _page(request, status, reason)


@login_not_required
@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, str(exception))


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, "It may have been deleted: an owner can bring it back for 30 days.")


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    if is_busy(sys.exception()):
        return busy_page(request)
    return _page(request, 500)


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = "The form was open too long, or cookies are blocked. Go back, reload and try again."
    return _page(request, 403, message)
