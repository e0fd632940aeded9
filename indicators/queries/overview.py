"""全区总览: everything the bureau's first page shows, in six statements, from roll-ups."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from audits.models import Round
from indicators import replay, snapshots
from indicators.effect import Counts, Reading
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period
from indicators.queries import heat, readings, rows, scores, titles, work
from indicators.queries.choices import all_rounds
from indicators.queries.heat import Heat, HeatGroup
from indicators.queries.rows import Rows
from indicators.queries.scores import Centre, Spread
from indicators.queries.trend import TrendPoint, trend
from indicators.queries.work import Failing, Overdue, WorkList
from stations.kept import Kept
from stations.models import Region, Station

LISTED = 6
GROUPS: Kept[HeatGroup] = Kept(500)


@dataclass(frozen=True)
class RoundCoverage:
    round_id: int
    name: str
    audited: int
    total: int


@dataclass(frozen=True)
class Comparison:
    code: str
    name: str
    short_name: str
    kind: str  # region or station
    reading: Reading


@dataclass(frozen=True)
class Reused:
    """Photos waiting for a person's judgement; `across`: the twin is another station's."""

    photos: int
    across: int


@dataclass(frozen=True)
class Overview:
    """`reading` and `comparison` follow `as_of`; scores, heat and work are of today."""

    region: Region
    period: Period
    period_name: str
    as_of: dt.date
    is_past: bool
    computed_at: dt.datetime | None
    reading: Reading
    running: RoundCoverage | None
    work: WorkList
    overdue: Overdue
    scores: Spread
    scores_today: Spread
    centre: Centre | None
    heat: Heat
    comparison: list[Comparison]
    failing: list[Failing]
    trend: list[TrendPoint]
    reused: Reused


def overview(
    *,
    region: Region,
    period: Period,
    today: dt.date,
    as_of: dt.date | None = None,
    failing_limit: int = LISTED,
    rounds: list[Round] | None = None,
    read: Rows | None = None,
) -> Overview:
    """`rounds`: all of them, newest first; `read`: what `rows_of` gave; where the caller has them."""
    rounds = all_rounds() if rounds is None else rounds
    read = read or rows_of(region=region, period=period, today=today, rounds=rounds)
    own, children = _region_rows(region, period, read)
    row = own.get(period.key)
    past = as_of if as_of and as_of < today else None
    reading = _reading(row, region, period, today, past)
    stations = _stations(region, period, read)
    columns, items = titles.sections_and_items(
        read.items, work.codes_of(row, max(failing_limit, LISTED))
    )
    inspected, as_of_today = scores.spreads(row)
    return Overview(
        region=region,
        period=period,
        period_name=_name(period, rounds),
        as_of=past or today,
        is_past=past is not None,
        computed_at=row.computed_at if row else None,
        reading=reading,
        running=_coverage(_running(rounds, period, today), own),
        work=work.work_list(row, reading, items, LISTED),
        overdue=work.overdue(row, today),
        scores=inspected,
        scores_today=as_of_today,
        centre=scores.centre(stations.centres, period, columns.centre, rounds),
        heat=_heat(region, read, children, stations, columns.stations),
        comparison=_comparison(region, period, children, stations.own, past),
        failing=work.failing(row, items, failing_limit),
        trend=trend(read.held, rounds, today, None if past else reading),
        reused=Reused(*(rows.FLAGS.made(read.flags) or [(0, 0)])[0]),
    )


def rows_of(*, region: Region, period: Period, today: dt.date, rounds: list[Round]) -> Rows:
    running = _running(rounds, period, today)
    return rows.read(region=region, period=period, running=running, rounds=rounds, today=today)


def _running(rounds: list[Round], period: Period, today: dt.date) -> Round | None:
    """The round under way, or the latest one begun, where the page is not of it already."""
    begun = [round for round in rounds if round.starts_on <= today]
    return begun[0] if begun and begun[0].pk != period.round_id else None


def _region_rows(
    region: Region, period: Period, read: Rows
) -> tuple[dict[str, RegionRollup], list[RegionRollup]]:
    """The region's own by period, and its children's of this period in the tree's order."""
    made = rows.REGIONS.made(read.regions)
    own = {row.period: row for row in made if row.region_id == region.pk}
    return own, [row for row in made if row.region_id != region.pk]


