"""What one person asks for, and a database that is locked, hold up nobody else."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

FORM = "Content-Type: application/x-www-form-urlencoded"


def test_the_slow_pages_of_one_person_hold_up_nobody(site):
    site.ask("/c/harbour/", person="bob")
    site.ask("/c/harbour/", person="alice")
    with ThreadPoolExecutor(20) as pool:
        slow = [pool.submit(site.ask, "/test/slow/?seconds=3.5", person="bob") for _ in range(6)]
        time.sleep(0.3)
        started = time.monotonic()
        hers = [site.ask("/c/harbour/", person="alice") for _ in range(3)]
        taken = time.monotonic() - started
        his = [one.result() for one in slow]

    assert {answer.status for answer in hers} == {200}
    assert taken < 3
    assert {answer.status for answer in his} == {200}


def test_a_crowd_of_strangers_leaves_threads_to_those_who_are_known(site):
    site.ask("/c/harbour/", person="alice")
    with ThreadPoolExecutor(40) as pool:
        crowd = [
            pool.submit(site.ask, "/test/slow/?seconds=4", person=f"invented{number}")
            for number in range(6)
        ]
        time.sleep(0.3)
        started = time.monotonic()
        answer = site.ask("/c/harbour/", person="alice")
        taken = time.monotonic() - started
        assert [one.result().status for one in crowd] == [200] * 6

    assert answer.status == 200
    assert taken < 3


def test_a_locked_database_is_503_and_readers_go_on(site):
    for person in ("alice", "bob", "carol"):
        site.ask("/c/harbour/", person=person)
    holder = sqlite3.connect(site.folder / "copytaster.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with ThreadPoolExecutor(20) as pool:
            writers = [
                pool.submit(site.ask, "/test/write/", method="POST", person=person, headers=(FORM,))
                for person in ("bob", "carol")
                for _ in range(5)
            ]
            time.sleep(0.3)
            started = time.monotonic()
            reads = [site.ask("/c/harbour/", person="alice") for _ in range(3)]
            taken = time.monotonic() - started
            refused = [one.result() for one in writers]
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    after = site.ask("/test/write/", method="POST", person="bob", headers=(FORM,))

    assert {answer.status for answer in reads} == {200}
    assert taken < 3
    assert {answer.status for answer in refused} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    assert all("busy" in answer.text for answer in refused)
    assert after.status == 200
