"""Error pages that say what happened and where to go; none shows a stack trace, and none fails."""

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.views.decorators.csrf import requires_csrf_token

from .busy import busy_page, is_busy, plain_page, wants_json
from .resending import from_elsewhere, kept_from

log = logging.getLogger(__name__)

TITLES = {
    400: "That request could not be understood",
    403: "Your role does not allow this",
    404: "There is no such page",
    413: "That is too much to send at once",
    500: "Something went wrong on our side",
}
EXPIRED = "The form was open too long"
EXPIRED_WHY = "Somebody signed in or out in this browser since the page was opened, or it does not keep cookies."
SIGNED_OUT = "You were signed out meanwhile"
SIGNED_OUT_WHY = "The session ended before the form was sent."
FOREIGN = "This did not come from a page of this site"
FOREIGN_WHY = "Another site tried to send a form here in your name. Nothing was stored."
SAFE = (
    "Nothing you had saved is lost. Try again; if it happens again, tell whoever runs this site what "
    "you were doing."
)


def _page(request: HttpRequest, status: int, reason: str = "", title: str = "") -> HttpResponse:
    """The error's page with the masthead, as far as session, database and style can be had."""
    title = title or TITLES[status]
    if not wants_json(request.headers.get("Accept", "")):
        try:
            context = {"status": status, "title": title, "reason": reason}
            return render(request, "error.html", context, status=status)
        except Exception:
            log.exception("The page for error %s failed", status)
    return plain(request, status, reason, title=title)


def plain(request: HttpRequest, status: int, reason: str = "", *, title: str = "") -> HttpResponse:
    """The error's page of its own: it needs no session, no database and no list of static files."""
    title = title or TITLES[status]
    if wants_json(request.headers.get("Accept", "")):
        return JsonResponse({"status": status, "error": title, "reason": reason}, status=status)
    kept = SAFE if status == 500 else ""
    context: dict[str, object] = {"status": status, "title": title, "reason": reason, "kept": kept}
    return HttpResponse(plain_page(context), status=status)


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


def refused(request: HttpRequest, reason: str) -> HttpResponse:
    """The page for what cannot be asked for, with the reason; it needs nothing else."""
    return plain(request, 400, reason)


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
    return plain(request, 500)


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a token that is good now: from another site, or left open for too long."""
    if from_elsewhere(request):
        return _page(request, 403, FOREIGN_WHY, FOREIGN)
    return _again(request)


def _again(request: HttpRequest) -> HttpResponse:
    """What was typed, to be sent again by the person who is signed in, or who signs in now."""
    if wants_json(request.headers.get("Accept", "")):
        return plain(request, 403, EXPIRED_WHY, title=EXPIRED)
    kept = kept_from(request)
    try:
        person = request.user.get_username() if request.user.is_authenticated else ""
        context = {
            "title": EXPIRED if person or not kept else SIGNED_OUT,
            "reason": EXPIRED_WHY if person or not kept else SIGNED_OUT_WHY,
            "kept": kept,
            "address": request.get_full_path(),
            "person": person,
            "sign_in": resolve_url(settings.LOGIN_URL),
        }
        response = render(request, "resend.html", context, status=403)
    except Exception:
        log.exception("The page with what was typed failed")
        response = plain(request, 403, EXPIRED_WHY, title=EXPIRED)
    response["Cache-Control"] = "private, no-store"
    return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Leads to the sign-in page; a form that was filled in is given back rather than lost."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        kept = kept_from(request)
        if kept and (kept.fields or kept.files):
            return _again(request)
        return super().handle_no_permission(request, view_func)
