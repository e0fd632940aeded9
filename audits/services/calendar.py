"""工作日调整: the bureau says which days are worked, over the published calendar."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from audits.models import CalendarDay
from stations import access
from stations.models import User
from stations.refusals import refuse_odd_year
from stations.services import history


@transaction.atomic
def set_day(
    *, day: dt.date, is_working: bool, note: str = "", by: User, now: dt.datetime
) -> CalendarDay:
    access.require(by, "rounds.write")
    refuse_odd_year(day=day)
    row, _ = CalendarDay.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "note": note}
    )
    history.record(
        by=by, action="calendar.set", at=now, subject=f"day:{day}", is_working=is_working, note=note
    )
    return row


@transaction.atomic
def forget_day(*, day: dt.date, by: User, now: dt.datetime) -> None:
    """The published calendar counts again."""
    access.require(by, "rounds.write")
    if CalendarDay.objects.filter(day=day).delete()[0]:
        history.record(by=by, action="calendar.forget", at=now, subject=f"day:{day}")
