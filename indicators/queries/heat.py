"""五有得分: the heat table, stations by subdistrict; of a large region one line per child region."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.models import Q

from audits.scoring import mean
from indicators import shares
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period
from indicators.queries import titles
from indicators.queries.scores import Cell, cells, total, total_today
from indicators.queries.titles import Column
from stations.models import Region, Station

MOST_STATIONS = 300


@dataclass(frozen=True)
class HeatRow:
    """A station, or a child region (`kind` "region") where the stations are too many to list."""

    code: str
    name: str
    kind: str
    audit_id: UUID | None
    total: Fraction | None
    total_today: Fraction | None
    cells: list[Cell]
    is_complete: bool


@dataclass(frozen=True, eq=False)  # of the same rows it is the very same one (`Kept`)
class HeatGroup:
    code: str
    name: str
    short_name: str
    mean: Fraction | None
    mean_today: Fraction | None
    rows: list[HeatRow]


@dataclass(frozen=True)
class Heat:
    columns: list[Column]
    groups: list[HeatGroup]
    is_by_region: bool


def station_rows(region: Region, period: Period) -> list[StationRollup]:
    """Rows of the stations in the region, its centres included, in the table's order."""
    below = Q(station__region__path__startswith=region.path)
    rows = StationRollup.objects.filter(below & expected_in(period.key))
    return list(
        rows.select_related("station__region").order_by("station__region__path", "station__code")
    )


def expected_in(period: str) -> Q:
    return Q(period=period, is_expected=True, station__is_practice=False)


def table(*, region: Region, period: Period) -> Heat:
    """The heat table alone, in three statements."""
    columns = titles.sections().stations
    own = RegionRollup.objects.filter(region=region, period=period.key)
    if (own.values_list("stations", flat=True).first() or 0) <= MOST_STATIONS:
        return by_station(station_rows(region, period), columns)
    below = RegionRollup.objects.filter(region__parent=region, period=period.key)
    rows = below.defer("totals", "totals_today").select_related("region")
    return by_region(region, list(rows.order_by("region__path")), columns)


def by_station(rows: list[StationRollup], columns: list[Column]) -> Heat:
    groups: dict[int, list[StationRollup]] = {}
    for row in rows:
        if row.station.kind != Station.Kind.CENTRE:
            groups.setdefault(row.station.region_id, []).append(row)
    return Heat(columns, [group(many, columns) for many in groups.values()], is_by_region=False)


def group(rows: list[StationRollup], columns: list[Column]) -> HeatGroup:
    """Of the stations of one subdistrict."""
    region = rows[0].station.region
    first_the_subdistrict = sorted(rows, key=lambda row: row.station.kind == "community")
    return HeatGroup(
        code=region.code,
        name=region.name,
        short_name=region.short_name,
        mean=mean([value for row in rows if (value := total(row)) is not None]),
        mean_today=mean([value for row in rows if (value := total_today(row)) is not None]),
        rows=[_station(row, columns) for row in first_the_subdistrict],
    )


def _station(row: StationRollup, columns: list[Column]) -> HeatRow:
    return HeatRow(
        code=row.station.code,
        name=row.station.short_name,
        kind=row.station.kind,
        audit_id=row.audit_id,
        total=total(row),
        total_today=total_today(row),
        cells=cells(row, columns),
        is_complete=row.is_audited,
    )


def by_region(region: Region, children: list[RegionRollup], columns: list[Column]) -> Heat:
    rows = [_region(row, columns) for row in children]
    group = HeatGroup(region.code, region.name, region.short_name, None, None, rows)
    return Heat(columns, [group], is_by_region=True)


def _region(row: RegionRollup, columns: list[Column]) -> HeatRow:
    return HeatRow(
        code=row.region.code,
        name=row.region.short_name,
        kind="region",
        audit_id=None,
        total=shares.percent(row.spread.get("mean")),
        total_today=shares.percent(row.spread_today.get("mean")),
        cells=[_mean_cell(column, row) for column in columns],
        is_complete=row.audited == row.stations,
    )


def _mean_cell(column: Column, row: RegionRollup) -> Cell:
    section = row.sections.get(column.code)
    if section is None:
        return Cell(column.code, column.title, None, None)
    inspected, today = shares.percent(section["sum"]), shares.percent(section["sum_today"])
    n = section["n"]
    return Cell(
        column.code,
        column.title,
        inspected / n if inspected is not None else None,
        today / n if today is not None else None,
    )
