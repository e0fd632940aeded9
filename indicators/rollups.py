"""Stored roll-ups: recomputed from rows, never added to in place (semantics §§2, 4).

One changed station costs its own rows and one row per region above it, whatever the number of
stations. `rebuild` reaches the same rows from the same functions, all at once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q

from audits.deadlines import local_day
from indicators import facts, locks
from indicators.counting import FINDING_COUNTS, Row, StationFacts, station_rows
from indicators.cycles import without_cycles
from indicators.models import RegionRollup, StationRollup
from indicators.storing import Key, upsert
from indicators.sums import COUNTS, TALLIES, add_up, of_stations
from stations.models import Region

SCORE_FIELDS = (
    "audit_id", "is_expected", "is_audited", "earned", "applicable", "earned_today", "grade",
    "critical_failed", "sections", "asked", "failing",
)  # fmt: skip
STATION_FIELDS = (*FINDING_COUNTS, "due", "unsolved", *SCORE_FIELDS)
REGION_FIELDS = (*COUNTS, *TALLIES, "spread", "spread_today", "sections")
NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "StationRollup": ("station_id", STATION_FIELDS),
    "RegionRollup": ("region_id", REGION_FIELDS),
}

Rollup = TypeVar("Rollup", StationRollup, RegionRollup)


@transaction.atomic
def recompute_station(station_id: int, *, now: dt.datetime) -> None:
    """Safe to run many times and in parallel: the last to get the lock sees every commit."""
    locks.one_station(station_id)
    today = local_day(now)
    places = facts.places([station_id])
    wanted: dict[Key, Row] = {}
    held = _held(StationRollup, Q(station=station_id))
    if place := places.get(station_id):
        own = facts.read([station_id]).get(station_id, StationFacts())
        years = [period for _, period in held if period[0] == "y"]
        for period, row in station_rows(place, own, today, years).items():
            wanted[station_id, period] = row
    changed = {period for _, period in _store(StationRollup, held, wanted, now)}
    # Nothing new of its own: then it may be the tree above it that has changed.
    periods = changed or {period for _, period in wanted}
    for region_id in _upwards(station_id):
        _recompute_region(region_id, periods, now)


@transaction.atomic
def recompute_upwards(region_id: int, *, now: dt.datetime) -> None:
    """A region that lost part of what lies below it, and those above, in every period held."""
    locks.beside_everything()
    for one in _path_up(Region.objects.get(pk=region_id).path):
        held = RegionRollup.objects.filter(region=one).values_list("period", flat=True)
        _recompute_region(one, set(held), now)


def _upwards(station_id: int) -> list[int]:
    """Ids of the regions from the station's own up to the root."""
    return _path_up(Region.objects.get(stations=station_id).path)


def _path_up(path: str) -> list[int]:
    codes = [code for code in path.split("/") if code]
    ids = dict(Region.objects.filter(code__in=codes).values_list("code", "pk"))
    return [ids[code] for code in reversed(codes)]


def _recompute_region(region_id: int, periods: set[str], now: dt.datetime) -> None:
    locks.region(region_id)
    parts: dict[str, list[Row]] = defaultdict(list)
    stations: dict[str, list[tuple[Row, str]]] = defaultdict(list)
    own = StationRollup.objects.filter(
        station__region=region_id, station__is_practice=False, period__in=periods
    )
    for row in own.values("station__kind", "period", *STATION_FIELDS):
        stations[row["period"]].append((row, row["station__kind"]))
    for period, of_period in stations.items():
        parts[period].append(of_stations(of_period, {}))
    held: dict[Key, Row] = {}
    below = RegionRollup.objects.filter(
        Q(region=region_id) | Q(region__parent=region_id), period__in=periods
    )
    for row in below.values("region_id", "period", *REGION_FIELDS):
        if row["region_id"] == region_id:
            held[region_id, row["period"]] = row
        else:
            parts[row["period"]].append(row)
    wanted = {(region_id, period): add_up(many) for period, many in parts.items()}
    _store(RegionRollup, held, wanted, now)


@transaction.atomic
def rebuild(*, now: dt.datetime) -> int:
    """Every roll-up anew from the facts; how many stored rows were not as they should be."""
    locks.everything()
    with without_cycles():
        stations, regions = computed(local_day(now))
        differing = _store(StationRollup, _held(StationRollup, Q()), stations, now)
        differing_above = _store(RegionRollup, _held(RegionRollup, Q()), regions, now)
    return len(differing) + len(differing_above)


def computed(today: dt.date) -> tuple[dict[Key, Row], dict[Key, Row]]:
    """What all station and region rows should be."""
    known, places = facts.read(), facts.places()
    nothing = StationFacts()
    stations: dict[Key, Row] = {}
    own: dict[Key, list[tuple[Row, str]]] = defaultdict(list)
    years = facts.years(known, today)
    for place in places.values():
        rows = station_rows(place, known.get(place.id, nothing), today, years)
        for period, row in rows.items():
            stations[place.id, period] = row
            own[place.region_id, period].append((row, place.kind))
    return stations, _summed_upwards(own)


def _summed_upwards(own: dict[Key, list[tuple[Row, str]]]) -> dict[Key, Row]:
    parts: dict[Key, list[Row]] = defaultdict(list)
    known: dict[Any, Row] = {}
    for key, stations in own.items():
        parts[key].append(of_stations(stations, known))
    regions: dict[Key, Row] = {}
    periods = {period for _, period in parts}
    deepest_first = Region.objects.order_by("-path").values_list("pk", "parent_id")
    for region_id, parent_id in deepest_first:  # a path sorts after every prefix of itself
        for period in periods:
            if many := parts.get((region_id, period)):
                row = regions[region_id, period] = add_up(many)
                if parent_id:
                    parts[parent_id, period].append(row)
    return regions


# Reading and writing rows


def _held(model: type[Rollup], which: Q) -> dict[Key, Row]:
    owner, fields = NAMES[model.__name__]
    rows: Iterable[Row] = model.objects.filter(which).values(owner, "period", *fields)
    return {(row[owner], row["period"]): row for row in rows}


def _store(
    model: type[Rollup], held: dict[Key, Row], wanted: dict[Key, Row], now: dt.datetime
) -> list[Key]:
    """Write what differs, remove what should not be there; the keys of both."""
    fields: tuple[str, ...]
    owner, fields = NAMES[model.__name__]
    changed = [
        key
        for key, row in wanted.items()
        if key not in held or any(held[key][name] != row[name] for name in fields)
    ]
    upsert(model, owner, fields, [(key, wanted[key]) for key in changed], now)
    stale = [key for key in held if key not in wanted]
    for key in stale:
        model._default_manager.filter(**{owner: key[0]}, period=key[1]).delete()
    return changed + stale
