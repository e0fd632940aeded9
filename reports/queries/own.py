"""The papers a person has asked for, and the one a printed hash belongs to."""

from __future__ import annotations

import re

from django.db.models import QuerySet
from django.utils import translation

from audits.deadlines import local_day
from reports import kinds
from reports.models import Report
from reports.queries.station import content, content_hash
from stations import access
from stations.models import Region, Station, User

HASH = re.compile(r"[0-9a-f]{64}")


def listed(user: User) -> QuerySet[Report]:
    return Report.objects.visible_to(user).select_related("round", "region", "station")


def still_in_scope(report: Report, user: User) -> bool:
    """A role or a scope may have changed since it was asked for."""
    if not access.may(user, "reports.create") or report.kind not in kinds.for_role(user.role):
        return False
    if report.station_id:
        return Station.objects.visible_to(user).filter(pk=report.station_id).exists()
    return Region.objects.visible_to(user).filter(pk=report.region_id).exists()


def printed_as(sealed: str) -> Report | None:
    """The newest report that carries this hash; it outlives its file."""
    if not HASH.fullmatch(sealed):
        return None
    rows = Report.objects.filter(content_hash=sealed, kind=Report.Kind.STATION)
    return rows.select_related("station__region", "round").order_by("-finished_at").first()


def is_unchanged(report: Report) -> bool:
    """Do the data still say what the report says?"""
    assert report.station is not None
    with translation.override("zh-hans"):
        return content_hash(content(report.station, report.period)) == report.content_hash


def file_name(report: Report) -> str:
    """问题整改台账_龙华区_2026年度_20261123.xlsx"""
    with translation.override("zh-hans"):
        place = report.station.name_zh if report.station else report.region.name_zh
        period = report.round.name if report.round else f"{report.year}年度"
        made = local_day(report.finished_at or report.created_at)
        words = f"{report.get_kind_display()}_{place}_{period}_{made:%Y%m%d}"
    return re.sub(r'[\\/:*?"<>|\s]+', " ", words).strip() + f".{report.format}"
