"""Who gets a thread next."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.front.turns import Asker, Busy, Shares, TooMany, Turns

SHARES = Shares.of(8)


def finished(trial):
    """What a trial comes to, in a thread of its own: a browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, trial).result()


def asker(key: str, *, known: bool = True, writes: bool = False) -> Asker:
    return Asker(key=key, known=known, writes=writes)


async def hold(turns: Turns, asker: Asker, done: asyncio.Event, order: list[str]) -> None:
    async with turns.turn(asker):
        order.append(asker.key)
        await done.wait()


def run(askers, *, patience=5.0, waiting_each=100, then=()):
    """Who has a thread when everybody has asked, and what happened to those who ask then."""

    async def trial():
        turns = Turns(SHARES, patience=patience, waiting_each=waiting_each)
        done, order = asyncio.Event(), []
        tasks = [asyncio.create_task(hold(turns, one, done, order)) for one in (*askers, *then)]
        await asyncio.sleep(0.01)
        first = list(order)
        if patience < 1:
            await asyncio.sleep(2 * patience)
        done.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert not turns._waiting
        assert not +turns._running
        return first, [type(result) for result in results if result is not None], order

    return finished(trial())


@pytest.mark.parametrize(
    ("askers", "running"),
    [
        ([asker("ana")] * 20, SHARES.each),
        ([asker("ana", writes=True)] * 20, SHARES.each),
        ([asker(f"stranger {n}", known=False) for n in range(20)], SHARES.strangers),
        ([asker(f"writer {n}", writes=True) for n in range(20)], SHARES.writers),
        ([asker(f"reader {n}") for n in range(20)], SHARES.threads),
    ],
)
def test_nobody_has_more_than_a_share(askers, running):
    first, failures, order = run(askers)

    assert len(first) == running
    assert failures == []
    assert len(order) == 20


@pytest.mark.parametrize(
    "crowd",
    [
        [asker("ana")] * 50,
        [asker(f"stranger {n}", known=False) for n in range(50)],
        [asker(f"writer {n}", writes=True) for n in range(50)],
    ],
)
def test_a_reader_needs_not_wait_for_a_crowd(crowd):
    first, _, _ = run(crowd, then=[asker("bob")])

    assert first[-1] == "bob"


def test_who_has_waited_longest_is_next_among_those_with_a_share():
    first, _, order = run(
        [asker(f"reader {n}") for n in range(8)], then=[asker("ana"), asker("bob")]
    )

    assert len(first) == 8
    assert order[8:] == ["ana", "bob"]


def test_who_waits_too_long_is_told():
    _, failures, _ = run([asker("ana")] * (SHARES.each + 2), patience=0.05)

    assert failures == [Busy, Busy]


def test_who_asks_for_too_much_at_once_is_told():
    _, failures, _ = run([asker("ana")] * (SHARES.each + 5), waiting_each=3)

    assert failures == [TooMany, TooMany]


def test_a_thread_that_still_works_is_not_free():
    async def trial():
        turns = Turns(
            Shares(threads=1, each=1, strangers=1, writers=1), patience=0.05, waiting_each=9
        )
        work = asyncio.get_running_loop().create_future()
        async with turns.turn(asker("ana")) as turn:
            turn.until(work)
        with pytest.raises(Busy):
            async with turns.turn(asker("bob")):
                pass
        work.set_result(None)
        await asyncio.sleep(0)
        async with turns.turn(asker("bob")):
            return True

    assert finished(trial())


def test_who_goes_away_while_waiting_takes_nothing_along():
    async def trial():
        turns = Turns(Shares(threads=1, each=1, strangers=1, writers=1), patience=5, waiting_each=9)
        done = asyncio.Event()
        first = asyncio.create_task(hold(turns, asker("ana"), done, []))
        await asyncio.sleep(0)
        second = asyncio.create_task(hold(turns, asker("bob"), done, []))
        await asyncio.sleep(0.01)
        second.cancel()
        done.set()
        await asyncio.gather(first, second, return_exceptions=True)
        return turns

    turns = finished(trial())
    assert not turns._waiting
    assert not +turns._running


def test_a_class_behind_one_address_may_come_all_at_once():
    _, failures, order = run([asker("one address", known=False)] * 200, waiting_each=30)

    assert failures == []
    assert len(order) == 200
