import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from stations.models import HistoryEntry, Station, User
from stations.services import transfer
from tests import make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
IMPORT, EXPORT = "/api/v1/stations/import/", "/api/v1/stations/export/"
HEAD = "code,name_zh,kind,region_code,region_zh\n"
NEW = "440309001-W91,新站,community,440309001,观湖街道\n"


def csv_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("stations.csv", text.encode(), content_type="text/csv")


def send(client, text: str, dry_run: bool = False):
    url = f"{IMPORT}?dry_run=true" if dry_run else IMPORT
    return client.post(url, {"file": csv_file(text)}, format="multipart")


def places_of(errors) -> list[tuple[str, int, str, str]]:
    return [(e["sheet"], e["row"], e["column"], e["code"]) for e in errors]


def test_import_creates_and_says_so(cast, api):
    answer = send(api(cast.bureau), HEAD + NEW)

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "dry_run": False, "created": ["440309001-W91"], "changed": [], "unchanged": 0,
            "errors": [],
        },
    )  # fmt: skip
    made = Station.objects.get(code="440309001-W91")
    assert (made.name_zh, made.region.code, made.opened_on) == (
        "新站", "440309001", dt.date(2019, 1, 1)
    )  # fmt: skip
    entry = HistoryEntry.objects.get(action="station.import")
    assert (entry.detail["created"], entry.detail["codes"]) == (1, ["440309001-W91"])


def test_dry_run_tells_the_same_and_writes_nothing(cast, api):
    answer = send(api(cast.bureau), HEAD + NEW, dry_run=True)

    assert answer.json()["created"] == ["440309001-W91"]
    assert answer.json()["dry_run"] is True
    assert not Station.objects.filter(code="440309001-W91").exists()
    assert not HistoryEntry.objects.exists()


BROKEN = (
    HEAD
    + NEW
    + "440309001-W92,,community,440309001,观湖街道\n"
    + "440309001-W93,丙站,community,999999,\n"
    + "440309001-W94,丁站,community,440309001,民治街道\n"
    + "440309001-W95,戊站,community,440309,\n"
    + "440309001-W91,己站,community,440309001,\n"
)
TOLD = [
    ("stations.csv", 3, "name_zh", "required"),
    ("stations.csv", 4, "region_code", "unknown_region"),
    ("stations.csv", 5, "region_zh", "region_name"),
    ("stations.csv", 6, "region_code", "region_level"),
    ("stations.csv", 7, "code", "repeated"),
]


def test_broken_file_is_refused_whole_with_every_place(cast, api):
    before = Station.objects.count()

    answer = send(api(cast.bureau), BROKEN)

    assert (answer.status_code, answer.json()["code"]) == (400, "station_file_invalid")
    assert answer["Content-Type"] == "application/problem+json"
    assert places_of(answer.json()["errors"]) == TOLD
    assert answer.json()["errors"][1]["reason"] == "没有区划 999999，或不在您的范围内。"
    assert Station.objects.count() == before


def test_dry_run_of_a_broken_file_answers_with_the_table(cast, api):
    answer = send(api(cast.bureau), BROKEN, dry_run=True)

    assert answer.status_code == 200
    assert places_of(answer.json()["errors"]) == TOLD
    assert answer.json()["created"] == []


def test_year_nobody_means_is_told_with_its_place(cast, api):
    head = "code,name_zh,kind,region_code,opened_on,closed_on\n"
    new = "440309001-W91,甲站,community,440309001,0202-03-01,9999-12-31\n"

    answer = send(api(cast.bureau), head + new)

    assert places_of(answer.json()["errors"]) == [
        ("stations.csv", 2, "opened_on", "bad_date"), ("stations.csv", 2, "closed_on", "bad_date")
    ]  # fmt: skip


def row(station: Station, **changes: str) -> str:
    own = {
        "code": station.code, "name_zh": station.name_zh, "kind": station.kind,
        "region_code": station.region.code, "region_zh": station.region.name_zh,
    }  # fmt: skip
    return ",".join((own | changes).values()) + "\n"


