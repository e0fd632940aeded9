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
from stations.refusals import bad_field, conflict, refuse_odd_year
from stations.services import history


@transaction.atomic
def gather(
    *, item_code: str, owner: str, note: str, due_on: dt.date, by: User, now: dt.datetime
) -> CommonCause:
    """Of every open problem of the item in the caller's scope that no running cause holds. A
    deadline that lies earlier moves to the common one, as an extension granted; none is made
    shorter."""
    access.require(by, "findings.rule")
    refuse_odd_year(due_on=due_on)
    if due_on < deadlines.local_day(now):
        raise bad_field("due_on", "past", _("期限不能早于今天。"))
    findings = _open(item_code, by, now)
    cause = CommonCause.objects.create(
        item_code=item_code, title=findings[0].title, owner=owner, note=note, due_on=due_on,
        created_at=now, created_by=by,
    )  # fmt: skip
    _take_in(cause, findings, "finding.gather", by, now)
    return cause


@transaction.atomic
def join(*, cause: CommonCause, by: User, now: dt.datetime) -> CommonCause:
    """What has come up since of the cause's item, under the same owner, note and day. A person's
    word: a new problem has its own day until then."""
    access.require(by, "findings.rule")
    cause = CommonCause.objects.select_for_update().get(pk=cause.pk)
    if cause.due_on < deadlines.local_day(now):
        raise conflict("cause_over", _("这项共性问题的期限已过，请另定期限，重新归并。"))
    _take_in(cause, _open(cause.item_code, by, now), "finding.join", by, now)
    return cause


def _open(item_code: str, by: User, now: dt.datetime) -> list[Finding]:
    """Asked again under the lock: another may have taken them in meanwhile."""
    ids = causes.unsolved(by, item_code, deadlines.local_day(now)).values_list("pk", flat=True)
    rows = Finding.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    locked, still = list(rows), set(ids.all())
    findings = [one for one in locked if one.pk in still]
    if not findings:
        raise conflict("nothing_open", _("这一项没有待整改的问题。"))
    return findings


def _take_in(
    cause: CommonCause, findings: list[Finding], action: str, by: User, now: dt.datetime
) -> None:
    cause.findings.add(*findings)
    for finding in findings:
        if finding.due_on < cause.due_on:
            _move(finding, cause, by, now)
    history.record(
        by=by, action=action, at=now, subject=f"cause:{cause.pk}", item=cause.item_code,
        findings=[one.pk for one in findings], due_on=cause.due_on.isoformat(),
    )  # fmt: skip
    outbox.queue("station.changed", sorted({one.station_id for one in findings}), now=now)


def _move(finding: Finding, cause: CommonCause, by: User, now: dt.datetime) -> None:
    """A request the common day meets is answered with it; one that asks for more stays asked."""
    finding.due_on = cause.due_on
    if finding.extension_until and finding.extension_until <= cause.due_on:
        finding.extension_until = None
    event = next_event(
        finding, kind=FindingEvent.Kind.EXTENSION_GRANTED, from_status=finding.status, by=by,
        now=now, reason=cause.note, due_on=cause.due_on.isoformat(), cause=cause.pk,
    )  # fmt: skip
    finding.save()
    event.save(force_insert=True)
