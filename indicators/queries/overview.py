"""全区总览: everything the bureau's first page shows, in six statements, from roll-ups; of a past day
from those of its evening."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from audits.deadlines import local_day
from audits.models import Round
from indicators.effect import Counts, Reading
from indicators.models import RegionRollup
from indicators.periods import Period
from indicators.queries import past, readings, rows, scores, titles, work
from indicators.queries.choices import all_rounds
from indicators.queries.figures import Figures, stored
from indicators.queries.heat import Heat
from indicators.queries.rows import Rows
from indicators.queries.scores import Centre, Spread
from indicators.queries.trend import TrendPoint, trend
from indicators.queries.work import Failing, Overdue, WorkList
from stations.models import Region, Station

LISTED = 6


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
    """All of it as of the end of `as_of`, or of now; names and the tree are always today's.
    `own`: the region's roll-up all sums are of."""

    region: Region
    period: Period
    period_name: str
    as_of: dt.date
    is_past: bool
    own: RegionRollup | None
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

    @property
    def computed_at(self) -> dt.datetime | None:
        return self.own.computed_at if self.own else None


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
    """`rounds`: all of them, newest first; `read`: what `rows_of` gave of the day looked at; where
    the caller has them."""
    rounds = all_rounds() if rounds is None else rounds
    day, is_past = (as_of, True) if as_of and as_of < today else (today, False)
    read = read or rows_of(region=region, period=period, today=day, rounds=rounds)
    running = _running(rounds, period, day)
    beside = Period.of_round(running.pk) if running else None
    figures = (
        past.figures(day, region, period, beside)
        if is_past
        else stored(region, period, beside, read)
    )
    row = figures.own
    reading = _reading(figures, region, period, day)
    columns, items = titles.sections_and_items(
        read.items, work.codes_of(row, max(failing_limit, LISTED))
    )
    inspected, as_of_today = scores.spreads(row)
    return Overview(
        region=region,
        period=period,
        period_name=_name(period, rounds),
        as_of=day,
        is_past=is_past,
        own=row,
        reading=reading,
        running=RoundCoverage(running.pk, running.name, *figures.running) if running else None,
        work=work.work_list(row, reading, items, LISTED),
        overdue=work.overdue(row, day),
        scores=inspected,
        scores_today=as_of_today,
        centre=scores.centre(figures.centres, period, columns.centre, rounds),
        heat=figures.heat(columns.stations),
        comparison=_comparison(figures),
        failing=work.failing(row, items, failing_limit),
        trend=trend(read.held, rounds, day, reading),
        reused=Reused(*figures.flags),
    )


def rows_of(*, region: Region, period: Period, today: dt.date, rounds: list[Round]) -> Rows:
    running = _running(rounds, period, today)
    return rows.read(region=region, period=period, running=running, rounds=rounds, today=today)


def _running(rounds: list[Round], period: Period, today: dt.date) -> Round | None:
    """The round under way, or the latest one begun, where the page is not of it already."""
    begun = [
        round
        for round in rounds
        if round.starts_on <= today and local_day(round.created_at) <= today
    ]
    return begun[0] if begun and begun[0].pk != period.round_id else None


def _reading(figures: Figures, region: Region, period: Period, day: dt.date) -> Reading:
    counts = figures.counts.get(region.pk) or readings.nothing_yet(region, period, day)
    return readings.read_counts(counts)


def _name(period: Period, rounds: list[Round]) -> str:
    named = {round.pk: round.name for round in rounds}
    return named[period.round_id] if period.round_id else readings.period_name(period)


def _comparison(figures: Figures) -> list[Comparison]:
    """Child regions and the region's own stations, best first, those without problems last."""
    lines = [
        _comparison_line(row.region, "region", figures.counts[row.region_id])
        for row in figures.children
    ] + [
        _comparison_line(row.station, "station", readings.stored_station(row))
        for row in figures.stations
    ]
    return sorted(lines, key=lambda line: -1 if line.reading.rate is None else line.reading.rate,
                  reverse=True)  # fmt: skip


def _comparison_line(place: Region | Station, kind: str, counts: Counts) -> Comparison:
    reading = readings.read_counts(counts)
    return Comparison(place.code, place.name, place.short_name, kind, reading)
