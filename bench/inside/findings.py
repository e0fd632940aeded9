"""问题 of a sheet in every state, each with the events and attempts that led there."""

from __future__ import annotations

import datetime as dt
import random

from audits.events import next_event
from audits.models import Finding, FindingEvent, Rectification
from audits.queries import SheetState
from audits.services.raising import due_day, severity_of
from stations.models import User

SHARES = {"closed": 60, "submitted": 12, "in_progress": 9, "open": 12, "waived": 3, "void": 4}
STEPS = {
    "open": [],
    "in_progress": ["in_progress"],
    "submitted": ["in_progress", "submitted"],
    "closed": ["in_progress", "submitted", "closed"],
    "waived": ["waived"],
    "void": ["void"],
}
KINDS = {"in_progress": "started", "submitted": "submitted", "closed": "closed",
         "waived": "waived", "void": "voided"}  # fmt: skip


def of(filled: SheetState, cast: dict[str, User], now: dt.datetime) -> list[Finding]:
    """Not saved; each with its `.links`, its events in order, and `.attempts`."""
    chance = random.Random(str(filled.audit.pk))
    raised = []
    for item in filled.items:
        answer = filled.answers[item.pk]
        if answer.result in answer.RAISES_FINDING:
            finding = _raised(filled, item, cast["inspector"])
            [status] = chance.choices(list(SHARES), list(SHARES.values()))
            _lead_to(finding, status, cast, now)
            raised.append(finding)
    return raised


def _raised(filled: SheetState, item, inspector: User) -> Finding:
    answer, task = filled.answers[item.pk], filled.audit.assignment
    at, severity = answer.received_at, severity_of(item, answer.result)
    due = due_day(severity, at)
    finding = Finding(
        station=task.station, round=task.round, audit=filled.audit, item=item,
        item_code=item.code, title=item.title_zh, note=answer.note, severity=severity,
        points_lost=item.points - (answer.earned or 0), raised_at=at, raised_by=inspector,
        due_on=due, original_due_on=due,
    )  # fmt: skip
    finding.attempts = []
    finding.links = [
        next_event(finding, kind="raised", from_status="", by=inspector, now=at,
                   reason=answer.note, round=task.round)
    ]  # fmt: skip
    return finding


def _lead_to(finding: Finding, status: str, cast: dict[str, User], now: dt.datetime) -> None:
    steps = STEPS[status]
    for n, step in enumerate(steps, 1):
        at = finding.raised_at + (now - finding.raised_at) * n / (len(steps) + 1)
        before, finding.status = finding.status, step
        by = cast["station_head" if step in {"in_progress", "submitted"} else "inspector"]
        if step == "submitted":
            finding.submitted_by, finding.submitted_at = by, at
            attempt = Rectification(finding=finding, number=1, measure="已整改", submitted_by=by,
                                    submitted_at=at)  # fmt: skip
            finding.attempts.append(attempt)
        if step == "closed":
            finding.closed_by, finding.closed_at = by, at
            finding.attempts[-1].outcome, finding.attempts[-1].reviewed_by = "accepted", by
            finding.attempts[-1].reviewed_at = at
        finding.links.append(
            next_event(finding, kind=KINDS[step], from_status=before, by=by, now=at)
        )


def write(raised: list[Finding]) -> None:
    Finding.objects.bulk_create(raised)
    for finding in raised:
        for row in (*finding.links, *finding.attempts):
            row.finding_id = finding.pk
    FindingEvent.objects.bulk_create(link for finding in raised for link in finding.links)
    Rectification.objects.bulk_create(one for finding in raised for one in finding.attempts)
