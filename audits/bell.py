"""Wakes the worker from a thread of this process: no request waits for a broker, dead or hung.

What the bell loses (a broker away, a process ending) the outbox's sweep finds.
"""

from __future__ import annotations

import logging
import threading
import time
from queue import Empty, SimpleQueue

from celery import current_app

log = logging.getLogger(__name__)

AT_ONCE = 10  # rows in one message: few enough that two workers share a rush
# Seconds between messages: a message costs this process as much as a fifth of a photo's request,
# and the next photo of a visit is here before the worker is done with the first.
PAUSE = 0.1

_rows: SimpleQueue[int] = SimpleQueue()
_starting = threading.Lock()
_ringer: threading.Thread | None = None


def ring(row_ids: list[int]) -> None:
    for row_id in row_ids:
        _rows.put(row_id)
    _start()


def _start() -> None:
    """Anew after a fork, which leaves the parent's thread behind."""
    global _ringer
    with _starting:
        if _ringer is None or not _ringer.is_alive():
            _ringer = threading.Thread(target=_run, name="bell", daemon=True)
            _ringer.start()


def _run() -> None:
    while True:
        row_ids = [_rows.get(), *_waiting(AT_ONCE - 1)]
        try:
            current_app.send_task("audits.work", args=[row_ids], retry=False)
        except Exception:
            # Half a second has passed; what came meanwhile would wait as long for nothing.
            lost = len(row_ids) + len(_waiting(_rows.qsize()))
            log.warning("broker not reached, the sweep will do %s rows", lost)
        time.sleep(PAUSE)


def _waiting(most: int) -> list[int]:
    found: list[int] = []
    try:
        while len(found) < most:
            found.append(_rows.get_nowait())
    except Empty:
        pass
    return found
