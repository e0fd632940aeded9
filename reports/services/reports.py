"""Asking for a paper: refused with the field's name, else queued, or given again while nothing
has changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from audits import outbox, store
from audits.deadlines import local_day
from audits.models import Round
from indicators.queries import top_region
from reports import kinds
from reports.models import Report
from reports.queries.fingerprints import fingerprint
from reports.queries.subject import subject_of
from stations import access
from stations.models import Region, Station, User
from stations.refusals import Refusal, bad_field, not_allowed
from stations.services import history

FIRST_YEAR = 2019
MOST_WAITING = 20


@dataclass(frozen=True)
class Wanted:
    """Places and round as found in the person's own scope; all but the kind may be left open."""

    kind: str
    format: str = ""
    round: Round | None = None
    year: int | None = None
    region: Region | None = None
    station: Station | None = None


def request_report(*, wanted: Wanted, origin: str, by: User, now: dt.datetime) -> Report:
    """`origin` is the outside address of this installation, for the code on a station's report."""
    access.require(by, "reports.create")
    draft = _draft(wanted, origin, by, now)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two clicks make one paper
        report = _held(draft, now) or _queue(draft, by, now)
        history.record(
            by=by, action="report.requested", at=now, subject=f"report:{report.pk}",
            station=report.station, kind=report.kind, format=report.format,
            period=report.period.key, region=report.region.code,
        )  # fmt: skip
    return report


def record_download(*, report: Report, by: User, now: dt.datetime) -> None:
    history.record(
        by=by, action="report.downloaded", at=now, subject=f"report:{report.pk}",
        station=report.station, kind=report.kind, sha256=report.sha256,
    )  # fmt: skip


def _draft(wanted: Wanted, origin: str, by: User, now: dt.datetime) -> Report:
    kind = kinds.KINDS[wanted.kind]
    if by.role not in kind.roles:
        raise not_allowed()
    _refuse_format(wanted, kind)
    _refuse_period(wanted, kind, now)
    station = _station(wanted, kind, by)
    return Report(
        kind=wanted.kind,
        format=wanted.format or kind.formats[0],
        round=wanted.round,
        year=None if wanted.round else wanted.year or local_day(now).year,
        region=_region(wanted, kind, station, by),
        station=station,
        requested_by=by,
        origin=origin[:200],
        created_at=now,
    )


def _refuse_format(wanted: Wanted, kind: kinds.Kind) -> None:
    if wanted.format and wanted.format not in kind.formats:
        listed = "、".join(kind.formats)
        raise bad_field(
            "format", "unsupported", _("这种报告只有 %(formats)s 格式。") % {"formats": listed}
        )


def _refuse_period(wanted: Wanted, kind: kinds.Kind, now: dt.datetime) -> None:
    if wanted.round and kind.is_yearly:
        raise bad_field("round", "not_applicable", _("这种报告按年度出，不按轮次。"))
    if wanted.round and wanted.year:
        raise bad_field("year", "not_applicable", _("轮次和年度只能选一个。"))
    if wanted.year and not FIRST_YEAR <= wanted.year <= now.year + 1:
        raise bad_field("year", "out_of_range", _("没有这个年度的数据。"))


def _station(wanted: Wanted, kind: kinds.Kind, by: User) -> Station | None:
    if wanted.station:
        if kind.about not in {kinds.STATION, kinds.EITHER}:
            raise bad_field("station", "not_applicable", _("这种报告不按单个服务站出。"))
        return wanted.station
    if by.role == User.Role.STATION_HEAD:
        own = list(by.stations.all()[:2])
        if len(own) == 1:
            return own[0]
    if kind.about == kinds.STATION or by.role == User.Role.STATION_HEAD:
        raise bad_field("station", "required", _("请选择服务站。"))
    return None


def _region(wanted: Wanted, kind: kinds.Kind, station: Station | None, by: User) -> Region:
    if wanted.region and kind.about == kinds.DISTRICT:
        raise bad_field("region", "not_applicable", _("这种报告只按全区出。"))
    if station:
        if wanted.region and not station.region.path.startswith(wanted.region.path):
            raise bad_field("region", "elsewhere", _("服务站不在这个街道。"))
        return station.region
    region = wanted.region or top_region(by)
    if region is None:
        raise not_allowed()
    return region


def _held(draft: Report, now: dt.datetime) -> Report | None:
    """One's own of the same, under way or unchanged since it was made."""
    same = Report.objects.visible_to(draft.requested_by).filter(
        kind=draft.kind, format=draft.format, round=draft.round, year=draft.year,
        region=draft.region, station=draft.station, origin=draft.origin,
    )  # fmt: skip
    if under_way := same.under_way().first():
        return under_way
    seen = fingerprint(subject_of(draft, now), draft.kind)
    ready = same.at_hand(now).filter(fingerprint=seen).first()
    return ready if ready and store.absolute(ready.path).is_file() else None


def _queue(draft: Report, by: User, now: dt.datetime) -> Report:
    if Report.objects.visible_to(by).under_way().count() >= MOST_WAITING:
        raise Refusal("too_many", _("您已有很多报告在生成，请等它们完成。"), status=429)
    draft.save(force_insert=True)
    outbox.queue("report.make", [draft.pk], now=now)
    return draft
