import datetime as dt

import pytest
from django.core.management import call_command

from stations import changes
from stations.models import HistoryEntry, Region, Station, StationLink
from stations.refusals import Refusal
from stations.services import lineage, places
from stations.services.places import NewStation
from tests import make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)


def refused(call, **arguments) -> tuple[str, int, list[tuple[str, str]]]:
    with pytest.raises(Refusal) as caught:
        call(now=NOW, **arguments)
    told = caught.value
    return told.code, told.status, [(e["field"], e["code"]) for e in told.errors]


def opened(cast, code="440309001-W90", **fields) -> Station:
    given = {"kind": "community", "region": cast.station.region, "opened_on": TODAY}
    return places.open_station(
        new=NewStation(code, "新社区退役军人服务站"), by=cast.bureau, now=NOW, **given | fields
    )


def test_given_stations_load_once_as_a_tree(db):
    call_command("load_stations", verbosity=0)
    Station.objects.filter(code="440309001-W01").update(name_zh="改过的名称")
    call_command("load_stations", verbosity=0)

    assert Region.objects.count() == 10
    assert Region.objects.get(code="440309006").path == "000000/440000/440300/440309/440309006/"
    kinds = Station.objects.real().values_list("kind", flat=True)
    assert {kind: list(kinds).count(kind) for kind in set(kinds)} == {
        "centre": 1, "subdistrict": 6, "community": 50
    }  # fmt: skip
    assert Station.objects.get(is_practice=True).code == "440309-YL01"
    assert Station.objects.get(code="440309001-W01").name_zh == "改过的名称"


def test_region_moved_takes_everything_below_along(cast):
    district = make.region("440309")
    city = places.save_region(
        code="440400", name_zh="珠海市", name_en="", level="city",
        parent=make.region("440000"), by=None, now=NOW,
    )  # fmt: skip
    told: list[list[int]] = []
    changes.on_station_change(lambda ids, now: told.append(ids))

    places.save_region(
        code="440309", name_zh="龙华区", name_en="", level="district", parent=city, by=None, now=NOW
    )
    changes._listeners.pop()

    below = Region.objects.filter(parent=district).values_list("path", flat=True)
    assert set(below) == {
        "000000/440000/440400/440309/440309001/", "000000/440000/440400/440309/440309002/"
    }  # fmt: skip
    assert sorted(told[0]) == sorted([cast.station.pk, cast.other_station.pk])


@pytest.mark.parametrize(
    ("code", "level", "parent", "error"),
    [
        ("44030", "district", "440300", ("code", "bad_code")),
        ("44030x", "district", "440300", ("code", "bad_code")),
        ("440309", "subdistrict", "440309", ("code", "bad_code")),
        ("440309009", "subdistrict", None, ("parent", "required")),
        ("440310", "district", "440309", ("parent", "level")),
        ("440310", "village", "440300", ("level", "unknown")),
        ("440300", "city", "440309", ("parent", "level")),
    ],
)
def test_region_that_does_not_fit_is_refused(db, code, level, parent, error):
    above = make.region(parent) if parent else None

    assert refused(
        places.save_region,
        code=code,
        name_zh="某地",
        name_en="",
        level=level,
        parent=above,
        by=None,
    ) == ("invalid", 400, [error])


def test_station_is_opened_and_recorded(cast):
    station = opened(cast, phone="0755-1")

    assert (station.phone, station.opened_on, station.closed_on) == ("0755-1", TODAY, None)
    entry = HistoryEntry.objects.get(action="station.open")
    assert (entry.actor, entry.station, entry.detail["name"]) == (
        cast.bureau, station, "新社区退役军人服务站"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"code": "a b"}, ("code", "bad_code")),
        ({"code": "taken-1"}, ("code", "taken")),
        ({"kind": "centre"}, ("region", "level")),
    ],
)
def test_station_that_does_not_fit_is_refused(cast, fields, error):
    make.station(code="TAKEN-1")

    assert refused(
        lambda now, **given: opened(cast, **given), **fields
    ) == ("invalid", 400, [error])  # fmt: skip


def rename(station, by, name="新名称", on=TODAY):
    return places.rename_station(station=station, name_zh=name, name_en="", on=on, by=by, now=NOW)


def test_rename_keeps_the_former_name(cast):
    former = cast.station.name_zh

    rename(cast.station, cast.bureau, on=dt.date(2026, 11, 1))

    cast.station.refresh_from_db()
    assert cast.station.name_zh == "新名称"
    assert list(cast.station.former_names.values_list("name_zh", "until_on")) == [
        (former, dt.date(2026, 11, 1))
    ]
    assert HistoryEntry.objects.get(action="station.rename").detail == {
        "former": former, "name": "新名称", "on": "2026-11-01"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "on", "error"),
    [
        ("same", TODAY, ("name_zh", "unchanged")),
        ("新名称", dt.date(2026, 11, 24), ("on", "in_future")),
        ("新名称", dt.date(2018, 12, 31), ("on", "too_early")),
    ],
)
def test_rename_is_refused(cast, name, on, error):
    name = cast.station.name_zh if name == "same" else name

    assert refused(
        places.rename_station, station=cast.station, name_zh=name, name_en="", on=on, by=cast.bureau
    ) == ("invalid", 400, [error])


