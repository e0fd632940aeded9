import datetime as dt

import pytest
from django.core.management import call_command

from stations.models import HistoryEntry, Station, StationName, User
from stations.services import lineage
from stations.services.places import NewStation
from tests import make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
REGIONS, STATIONS = "/api/v1/regions/", "/api/v1/stations/"


def codes(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["code"] for row in answer.json()["results"]]


def test_bureau_sees_its_regions_as_a_tree(cast, api):
    answer = api(cast.bureau).get(REGIONS)

    assert answer.json() == {
        "count": 3, "next": None, "previous": None,
        "results": [
            {"code": "440309", "name": "龙华区", "name_zh": "龙华区", "name_en": "",
             "level": "district", "parent": "440300"},
            {"code": "440309001", "name": "观湖街道", "name_zh": "观湖街道", "name_en": "",
             "level": "subdistrict", "parent": "440309"},
            {"code": "440309002", "name": "民治街道", "name_zh": "民治街道", "name_en": "",
             "level": "subdistrict", "parent": "440309"},
        ],
    }  # fmt: skip


def test_regions_are_narrowed_to_what_is_reached(cast, api):
    assert codes(api(cast.supervisor).get(REGIONS)) == ["440309001"]
    assert codes(api(cast.head).get(REGIONS)) == ["440309001"]
    assert codes(api(cast.stranger).get(REGIONS)) == ["440309002"]
    assert api(cast.stranger).get(f"{REGIONS}440309001/").status_code == 404
    assert api(cast.stranger).get(f"{REGIONS}440309002/").json()["name"] == "民治街道"


def test_whole_register_is_listed_without_the_practice_station(db, api):
    call_command("load_stations", verbosity=0)
    client = api(make.user("bureau", regions=[make.region("440309")]))

    assert client.get(STATIONS).json()["count"] == 57
    assert client.get(STATIONS, {"practice": "true"}).json()["count"] == 58
    assert client.get(STATIONS, {"region": "440309006"}).json()["count"] == 11
    assert client.get(STATIONS, {"region": "440000", "kind": "subdistrict"}).json()["count"] == 6
    assert codes(client.get(STATIONS, {"search": "白石龙"})) == ["440309002-W11"]
    assert codes(client.get(STATIONS, {"search": "Beizhan"})) == ["440309002-W07"]
    assert codes(client.get(STATIONS, {"search": "观澜 大水田"})) == ["440309006-W10"]
    assert client.get(STATIONS, {"search": "没有这个"}).json()["count"] == 0


def test_pages_are_linked_by_absolute_addresses(db, api):
    call_command("load_stations", verbosity=0)
    client = api(make.user("bureau", regions=[make.region("440309")]))

    first = client.get(STATIONS, {"page_size": 50}).json()

    assert first["next"] == f"http://testserver{STATIONS}?page=2&page_size=50"
    assert len(client.get(first["next"]).json()["results"]) == 7


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("bureau", ["here", "there"]),
        ("supervisor", ["here"]),
        ("head", ["here"]),
        ("stranger", ["there"]),
        ("inspector2", []),
    ],
)
def test_stations_are_narrowed_to_what_is_reached(cast, api, who, expected):
    own = {"here": cast.station.code, "there": cast.other_station.code}

    assert codes(api(getattr(cast, who)).get(STATIONS)) == sorted(own[name] for name in expected)


def test_inspector_reaches_the_stations_assigned(cast, task, api):
    assert codes(api(cast.inspector).get(STATIONS)) == [cast.station.code]
    assert codes(api(cast.inspector2).get(STATIONS)) == []


@pytest.mark.parametrize("who", ["sysadmin", "auditor"])
def test_administrators_read_no_stations(cast, api, who):
    client = api(getattr(cast, who))

    assert client.get(STATIONS).status_code == 403
    assert client.get(REGIONS).status_code == 403
    assert client.get(f"{STATIONS}{cast.station.code}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [({"region": "999999"}, "region"), ({"kind": "shop"}, "kind")],
)
def test_wrong_filter_is_named(cast, api, query, field):
    answer = api(cast.bureau).get(STATIONS, query)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_region_filter_never_widens_the_scope(cast, api):
    assert codes(api(cast.supervisor).get(STATIONS, {"region": "440309"})) == [cast.station.code]
    assert codes(api(cast.supervisor).get(STATIONS, {"region": "440309002"})) == []


