"""What an overview is told from: the roll-ups of its region, of today or of a past evening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from indicators.effect import Counts
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period
from indicators.queries import heat, readings, rows
from indicators.queries.heat import Heat, HeatGroup
from indicators.queries.rows import Rows
from indicators.queries.titles import Column
from stations.kept import Kept
from stations.models import Region, Station

GROUPS: Kept[HeatGroup] = Kept(500)


@dataclass(frozen=True)
class Figures:
    """`own`: the region's roll-up, if any; `counts` {region id: what its reading is made of}, its
    own and its children's; `running`: (audited, total) of the round under way beside the period.

    `stations`: the region's own that are counted; `centres`: the centre in every period; `flags`:
    (photos, across) waiting; `heat`: the table under these columns.
    """

    own: RegionRollup | None
    children: list[RegionRollup]
    counts: dict[int, Counts]
    running: tuple[int, int]
    stations: list[StationRollup]
    centres: list[Any]
    flags: tuple[int, int]
    heat: Callable[[list[Column]], Heat]


def stored(region: Region, period: Period, running: Period | None, read: Rows) -> Figures:
    """Today's."""
    made = rows.REGIONS.made(read.regions)
    own = {row.period: row for row in made if row.region_id == region.pk}
    told = [row for row in made if row.period == period.key]
    children = [row for row in told if row.region_id != region.pk]
    beside = own.get(running.key) if running else None
    stations = _stations(region, period, read)

    def table(columns: list[Column]) -> Heat:
        if read.is_large:
            return heat.by_region(region, children, columns)
        groups = [_group(many, columns) for many in stations.listed.values()]
        return Heat(columns, groups, is_by_region=False)

    return Figures(
        own=own.get(period.key),
        children=children,
        counts={row.region_id: readings.stored(row) for row in told},
        running=(beside.audited, beside.stations) if beside else (0, 0),
        stations=stations.own,
        centres=stations.centres,
        flags=(rows.FLAGS.made(read.flags) or [(0, 0)])[0],
        heat=table,
    )


@dataclass(frozen=True)
class _Stations:
    """`own`: the region's own of the period; `centres`: its centre's of every period; `listed`:
    rows as read of all the period's other stations, by the region each lies in."""

    own: list[StationRollup]
    centres: list[StationRollup]
    listed: dict[int, tuple[Any, ...]]


def _stations(region: Region, period: Period, read: Rows) -> _Stations:
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
    return _Stations(statement.made(own), statement.made(centres), groups)


def _group(read: tuple[Any, ...], columns: list[Column]) -> HeatGroup:
    """One change is one station's: all other subdistricts are as they were."""
    return GROUPS.get(
        (get_language(), read, tuple(columns)),
        lambda: heat.group(rows.STATIONS.made(read), columns),
    )
