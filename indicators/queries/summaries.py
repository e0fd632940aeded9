"""One region's and one station's summary: scores in both readings, by section, by child region."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from audits.queries import grade_name
from indicators import past, shares
from indicators.effect import Reading
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period
from indicators.queries import readings, scores, titles, work
from indicators.queries.choices import all_rounds
from indicators.queries.scores import Cell, Centre, Spread
from stations.models import Region, Station


@dataclass(frozen=True)
class SectionSpread:
    """Means and minima over the n stations the section applied to."""

    code: str
    title: str
    n: int
    mean: Fraction | None
    minimum: Fraction | None
    mean_today: Fraction | None
    minimum_today: Fraction | None


@dataclass(frozen=True)
class ChildSummary:
    code: str
    name: str
    scores: Spread
    scores_today: Spread
    reading: Reading


@dataclass(frozen=True)
class RegionSummary:
    region: Region
    period: Period
    scores: Spread
    scores_today: Spread
    centre: Centre | None
    sections: list[SectionSpread]
    children: list[ChildSummary]
    reading: Reading


def region_summary(*, region: Region, period: Period, today: dt.date) -> RegionSummary:
    rows = RegionRollup.objects.filter(region=region, period=period.key) | (
        RegionRollup.objects.filter(region__parent=region, period=period.key)
    )
    told = list(rows.defer("totals", "totals_today").select_related("region").order_by("region"))
    row = next((row for row in told if row.region_id == region.pk), None)
    columns = titles.sections()
    counts = readings.stored(row) if row else readings.nothing_yet(region, period, today)
    inspected, as_of_today = scores.spreads(row)
    centres = list(scores.with_visits(StationRollup.objects.filter(scores.of_centre(region))))
    rounds = all_rounds() if centres else []
    return RegionSummary(
        region=region,
        period=period,
        scores=inspected,
        scores_today=as_of_today,
        centre=scores.centre(centres, period, columns.centre, rounds),
        sections=_sections(row, columns.stations),
        children=[
            _child(row) for row in sorted(told, key=lambda row: row.region.code)
            if row.region_id != region.pk
        ],
        reading=readings.read_counts(counts),
    )  # fmt: skip


def _sections(row: RegionRollup | None, columns: list[titles.Column]) -> list[SectionSpread]:
    if row is None:
        return []
    return [
        _section(column, row.sections[column.code])
        for column in columns
        if column.code in row.sections
    ]


def _section(column: titles.Column, told: dict[str, Any]) -> SectionSpread:
    return SectionSpread(
        code=column.code,
        title=column.title,
        n=told["n"],
        mean=_mean(told["sum"], told["n"]),
        minimum=shares.percent(told["minimum"]),
        mean_today=_mean(told["sum_today"], told["n"]),
        minimum_today=shares.percent(told["minimum_today"]),
    )


def _mean(added: str, n: int) -> Fraction | None:
    whole = shares.percent(added)
    return whole / n if whole is not None and n else None


def _child(row: RegionRollup) -> ChildSummary:
    inspected, today = scores.spreads(row)
    reading = readings.read_counts(readings.stored(row))
    return ChildSummary(row.region.code, row.region.name, inspected, today, reading)


@dataclass(frozen=True)
class StationSummary:
    station: Station
    period: Period
    audit_id: UUID | None
    total: Fraction | None
    total_today: Fraction | None
    grade_code: str
    grade: str
    critical_failed: bool
    is_complete: bool
    sections: list[Cell]
    failing: list[tuple[str, str]]
    reading: Reading


def station_summary(
    *, station: Station, period: Period, as_of: dt.date | None = None
) -> StationSummary:
    """`as_of`: a past day."""
    stored = StationRollup.objects.filter(station=station, period=period.key)
    rows: Iterable[StationRollup] = (
        past.of_stations(as_of, Station.objects.real().filter(pk=station.pk), period)
        if as_of
        else stored.select_related("audit__assignment__version")
    )
    row = next(iter(rows), StationRollup(station=station, period=period.key))
    columns = titles.sections()
    is_centre = station.kind == Station.Kind.CENTRE
    known = titles.items(row.failing)
    grades = row.audit.assignment.version.grades if row.audit else []
    told = {section["code"] for section in row.sections}
    return StationSummary(
        station=station,
        period=period,
        audit_id=row.audit_id,
        total=scores.total(row),
        total_today=scores.total_today(row),
        grade_code=row.grade,
        grade=grade_name(row.grade, grades),
        critical_failed=row.critical_failed,
        is_complete=row.is_audited,
        sections=[
            cell
            for cell in scores.cells(row, columns.centre if is_centre else columns.stations)
            if cell.code in told
        ],
        failing=[(code, work.title_of(code, known)) for code in row.failing],
        reading=readings.read_counts(readings.stored_station(row)),
    )
