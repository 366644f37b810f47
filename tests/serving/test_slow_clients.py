"""Fifty of each kind of slow client, and somebody who works meanwhile."""

import statistics
import time
from threading import Event, Thread

from .client import is_open

MANY = 50
ROUNDS = 15


def work(site) -> tuple[float, float]:
    """The 95th percentile of her pages, and of the static files, one after the other."""
    pages, files = [], []
    for _ in range(ROUNDS):
        for path, times in (("/c/harbour/", pages), ("/static/img/icon.svg", files)):
            started = time.monotonic()
            answer = site.ask(path, person="alice")
            times.append(time.monotonic() - started)
            assert answer.status == 200
    return statistics.quantiles(pages, n=20)[-1], statistics.quantiles(files, n=20)[-1]


def headers(site, person):
    connection = site.connect()
    connection.sendall(site.request("/c/harbour/", person=person)[:-2])
    return connection


def bodies(site, person):
    """Forms with a token's cookie, whose bodies the site therefore wants to read."""
    lines = ("Content-Type: application/x-www-form-urlencoded", "Content-Length: 1000")
    if not person:
        lines += (f"Cookie: {site.cookies['csrf']}={'c' * 32}",)
    connection = site.connect()
    head = site.request("/sign-in/", method="POST", person=person, headers=lines, declare=False)
    connection.sendall(head + b"x")
    return connection


def readers(site, person):
    connection = site.connect(window=4096)
    connection.sendall(site.request("/test/large/?bytes=4000000", person=person))
    return connection


def drip(connections, stopped: Event) -> None:
    """A byte a second, sent and read."""
    while not stopped.wait(1):
        for connection in connections:
            try:
                connection.setblocking(False)
                connection.send(b"x")
                connection.recv(1)
            except OSError:
                pass


def test_slow_clients_of_every_kind_hold_up_nobody_and_are_given_up(site):
    quiet = work(site)
    connections = [
        kind(site, person)
        for kind in (headers, bodies, readers)
        for person in ("", "bob")
        for _ in range(MANY // 2)
    ]
    stopped = Event()
    dripping = Thread(target=drip, args=(connections, stopped))
    dripping.start()
    try:
        loud = work(site)
        deadline = time.monotonic() + 30
        while any(map(is_open, connections)) and time.monotonic() < deadline:
            time.sleep(0.2)
    finally:
        stopped.set()
        dripping.join()
    left = [one for one in connections if is_open(one)]
    for connection in connections:
        connection.close()

    for before, during in zip(quiet, loud, strict=True):
        assert during < max(5 * before, before + 1)
    assert left == []
    assert site.ask("/c/harbour/", person="alice").status == 200


def test_the_four_bodies_that_stopped_a_site_stop_nothing(site):
    quiet = work(site)
    connections = [bodies(site, "") for _ in range(4)]

    loud = work(site)

    for connection in connections:
        connection.close()
    assert loud[0] < max(5 * quiet[0], quiet[0] + 1)