def test_station_is_told_with_its_past(cast, api):
    StationName.objects.create(
        station=cast.station, name_zh="曾用名", name_en="", until_on=dt.date(2020, 5, 1)
    )
    lineage.split_station(
        station=cast.station, into=[NewStation("S-1", "甲"), NewStation("S-2", "乙")],
        on=dt.date(2026, 11, 1), by=cast.bureau, now=NOW,
    )  # fmt: skip

    body = api(cast.head).get(f"{STATIONS}{cast.station.code}/").json()

    assert (body["is_open"], body["closed_on"], body["region"]) == (
        False, "2026-11-01", "440309001"
    )  # fmt: skip
    assert body["former_names"] == [{"name_zh": "曾用名", "name_en": "", "until_on": "2020-05-01"}]
    assert body["predecessors"] == []
    assert body["successors"] == [
        {"kind": "split", "station": "S-1", "name": "甲", "on": "2026-11-01"},
        {"kind": "split", "station": "S-2", "name": "乙", "on": "2026-11-01"},
    ]
    assert cast.station.code not in codes(api(cast.bureau).get(STATIONS))
    assert cast.station.code in codes(api(cast.bureau).get(STATIONS, {"closed": "true"}))


def test_head_keeps_the_contact_fields_and_nothing_else(cast, api):
    url = f"{STATIONS}{cast.station.code}/"
    sent = {
        "phone": "0755-2", "latitude": 22.70001, "longitude": 114.06, "name_zh": "黑客站",
        "code": "X-1", "kind": "centre", "is_practice": True, "region": "440309002",
        "closed_on": "2026-01-01",
    }  # fmt: skip

    body = api(cast.head).patch(url, sent).json()

    assert (body["phone"], body["latitude"], body["longitude"]) == ("0755-2", 22.70001, 114.06)
    unchanged = ("name_zh", "code", "kind", "is_practice", "closed_on")
    assert [body[name] for name in unchanged] == [getattr(cast.station, n) for n in unchanged]
    assert body["region"] == "440309001"
    assert HistoryEntry.objects.get(action="station.contact").detail == {
        "changed": {"phone": "0755-2", "latitude": "22.70001", "longitude": "114.06000"}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"latitude": 91, "longitude": 1}, "latitude"),
        ({"latitude": 1}, "latitude"),
        ({"latitude": "NaN", "longitude": 1}, "latitude"),
        ({"phone": "1" * 41}, "phone"),
        ({"phone": "1\x00"}, "phone"),
        ({"phone": None}, "phone"),
    ],
)
def test_wrong_contact_is_named(cast, api, sent, field):
    answer = api(cast.head).patch(f"{STATIONS}{cast.station.code}/", sent)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_strangers_cannot_tell_a_station_from_none(cast, api):
    client = api(cast.stranger)
    for url in (f"{STATIONS}{cast.station.code}/", f"{STATIONS}nothing/"):
        for answer in (client.get(url), client.patch(url, {"phone": "1"})):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_supervisor_may_read_and_not_write(cast, api):
    answer = api(cast.supervisor).patch(f"{STATIONS}{cast.station.code}/", {"phone": "1"})

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_for_1_and_3(cast, api, count, django_assert_num_queries):
    Station.objects.filter(pk=cast.other_station.pk).delete()
    for _n in range(count - 1):
        make.station(region=cast.station.region)
    client = api(User.objects.get(username="supervisor"))

    with django_assert_num_queries(3):
        assert len(codes(client.get(STATIONS))) == count


@pytest.mark.parametrize("count", [1, 3])
def test_region_list_takes_the_same_queries_for_1_and_3(
    cast, api, count, django_assert_num_queries
):
    regions = [make.region(f"44030900{n}", f"街道{n}") for n in range(4, 4 + count)]
    client = api(User.objects.get(pk=make.user("supervisor", regions=regions).pk))

    with django_assert_num_queries(3):
        assert len(codes(client.get(REGIONS))) == count


@pytest.mark.parametrize("count", [1, 3])
def test_station_takes_the_same_queries_for_1_and_3_names(
    cast, api, count, django_assert_num_queries
):
    for year in range(count):
        StationName.objects.create(
            station=cast.station, name_zh="曾用名", until_on=dt.date(2020 + year, 1, 1)
        )
    client = api(User.objects.get(username="station"))

    with django_assert_num_queries(4):
        body = client.get(f"{STATIONS}{cast.station.code}/").json()

    assert len(body["former_names"]) == count
