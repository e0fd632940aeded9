"""共性问题: gather an item's open problems under one owner, note and due date."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from audits import deadlines, outbox
from audits.events import next_event
from audits.models import CommonCause, Finding, FindingEvent
from audits.queries import causes
from stations import access
from stations.models import User
from stations.refusals import bad_field, conflict
from stations.services import history


@transaction.atomic
def gather(
    *, item_code: str, owner: str, note: str, due_on: dt.date, by: User, now: dt.datetime
) -> CommonCause:
    """Of every open problem of the item in the caller's scope. A deadline that lies earlier moves
    to the common one, as an extension granted; none is made shorter."""
    access.require(by, "findings.rule")
    if due_on < deadlines.local_day(now):
        raise bad_field("due_on", "past", _("期限不能早于今天。"))
    ids = list(causes.unsolved(by, item_code).values_list("pk", flat=True))
    rows = Finding.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    findings = [one for one in rows if one.status in Finding.UNSOLVED]
    if not findings:
        raise conflict("nothing_open", _("这一项没有待整改的问题。"))
    cause = CommonCause.objects.create(
        item_code=item_code, title=findings[0].title, owner=owner, note=note, due_on=due_on,
        created_at=now, created_by=by,
    )  # fmt: skip
    cause.findings.set(findings)
    for finding in findings:
        if finding.due_on < due_on:
            _move(finding, cause, by, now)
    history.record(
        by=by, action="finding.gather", at=now, subject=f"cause:{cause.pk}", item=item_code,
        findings=[one.pk for one in findings], due_on=due_on.isoformat(),
    )  # fmt: skip
    outbox.queue("station.changed", sorted({one.station_id for one in findings}), now=now)
    return cause


def _move(finding: Finding, cause: CommonCause, by: User, now: dt.datetime) -> None:
    finding.due_on, finding.extension_until = cause.due_on, None
    event = next_event(
        finding, kind=FindingEvent.Kind.EXTENSION_GRANTED, from_status=finding.status, by=by,
        now=now, reason=cause.note, due_on=cause.due_on.isoformat(), cause=cause.pk,
    )  # fmt: skip
    finding.save()
    event.save(force_insert=True)
