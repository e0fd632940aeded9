"""我的通知: read is read."""

from __future__ import annotations

import datetime as dt

from audits import notices
from stations.models import User


def mark_read(*, by: User, now: dt.datetime) -> int:
    """How many were new to the reader."""
    return notices.of(by).filter(read_at__isnull=True).update(read_at=now)
