"""The site, and pages that are large, or slow, or need the database's lock, as they are asked for."""

import time

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def large(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"x" * int(request.GET["bytes"]), content_type="text/plain")


@login_not_required
def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(float(request.GET["seconds"]))
    return HttpResponse("slow", content_type="text/plain")


@login_not_required
def echo(request: HttpRequest) -> HttpResponse:
    lines = [request.META["REMOTE_ADDR"], request.scheme, request.headers.get("X-Person", "-")]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@login_not_required
def write(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE auth_user SET first_name = first_name")
    return HttpResponse("written", content_type="text/plain")


urlpatterns = [
    path("test/large/", large),
    path("test/slow/", slow),
    path("test/echo/", echo),
    path("test/write/", write),
    *urlpatterns,
]
