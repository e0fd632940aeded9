"""问题 at a submission: raised, observed again, reopened, or taken back by a correction; and the
plan that writes what comes of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from audits import deadlines
from audits.events import next_event
from audits.models import Answer, Audit, CalendarDay, Finding, FindingEvent, Round
from audits.queries import SheetState
from audits.reopening import Calendar, Days, begin_anew, common_days, due_day
from checklists.models import Item
from stations.lookups import Lookup
from stations.models import Station, User

REOPEN_WITHIN = dt.timedelta(days=30)

Kind = FindingEvent.Kind
Status = Finding.Status


def follow(*, audit: Audit, sheet: SheetState, by: User, now: dt.datetime) -> None:
    """Bring the station's findings in line with the sheet just handed in.

    A failing item raises a finding, or is an observation of the active one, or reopens one closed
    within 30 days. What this audit had raised by mistake and now corrects is void, what it had
    reopened by mistake is closed as before. A pass closes nothing. The caller has locked the station: no second finding of an item comes in between.
    """
    known = known_problems(audit.assignment.station)
    settled, reopened = _settled_since(audit), _reopened_by(audit)
    calendar = CalendarDay.objects.table()
    plan = Plan(
        by=by, now=now, round=audit.assignment.round, calendar=calendar, revision=audit.revision
    )  # fmt: skip
    for item in sheet.answered():
        answer = sheet.answers[item.pk]
        active, closed = known.get(item.code, (None, None))
        if answer.result in Answer.RAISES_FINDING:
            if active or item.code not in settled:
                _follow_failing(plan, audit, item, answer, active, closed)
        elif active and active.audit_id == audit.pk:
            plan.move(active, Kind.VOIDED, Status.VOID, _("重新提交后此项不再是问题"))
        elif active and active.pk in reopened:
            _close_as_before(plan, active, reopened[active.pk])
    plan.write()


def _follow_failing(
    plan: Plan,
    audit: Audit,
    item: Item,
    answer: Answer,
    active: Finding | None,
    closed: Finding | None,
) -> None:
    if active and active.audit_id == audit.pk:
        _correct(plan, active, item, answer)
    elif active:
        plan.move(active, Kind.OBSERVED, active.status, answer.note)
    elif closed and is_recent(closed, plan.now):
        reopen_closed(plan, closed, answer.note)
    else:
        plan.raise_new(_new(audit, item, answer, closed, plan))


def _correct(plan: Plan, finding: Finding, item: Item, answer: Answer) -> None:
    """Words, points and severity are those of the newest result; the deadline goes with severity."""
    severity, lost = severity_of(item, answer.result), _lost(item, answer)
    if (finding.note, finding.points_lost, finding.severity) == (answer.note, lost, severity):
        return
    detail = {}
    if finding.severity != severity:
        finding.due_on = _due_after_correction(finding, severity, plan)
        detail = {"severity": severity, "due_on": finding.due_on.isoformat()}
    finding.note, finding.points_lost, finding.severity = answer.note, lost, severity
    plan.move(finding, Kind.CORRECTED, finding.status, answer.note, **detail)


def _due_after_correction(finding: Finding, severity: str, plan: Plan) -> dt.date:
    """Counted from the finding; from the correction where that day has passed already. A day
    people have moved is never brought forward."""
    due = due_day(severity, finding.raised_at, plan.calendar)
    if due < deadlines.local_day(plan.now):
        due = due_day(severity, plan.now, plan.calendar)
    return due if finding.due_on == finding.original_due_on else max(due, finding.due_on)


def _reopened_by(audit: Audit) -> dict[int, list[FindingEvent]]:
    """Findings this audit reopened and nobody has handed in since, each with all its events."""
    if audit.revision == 1:
        return {}
    waiting = Finding.objects.filter(
        station=audit.assignment.station_id, status__in=[Status.OPEN, Status.IN_PROGRESS],
        events__kind=Kind.REOPENED, events__round=audit.assignment.round_id,
    )  # fmt: skip
    events: dict[int, list[FindingEvent]] = {}
    rows = FindingEvent.objects.filter(finding__in=waiting.values("pk")).select_related("by")
    for event in rows.order_by("number"):
        events.setdefault(event.finding_id, []).append(event)
    return {
        finding_id: told
        for finding_id, told in events.items()
        if _last(told, Kind.REOPENED, Kind.CLOSED, Kind.SUBMITTED).round_id
        == audit.assignment.round_id
    }


def _last(events: list[FindingEvent], *kinds: str) -> FindingEvent:
    return [event for event in events if event.kind in kinds][-1]


def _close_as_before(plan: Plan, finding: Finding, events: list[FindingEvent]) -> None:
    """By whom and when it was closed, due when it was due: as if it had not been reopened."""
    closing = _last(events, Kind.CLOSED)
    earlier = [event for event in events if event.number < closing.number and _moves_due(event)]
    due = earlier[-1].detail["due_on"] if earlier else finding.original_due_on.isoformat()
    finding.closed_by, finding.closed_at = closing.by, closing.at
    finding.due_on = dt.date.fromisoformat(due)
    plan.move(finding, Kind.CORRECTED, Status.CLOSED, _("更正后此项没有问题，恢复销号"), due_on=due)


def _moves_due(event: FindingEvent) -> bool:
    return event.kind in FindingEvent.MOVES_DUE and "due_on" in event.detail


def is_recent(closed: Finding, now: dt.datetime) -> bool:
    return closed.closed_at is not None and now - closed.closed_at <= REOPEN_WITHIN


def reopen_closed(plan: Plan, closed: Finding, reason: str, **detail: Any) -> None:
    due = begin_anew(closed, plan.now, plan.calendar, plan.common_days(closed.station_id))
    plan.move(closed, Kind.REOPENED, Status.OPEN, reason, due_on=due, **detail)


_of_station = Lookup(
    lambda: (
        Finding.objects.select_for_update(of=("self",))
        .exclude(status=Status.VOID)
        .order_by("closed_at", "pk")
    ),
    "station",
)


def known_problems(station: Station) -> dict[str, tuple[Finding | None, Finding | None]]:
    """Per item: the active finding, and the one closed last."""
    known: dict[str, tuple[Finding | None, Finding | None]] = {}
    for finding in _of_station.all(station.pk):
        active, closed = known.get(finding.item_code, (None, None))
        if finding.status == Status.CLOSED:
            closed = finding
        else:
            active = finding
        known[finding.item_code] = (active, closed)
    return known


def _settled_since(audit: Audit) -> set[str]:
    """Items whose finding people closed, or the bureau voided, after this audit was first handed
    in. Handing the corrected sheet in again is no second visit: it does not find them anew."""
    if audit.revision == 1:
        return set()
    first = audit.revisions.get(number=1)
    closed = Q(status=Status.CLOSED, closed_at__gte=first.submitted_at)
    ruled_out = Q(
        status=Status.VOID, audit=audit, events__kind=Kind.VOIDED, events__role=User.Role.BUREAU
    )
    rows = Finding.objects.filter(closed | ruled_out, station=audit.assignment.station_id)
    return set(rows.values_list("item_code", flat=True))


def _new(audit: Audit, item: Item, answer: Answer, closed: Finding | None, plan: Plan) -> Finding:
    severity = severity_of(item, answer.result)
    due = due_day(severity, plan.now, plan.calendar)
    return Finding(
        station=audit.assignment.station,
        round=plan.round,
        audit=audit,
        item=item,
        item_code=item.code,
        title=item.title_zh,
        note=answer.note,
        severity=severity,
        points_lost=_lost(item, answer),
        raised_at=plan.now,
        raised_by=plan.by,
        due_on=due,
        original_due_on=due,
        repeat_of=closed,
    )


def _lost(item: Item, answer: Answer) -> Any:
    return item.points - (answer.earned or 0)


def severity_of(item: Item, result: str) -> str:
    """重大 for a critical item, 较重 for 不符合, 一般 for 部分符合."""
    if item.is_critical:
        return Finding.Severity.CRITICAL
    return Finding.Severity.SERIOUS if result == "fail" else Finding.Severity.NORMAL


@dataclass
class Plan:
    """Findings and events of one submission, written in a fixed number of statements."""

    by: User
    now: dt.datetime
    round: Round | None
    calendar: Calendar
    revision: int = 1  # of the sheet; a further one is said on the event: no second visit
    new: list[Finding] = field(default_factory=list)
    changed: list[Finding] = field(default_factory=list)
    events: list[FindingEvent] = field(default_factory=list)
    _common: Days | None = None

    def common_days(self, station_id: int) -> Days:
        """Asked once, and only where something opens again. A plan is of one station."""
        if self._common is None:
            self._common = common_days(station_id, deadlines.local_day(self.now))
        return self._common

    def raise_new(self, finding: Finding, **detail: Any) -> None:
        self.new.append(finding)
        self.events.append(self._event(finding, Kind.RAISED, "", finding.note, **detail))

    def move(self, finding: Finding, kind: str, to_status: str, reason: str, **detail: Any) -> None:
        before, finding.status = finding.status, to_status
        self.changed.append(finding)
        self.events.append(self._event(finding, kind, before, reason, **detail))

    def _event(
        self, finding: Finding, kind: str, before: str, reason: str, **detail: Any
    ) -> FindingEvent:
        is_of_visit = kind in FindingEvent.SEEN
        if is_of_visit and self.revision > 1:
            detail["revision"] = self.revision
        return next_event(
            finding, kind=kind, from_status=before, by=self.by, now=self.now, reason=reason,
            round=self.round if is_of_visit else None, **detail,
        )  # fmt: skip

    def write(self) -> None:
        Finding.objects.bulk_create(self.new)
        Finding.objects.bulk_update(self.changed, CHANGING if self._has_moved() else CHAINED)
        for event in self.events:
            event.finding_id = event.finding.pk
        FindingEvent.objects.bulk_create(self.events)

    def _has_moved(self) -> bool:
        """Found again and nothing else, as most are, a problem only grows by a link."""
        return any(event.kind not in {Kind.RAISED, Kind.OBSERVED} for event in self.events)


CHAINED = ["event_count", "last_hash"]
CHANGING = [
    *CHAINED, "status", "note", "points_lost", "severity", "due_on", "closed_by", "closed_at",
    "extension_until",
]  # fmt: skip
