"""Values that a process keeps between requests because they cost more to make than to hold."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class Remembered[K: Hashable, V]:
    """At most `most` in weight of what was made last: what was not asked for longest goes first.

    What it gives out is shared between threads, so it must never be changed. What weighs more than
    an eighth of everything is not kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            if key not in self._found:
                return None
            self._found.move_to_end(key)
            return self._found[key][0]

    def keep(self, key: K, value: V, *, weight: int) -> V:
        """The value, from now on remembered by its key."""
        if weight <= self.most // 8:
            with self._lock:
                self._drop(key)
                self._found[key] = value, weight
                self._weight += weight
                while self._weight > self.most:
                    self._drop(next(iter(self._found)))
        return value

    def made(self, key: K, make: Callable[[], V], *, weight: int) -> V:
        """The value of the key; made, outside the lock, where it is not there."""
        found = self.get(key)
        return self.keep(key, make(), weight=weight) if found is None else found

    def clear(self) -> None:
        with self._lock:
            self._found.clear()
            self._weight = 0

    @property
    def held(self) -> int:
        """The weight of everything in it."""
        return self._weight

    def _drop(self, key: K) -> None:
        if key in self._found:
            self._weight -= self._found.pop(key)[1]
