"""One run of periodic work, however many schedulers there are: a compare-and-set on one row."""

from datetime import datetime, timedelta

from config.models import Heartbeat


def take(name: str, *, period: timedelta, now: datetime) -> bool:
    """True for exactly one caller in each `period`."""
    _, is_new = Heartbeat.objects.get_or_create(name=name, defaults={"seen_at": now})
    if is_new:
        return True
    due = Heartbeat.objects.filter(name=name, seen_at__lte=now - period)
    return due.update(seen_at=now) == 1