def test_rename_before_the_last_rename_is_refused(cast):
    rename(cast.station, cast.bureau, on=dt.date(2026, 11, 1))

    assert refused(
        places.rename_station, station=cast.station, name_zh="再改", name_en="",
        on=dt.date(2026, 10, 1), by=cast.bureau,
    ) == ("invalid", 400, [("on", "too_early")])  # fmt: skip


def test_closed_station_takes_no_more_changes_until_it_is_reopened(cast):
    places.close_station(station=cast.station, on=TODAY, by=cast.bureau, now=NOW)

    assert refused(places.close_station, station=cast.station, on=TODAY, by=cast.bureau)[:2] == (
        "station_closed", 409
    )  # fmt: skip
    places.reopen_station(station=cast.station, by=cast.bureau, now=NOW)
    assert refused(places.reopen_station, station=cast.station, by=cast.bureau)[:2] == (
        "station_open", 409
    )  # fmt: skip


def test_station_is_not_closed_before_it_opened(cast):
    assert refused(
        places.close_station, station=cast.station, on=dt.date(2019, 1, 1), by=cast.bureau
    ) == ("invalid", 400, [("on", "before_opening")])


def test_half_a_position_is_refused(cast):
    assert refused(
        places.update_contact, station=cast.station, contact={"latitude": 22}, by=cast.head
    ) == ("invalid", 400, [("latitude", "half_a_position")])


def split(cast, *codes):
    return lineage.split_station(
        station=cast.station, into=[NewStation(code, f"站{code}") for code in codes], on=TODAY,
        by=cast.bureau, now=NOW,
    )  # fmt: skip


def test_split_closes_one_and_opens_its_successors(cast):
    made = split(cast, "S-1", "S-2")

    cast.station.refresh_from_db()
    assert cast.station.closed_on == TODAY
    assert [(s.code, s.kind, s.region, s.opened_on) for s in made] == [
        (code, "community", cast.station.region, TODAY) for code in ("S-1", "S-2")
    ]
    assert set(StationLink.objects.values_list("kind", "predecessor", "successor__code")) == {
        ("split", cast.station.pk, "S-1"), ("split", cast.station.pk, "S-2")
    }  # fmt: skip
    assert refused(places.reopen_station, station=cast.station, by=cast.bureau)[:2] == (
        "station_succeeded", 409
    )  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "error"), [(["S-1"], ("into", "too_few")), (["S-1", "s-1"], ("code", "repeated"))]
)
def test_split_is_refused(cast, codes, error):
    assert refused(lambda now, codes: split(cast, *codes), codes=codes) == (
        "invalid", 400, [error]
    )  # fmt: skip


def test_failed_split_leaves_everything_as_it_was(cast):
    make.station(code="S-2")

    assert refused(lambda now: split(cast, "S-1", "S-2"))[2] == [("code", "taken")]
    cast.station.refresh_from_db()
    assert cast.station.closed_on is None
    assert not Station.objects.filter(code="S-1").exists()


def merge(cast, stations, into, **more):
    return lineage.merge_stations(
        stations=stations, into=into, on=TODAY, by=cast.bureau, now=NOW, **more
    )


def test_merge_into_a_station_that_is_there(cast):
    into = merge(cast, [cast.station, cast.other_station], cast.other_station)

    cast.station.refresh_from_db()
    cast.other_station.refresh_from_db()
    assert into == cast.other_station
    assert (cast.station.closed_on, cast.other_station.closed_on) == (TODAY, None)
    assert list(into.links_back.values_list("kind", "predecessor")) == [("merged", cast.station.pk)]


def test_one_station_moves_to_another_region_under_a_new_code(cast):
    region = cast.other_station.region

    into = merge(cast, [cast.station], NewStation("440309002-W90", "迁来的站"), region=region)

    assert (into.region, into.kind, into.opened_on) == (region, "community", TODAY)


def test_merge_is_refused(cast):
    centre = make.station(kind="centre", region=make.region("440309"))

    assert refused(lambda now: merge(cast, [], cast.station))[2] == [("stations", "too_few")]
    assert refused(lambda now: merge(cast, [cast.station], centre))[2] == [
        ("stations", "kinds_differ")
    ]
    places.close_station(station=cast.other_station, on=TODAY, by=cast.bureau, now=NOW)
    assert refused(lambda now: merge(cast, [cast.station], cast.other_station))[:2] == (
        "station_closed", 409
    )  # fmt: skip
