"""The bureau's pages of the target table, and who may not see them."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audits import outbox
from audits.models import OutboxRow
from targets.models import (
    Activity,
    ActivityPhoto,
    BudgetEntry,
    PointsEntry,
    SelfEvaluation,
    TargetRow,
    TargetTable,
)
from tests import make
from tests.conftest import Cast
from tests.targets import build


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.bureau)
    return client


def words(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_table_shows_every_row(desk: Client, cast: Cast, table: TargetTable) -> None:
    build.spending(table, cast, "103.62")

    page = words(desk.get(reverse("targets")))

    for shown in (
        "年度执行率", "93.4%", "103.62 万元，1 笔", "差 7.38 万元", "≥ 3 场", "≥ 90%", "70–80%",
        "≥ 75%", "深退役军人〔2020〕6号", "社会效益按上限 80% 计；按下限 70% 计为 9.34", "进行中",
        "尚无检查", "尚无记录", "6 行要写偏差原因",
    ):  # fmt: skip
        assert shown in page, shown
    assert page.count("不适用") >= 4


def test_year_without_a_table_offers_a_copy(desk: Client, table: TargetTable) -> None:
    page = words(desk.get(reverse("targets"), {"year": 2027}))
    made = desk.post(reverse("target-copy"), {"year": "2027"}, follow=True)

    assert "按 2026 年度复制" in page
    assert "2027 年度" in words(made)
    assert TargetTable.objects.filter(year=2027).exists()


PAGES = [
    ("targets", []),
    ("target-document", [2026]),
    ("target-change", [2026]),
    ("target-evaluation", [2026]),
    ("target-records", [2026, "activities"]),
    ("target-records", [2026, "plan"]),
    ("target-records", [2026, "budget"]),
    ("target-records", [2026, "surveys"]),
    ("target-records", [2026, "commendations"]),
    ("target-record-new", [2026, "budget"]),
    ("target-volunteers", []),
    ("target-volunteer-new", []),
    ("survey-posters", []),
]


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_page_opens_for_the_bureau_only(
    client: Client, cast: Cast, table: TargetTable, name: str, args: list[Any]
) -> None:
    url = reverse(name, args=args)

    assert client.get(url).status_code == 302
    for who in (cast.stranger, cast.head, cast.inspector, cast.supervisor, cast.auditor):
        client.force_login(who)
        assert client.get(url).status_code == 403, who
    client.force_login(cast.bureau)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("path", "empty"),
    [
        ("activities", "还没有活动"), ("plan", "还没有计划任务"), ("budget", "还没有支出"),
        ("surveys", "还没有满意度调查"), ("commendations", "还没有表彰"),
    ],
)  # fmt: skip
def test_empty_list_says_what_to_do(
    desk: Client, table: TargetTable, path: str, empty: str
) -> None:
    assert empty in words(desk.get(reverse("target-records", args=[2026, path])))


def test_unknown_kind_and_year_are_not_found(desk: Client, table: TargetTable) -> None:
    assert desk.get("/bureau/targets/2026/parties/").status_code == 404
    assert desk.get("/bureau/targets/2031/budget/").status_code == 404


def test_spending_is_entered_changed_and_withdrawn(
    desk: Client, cast: Cast, table: TargetTable
) -> None:
    given = {"spent_on": "2026-06-01", "amount": "7.38", "purpose": "场地租用"}

    added = desk.post(reverse("target-record-new", args=[2026, "budget"]), given, follow=True)
    entry = BudgetEntry.objects.get()
    url = reverse("target-record", args=[2026, "budget", entry.pk])
    bare = desk.post(url, {**given, "amount": "8"})
    changed = desk.post(url, {**given, "amount": "8", "reason": "按发票更正"}, follow=True)
    desk.post(
        reverse("target-record-withdraw", args=[2026, "budget", entry.pk]), {"reason": "重复"}
    )

    assert "已支出 7.38/111.00 万元，剩 103.62 万元" in words(added)
    assert bare.status_code == 400
    assert "按发票更正" in words(changed)
    entry.refresh_from_db()
    assert (entry.amount, entry.withdrawn_at is not None) == (8, True)
    assert "不再计入" in words(desk.get(url))


def test_over_budget_is_said_beside_the_amount(desk: Client, table: TargetTable) -> None:
    given = {"spent_on": "2026-06-01", "amount": "111.01", "purpose": "场地租用"}

    answer = desk.post(reverse("target-record-new", args=[2026, "budget"]), given)

    assert (answer.status_code, "只剩 111.00 万元可支出" in words(answer)) == (400, True)
    assert not BudgetEntry.objects.exists()


def test_activities_are_narrowed_to_what_a_row_counts(
    desk: Client, cast: Cast, table: TargetTable
) -> None:
    build.activity(table, cast, title="宣讲团进社区", kind="lecture")
    build.activity(table, cast, title="训练营第一期", kind="camp")

    page = words(
        desk.get(reverse("target-records", args=[2026, "activities"]), {"group": "quality"})
    )

    assert ("训练营第一期" in page, "宣讲团进社区" in page) == (True, False)


def test_photo_of_an_activity_is_kept_and_drawn(
    desk: Client, cast: Cast, table: TargetTable
) -> None:
    held = build.activity(table, cast)
    url = reverse("target-photo-add", args=[2026, held.pk])
    content = make.picture(5)

    for _ in range(2):
        desk.post(url, {"file": SimpleUploadedFile("a.jpg", content, "image/jpeg")})
    photo = ActivityPhoto.objects.get()
    for row in OutboxRow.objects.waiting().filter(topic="activity.photo"):
        outbox.run(row.pk)

    small = desk.get(reverse("target-photo", args=[photo.pk, "thumbnail"]))
    assert (small.status_code, small["Content-Type"]) == (200, "image/jpeg")
    assert desk.get(reverse("target-photo", args=[photo.pk, "original"])).status_code == 404
    desk.force_login(cast.stranger)
    assert desk.get(reverse("target-photo", args=[photo.pk, "thumbnail"])).status_code == 403


def test_what_is_no_photo_is_refused(desk: Client, cast: Cast, table: TargetTable) -> None:
    held = build.activity(table, cast)
    url = reverse("target-photo-add", args=[2026, held.pk])

    answer = desk.post(
        url, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7", "application/pdf")}, follow=True
    )

    assert answer.status_code == 200
    assert not ActivityPhoto.objects.exists()


def test_reason_is_written_and_the_paper_signed(
    desk: Client, cast: Cast, table: TargetTable
) -> None:
    desk.post(reverse("target-reason", args=[2026, "quality"]), {"words": "讲师档期冲突"})
    page = desk.get(reverse("target-evaluation", args=[2026]))
    sha256 = page.context["sha256"]

    signed = desk.post(reverse("target-sign", args=[2026]), {"sha256": sha256}, follow=True)

    assert TargetRow.objects.get(table=table, key="quality").reason == "讲师档期冲突"
    assert SelfEvaluation.objects.get().sha256 == sha256
    assert sha256 in words(signed)
    assert "内容与校验码一致，是最新的一号。" in words(signed)
    assert "完全一致" in words(desk.get(reverse("target-evaluation", args=[2026])))


def test_changed_table_is_shown_with_its_new_target(
    desk: Client, cast: Cast, table: TargetTable
) -> None:
    url = reverse("target-change", args=[2026])
    form = desk.get(url).context["form"]
    given = {
        name: str(form[name].value()) for name in form.fields if form[name].value() is not None
    }

    wrong = desk.post(url, {**given, "quality-weight": "14", "reason": "调整"})
    right = desk.post(url, {**given, "quality-lower": "95", "reason": "上级要求"}, follow=True)

    assert (wrong.status_code, "各行分值合起来必须是 100" in words(wrong)) == (400, True)
    assert "≥ 95%" in words(right)


def test_volunteer_page_serves_and_redeems(desk: Client, cast: Cast, table: TargetTable) -> None:
    one = build.volunteer(cast)

    desk.post(
        reverse("target-serve", args=[one.pk]),
        {"served_on": "2026-06-01", "hours": "2.5", "what": "社区宣讲"},
    )
    desk.post(reverse("target-redeem", args=[one.pk]), {"points": "20", "what": "水杯"})
    over = desk.post(
        reverse("target-redeem", args=[one.pk]), {"points": "20", "what": "水杯"}, follow=True,
        headers={"referer": f"http://testserver{reverse('target-volunteer', args=[one.pk])}"},
    )  # fmt: skip

    assert [line.balance for line in PointsEntry.objects.all()] == [25, 5]
    assert "积分不够：现有 5 分。" in words(over)


def test_tables_of_one_and_many_records_cost_the_same(
    desk: Client, cast: Cast, table: TargetTable, django_assert_num_queries: Any
) -> None:
    build.activity(table, cast)
    desk.get(reverse("targets"))
    with django_assert_num_queries(19):
        desk.get(reverse("targets"))
    for number in range(5):
        build.activity(table, cast, planned_on=dt.date(2026, 1 + number, 5))
        build.task(table, cast)
        build.spending(table, cast, "1")

    with django_assert_num_queries(19):
        desk.get(reverse("targets"))
    assert Activity.objects.count() == 6
