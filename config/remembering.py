"""What the processes remember between requests, bounded by its size and not by its number alone."""

from collections import OrderedDict
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

MEGABYTE = 2**20


class BoundedCache(LocMemCache):
    """A cache in memory that holds at most so many bytes: what was not asked for longest goes first.

    `MAX_MEGABYTES` among its options says how many. What would fill more than an eighth of it is
    not kept.
    """

    _cache: OrderedDict[str, bytes]
    _expire_info: dict[str, float | None]

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self.most = int(params["OPTIONS"]["MAX_MEGABYTES"] * MEGABYTE)

    def _set(self, key: str, value: bytes, timeout: Any = DEFAULT_TIMEOUT) -> None:
        self._cache.pop(key, None)
        self._expire_info.pop(key, None)
        if len(value) > self.most // 8:
            return
        super()._set(key, value, timeout)  # type: ignore[misc]
        left = self.held() - self.most
        while left > 0:
            oldest, bytes_of = self._cache.popitem()
            del self._expire_info[oldest]
            left -= len(bytes_of)

    def held(self) -> int:
        """The bytes of everything in it."""
        return sum(map(len, self._cache.values()))
