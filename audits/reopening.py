"""When a problem is due, and those that open again by themselves: 挂账 whose review day has come."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audits import deadlines, outbox
from audits.events import next_event
from audits.models import CalendarDay, Finding, FindingEvent

Calendar = dict[dt.date, bool]
Days = dict[int, dt.date]


def due_day(severity: str, now: dt.datetime, calendar: Calendar | None = None) -> dt.date:
    calendar = CalendarDay.objects.table() if calendar is None else calendar
    days = settings.FINDING_DUE_DAYS[severity]
    return deadlines.due_on(deadlines.local_day(now), days, calendar)


def common_days(station_id: int, today: dt.date) -> Days:
    """By which day each problem of the station is to be done together with others' (共性问题)."""
    rows = Finding.objects.filter(station=station_id, causes__due_on__gte=today).order_by()
    return dict(rows.values_list("pk").annotate(Max("causes__due_on")))


def begin_anew(
    finding: Finding, now: dt.datetime, calendar: Calendar | None = None, common: Days | None = None
) -> str:
    """A day of its own, which is returned as told, or the later one of a common cause it belongs
    to; nobody has closed it, and an extension asked for before is not asked any more."""
    if common is None:
        common = common_days(finding.station_id, deadlines.local_day(now))
    due = due_day(finding.severity, now, calendar)
    finding.closed_by = finding.closed_at = finding.extension_until = None
    finding.due_on = max(due, common.get(finding.pk, due))
    return finding.due_on.isoformat()


def reopen_lapsed(*, now: dt.datetime) -> int:
    """Every waived problem whose review day has come is 待整改 again; how many. Safe to run twice,
    and twice at once: each is locked and looked at again."""
    today = deadlines.local_day(now)
    lapsed = Finding.objects.filter(status=Finding.Status.WAIVED, review_on__lte=today)
    return sum(_reopen(pk, now, today) for pk in lapsed.values_list("pk", flat=True))


@transaction.atomic
def _reopen(pk: int, now: dt.datetime, today: dt.date) -> bool:
    finding = Finding.objects.select_for_update(of=("self",)).get(pk=pk)
    if finding.status != Finding.Status.WAIVED or not finding.review_on:
        return False
    if finding.review_on > today:
        return False
    before, finding.status = finding.status, Finding.Status.OPEN
    due = begin_anew(finding, now)
    event = next_event(
        finding, kind=FindingEvent.Kind.REOPENED, from_status=before, by=None, now=now,
        reason=_("挂账到了复核日期"), due_on=due,
    )  # fmt: skip
    finding.save()
    event.save(force_insert=True)
    outbox.queue("station.changed", [finding.station_id], now=now)
    return True
