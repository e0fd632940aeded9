"""整改期限: calendar days from the day of the visit, moved to the next working day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
SUNDAY_AND_SATURDAY = {5, 6}
NOTHING: Mapping[dt.date, bool] = {}


def local_day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(SHANGHAI).date()


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of that day in Shanghai."""
    return dt.datetime.combine(day, dt.time.max, SHANGHAI)


def start_of_day(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, SHANGHAI)


def is_working_day(day: dt.date, calendar: Mapping[dt.date, bool] = NOTHING) -> bool:
    """With public holidays and 调休 where the calendar is published, plain weekdays beyond;
    `calendar` says of single days what counts instead."""
    if day in calendar:
        return calendar[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() not in SUNDAY_AND_SATURDAY


def due_on(raised_on: dt.date, days: int, calendar: Mapping[dt.date, bool] = NOTHING) -> dt.date:
    day = raised_on + dt.timedelta(days=days)
    while not is_working_day(day, calendar):
        day += dt.timedelta(days=1)
    return day


def is_within_a_year(since: dt.datetime, until: dt.datetime) -> bool:
    """By the calendar of Shanghai, the day a year later included; 29 February counts to 1 March."""
    day = local_day(since)
    try:
        last = day.replace(year=day.year + 1)
    except ValueError:
        last = dt.date(day.year + 1, 3, 1)
    return local_day(until) <= last
