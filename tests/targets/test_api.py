"""GET indicators/table/ and the records' doors: whole answers, each door tried by the stranger."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile as File
from rest_framework.test import APIClient

from audits import outbox
from targets.models import BudgetEntry, Commendation, TargetTable
from tests import make
from tests.conftest import Cast
from tests.targets import build

Api = Callable[..., APIClient]
URL = "/api/v1/indicators/table/"
AMOUNT = {"spent_on": "2026-06-01", "amount": 7.38, "purpose": "场地租用"}
ACTIVITY = {"kind": "camp", "title": "训练营", "planned_on": "2026-06-01"}


def test_table_of_the_real_document(cast: Cast, table: TargetTable, api: Api) -> None:
    told = api(cast.bureau).get(URL, {"year": 2021}).json()

    assert (told["year"], told["year_amount"], told["is_original"]) == (2021, 111, True)
    assert [(row["key"], row["target"], row["weight"]) for row in told["rows"]] == [
        ("execution", "100%", 10),
        ("quantity", "不少于3场", 20),
        ("quality", "完成90%以上", 15),
        ("timeliness", "全年完成度90%以上", 15),
        ("economic", "不适用", None),
        ("social", "完成70-80%以上问题", 30),
        ("ecological", "不适用", None),
        ("satisfaction", "75%以上", 10),
    ]


def test_row_tells_target_measured_points_and_records(
    cast: Cast, table: TargetTable, api: Api
) -> None:
    build.spending(table, cast, "103.62")

    told = api(cast.bureau).get(URL).json()

    assert told["rows"][0] == {
        "key": "execution",
        "level1": "年度绩效目标",
        "level2": "年度执行率",
        "content": "年度执行率100%",
        "target": "100%",
        "unit": "%",
        "lower": 100,
        "upper": None,
        "target_mode": None,
        "source": "年度绩效目标",
        "applies": True,
        "measured": 93.4,
        "measured_from": "103.62 万元，1 笔",
        "numerator": 103.62,
        "denominator": 111,
        "band": "running",
        "weight": 10,
        "points": 9.34,
        "other_points": None,
        "reason": "全年预算 111.00 万元，支出 1 笔共 103.62 万元，结余 7.38 万元。",
        "records": {"count": 1, "url": "/api/v1/targets/budget/?year=2026"},
    }
    assert (told["rows"][5]["target_mode"], told["rows"][5]["lower"], told["rows"][5]["upper"]) == (
        "upper", 70, 80
    )  # fmt: skip
    evaluated = told["self_evaluation"]
    assert len(evaluated.pop("sha256")) == 64
    assert evaluated == {
        "total": 9.34, "grade": "poor", "other_total": 9.34, "other_grade": "poor",
        "target_mode": "upper", "signed": None,
    }  # fmt: skip


def test_year_without_a_table_says_what_could_be_copied(
    cast: Cast, table: TargetTable, api: Api
) -> None:
    missing = api(cast.bureau).get(URL, {"year": 2027})
    made = api(cast.bureau).post(URL, {"year": 2027})

    assert missing.status_code == 404
    assert (missing.json()["code"], missing.json()["may_copy_from"]) == ("no_table", 2026)
    assert (made.status_code, made.json()["year"]) == (201, 2027)
    assert api(cast.bureau).post(URL, {"year": 2027}).json()["code"] == "table_exists"


@pytest.mark.parametrize("year", ["abc", "1", "99999", "2026.5"])
def test_odd_years_are_refused(cast: Cast, table: TargetTable, api: Api, year: str) -> None:
    answer = api(cast.bureau).get(URL, {"year": year})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == "year"


DOORS = [
    ("get", URL, {}),
    ("post", URL, {"year": 2027}),
    ("patch", f"{URL}2026/rows/quality/", {"reason": "x"}),
    ("get", f"{URL}2026/self-evaluations/", {}),
    ("post", f"{URL}2026/self-evaluations/", {}),
    ("get", "/api/v1/targets/budget/", {}),
    ("post", "/api/v1/targets/budget/", AMOUNT),
    ("get", "/api/v1/targets/activities/", {}),
    ("post", "/api/v1/targets/activities/", ACTIVITY),
    ("get", "/api/v1/targets/plan-tasks/", {}),
    ("get", "/api/v1/targets/commendations/", {}),
    ("get", "/api/v1/targets/surveys/", {}),
    ("get", "/api/v1/targets/volunteers/", {}),
    ("post", "/api/v1/targets/volunteers/", {"code": "1", "name": "甲", "joined_on": "2021-01-01"}),
]


@pytest.mark.parametrize(("method", "url", "body"), DOORS)
@pytest.mark.parametrize("who", ["stranger", "head", "inspector", "supervisor", "auditor"])
def test_only_the_bureau_passes(
    cast: Cast, table: TargetTable, api: Api, who: str, method: str, url: str, body: Any
) -> None:
    answer = getattr(api(getattr(cast, who)), method)(url, body)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_bureau_of_another_district_finds_nothing(cast: Cast, table: TargetTable, api: Api) -> None:
    entry = build.spending(table, cast, "1")
    one = build.volunteer(cast)
    elsewhere = make.region("440305", "南山区", make.region("440300"))
    elsewhere.level = "district"
    elsewhere.save()
    other = api(make.user("bureau", regions=[elsewhere]))

    assert other.get(URL).status_code == 404
    assert other.get("/api/v1/targets/budget/").json()["count"] == 0
    for url in (
        f"/api/v1/targets/budget/{entry.pk}/",
        f"/api/v1/targets/volunteers/{one.pk}/",
        f"/api/v1/targets/volunteers/{one.pk}/points/",
    ):
        assert other.get(url).status_code == 404, url
    change = {"amount": 2, "reason": "x"}
    assert other.patch(f"/api/v1/targets/budget/{entry.pk}/", change).status_code == 404
    assert other.delete(f"/api/v1/targets/budget/{entry.pk}/", {"reason": "x"}).status_code == 404


def test_record_is_added_changed_and_withdrawn(cast: Cast, table: TargetTable, api: Api) -> None:
    client = api(cast.bureau)

    made = client.post("/api/v1/targets/budget/", AMOUNT)
    url = f"/api/v1/targets/budget/{made.json()['id']}/"
    bare = client.patch(url, {"amount": 1.5})
    changed = client.patch(url, {"amount": 1.5, "reason": "按发票更正"})
    gone = client.delete(url, {"reason": "重复录入"})

    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"], "year": 2026, "spent_on": "2026-06-01", "amount": 7.38,
        "purpose": "场地租用", "document": "", "note": "",
    }  # fmt: skip
    assert (bare.status_code, bare.json()["errors"][0]["field"]) == (400, "reason")
    assert (changed.status_code, changed.json()["amount"]) == (200, 1.5)
    assert gone.status_code == 204
    assert client.get("/api/v1/targets/budget/").json()["count"] == 0
    assert BudgetEntry.objects.get().withdrawn_at is not None


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("budget", {**AMOUNT, "amount": 111.01}, "amount"),
        ("budget", {**AMOUNT, "amount": 0}, "amount"),
        ("budget", {**AMOUNT, "amount": 0.0000001}, "amount"),
        ("budget", {**AMOUNT, "spent_on": "2030-01-01"}, "spent_on"),
        ("activities", {"kind": "camp", "title": "训练营"}, "planned_on"),
        ("activities", {**ACTIVITY, "planned_on": None}, "planned_on"),
        ("activities", {**ACTIVITY, "held_on": "2026-06-01"}, "place"),
        ("activities", {**ACTIVITY, "kind": "party"}, "kind"),
        ("activities", {**ACTIVITY, "people": -1}, "people"),
        ("plan-tasks", {"title": "走访"}, "due_on"),
        ("plan-tasks", {"title": "", "due_on": "2026-06-01"}, "title"),
        ("surveys", {"title": "调查", "opens_on": "2026-06-02", "closes_on": "2026-06-01"}, "closes_on"),
        ("commendations", {"kind": "team", "recipient": "一队", "title": "优秀"}, "given_on"),
        ("volunteers", {"code": "HX001", "name": "志愿者甲"}, "joined_on"),
    ],
)  # fmt: skip
def test_bad_record_names_its_field(
    cast: Cast, table: TargetTable, api: Api, path: str, body: dict[str, Any], field: str
) -> None:
    answer = api(cast.bureau).post(f"/api/v1/targets/{path}/", body)

    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_volunteer_serves_and_redeems(cast: Cast, table: TargetTable, api: Api) -> None:
    client = api(cast.bureau)
    made = client.post(
        "/api/v1/targets/volunteers/",
        {"code": "HX1", "name": "志愿者甲", "joined_on": "2021-03-01"},
    ).json()
    url = f"/api/v1/targets/volunteers/{made['id']}/"

    client.post(f"{url}services/", {"served_on": "2026-06-01", "hours": 2.5, "what": "宣讲"})
    redeemed = client.post(f"{url}redeem/", {"points": 20, "what": "水杯"})
    over = client.post(f"{url}redeem/", {"points": 20, "what": "水杯"})

    assert (redeemed.status_code, redeemed.json()["balance"]) == (201, 5)
    assert (over.status_code, over.json()["code"]) == (409, "not_enough_points")
    assert client.get(url).json() == {**made, "hours": 2.5, "balance": 5}
    assert [line["change"] for line in client.get(f"{url}points/").json()] == [-20, 25]


def test_signing_over_the_api(cast: Cast, table: TargetTable, api: Api) -> None:
    client = api(cast.bureau)
    client.patch(f"{URL}2026/rows/quality/", {"reason": "经费未到位"})
    shown = client.get(URL).json()

    signed = client.post(
        f"{URL}2026/self-evaluations/", {"sha256": shown["self_evaluation"]["sha256"]}
    )
    stale = client.post(f"{URL}2026/self-evaluations/", {"sha256": "0" * 64})

    assert (signed.status_code, signed.json()["number"]) == (201, 1)
    assert signed.json()["sha256"] == shown["self_evaluation"]["sha256"]
    assert (stale.status_code, stale.json()["code"]) == (409, "figures_moved")
    assert client.get(URL).json()["self_evaluation"]["signed"] == 1
    assert client.get(f"{URL}2026/self-evaluations/1/").json()["body"]["rows"][2]["reason"] == (
        "经费未到位"
    )


LISTS = ["activities", "plan-tasks", "budget", "commendations", "surveys", "volunteers"]


@pytest.mark.parametrize("path", LISTS)
def test_list_of_three_costs_what_a_list_of_one_costs(
    cast: Cast, table: TargetTable, api: Api, path: str, django_assert_num_queries: Any
) -> None:
    def add(number: int) -> None:
        day = dt.date(2026, 1 + number, 1)
        if path == "surveys":
            build.survey(table, cast, opens_on=day, closes_on=day)
        elif path == "commendations":
            told = {"kind": "team", "recipient": "一队", "title": "优秀", "given_on": day}
            build.record(Commendation, table, cast, **told)
        elif path == "volunteers":
            build.volunteer(cast, f"HX{number}")
        else:
            builders = {
                "activities": lambda: build.activity(table, cast),
                "plan-tasks": lambda: build.task(table, cast),
                "budget": lambda: build.spending(table, cast, "1"),
            }
            builders[path]()

    extra = {"activities": 1, "surveys": 1, "volunteers": 2}.get(path, 0)
    add(0)
    client = api(cast.bureau)
    with django_assert_num_queries(3 + extra):
        assert client.get(f"/api/v1/targets/{path}/").json()["count"] == 1
    add(1)
    add(2)
    client = api(type(cast.bureau).objects.get(pk=cast.bureau.pk))
    with django_assert_num_queries(3 + extra):
        assert client.get(f"/api/v1/targets/{path}/").json()["count"] == 3


@pytest.mark.parametrize("body", [["year"], "year", 5, True])
@pytest.mark.parametrize("kind", ["activities", "plan-tasks", "budget", "commendations", "surveys"])
def test_a_body_that_is_no_object_is_refused(
    cast: Cast, table: TargetTable, api: Api, kind: str, body: Any
) -> None:
    told = api(cast.bureau).post(f"/api/v1/targets/{kind}/", body, format="json")

    assert (told.status_code, told.json()["code"]) == (400, "invalid")


def test_pictures_of_an_activity_come_and_go_by_the_api(
    cast: Cast, table: TargetTable, api: Api
) -> None:
    """Sent twice it is one; its copies are told when the worker has drawn them."""
    client, held = api(cast.bureau), build.activity(table, cast)
    url = f"/api/v1/targets/activities/{held.pk}/"
    content = make.picture(5)

    sent = [
        client.post(f"{url}photos/", {"file": File("a.jpg", content)}, format="multipart")
        for _ in range(2)
    ]
    before = client.get(f"{url}photos/").json()
    outbox.drain()
    [after] = client.get(url).json()["photos"]
    copies = [client.get(after[name]) for name in ("display", "thumbnail")]

    assert [answer.status_code for answer in sent] == [201, 201]
    assert [one["id"] for one in before] == [sent[0].json()["id"]] == [sent[1].json()["id"]]
    assert (before[0]["display"], before[0]["thumbnail"]) == (None, None)
    assert before[0]["sha256"] == hashlib.sha256(content).hexdigest()
    assert [(one.status_code, one["Content-Type"]) for one in copies] == [(200, "image/jpeg")] * 2
    assert api(cast.stranger).get(after["display"]).status_code == 403
    assert api(cast.bureau).get("/api/v1/targets/activities/").json()["results"][0]["photos"] == [
        after
    ]


@pytest.mark.parametrize("file", [b"", b"%PDF-1.7", None])
def test_what_is_no_picture_of_an_activity_is_refused(
    cast: Cast, table: TargetTable, api: Api, file: bytes | None
) -> None:
    held = build.activity(table, cast)
    body = {} if file is None else {"file": File("a.jpg", file)}

    told = api(cast.bureau).post(
        f"/api/v1/targets/activities/{held.pk}/photos/", body, format="multipart"
    )

    assert (told.status_code, told.json()["errors"][0]["field"]) == (400, "file")
    assert not held.photos.exists()
