"""What must agree with what: rows with files and hashes, events with findings, answers with what
was frozen of them, the outbox with the clock. Each check reads only and tells its differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from audits.checks import chains, files, frozen, queue
from audits.checks.difference import AGAIN, Difference

__all__ = ["AGAIN", "Difference", "also", "differences"]

Check = Callable[[dt.datetime], Iterator[Difference]]
_others: list[Check] = []


def also(check: Check) -> Check:
    """The apps above register what of theirs must agree, without this app knowing them."""
    _others.append(check)
    return check


def differences(now: dt.datetime) -> Iterator[Difference]:
    yield from files.differences(now)
    yield from chains.differences()
    yield from frozen.differences()
    yield from queue.differences(now)
    for check in _others:
        yield from check(now)
