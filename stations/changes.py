"""The apps above hear of changed stations without this app knowing them: they register here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

Listener = Callable[[list[int], dt.datetime], object]
RegionListener = Callable[[int, dt.datetime], object]
_listeners: list[Listener] = []
_region_listeners: list[RegionListener] = []


def on_station_change(listener: Listener) -> Listener:
    """`listener(station_ids, now)` runs inside the transaction that changed them."""
    _listeners.append(listener)
    return listener


def on_region_left(listener: RegionListener) -> RegionListener:
    """`listener(region_id, now)`: something below that region has moved elsewhere."""
    _region_listeners.append(listener)
    return listener


def announce_left(region_id: int, *, now: dt.datetime) -> None:
    for listener in _region_listeners:
        listener(region_id, now)


def announce(station_ids: Iterable[int], *, now: dt.datetime) -> None:
    changed = list(station_ids)
    for listener in _listeners if changed else ():
        listener(changed, now)
