"""Follow-up work that survives everything: written with the change, run by a worker, swept if lost.

`queue` is called inside the service's transaction. After commit the worker is woken by task name
(`audits.bell`); that may fail, because `sweep` finds what was never sent.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import Case, F, When
from django.utils import timezone

from audits import bell
from audits.models import OutboxRow
from stations.inserts import Insert

log = logging.getLogger(__name__)

CLAIM = dt.timedelta(minutes=6)  # longer than the hard time limit of a task
GRACE = dt.timedelta(seconds=10)  # what the sweep leaves to the worker already woken
MAX_ATTEMPTS = 3
LONG_TOPICS = ["photo.prints"]  # an upgrade's, of every photo there is: last, and never late

_row = Insert(OutboxRow)

Handler = Callable[[str], None]
_handlers: dict[str, Handler] = {}
_is_held: ContextVar[bool] = ContextVar("outbox_is_held", default=False)


def handler(topic: str) -> Callable[[Handler], Handler]:
    """The function that does a topic's work, given the row's key. It must be safe to run twice."""

    def register(function: Handler) -> Handler:
        _handlers[topic] = function
        return function

    return register


def queue(topic: str, keys: Iterable[object], *, now: dt.datetime) -> None:
    rows = [OutboxRow(topic=topic, key=str(key), created_at=now) for key in keys]
    if len(rows) == 1:
        _row.add(rows[0])
    else:
        OutboxRow.objects.bulk_create(rows)
    if rows and not _is_held.get():
        transaction.on_commit(lambda: bell.ring([row.pk for row in rows]), robust=True)


@contextmanager
def held() -> Iterator[None]:
    """Wake nobody meanwhile: for bulk loads, whose rows the sweep or `settle` takes care of."""
    token = _is_held.set(True)
    try:
        yield
    finally:
        _is_held.reset(token)


def settle(*, now: dt.datetime) -> None:
    """What waits has been done another way, by a rebuild of everything."""
    OutboxRow.objects.waiting().filter(topic="station.changed").update(done_at=now)


def run(row_id: int) -> None:
    """Do one row's work, and with it every other waiting row of the same topic and key."""
    row = _claim(row_id, timezone.now())
    if row is None:
        return
    if row.attempts > MAX_ATTEMPTS:  # its worker was killed every time, and told nobody
        OutboxRow.objects.filter(pk=row_id).update(
            quarantined_at=timezone.now(), error="no worker lived to finish it"
        )
        return
    same = list(
        OutboxRow.objects.waiting()
        .filter(topic=row.topic, key=row.key)
        .values_list("pk", flat=True)
    )
    try:
        _handlers[row.topic](row.key)
    except Exception as error:
        _failed(row, error)
        return
    OutboxRow.objects.filter(pk__in=same).update(done_at=timezone.now(), error="")


def _claim(row_id: int, now: dt.datetime) -> OutboxRow | None:
    claimed = (
        OutboxRow.objects.free(now)
        .filter(pk=row_id)
        .update(claimed_until=now + CLAIM, attempts=F("attempts") + 1)
    )
    return OutboxRow.objects.get(pk=row_id) if claimed else None


def _failed(row: OutboxRow, error: Exception) -> None:
    """Back to the queue with a growing pause; after three tries set aside for a person."""
    now = timezone.now()
    log.exception("outbox %s %s failed, attempt %s", row.topic, row.key, row.attempts)
    changes: dict[str, object] = {"error": f"{type(error).__name__}: {error}"[:500]}
    if row.attempts >= MAX_ATTEMPTS:
        changes["quarantined_at"] = now
    else:
        changes["claimed_until"] = now + dt.timedelta(seconds=20 * row.attempts)
    OutboxRow.objects.filter(pk=row.pk).update(**changes)


def unsent(now: dt.datetime, limit: int = 500) -> list[int]:
    """Rows nobody has taken up: never sent, lost by the broker, or claimed by a worker that died."""
    rows = OutboxRow.objects.free(now).filter(created_at__lt=now - GRACE)
    rows = rows.order_by(Case(When(topic__in=LONG_TOPICS, then=1), default=0), "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def sweep() -> int:
    """Run what is left here and now, without the broker; how many rows were found."""
    found = unsent(timezone.now())
    for row_id in found:
        run(row_id)
    return len(found)


def purge(*, before: dt.datetime) -> None:
    OutboxRow.objects.filter(done_at__lt=before).delete()


def drain() -> None:
    """Run everything waiting at once: for commands and tests, where no worker is at hand."""
    while rows := list(OutboxRow.objects.free(timezone.now()).values_list("pk", flat=True)[:500]):
        for row_id in rows:
            run(row_id)
