"""The guard that holds a region to its parts looks up those parts, never every station of the period."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from indicators.models import RegionRollup, StationRollup
from stations.models import Station
from tests import make
from tests.conftest import Cast

FEW, MANY = 600, 1_800  # enough for PostgreSQL to prefer an index at either


@pytest.fixture
def row(cast: Cast) -> RegionRollup:
    """Of the subdistrict of one station; nobody else's parts."""
    make.version()
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(task, A01="fail")
    make.figures()
    return RegionRollup.objects.get(region=cast.station.region, period=f"r{task.round_id}")


def fill(row: RegionRollup, elsewhere: Station, number: int) -> None:
    """Stations of another subdistrict with a row of the same period."""
    held = Station.objects.filter(region=elsewhere.region).count()
    made = Station.objects.bulk_create(
        Station(code=f"{elsewhere.region.code}-X{n:04d}", name_zh=f"第{n}站", kind="community",
                region=elsewhere.region)
        for n in range(held, number)
    )  # fmt: skip
    StationRollup.objects.bulk_create(
        StationRollup(station=station, period=row.period, is_expected=True,
                      computed_at=timezone.now())
        for station in made
    )  # fmt: skip


def work(row: RegionRollup) -> int:
    """What an UPDATE of the region's row takes: SQLite's steps, rows read by PostgreSQL."""
    change = "UPDATE indicators_regionrollup SET cohort = cohort WHERE id = %s"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            steps: list[None] = []
            connection.connection.set_progress_handler(lambda: steps.append(None), 1)
            try:
                cursor.execute(change, [row.pk])
            finally:
                connection.connection.set_progress_handler(None, 1)
            return len(steps)
        cursor.execute("ANALYZE stations_station, indicators_stationrollup")
        before = _rows_read(cursor)
        cursor.execute(change, [row.pk])
        return _rows_read(cursor) - before


def _rows_read(cursor) -> int:
    cursor.execute(
        "SELECT SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
        " WHERE relname IN ('stations_station', 'indicators_stationrollup')"
    )
    return int(cursor.fetchone()[0])


def test_guard_of_a_region_costs_the_same_however_many_stations_there_are(
    row: RegionRollup, cast: Cast
) -> None:
    fill(row, cast.other_station, FEW)
    among_few = work(row)

    fill(row, cast.other_station, MANY)

    assert work(row) == among_few > 0
