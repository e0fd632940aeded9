"""A million small objects without one cycle: looking for cycles costs a third of the time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock, _inside = Lock(), 0


@contextmanager
def without_cycles() -> Iterator[None]:
    """Threads may be inside together: the last to leave turns it on again."""
    _enter(1)
    try:
        yield
    finally:
        _enter(-1)


def _enter(step: int) -> None:
    global _inside
    with _lock:
        _inside += step
        (gc.disable if _inside else gc.enable)()
