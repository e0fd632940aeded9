"""Every row alive: what it measures, its word, its points, from real records."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from audits.models import Finding
from audits.services import findings
from targets.models import TargetRow, TargetTable
from targets.queries import evaluation
from targets.queries.table import Line, evaluate
from targets.services import records
from tests import make
from tests.conftest import Cast
from tests.targets import build
from tests.targets.conftest import NOW

TODAY = dt.date(2026, 11, 23)


def lines(table: TargetTable, today: dt.date = TODAY) -> dict[str, Line]:
    fresh = TargetTable.objects.get(pk=table.pk)
    return {line.row.key: line for line in evaluate(fresh, today).lines}


def told(line: Line) -> tuple[str, str, str]:
    return line.printed, line.band, str(line.points)


def test_empty_year_says_what_is_missing(table: TargetTable) -> None:
    assert {key: told(line) for key, line in lines(table).items()} == {
        "execution": ("0.0", "running", "0.00"),
        "quantity": ("0", "running", "0.00"),
        "quality": ("", "no_records", "0.00"),
        "timeliness": ("", "no_records", "0.00"),
        "economic": ("", "na", "None"),
        "social": ("", "no_audits", "0.00"),
        "ecological": ("", "na", "None"),
        "satisfaction": ("", "no_records", "0.00"),
    }


def test_execution_is_spent_over_the_budget(cast: Cast, table: TargetTable) -> None:
    build.spending(table, cast, "100.00")
    build.spending(table, cast, "3.62")

    line = lines(table)["execution"]

    assert told(line) == ("93.4", "running", "9.34")
    assert line.measured is not None
    assert (line.measured.note, line.measured.short) == ("103.62 万元，2 笔", "差 7.38 万元")


def test_quantity_counts_only_what_was_held_of_its_kinds(cast: Cast, table: TargetTable) -> None:
    build.activity(table, cast)
    build.activity(table, cast, kind="lecture", people=60)
    build.activity(table, cast, kind="theme")
    build.activity(table, cast, kind="camp")
    build.activity(table, cast, held=False)

    line = lines(table)["quantity"]

    assert told(line) == ("2", "running", "13.33")
    assert line.measured is not None
    assert (line.measured.note, line.measured.short) == ("参加 100 人次", "差 1 场")


def test_quality_is_held_over_planned(cast: Cast, table: TargetTable) -> None:
    for number in range(12):
        build.activity(table, cast, kind="camp", held=number > 0)

    assert told(lines(table)["quality"]) == ("91.7", "met", "15.00")


def test_timeliness_counts_tasks_done_by_their_day(cast: Cast, table: TargetTable) -> None:
    for _ in range(7):
        build.task(table, cast)
    build.task(table, cast, done_on=build.DAY + dt.timedelta(days=1))
    build.task(table, cast, done_on=None)
    build.task(table, cast, due_on=dt.date(2026, 12, 30), done_on=None)

    line = lines(table)["timeliness"]

    assert told(line) == ("70.0", "running", "11.67")
    assert line.measured is not None
    assert (line.measured.note, line.measured.short) == ("按时 7/10 项", "差 2 项")


def test_satisfaction_counts_the_upper_two_steps(cast: Cast, table: TargetTable) -> None:
    survey = build.survey(table, cast)
    build.answers(survey, cast, {5: 40, 4: 41, 3: 10, 2: 5, 1: 4})

    assert told(lines(table)["satisfaction"]) == ("81.0", "met", "10.00")


def test_withdrawn_record_counts_nowhere(cast: Cast, table: TargetTable) -> None:
    held = build.activity(table, cast)
    records.withdraw(record=held, reason="重复录入", by=cast.bureau, now=NOW)

    assert told(lines(table)["quantity"])[0] == "0"


def test_social_benefit_is_the_effect_indicator(cast: Cast, table: TargetTable) -> None:
    make.version()
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(task, A01="fail", A02="fail", B02="fail", B01="fail")
    for finding in Finding.objects.exclude(item_code="B01"):
        rectified = make.rectified(finding, cast.head)
        findings.close(finding=rectified, by=cast.inspector, now=timezone.now())
    make.figures()

    line = lines(table)["social"]

    assert told(line) == ("75.0", "within", "28.13")
    assert line.other_points == Decimal("30.00")
    assert line.measured is not None
    assert (line.measured.value, line.measured.note, line.measured.short) == (
        Fraction(75), "已销号 3/4", "距 80% 差 1 项"
    )  # fmt: skip


def test_nothing_found_is_full_points(cast: Cast, table: TargetTable) -> None:
    make.version()
    make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station))
    make.figures()

    assert told(lines(table)["social"]) == ("", "no_problems", "30.00")


def test_year_that_is_over_is_below_instead_of_running(cast: Cast, table: TargetTable) -> None:
    build.spending(table, cast, "50")

    assert lines(table, dt.date(2027, 1, 1))["execution"].band == "below"


def test_reasons_are_drafted_from_the_records_that_caused_them(
    cast: Cast, table: TargetTable
) -> None:
    build.spending(table, cast, "103.62")
    build.activity(table, cast, held=False, title="宣讲团进社区", note="场地临时停用")
    build.task(table, cast, title="英模画像更换", done_on=dt.date(2026, 6, 9), note="排期推迟")
    build.answers(build.survey(table, cast), cast, {5: 1, 2: 3})

    rows = {row["key"]: row for row in evaluation.body(table, TODAY)["rows"]}

    assert rows["execution"]["reason"].endswith("共 103.62 万元，结余 7.38 万元。")
    assert "宣讲团进社区（计划 6月1日，场地临时停用）" in rows["quantity"]["reason"]
    assert "英模画像更换（应于 6月1日，6月9日 完成，排期推迟）" in rows["timeliness"]["reason"]
    assert f"{cast.station.name_zh}（3/4 份）" in rows["satisfaction"]["reason"]
    assert rows["economic"]["reason"] == ""


def test_one_and_thirty_records_cost_the_same_queries(
    cast: Cast, table: TargetTable, django_assert_num_queries: Any
) -> None:
    def everything() -> None:
        evaluate(TargetTable.objects.select_related("region").get(pk=table.pk), TODAY)

    build.activity(table, cast)
    with django_assert_num_queries(9):
        everything()
    for _ in range(29):
        build.activity(table, cast)
        build.task(table, cast)
    with django_assert_num_queries(9):
        everything()


def test_what_is_missing_is_counted_against_the_exact_target(
    cast: Cast, table: TargetTable
) -> None:
    """One of two is 50 %, which is below 50.1 %."""
    TargetRow.objects.filter(table=table, key="timeliness").update(lower=Decimal("50.1"))
    build.task(table, cast, done_on=build.DAY)
    build.task(table, cast, done_on=None)

    measured = lines(table)["timeliness"].measured

    assert measured is not None
    assert measured.short == "差 1 项"