def _reading(
    row: RegionRollup | None, region: Region, period: Period, today: dt.date, past: dt.date | None
) -> Reading:
    if past:
        return readings.of_region(region=region, period=period, today=today, as_of=past)
    counts = readings.stored(row) if row else readings.nothing_yet(region, period, today)
    return readings.read_counts(counts)


def _name(period: Period, rounds: list[Round]) -> str:
    named = {round.pk: round.name for round in rounds}
    return named[period.round_id] if period.round_id else readings.period_name(period)


def _coverage(round: Round | None, rows: dict[str, RegionRollup]) -> RoundCoverage | None:
    if round is None:
        return None
    row = rows.get(Period.of_round(round.pk).key)
    audited, total = (row.audited, row.stations) if row else (0, 0)
    return RoundCoverage(round.pk, round.name, audited, total)


@dataclass(frozen=True)
class Stations:
    """`own`: the region's own of the period; `centres`: its centre's of every period; `listed`:
    rows as read of all the period's other stations, by the region each lies in."""

    own: list[StationRollup]
    centres: list[StationRollup]
    listed: dict[int, tuple[Any, ...]]


def _stations(region: Region, period: Period, read: Rows) -> Stations:
    statement = rows.stations(read.is_large)
    own, centres, listed = [], [], defaultdict(list)
    told = statement.picked(read.stations, "region_id", "kind", "period", "is_expected")
    for row, (place, kind, key, is_expected) in zip(read.stations, told, strict=True):
        is_shown = is_expected and key == period.key
        if place == region.pk and is_shown:
            own.append(row)
        if place == region.pk and kind == Station.Kind.CENTRE:
            centres.append(row)
        if kind != Station.Kind.CENTRE and is_shown:
            listed[place].append(row)
    groups = {place: tuple(many) for place, many in listed.items()}
    return Stations(statement.made(own), statement.made(centres), groups)


def _heat(
    region: Region,
    read: Rows,
    children: list[RegionRollup],
    stations: Stations,
    columns: list[titles.Column],
) -> Heat:
    if read.is_large:
        return heat.by_region(region, children, columns)
    groups = [_group(many, columns) for many in stations.listed.values()]
    return Heat(columns, groups, is_by_region=False)


def _group(read: tuple[Any, ...], columns: list[titles.Column]) -> HeatGroup:
    """One change is one station's: all other subdistricts are as they were."""
    return GROUPS.get(
        (get_language(), read, tuple(columns)),
        lambda: heat.group(rows.STATIONS.made(read), columns),
    )


def _comparison(
    region: Region,
    period: Period,
    children: list[RegionRollup],
    stations: list[StationRollup],
    past: dt.date | None,
) -> list[Comparison]:
    """Child regions and the region's own stations, best first, those without problems last."""
    own = [row.station for row in stations]
    if past:
        regions = snapshots.as_of(past, [row.region for row in children], period)
        inside = Station.objects.real().filter(region=region)
        station_counts = replay.stations_on(past, period, inside) if own else {}
    else:
        regions = {row.region_id: readings.stored(row) for row in children}
        station_counts = {row.station_id: readings.stored_station(row) for row in stations}
    lines = [
        _comparison_line(row.region, "region", regions.get(row.region_id)) for row in children
    ] + [_comparison_line(station, "station", station_counts.get(station.pk)) for station in own]
    return sorted(lines, key=lambda line: -1 if line.reading.rate is None else line.reading.rate,
                  reverse=True)  # fmt: skip


def _comparison_line(place: Region | Station, kind: str, counts: Counts | None) -> Comparison:
    reading = readings.read_counts(counts or Counts())
    return Comparison(place.code, place.name, place.short_name, kind, reading)
