"""A person's own page, and what only an owner sees of people."""

from allauth.account.views import (
    LoginView,
    PasswordChangeView,
    PasswordResetView,
    PasswordSetView,
)
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from corpus.acts import resetting
from corpus.http import Request, as_number
from corpus.models import MAY_MANAGE, Collection, Membership
from corpus.people import places, throttle
from corpus.people.forms import NameForm
from corpus.people.log import Kind, address_of, log
from corpus.people.models import SecurityEvent

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """The person's name, password, and where they are signed in."""
    form = NameForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid() and _may_move_mail(request, form):
        form.save()
        if "email" in form.changed_data:
            log(Kind.MAIL, user=request.user, about=request.user, request=request)
        messages.success(request, "Saved.")
        return redirect("account")
    context = {
        "form": form,
        "places": places.places_of(request.user),
        "here": request.session.session_key,
        "has_password": request.user.has_usable_password(),
        "days": settings.ADDRESS_DAYS,
    }
    return render(request, "account/account.html", context, status=422 if form.errors else 200)


def _may_move_mail(request: Request, form: NameForm) -> bool:
    """Whether the mail address stays, or whoever changes it knows the password."""
    if "email" not in form.changed_data or not request.user.has_usable_password():
        return True
    limits = _own_tries(request)
    try:
        throttle.take(limits)
    except throttle.TooMany as error:
        _note(request, error)
        form.add_error("password", f"There were too many tries. Wait {error.minutes} minutes.")
        return False
    if request.user.check_password(form.cleaned_data["password"]):
        throttle.give_back(limits)
        return True
    form.add_error("password", "That is not your password.")
    return False


def _own_tries(request: HttpRequest) -> list[throttle.Limit]:
    return throttle.limits(f"change {request.user.pk}", None, known=True)[:1]


def _note(request: HttpRequest, error: throttle.TooMany) -> None:
    if error.first:
        person = request.user if isinstance(request.user, User) else None
        log(Kind.THROTTLED, user=person, about=person, request=request)


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """allauth's page; its status tells programs, too, that nobody was let in."""
    response: HttpResponseBase = LoginView.as_view()(request)
    if isinstance(response, TemplateResponse) and request.method == "POST":
        form = (response.context_data or {}).get("form")
        refused = form is not None and form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts")
        response.status_code = 429 if refused else 422
    return response


@login_not_required
def admin_login(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """The administration has no form of its own at which passwords could be tried."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    if not request.user.is_staff:
        raise PermissionDenied("The administration is for those who keep this site.")
    return redirect("admin:index")


def admin_password_change(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """The administration's page for one's own password is everybody's."""
    return redirect("account_change_password")


@require_POST
def sessions_end(request: Request) -> HttpResponse:
    """End one session (`place`), or all but this one."""
    here = request.session.session_key or ""
    place = as_number(request.POST["place"]) if "place" in request.POST else None
    ended = places.end(request.user, place=place, but=here)
    if ended:
        log(Kind.SESSIONS, user=request.user, request=request, words=f"{ended} ended.")
    messages.success(request, "Ended." if ended else "There was nothing to end.")
    return redirect("account")


@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponseBase:
    """allauth's page, with tries at the present password counted."""
    if request.method != "POST" or not request.user.is_authenticated:
        return _change(request)
    limits = _own_tries(request)
    try:
        throttle.take(limits)
    except throttle.TooMany as error:
        _note(request, error)
        messages.error(request, f"There were too many tries. Wait {error.minutes} minutes.")
        return redirect("account")
    before = request.session.session_key
    response = _change(request)
    places.follow(request, before)
    if response.status_code == 302:
        throttle.give_back(limits)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def password_set(request: HttpRequest) -> HttpResponseBase:
    """allauth's page for who has no password yet."""
    before = request.session.session_key
    response: HttpResponseBase = PasswordSetView.as_view()(request)
    places.follow(request, before)
    return response


def _change(request: HttpRequest) -> HttpResponseBase:
    response: HttpResponseBase = PasswordChangeView.as_view()(request)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponseBase:
    """A link by mail where the site sends mail; else the words on how to get one."""
    if not settings.SENDS_MAIL:
        return render(request, "account/password_forgotten.html")
    if request.method == "POST":
        limits = throttle.limits("forgotten", address_of(request), known=True)[:1]
        try:
            throttle.take(limits)
        except throttle.TooMany as error:
            _note(request, error)
            messages.error(request, f"There were too many tries. Wait {error.minutes} minutes.")
            return redirect("account_reset_password")
    response: HttpResponseBase = PasswordResetView.as_view()(request)
    return response


@require_POST
def member_link(request: Request, slug: str, pk: int) -> HttpResponse:
    """Make a link with which a member chooses a new password, for the owner to hand over."""
    collection = Collection.objects.open_to(request.user, slug, MAY_MANAGE)
    part = get_object_or_404(
        Membership.objects.select_related("user"), collection=collection, pk=pk
    )
    done = resetting.make_link(collection, request.user, part.user, request=request)
    link = request.build_absolute_uri(done.made)
    context = {
        "collection": collection,
        "person": part.user,
        "link": link,
        "back": reverse("corpus:collection_edit", args=[slug]),
    }
    return render(request, "account/reset_link.html", context)


@require_safe
def security_log(request: Request, slug: str) -> HttpResponse:
    """What concerns a collection, for its owners."""
    collection = Collection.objects.open_to(request.user, slug, MAY_MANAGE)
    events = SecurityEvent.objects.filter(collection=collection).newest_first()
    page = Paginator(events.select_related("user", "about"), PER_PAGE).get_page(
        as_number(request.GET.get("page", "1")) or 1
    )
    context = {"collection": collection, "page": page, "days": settings.ADDRESS_DAYS}
    return render(request, "corpus/security_log.html", context)
