"""问题台账: every problem in scope, narrowed by what the reader asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When

from audits.models import Finding, Round
from audits.models.findings import FindingQuerySet
from stations.models import Region, Station, User


@dataclass(frozen=True)
class Tally:
    """How many of each status under the other filters."""

    total: int
    overdue: int
    by_status: dict[str, int]


OPEN_FIRST = Case(
    When(status__in=Finding.UNSOLVED, then=0), When(status="waived", then=1), default=2
)


def findings(user: User, today: dt.date, **asked: Any) -> FindingQuerySet:
    """`asked`: q, status, region, station, severity, round, item, overdue, repeat; each optional.
    The practice station's are told where that station is asked for, and counted nowhere else."""
    rows = Finding.objects.visible_to(user)
    if not asked.get("station"):
        rows = rows.counted()
    if asked.get("round"):
        rows = rows.of_round(asked["round"])
    if asked.get("overdue"):
        rows = rows.overdue(today)
    if asked.get("status"):
        rows = rows.filter(status=asked["status"])
    rows = rows.filter(_conditions(asked))
    if asked.get("repeat"):
        rows = rows.repeated()
    return rows.order_by(OPEN_FIRST, "due_on", "station__code", "item_code", "pk")


def _conditions(asked: dict[str, Any]) -> Q:
    condition = Q()
    if asked.get("region"):
        condition &= Q(station__region__path__contains=f"{asked['region']}/")
    if asked.get("station"):
        condition &= Q(station__code=asked["station"])
    if asked.get("severity"):
        condition &= Q(severity=asked["severity"])
    if asked.get("item"):
        condition &= Q(item_code__iexact=asked["item"])
    if words := asked.get("q"):
        condition &= (
            Q(title__icontains=words) | Q(note__icontains=words) | Q(item_code__iexact=words)
            | Q(station__name_zh__icontains=words)
        )  # fmt: skip
    return condition


def listed(rows: FindingQuerySet) -> FindingQuerySet:
    return rows.select_related("station__region", "round", "item").with_earlier_closing()


def tally(user: User, today: dt.date, **asked: Any) -> Tally:
    rows = findings(user, today, **asked | {"status": "", "overdue": ""}).order_by()
    late = Q(status__in=Finding.UNSOLVED, due_on__lt=today)
    counted = rows.values("status").annotate(count=Count("pk"), late=Count("pk", filter=late))
    by_status = {row["status"]: row for row in counted}
    return Tally(
        total=sum(row["count"] for row in by_status.values()),
        overdue=sum(row["late"] for row in by_status.values()),
        by_status={
            status: by_status[status]["count"] if status in by_status else 0
            for status in Finding.Status.values
        },
    )


def regions(user: User) -> QuerySet[Region]:
    """The subdistricts to choose from."""
    return Region.objects.visible_to(user).filter(level=Region.Level.SUBDISTRICT).order_by("path")


def stations(user: User, region: str = "") -> QuerySet[Station]:
    rows = Station.objects.visible_to(user).real().order_by("region__path", "code")
    return rows.filter(region__path__contains=f"{region}/") if region else rows


def rounds() -> QuerySet[Round]:
    return Round.objects.all()