def test_import_renames_and_keeps_the_former_name(cast, api):
    former = cast.station.name_zh

    answer = send(api(cast.bureau), HEAD + row(cast.station, name_zh="新名称"))

    assert answer.json()["changed"] == [cast.station.code]
    cast.station.refresh_from_db()
    assert cast.station.name_zh == "新名称"
    assert [name.name_zh for name in cast.station.former_names.all()] == [former]


def test_absent_columns_change_nothing(cast, api):
    Station.objects.filter(pk=cast.station.pk).update(phone="0755-1", community_zh="观城社区")

    answer = send(api(cast.bureau), HEAD + row(cast.station))

    assert (answer.json()["changed"], answer.json()["unchanged"]) == ([], 1)
    cast.station.refresh_from_db()
    assert (cast.station.phone, cast.station.community_zh) == ("0755-1", "观城社区")


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"kind": "subdistrict"}, "kind", "kind_changes"),
        ({"region_code": "440309002", "region_zh": ""}, "region_code", "region_changes"),
    ],
)
def test_kind_and_region_of_a_station_do_not_change_by_import(cast, api, changes, column, code):
    answer = send(api(cast.bureau), HEAD + row(cast.station, **changes))

    assert places_of(answer.json()["errors"]) == [("stations.csv", 2, column, code)]


def test_code_of_a_station_elsewhere_is_taken_and_its_region_unknown(cast, api):
    elsewhere = make.station(region=make.region("440310001", "别处", make.region("440300")))
    code = f"{elsewhere.code},甲,community,"

    answer = send(api(cast.bureau), HEAD + code + "440310001,\n")

    assert places_of(answer.json()["errors"]) == [
        ("stations.csv", 2, "region_code", "unknown_region"), ("stations.csv", 2, "code", "taken")
    ]  # fmt: skip


def test_export_goes_back_in_without_a_change(db, api):
    call_command("load_stations", verbosity=0)
    bureau = make.user("bureau", regions=[make.region("440309")])
    Station.objects.filter(code="440309001-W01").update(
        address="=HYPERLINK(1)", phone="+86 755", latitude="22.70000", longitude="114.06000",
        closed_on=dt.date(2026, 1, 1),
    )  # fmt: skip

    for chinese in (False, True):
        content = transfer.export_stations(by=bureau, now=NOW, chinese=chinese)
        outcome = transfer.import_stations(
            content=content, filename="x.csv", dry_run=False, by=bureau, now=NOW
        )

        assert (outcome.errors, outcome.created, outcome.changed) == ([], [], [])
        assert outcome.unchanged == 57


def test_export_holds_what_the_account_reaches_and_no_formula(cast, api):
    Station.objects.filter(pk=cast.station.pk).update(address="=1+1")

    answer = api(cast.supervisor).get(EXPORT)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    assert cast.station.code in text
    assert cast.other_station.code not in text
    assert ",'=1+1," in text
    assert HistoryEntry.objects.get(action="station.export").detail == {"count": 1}


@pytest.mark.parametrize("who", ["supervisor", "inspector", "head", "stranger", "sysadmin"])
def test_import_is_the_bureaus(cast, api, who):
    answer = send(api(getattr(cast, who)), HEAD + NEW)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("who", ["inspector", "head", "stranger", "sysadmin", "auditor"])
def test_export_is_the_bureaus_and_the_supervisors(cast, api, who):
    assert api(getattr(cast, who)).get(EXPORT).status_code == 403


def test_import_without_a_file_names_the_field(cast, api):
    answer = api(cast.bureau).post(IMPORT, {}, format="multipart")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "file")


def test_too_large_a_file_is_refused(cast, api, monkeypatch):
    monkeypatch.setattr(transfer, "MAX_BYTES", 10)

    assert send(api(cast.bureau), HEAD + NEW).status_code == 413


def test_a_thousand_new_rows_take_few_queries(cast, django_assert_max_num_queries):
    rows = [f"440309001-N{n:04d},站{n},community,440309001,观湖街道\n" for n in range(1000)]

    with django_assert_max_num_queries(40):
        outcome = transfer.import_stations(
            content=(HEAD + "".join(rows)).encode(), filename="x.csv", dry_run=False,
            by=User.objects.get(username="bureau"), now=NOW,
        )  # fmt: skip

    assert len(outcome.created) == 1000
