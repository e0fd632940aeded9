"""The schedule's clock. Two of them may run: each entry is sent by the one that gets its lease."""

import logging
from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry
from celery.schedules import crontab
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from config import lease

log = logging.getLogger(__name__)

# Clocks' ticks wander a little: a period is over when nine tenths of it are. A crontab entry
# comes at most once a minute, and both clocks see the same minute.
SLACK = 0.9
CRONTAB_PERIOD = timedelta(seconds=30)


def _period(entry: ScheduleEntry) -> timedelta:
    schedule: Any = entry.schedule
    return CRONTAB_PERIOD if isinstance(schedule, crontab) else schedule.run_every * SLACK


def may_send(entry: ScheduleEntry) -> bool:
    close_old_connections()
    try:
        return lease.take(f"beat:{entry.name}", period=_period(entry), now=timezone.now())
    except DatabaseError as error:
        log.warning("no lease for %s: %s", entry.name, error)
        return False


class LeasedScheduler(PersistentScheduler):
    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        if may_send(entry):
            super().apply_entry(entry, producer=producer)
