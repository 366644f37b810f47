"""Tries at a password are counted in the database: over workers, restarts and machines.

A try is counted before the password is looked at, and given back when it was right. Three counts
bound it: the account from one address, one address whatever the account, and the account from
all the addresses that it is not known at. A stranger can fill each of them; so a browser in which
the person has signed in before has a count of its own, and none of these bind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_network

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import SignInTries


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one thing in a time."""

    key: str
    most: int
    within: timedelta


class TooMany(Exception):
    """There were too many tries; `until` is when the next one is looked at.

    The `first` refusal until then is worth a line in the security log, the others are not.
    """

    def __init__(self, until: datetime, *, first: bool = False) -> None:
        super().__init__(until)
        self.until = until
        self.first = first

    @property
    def minutes(self) -> int:
        left = (self.until - timezone.now()).total_seconds()
        return max(1, round(left / 60 + 0.49))


def limits(account: str, address: str | None, *, known: bool, browser: str = "") -> list[Limit]:
    """What bounds the tries at an account's password from an address.

    A `browser` in which the person has signed in before has a count of its own: what others try
    behind the same address, which may be a whole town's, does not keep its owner out.
    """
    name, place = account.casefold(), _network(address)
    if browser:
        return [Limit(_key("account in browser", name, browser), 5, timedelta(minutes=10))]
    found = [
        Limit(_key("account at address", name, place), 5, timedelta(minutes=10)),
        Limit(_key("address", place), 40, timedelta(minutes=10)),
    ]
    if not known:
        found.append(Limit(_key("account from strangers", name), 100, timedelta(hours=1)))
    return found


def take(wanted: Sequence[Limit]) -> None:
    """Count a try. Raises TooMany, and then nothing is counted.

    A refusal costs two reads: it must be cheap, for those who ask thousands of times.
    """
    try:
        _take(wanted, timezone.now())
    except _Full as full:
        raise TooMany(full.until, first=_is_first(full.row)) from full


def _take(wanted: Sequence[Limit], now: datetime) -> None:
    by_key = {limit.key: limit for limit in wanted}
    for row in SignInTries.objects.filter(key__in=by_key):
        _check(row, by_key[row.key], now)
    with transaction.atomic():
        for key in sorted(by_key):  # always in one order, so that two do not wait for each other
            limit = by_key[key]
            SignInTries.objects.get_or_create(key=key, defaults={"since": now})
            row = SignInTries.objects.select_for_update().get(key=key)
            _check(row, limit, now)
            if row.since <= now - limit.within:
                row.since, row.count = now, 0
            row.count += 1
            row.save()


def give_back(wanted: Sequence[Limit]) -> None:
    """Take back the count of a try that was right."""
    with transaction.atomic():
        for row in (
            SignInTries.objects.select_for_update()
            .filter(key__in=[limit.key for limit in wanted], count__gt=0)
            .order_by("key")
        ):
            row.count -= 1
            row.save()


def forget(now: datetime | None = None) -> int:
    """Drop counts that bound nothing any more; how many that were."""
    before = (now or timezone.now()) - timedelta(days=1)
    return SignInTries.objects.filter(since__lt=before).delete()[0]


def _check(row: SignInTries, limit: Limit, now: datetime) -> None:
    if row.count >= limit.most and row.since > now - limit.within:
        raise _Full(row, row.since + limit.within)


class _Full(Exception):
    """A count that is at its limit."""

    def __init__(self, row: SignInTries, until: datetime) -> None:
        super().__init__(until)
        self.row = row
        self.until = until


def _is_first(row: SignInTries) -> bool:
    """Whether nobody has been refused since this count began; asked once, it is no more."""
    told, made = SignInTries.objects.get_or_create(
        key=_key("refused", row.key), defaults={"since": row.since}
    )
    if made or told.since == row.since:
        return made
    later = SignInTries.objects.filter(pk=told.pk, since=told.since)
    return later.update(since=row.since) == 1


def _network(address: str | None) -> str:
    """The address; of IPv6 the /64 that one household or machine has."""
    if address is None:
        return ""
    network = ip_network(address)
    if isinstance(network.network_address, IPv6Address):
        network = ip_network(f"{address}/64", strict=False)
    return str(network)


def _key(*parts: str) -> str:
    return salted_hmac("corpus.people.throttle", "\0".join(parts), algorithm="sha256").hexdigest()
