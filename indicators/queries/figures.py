"""What an overview is told from: the roll-ups of its region, of today or of a past evening."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indicators.effect import Counts
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period
from indicators.queries import readings, rows
from indicators.queries.rows import Rows
from stations.models import Region, Station


@dataclass(frozen=True)
class Figures:
    """`own`: the region's roll-up, if any; `counts` {region id: what its reading is made of}, its
    own and its children's; `running`: (audited, total) of the round under way beside the period.

    `stations`: those counted, of a large region only its own; `centres`: the centre in every
    period; `flags`: (photos, across) waiting.
    """

    own: RegionRollup | None
    children: list[RegionRollup]
    counts: dict[int, Counts]
    running: tuple[int, int]
    stations: list[StationRollup]
    centres: list[Any]
    flags: tuple[int, int]
    is_large: bool


def stored(region: Region, period: Period, running: Period | None, read: Rows) -> Figures:
    """Today's."""
    made = rows.REGIONS.made(read.regions)
    own = {row.period: row for row in made if row.region_id == region.pk}
    told = [row for row in made if row.period == period.key]
    beside = own.get(running.key) if running else None
    stations = rows.stations(read.is_large).made(read.stations)
    return Figures(
        own=own.get(period.key),
        children=[row for row in told if row.region_id != region.pk],
        counts={row.region_id: readings.stored(row) for row in told},
        running=(beside.audited, beside.stations) if beside else (0, 0),
        stations=[row for row in stations if row.period == period.key and row.is_expected],
        centres=[
            row for row in stations
            if row.station.region_id == region.pk and row.station.kind == Station.Kind.CENTRE
        ],
        flags=(rows.FLAGS.made(read.flags) or [(0, 0)])[0],
        is_large=read.is_large,
    )  # fmt: skip
