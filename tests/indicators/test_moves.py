"""Several recomputing at once, regions moving: stored roll-ups are what a plain recount says."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from audits import outbox
from indicators import recount, rollups
from indicators.models import RegionRollup, StationRollup
from stations.models import Region
from stations.services import places
from tests import make
from tests.conftest import Cast


def differences() -> list[str]:
    return [wrong.words for wrong in recount.differences(timezone.localdate())]


def audit_anew(cast: Cast, results: dict[str, str]) -> None:
    make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station), **results)


@pytest.mark.django_db(transaction=True)
def test_three_recomputes_at_once_give_the_right_figures(cast: Cast) -> None:
    make.version()
    opened = make.round_(cast.bureau)
    stations = [cast.station, cast.other_station, make.station()]
    rollups.rebuild(now=timezone.now())
    for station in stations:
        make.submitted(make.assignment(cast.bureau, cast.inspector, station, opened), A01="fail")
    errors: list[Exception] = []

    def work() -> None:
        try:
            for station in stations:
                rollups.recompute_station(station.pk, now=timezone.now())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert errors == []
    assert differences() == []
    assert RegionRollup.objects.get(region__code="440309", period=f"r{opened.pk}").cohort == 3


@pytest.mark.django_db(transaction=True)
def test_different_stations_recomputed_at_once_add_up_at_the_top(cast: Cast) -> None:
    make.version()
    opened = make.round_(cast.bureau)
    stations = [make.station(region=cast.station.region) for _ in range(6)]
    for station in stations:
        make.submitted(make.assignment(cast.bureau, cast.inspector, station, opened), B02="fail")

    def work(number: int) -> None:
        rollups.recompute_station(stations[number].pk, now=timezone.now())
        connection.close()

    workers = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    top = RegionRollup.objects.get(region__code="000000", period=f"r{opened.pk}")
    assert (top.cohort, top.stations, top.audited) == (6, 6, 6)


def test_recount_names_what_differs(cast: Cast) -> None:
    make.version()
    rollups.rebuild(now=timezone.now())
    audit_anew(cast, {"A01": "fail"})
    make.figures()
    year = f"y{timezone.localdate().year}"
    StationRollup.objects.filter(station=cast.station, period=year).update(repeats=1)
    RegionRollup.objects.get(region__code="440309", period=year).delete()

    assert differences() == [
        f"roll-up of station {cast.station.code} {year} has repeats 1, recounted 0",
        f"roll-up of region 440309 {year} is missing",
    ]


def another_district() -> Region:
    return places.save_region(
        code="440310", name_zh="坪山区", name_en="", level="district", parent=make.region("440300"),
        by=None, now=timezone.now(),
    )  # fmt: skip


def test_region_moved_leaves_nothing_behind_where_it_was(cast: Cast) -> None:
    """Not only the new parents': the old ones' figures are of what is left."""
    make.version()
    far = another_district()
    audit_anew(cast, {"A02": "fail"})
    make.submitted(make.assignment(cast.bureau, cast.inspector, cast.other_station), A01="fail")
    outbox.drain()
    moved = cast.station.region

    places.save_region(
        code=moved.code, name_zh=moved.name_zh, name_en="", level=moved.level, parent=far,
        by=None, now=timezone.now(),
    )  # fmt: skip
    outbox.drain()

    assert differences() == []
    counted = dict(
        RegionRollup.objects.filter(period__startswith="y").values_list("region__code", "cohort")
    )
    assert (counted["440309"], counted["440310"], counted["440300"]) == (1, 1, 2)


def test_region_moved_with_all_its_stations_leaves_no_row(cast: Cast) -> None:
    make.version()
    far = another_district()
    audit_anew(cast, {"A02": "fail"})
    outbox.drain()
    for moved in Region.objects.filter(parent__code="440309"):
        places.save_region(
            code=moved.code, name_zh=moved.name_zh, name_en="", level=moved.level, parent=far,
            by=None, now=timezone.now(),
        )  # fmt: skip
    outbox.drain()

    assert differences() == []
    assert not RegionRollup.objects.filter(region__code="440309").exists()
