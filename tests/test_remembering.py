"""The cache is bounded by the size of what is in it."""

import pytest

from config.remembering import BoundedCache


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
