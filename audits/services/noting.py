"""随手拍: a problem seen outside any round, raised, reopened, or observed once more."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audits import deadlines, outbox
from audits.models import CalendarDay, Finding, FindingEvent
from audits.reopening import due_day
from audits.services.raising import Plan, is_recent, known_problems, reopen_closed
from checklists.models import Item
from stations.models import Station, User
from stations.refusals import conflict


def note_problem(
    *,
    station: Station,
    note: str,
    severity: str,
    by: User,
    now: dt.datetime,
    title: str = "",
    item: Item | None = None,
    client_id: UUID | None = None,
) -> tuple[FindingEvent, bool]:
    """随手拍, outside any round: what came of it on which finding, and whether that was now.

    As at a submission: an observation of the item's active finding; one closed within 30 days is
    reopened; else a new one. Said again under the same `client_id`, it is what it was.
    """
    with transaction.atomic():
        held = Station.objects.select_for_update().get(pk=station.pk)
        said = {"severity": severity, "title": title}
        if event := _told(client_id, station, by, note, item, said):
            return event, False
        if held.closed_on and held.closed_on <= deadlines.local_day(now):
            raise conflict("station_closed", _("这个站已撤销。"), closed_on=str(held.closed_on))
        active, closed = _known(station, item)
        plan = Plan(by=by, now=now, round=None, calendar=CalendarDay.objects.table())
        detail = {"ad_hoc": True} | ({"said": said} if client_id else {})
        if active:
            plan.move(active, FindingEvent.Kind.OBSERVED, active.status, note, **detail)
        elif closed and is_recent(closed, now):
            reopen_closed(plan, closed, note, **detail)
        else:
            new = _ad_hoc(plan, station, item, note, severity, title, closed)
            plan.raise_new(new, **detail)
        return _written(plan, station, client_id), True


def _known(station: Station, item: Item | None) -> tuple[Finding | None, Finding | None]:
    return known_problems(station).get(item.code, (None, None)) if item else (None, None)


def _written(plan: Plan, station: Station, client_id: UUID | None) -> FindingEvent:
    [event] = plan.events
    event.client_id = client_id
    plan.write()
    outbox.queue("station.changed", [station.pk], now=plan.now)
    return event


def _told(
    client_id: UUID | None, station: Station, by: User, note: str, item: Item | None, said: Any
) -> FindingEvent | None:
    """Asked under the station's lock; an id that is another station's or person's is refused, and
    one that has said something else, in whatever part: that was not heard, and must not be taken
    for it. `said`: what an event about an older problem has no other place for."""
    if client_id is None:
        return None
    event = FindingEvent.objects.filter(client_id=client_id).select_related("finding").first()
    if event is None:
        return None
    if (event.finding.station_id, event.by_id) != (station.pk, by.pk):
        raise conflict("id_taken", _("这个编号已用于另一个问题。"))
    held = (event.reason, event.finding.item_code, event.detail.get("said", said))
    if held != (note, item.code if item else "", said):
        raise conflict(
            "said_otherwise", _("先前写的已经记下，改的没有记。再按一次，就另记一条。"),
            finding=event.finding_id,
        )  # fmt: skip
    return event


def _ad_hoc(
    plan: Plan,
    station: Station,
    item: Item | None,
    note: str,
    severity: str,
    title: str,
    closed: Finding | None,
) -> Finding:
    severity = Finding.Severity.CRITICAL if item and item.is_critical else severity
    due = due_day(severity, plan.now, plan.calendar)
    return Finding(
        station=station,
        item=item,
        item_code=item.code if item else "",
        title=title or (item.title_zh if item else note[:60]),
        note=note,
        severity=severity,
        raised_at=plan.now,
        raised_by=plan.by,
        due_on=due,
        original_due_on=due,
        repeat_of=closed,
    )
