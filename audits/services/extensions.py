"""延期: asked for by the station, granted or refused by the bureau or its subdistrict."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from audits import deadlines, outbox
from audits.events import next_event
from audits.models import Finding, FindingEvent
from stations import access
from stations.models import User
from stations.refusals import bad_field, conflict, refuse_odd_year

Kind = FindingEvent.Kind


@transaction.atomic
def ask(*, finding: Finding, due_on: dt.date, reason: str, by: User, now: dt.datetime) -> Finding:
    access.require(by, "findings.rectify")
    finding = _lock(finding)
    if finding.status not in Finding.UNSOLVED:
        raise conflict(
            "illegal_move", _("这个问题现在不能申请延期。"), present_status=finding.status
        )
    if (finding.extension_until, finding.extension_reason) == (due_on, reason):
        return finding  # said twice on a bad line
    refuse_odd_year(due_on=due_on)
    if due_on <= max(finding.due_on, deadlines.local_day(now)):
        raise bad_field("due_on", "not_later", _("新的期限须晚于现在的期限和今天。"))
    if not reason.strip():
        raise bad_field("reason", "required", _("请写明延期原因。"))
    finding.extension_until, finding.extension_reason = due_on, reason
    return _finish(finding, Kind.EXTENSION_ASKED, by, now, reason, due_on)


@transaction.atomic
def grant(*, finding: Finding, reason: str = "", by: User, now: dt.datetime) -> Finding:
    finding = _asked(finding, by)
    until = finding.extension_until
    assert until is not None
    finding.due_on, finding.extension_until = until, None
    return _finish(finding, Kind.EXTENSION_GRANTED, by, now, reason, until)


@transaction.atomic
def refuse(*, finding: Finding, reason: str, by: User, now: dt.datetime) -> Finding:
    finding = _asked(finding, by)
    if not reason.strip():
        raise bad_field("reason", "required", _("请写明不同意的原因。"))
    until, finding.extension_until = finding.extension_until, None
    assert until is not None
    return _finish(finding, Kind.EXTENSION_REFUSED, by, now, reason, until)


def _asked(finding: Finding, by: User) -> Finding:
    access.require(by, "findings.extend")
    finding = _lock(finding)
    if finding.extension_until is None or finding.status not in Finding.UNSOLVED:
        raise conflict(
            "no_extension_asked", _("没有待处理的延期申请。"), present_status=finding.status
        )
    return finding


def _lock(finding: Finding) -> Finding:
    return Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)


def _finish(
    finding: Finding, kind: str, by: User, now: dt.datetime, reason: str, until: dt.date
) -> Finding:
    event = next_event(
        finding, kind=kind, from_status=finding.status, by=by, now=now, reason=reason,
        due_on=until.isoformat(),
    )  # fmt: skip
    finding.save()
    event.save(force_insert=True)
    outbox.queue("station.changed", [finding.station_id], now=now)
    return finding
