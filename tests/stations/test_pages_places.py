import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from stations.models import Station, User
from stations.services import places
from tests import make
from tests.stations.test_transfer import BROKEN, HEAD, NEW

STATIONS = "/bureau/stations/"
STEPS = ["contact", "rename", "close", "split", "merge"]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(station: Station, step: str = "") -> str:
    return f"{STATIONS}{station.code}/" + (f"{step}/" if step else "")


def test_stations_are_listed_by_region_with_their_heads(cast):
    page = signed_in(cast.bureau).get(STATIONS)

    told = [(region.code, [s.code for s in rows]) for region, rows in page.context["groups"]]
    assert told == [
        ("440309001", [cast.station.code]), ("440309002", [cast.other_station.code])
    ]  # fmt: skip
    assert page.context["counts"] == {"total": 2, "centre": 0, "subdistrict": 0, "community": 2}
    assert b">stranger<" in page.content.replace(b"\n", b"").replace(b" ", b"")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?region=440309002", 1),
        ("?kind=centre", 0),
        ("?q=没有", 0),
        ("?region=x&kind=x&page=-1", 2),
    ],
)
def test_stations_are_filtered_and_odd_filters_do_nothing(cast, query, count):
    page = signed_in(cast.bureau).get(STATIONS + query)

    assert page.context["page"].paginator.count == count


def test_strangers_cannot_tell_a_station_from_none(cast):
    client = signed_in(cast.stranger)

    for path in (at(cast.station), f"{STATIONS}nothing-1/"):
        assert client.get(path).status_code == 404
    for step in STEPS:
        assert client.get(at(cast.station, step)).status_code == 404
        assert client.post(at(cast.station, step), {}).status_code == 404


@pytest.mark.parametrize("who", ["supervisor", "head"])
def test_reading_is_not_writing(cast, who):
    client = signed_in(getattr(cast, who))

    assert client.get(at(cast.station)).status_code == 200
    for step in STEPS[1:]:
        assert client.get(at(cast.station, step)).status_code == 403
    for path in ("new", "import"):
        assert client.get(f"{STATIONS}{path}/").status_code == 403
    assert client.post(at(cast.station, "reopen")).status_code == 403


def test_head_keeps_the_contact(cast):
    answer = signed_in(cast.head).post(at(cast.station, "contact"), {"phone": "0755-3"})

    assert (answer.status_code, answer["Location"]) == (302, at(cast.station))
    cast.station.refresh_from_db()
    assert cast.station.phone == "0755-3"


def test_station_is_opened_renamed_closed_and_reopened(cast):
    client = signed_in(cast.bureau)
    sent = {
        "code": "440309001-W90", "name_zh": "新站", "kind": "community", "region": "440309001",
        "opened_on": "2026-01-01",
    }  # fmt: skip
    client.post(f"{STATIONS}new/", sent)
    station = Station.objects.get(code="440309001-W90")

    client.post(at(station, "rename"), {"name_zh": "改名站", "on": "2026-02-01"})
    assert "原名新站" in client.get(at(station)).content.decode()
    client.post(at(station, "close"), {"on": "2026-03-01"})
    station.refresh_from_db()
    assert (station.name_zh, str(station.closed_on)) == ("改名站", "2026-03-01")
    client.post(at(station, "reopen"))
    station.refresh_from_db()
    assert station.closed_on is None


def test_region_out_of_reach_is_no_choice(cast):
    make.region("440310001", "别处", make.region("440300"))
    sent = {"code": "S-1", "name_zh": "站", "kind": "community", "region": "440310001",
            "opened_on": "2026-01-01"}  # fmt: skip

    page = signed_in(cast.bureau).post(f"{STATIONS}new/", sent)

    assert list(page.context["form"].errors) == ["region"]


def test_refusal_stands_beside_its_field(cast):
    sent = {"name_zh": cast.station.name_zh, "community_zh": cast.station.community_zh,
            "on": "2026-01-01"}  # fmt: skip

    page = signed_in(cast.bureau).post(at(cast.station, "rename"), sent)

    assert page.context["form"].errors == {"name_zh": ["名称没有变化。"]}


def test_split_by_lines(cast):
    today = timezone.localdate().isoformat()
    into = "440309001-W91 深圳市龙华区观湖街道甲社区退役军人服务站\n\n440309001-W92\t乙站"
    client = signed_in(cast.bureau)

    wrong = client.post(at(cast.station, "split"), {"on": today, "into": "no-name\n"})
    answer = client.post(at(cast.station, "split"), {"on": today, "into": into})

    assert list(wrong.context["form"].errors) == ["into"]
    assert answer.status_code == 302
    made = Station.objects.filter(links_back__predecessor=cast.station).order_by("code")
    assert [(s.code, s.community_zh) for s in made] == [
        ("440309001-W91", "甲社区"), ("440309001-W92", "")
    ]  # fmt: skip


def test_merge_into_one_that_is_there_or_a_new_one(cast):
    today = timezone.localdate().isoformat()
    third = make.station(region=cast.station.region)
    client = signed_in(cast.bureau)

    lacking = client.post(at(third, "merge"), {"on": today})
    client.post(at(third, "merge"), {"on": today, "into": cast.station.code})
    client.post(
        at(cast.station, "merge"),
        {"on": today, "others": [cast.other_station.code], "code": "S-9", "name_zh": "合并站"},
    )

    assert set(lacking.context["form"].errors) == {"code", "name_zh"}
    assert Station.objects.get(code="S-9").links_back.count() == 2
    assert Station.objects.filter(closed_on__isnull=True).count() == 1


def csv_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("stations.csv", text.encode())


def test_import_is_tried_first_and_then_done_with_the_same_bytes(cast):
    client, path = signed_in(cast.bureau), f"{STATIONS}import/"

    trial = client.post(path, {"file": csv_file(HEAD + NEW)})
    assert trial.context["outcome"].created == ["440309001-W91"]
    assert not Station.objects.filter(code="440309001-W91").exists()
    done = client.post(
        path, {"confirm": "1", "name": "stations.csv", "carried": trial.context["carried"]}
    )

    assert (done.status_code, done["Location"]) == (302, STATIONS)
    assert Station.objects.filter(code="440309001-W91").exists()


def test_import_shows_the_table_of_errors(cast):
    page = signed_in(cast.bureau).post(f"{STATIONS}import/", {"file": csv_file(BROKEN)})

    text = page.content.decode()
    assert "5 处要改，没有导入任何内容" in text
    assert "没有区划 999999，或不在您的范围内。" in text
    assert page.context["carried"] == ""


@pytest.mark.parametrize("carried", ["%%%", "é", base64.b64encode(b"\x00\xff").decode()])
def test_odd_bytes_carried_over_change_nothing(cast, carried):
    page = signed_in(cast.bureau).post(
        f"{STATIONS}import/", {"confirm": "1", "carried": carried, "name": "x"}
    )

    assert page.status_code == 200
    assert Station.objects.count() == 2


def test_export_from_the_page_has_chinese_headings(cast):
    answer = signed_in(cast.bureau).get(f"{STATIONS}export/")

    assert answer.content.decode("utf-8-sig").startswith("编码,名称,英文名称,类别")


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_1_and_3(cast, count, django_assert_num_queries):
    places.close_station(
        station=cast.other_station, on=timezone.localdate(), by=cast.bureau, now=timezone.now()
    )
    for _n in range(count - 1):
        make.station(region=cast.station.region)
    client = signed_in(cast.bureau)

    with django_assert_num_queries(10):
        assert client.get(STATIONS).context["page"].paginator.count == count
