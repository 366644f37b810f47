"""The cache is bounded by the size of what is in it."""

import pytest

from config.remembering import BoundedCache
from corpus.remembered import Remembered


@pytest.fixture
def cache(request):
    made = BoundedCache(request.node.name, {"OPTIONS": {"MAX_MEGABYTES": 1, "MAX_ENTRIES": 500}})
    yield made
    made.clear()


def test_what_was_not_asked_for_longest_makes_room(cache):
    for number in range(20):
        cache.set(str(number), b"x" * 100_000, timeout=None)
        cache.get("0")

    kept = [number for number in range(20) if cache.has_key(str(number))]

    assert cache.held() <= 2**20
    assert kept == [0, *range(11, 20)]


def test_what_is_too_large_is_not_kept_and_nothing_is_lost_for_it(cache):
    cache.set("small", "a", timeout=None)
    cache.set("large", "a", timeout=None)
    cache.set("large", b"x" * 200_000, timeout=None)

    assert cache.get("large") is None
    assert cache.get("small") == "a"


def test_what_is_set_again_counts_once(cache):
    for _ in range(50):
        cache.set("same", b"x" * 100_000, timeout=None)

    assert cache.held() < 110_000


def test_what_was_asked_for_last_is_remembered_longest():
    kept: Remembered[str, str] = Remembered(24)
    for key in "abc":
        kept.keep(key, key.upper(), weight=3)
    kept.keep("d", "D", weight=3)
    assert kept.get("a") == "A"

    for key in "efghi":
        kept.keep(key, key.upper(), weight=3)

    assert (kept.get("b"), kept.get("a"), kept.get("i")) == (None, "A", "I")
    assert kept.held == 24


def test_what_is_too_heavy_is_made_each_time():
    kept: Remembered[str, object] = Remembered(16)
    first, again = (kept.made("a", object, weight=3) for _ in range(2))
    light, light_again = (kept.made("b", object, weight=2) for _ in range(2))

    assert first is not again
    assert light is light_again
    kept.clear()
    assert (kept.held, kept.get("b")) == (0, None)
