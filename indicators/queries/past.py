"""Figures of a past day: what the pages read from stored roll-ups today, of that day's evening."""

from __future__ import annotations

import datetime as dt
from typing import Any

from audits.deadlines import end_of_day
from audits.models import Assignment
from indicators import past, replay, snapshots
from indicators.past import Evening
from indicators.periods import Period
from indicators.queries import heat, readings, rows, titles
from indicators.queries.figures import Figures
from indicators.queries.heat import Heat
from indicators.queries.titles import Column
from stations.models import Region, Station


def figures(day: dt.date, region: Region, period: Period, running: Period | None) -> Figures:
    """`running`: the round whose coverage is told beside the period's."""
    evening = past.of_region(day, region, period)
    told = [row for row in (evening.own, *evening.children) if row]
    frozen = snapshots.held(day, [row.region for row in told], period)
    inside = Station.objects.real().within(region)
    return Figures(
        own=evening.own,
        children=evening.children,
        counts={row.region_id: readings.stored(row) for row in told} | frozen,
        running=replay.coverage_on(day, running, inside) if running else (0, 0),
        stations=evening.expected(inside.filter(region=region)),
        centres=_centres(day, region),
        flags=rows.flags_on(end_of_day(day), region.path),
        heat=lambda columns: _heat(evening, region, columns),
    )


def heat_table(day: dt.date, region: Region, period: Period) -> Heat:
    """The heat table alone."""
    return _heat(past.of_region(day, region, period), region, titles.sections().stations)


def _heat(evening: Evening, region: Region, columns: list[Column]) -> Heat:
    if evening.own and evening.own.stations > heat.MOST_STATIONS:
        return heat.by_region(region, evening.children, columns)
    return heat.by_station(evening.expected(Station.objects.real().within(region)), columns)


def _centres(day: dt.date, region: Region) -> list[Any]:
    """The region's centre in every period, as `scores.centre` reads it."""
    own = Station.objects.real().filter(region=region, kind=Station.Kind.CENTRE)
    made: list[Any] = past.of_every_period(day, own.order_by("code"))
    grades = dict(
        Assignment.objects.filter(audit__in={row.audit_id for row in made}).values_list(
            "audit", "version__grades"
        )
    )
    for row in made:
        row.grades = grades.get(row.audit_id)
    return made
