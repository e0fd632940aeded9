"""What stands behind a number: the findings, the stations, the items, as the viewer may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from audits.deadlines import SHANGHAI
from audits.models import Finding
from indicators import past
from indicators.effect import Reading
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period, year_bounds
from indicators.queries import readings, titles, work
from indicators.queries.scores import total, total_today
from stations.models import Region, Station, User

NO_ITEM = "-"  # asked for as an item: problems outside the checklist, which have no code

PARTS = {
    "all": ~Q(status="void"),
    "closed": Q(status="closed"),
    "submitted": Q(status="submitted"),
    "open": Q(status__in=["open", "in_progress"]),
    "waived": Q(status="waived"),
    "voided": Q(status="void"),
    "overdue": Q(status__in=Finding.UNSOLVED),
    "on_time": Q(status="closed", closed_on__lte=F("due_on")),
    "late": Q(status="closed", closed_on__gt=F("due_on")),
    "first_pass": Q(status="closed", attempts=1),
    "repeat": ~Q(status="void") & Q(repeat_of__isnull=False),
}


def findings_behind(
    user: User,
    *,
    region: Region | None,
    period: Period,
    part: str = "all",
    today: dt.date,
    item_code: str = "",
    station_code: str = "",
) -> QuerySet[Finding]:
    """The findings counted in one part of the figure. Raises KeyError for an unknown part."""
    which = PARTS[part]
    rows = _cohort(Finding.objects.visible_to(user).counted(), period)
    if region:
        rows = rows.filter(station__region__path__startswith=region.path)
    if part in {"on_time", "late"}:
        rows = rows.annotate(closed_on=TruncDate("closed_at", tzinfo=SHANGHAI))
    if part == "first_pass":
        rows = rows.annotate(attempts=Count("rectifications"))
    if part == "overdue":
        rows = rows.filter(due_on__lt=today)
    rows = rows.filter(which)
    if item_code:
        rows = rows.filter(item_code=code_asked(item_code))
    if station_code:
        rows = rows.filter(station__code=station_code)
    if part == "repeat":
        rows = rows.repeated()  # type: ignore[attr-defined]
    return rows.select_related("station__region")


def code_asked(item: str) -> str:
    return "" if item == NO_ITEM else item


def _cohort(rows: QuerySet[Finding], period: Period) -> QuerySet[Finding]:
    if period.round_id:
        return rows.of_round(period.round_id)  # type: ignore[attr-defined]
    start, end = year_bounds(period.year or 0)
    return rows.filter(raised_at__gte=start, raised_at__lt=end)


@dataclass(frozen=True)
class StationLine:
    code: str
    name: str
    kind: str
    region_code: str
    region: str
    audit_id: UUID | None
    total: Fraction | None
    total_today: Fraction | None
    grade_code: str
    critical_failed: bool
    reading: Reading
    is_complete: bool


STATIONS = {
    "all": Q(),
    "expected": Q(is_expected=True),
    "scored": Q(applicable__gt=0, is_expected=True) & ~Q(station__kind=Station.Kind.CENTRE),
    "audited": Q(is_audited=True, is_expected=True),
    "missing": Q(is_audited=False, is_expected=True),
    "with_findings": Q(cohort__gt=0),
    "all_closed": Q(cohort__gt=0, closed=F("cohort")),
}


def station_rows(
    user: User, *, region: Region | None, period: Period, which: str = "all"
) -> QuerySet[StationRollup]:
    """Roll-ups of the viewer's stations. Raises KeyError for an unknown `which`."""
    stations = readings.own_stations(user, region).order_by().values("pk")
    rows = StationRollup.objects.filter(STATIONS[which], period=period.key, station__in=stations)
    return rows.select_related("station__region").order_by("station__region__path", "station__code")


def stations_behind(
    user: User, *, region: Region | None, period: Period, which: str = "all", today: dt.date
) -> list[StationLine]:
    """`which` as in STATIONS, or "overdue": with an unsolved finding past its day."""
    if which == "overdue":
        before = today.isoformat()
        rows = station_rows(user, region=region, period=period, which="with_findings")
        return [station_line(row) for row in rows if row.due and min(row.due) < before]
    return [
        station_line(row) for row in station_rows(user, region=region, period=period, which=which)
    ]


STOOD: dict[str, Callable[[StationRollup], bool]] = {
    "expected": lambda row: row.is_expected,
    "scored": lambda row: (
        row.is_expected and bool(row.applicable) and row.station.kind != Station.Kind.CENTRE
    ),
    "with_findings": lambda row: row.cohort > 0,
}


def stations_on(
    user: User, *, region: Region | None, period: Period, which: str, day: dt.date, item: str = ""
) -> list[StationLine]:
    """As `which` of STATIONS was at the end of a past day; those that failed `item`."""
    rows = past.of_stations(day, readings.own_stations(user, region), period)
    is_in = STOOD[which]
    return [station_line(row) for row in rows if is_in(row) and (not item or item in row.failing)]


def stations_failing(
    user: User, *, region: Region | None, period: Period, item_code: str
) -> list[StationLine]:
    rows = station_rows(user, region=region, period=period, which="scored")
    return [station_line(row) for row in rows if item_code in row.failing]


def station_line(row: StationRollup) -> StationLine:
    return StationLine(
        code=row.station.code,
        name=row.station.short_name,
        kind=row.station.kind,
        region_code=row.station.region.code,
        region=row.station.region.name,
        audit_id=row.audit_id,
        total=total(row),
        total_today=total_today(row),
        grade_code=row.grade,
        critical_failed=row.critical_failed,
        reading=readings.read_counts(readings.stored_station(row)),
        is_complete=row.is_audited,
    )


@dataclass(frozen=True)
class ItemLine:
    code: str
    title: str
    section: str
    stations: int
    asked: int


def items_behind(region: Region, period: Period, *, section: str = "") -> list[ItemLine]:
    """How many of the stations asked failed each item, most first; of one section or all."""
    return items_of(readings.region_row(region, period), section=section)


def items_of(row: RegionRollup | None, *, section: str = "") -> list[ItemLine]:
    if row is None:
        return []
    known = titles.items(row.asked)
    lines = [
        ItemLine(
            code=code,
            title=work.title_of(code, known),
            section=known[code].section.code if code in known else "",
            stations=row.failing.get(code, 0),
            asked=asked,
        )
        for code, asked in row.asked.items()
    ]
    shown = [line for line in lines if not section or line.section == section]
    return sorted(shown, key=lambda line: (-line.stations, line.code))
