"""What has been made of values, kept in this process under the values themselves.

Nothing is ever declared stale: other values are another key, and the same ones make the same thing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")
_everything: WeakSet[Kept[Any]] = WeakSet()


class Kept(Generic[T]):
    """The `most` last asked for. What is made is shared by threads: nobody changes it."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._made: OrderedDict[Hashable, T] = OrderedDict()
        _everything.add(self)

    def get(self, told: Hashable, make: Callable[[], T]) -> T:
        """`told` is all that `make` makes it of, the language included where it has words."""
        hash(told)  # may ask the database once; not while others wait
        with self._lock:
            if told in self._made:
                self._made.move_to_end(told)
                return self._made[told]
        made = make()
        with self._lock:
            self._made[told] = made
            if len(self._made) > self._most:
                self._made.popitem(last=False)
        return made

    def clear(self) -> None:
        with self._lock:
            self._made.clear()


def forget() -> None:
    """As a process that has just begun."""
    for one in list(_everything):
        one.clear()
