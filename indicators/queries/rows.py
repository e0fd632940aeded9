"""What the overview reads, as the driver gives it. Equal rows are an equal page: who keeps a page's
markup reads these again at every request and draws it anew when one of them differs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from audits.models import EvidencePhoto, PhotoFlag, Round
from audits.queries.flags import leading
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period
from indicators.queries import heat, scores, titles
from indicators.queries.trend import Held, held
from stations.models import Region
from stations.statements import Statement


@dataclass(frozen=True)
class Rows:
    """`regions`: roll-ups of the region and its children; `is_stored`: its own is among them.

    `stations`: roll-ups of all stations of a region small enough to list them, of a large one only
    its own; beside them those of its centre, of every period. `flags`: (photos, across) waiting.
    """

    regions: tuple[Any, ...]
    stations: tuple[Any, ...]
    items: tuple[Any, ...]
    flags: tuple[Any, ...]
    held: tuple[Held, ...]
    is_stored: bool
    is_large: bool


def read(
    *, region: Region, period: Period, running: Round | None, rounds: list[Round], today: dt.date
) -> Rows:
    """`running`: the round whose coverage is told beside the period's."""
    other = Period.of_round(running.pk) if running else period
    regions = tuple(REGIONS.read(region.pk, period.key, other.key))
    told = REGIONS.picked(regions, "region_id", "period", "stations")
    own = [stations for pk, key, stations in told if (pk, key) == (region.pk, period.key)]
    is_large = bool(own) and own[0] > heat.MOST_STATIONS
    return Rows(
        regions=regions,
        stations=tuple(stations(is_large).read(region.pk, region.path, period.key)),
        items=tuple(titles.ITEMS.read()),
        flags=tuple(FLAGS.read(region.path)),
        held=tuple(held(region, period, rounds, today)),
        is_stored=bool(own),
        is_large=is_large,
    )


def stations(is_large: bool) -> Statement[StationRollup]:
    return OWN_STATIONS if is_large else STATIONS


# SQLite answers an "or" about places and periods by walking through all there are: places are named
# by themselves, and what is not wanted of them is left out.


def _regions(region: int, period: str, other: str) -> QuerySet[RegionRollup]:
    """The region's own in both periods, and its children's of the first, in the tree's order."""
    near = Region.objects.filter(Q(pk=region) | Q(parent=region)).order_by().values("pk")
    return (
        RegionRollup.objects.filter(region__in=near, period__in=[period, other])
        .exclude(~Q(region=region) & ~Q(period=period))
        .defer("totals", "totals_today")
        .select_related("region")
        .order_by("region__path")
    )


def _stations(region: int, path: str, period: str) -> QuerySet[StationRollup]:
    inside = Region.objects.filter(path__startswith=path).order_by().values("pk")
    told = StationRollup.objects.filter(station__region__in=inside)
    return scores.with_visits(told.exclude(~heat.expected_in(period) & ~scores.of_centre(region)))


def _own_stations(region: int, path: str, period: str) -> QuerySet[StationRollup]:
    own = StationRollup.objects.filter(station__region=region)
    return scores.with_visits(own.exclude(~heat.expected_in(period) & ~scores.of_centre(region)))


def _flags(path: str) -> QuerySet[PhotoFlag, Any]:
    rows = _waiting(path).order_by().values("verdict")
    return rows.annotate(photos=PHOTOS, across=ACROSS).values_list("photos", "across")


def flags_on(until: dt.datetime, path: str) -> tuple[int, int]:
    """(photos, across) that waited at that moment."""
    told = _waiting(path, until).aggregate(photos=PHOTOS, across=ACROSS)
    return told["photos"], told["across"]


def _waiting(path: str, until: dt.datetime | None = None) -> QuerySet[PhotoFlag]:
    photos = EvidencePhoto.objects.filter(station__region__path__startswith=path)
    return leading(photos, until).filter(
        kind__in=[PhotoFlag.Kind.EXACT_REUSE, PhotoFlag.Kind.NEAR_REUSE],
        photo__station__region__path__startswith=path,
        photo__station__is_practice=False,
    )


PHOTOS = Count("photo", distinct=True)
ACROSS = Count("photo", distinct=True, filter=~Q(other__station=F("photo__station")))
REGIONS = Statement(_regions)
STATIONS, OWN_STATIONS = Statement(_stations), Statement(_own_stations)
FLAGS: Statement[PhotoFlag] = Statement(_flags)
