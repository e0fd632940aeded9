"""Roll-ups of a past evening: made by the functions that make today's, and never stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from indicators import facts, replay, sums
from indicators.counting import Place, Row, StationFacts, station_rows
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period
from stations.models import Region, Station


@dataclass(frozen=True)
class Evening:
    """`own`: the region's, None where nothing took part; `children` in the tree's order."""

    period: Period
    own: RegionRollup | None
    children: list[RegionRollup]
    rows: list[tuple[Place, Row]]

    def expected(self, which: QuerySet[Station]) -> list[StationRollup]:
        """Those counted, in the tree's order."""
        rows = [(place, row) for place, row in self.rows if row["is_expected"]]
        return _with_stations(rows, which, self.period) if rows else []


def of_region(day: dt.date, region: Region, period: Period) -> Evening:
    """As many statements for a nation as for a subdistrict."""
    rows = replay.rows_on(day, period, Station.objects.real().within(region))
    below = _child_by_region(region)
    by_child: dict[str, list[tuple[Row, str]]] = defaultdict(list)
    for place, row in rows:
        by_child[below[place.region_id]].append((row, place.kind))
    scores: dict[Any, Row] = {}
    parts = {code: sums.of_stations(stations, scores) for code, stations in by_child.items()}
    children = [
        RegionRollup(region=child, period=period.key, **parts[child.code])
        for child in region.children.order_by("path")
        if child.code in parts
    ]
    own = sums.add_up(list(parts.values())) if parts else None
    return Evening(
        period,
        RegionRollup(region=region, period=period.key, **own) if own else None,
        children,
        rows,
    )


def _child_by_region(region: Region) -> dict[int, str]:
    """{id of a region below: code of the child it lies in, "" for the region itself}"""
    rows = Region.objects.filter(path__startswith=region.path).values_list("pk", "path")
    return {id_: path[len(region.path) :].partition("/")[0] for id_, path in rows}


def of_stations(day: dt.date, stations: QuerySet[Station], period: Period) -> list[StationRollup]:
    return _with_stations(replay.rows_on(day, period, stations), stations, period)


def of_every_period(day: dt.date, stations: QuerySet[Station]) -> list[StationRollup]:
    """For few stations: all they ever took part in is read."""
    known, places = replay.facts_on(day, stations), facts.places_of(stations)
    return [
        StationRollup(station=one, period=key, **row)
        for one in stations.select_related("region")
        for key, row in station_rows(
            places[one.pk], known.get(one.pk, StationFacts()), day
        ).items()
    ]  # fmt: skip


def _with_stations(
    rows: list[tuple[Place, Row]], which: QuerySet[Station], period: Period
) -> list[StationRollup]:
    told = {place.id: row for place, row in rows}
    stations = which.select_related("region").order_by("region__path", "code")
    return [
        StationRollup(station=one, period=period.key, **told[one.pk])
        for one in stations
        if one.pk in told
    ]
