"""The security log: who signed in, failed, was given a role, took data out, deleted."""

from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import SecurityEvent

Kind = SecurityEvent.Kind


def log(
    kind: str,
    *,
    user: User | AnonymousUser | None,
    collection: Any = None,
    about: User | None = None,
    request: HttpRequest | None = None,
    words: str = "",
) -> SecurityEvent:
    """Note that something was done; in the transaction of what it tells of.

    `collection` is the one that it concerns, if one does; `request` gives the address, for a limited time (forget_addresses), and the browser.
    """
    person = user if isinstance(user, User) else None
    return SecurityEvent.objects.create(
        kind=kind,
        user=person,
        name=person.get_username()[:150] if person else "",
        about=about,
        collection=collection,
        address=address_of(request) if request else None,
        device=device_of(request) if request else "",
        words=words[:500],
    )


def unknown_name(typed: str) -> str:
    """What the log says of a name that nobody has: it may be a password in the wrong field."""
    mark = salted_hmac("corpus.people.unknown", typed, algorithm="sha256").hexdigest()[:8]
    return f"an unknown name ({mark})"


def address_of(request: HttpRequest) -> str | None:
    """Where a request comes from: the server has looked through the proxies that are ours."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def device_of(request: HttpRequest) -> str:
    """The browser and its system in a few words, such as "Firefox on Linux"."""
    agent = request.headers.get("User-Agent", "")[:400]
    browsers = (
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"),
        ("Safari/", "Safari"),
    )  # fmt: skip
    systems = (
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
        ("Mac OS", "Mac"), ("Linux", "Linux"), ("CrOS", "ChromeOS"),
    )  # fmt: skip
    browser = next((name for sign, name in browsers if sign in agent), "")
    system = next((name for sign, name in systems if sign in agent), "")
    if browser or system:
        return " on ".join(filter(None, [browser or "A browser", system]))
    return "".join(sign for sign in agent[:60] if sign.isprintable())


def forget_addresses(now: datetime | None = None) -> int:
    """Blank the addresses that are older than they are kept; how many that were."""
    now = now or timezone.now()
    return SecurityEvent.objects.forget_addresses(now - timedelta(days=settings.ADDRESS_DAYS))


def known_at(user: Any, address: str | None) -> bool:
    """Whether the person has signed in from this address before, as far back as it is kept."""
    return (
        bool(address)
        and SecurityEvent.objects.filter(user=user, kind=Kind.SIGNED_IN, address=address).exists()
    )
