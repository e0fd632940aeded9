"""The real document, its copies, and what a bureau may change in one."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command

from indicators.effect import Lines
from stations.refusals import Refusal
from targets.models import TargetRow, TargetTable
from targets.queries.measures import lines_of
from targets.services import tables
from tests.conftest import Cast
from tests.targets import build
from tests.targets.conftest import NOW


def test_2021_is_the_real_document(table: TargetTable) -> None:
    original = TargetTable.objects.get(year=2021)

    assert (original.name, original.department, original.year_amount) == (
        "退役军人服务保障体系规范建设工作", "深圳市龙华区退役军人事务局", Decimal("111.00")
    )  # fmt: skip
    assert (original.starts_on, original.ends_on) == (dt.date(2021, 1, 1), dt.date(2021, 12, 31))
    assert [(row.level2, row.target_words, row.weight) for row in original.rows.all()] == [
        ("年度执行率", "100%", 10),
        ("数量", "不少于3场", 20),
        ("质量", "完成90%以上", 15),
        ("时效", "全年完成度90%以上", 15),
        ("经济效益", "不适用", 0),
        ("社会效益", "完成70-80%以上问题", 30),
        ("生态效益", "不适用", 0),
        ("满意度", "75%以上", 10),
    ]
    assert sum(row.weight for row in original.rows.all()) == 100
    assert "深退役军人〔2020〕6号" in original.rows.get(key="quantity").source


def test_effect_row_reads_as_the_overview_does(table: TargetTable) -> None:
    assert lines_of(table.rows.get(key="social")) == Lines(70, 80, "upper")


def test_loading_twice_changes_nothing(table: TargetTable) -> None:
    before = list(TargetRow.objects.values())

    call_command("load_targets", verbosity=0)

    assert list(TargetRow.objects.values()) == before
    assert list(TargetTable.objects.values_list("year", flat=True)) == [2026, 2021]


def test_copy_moves_the_year_and_leaves_document_numbers(table: TargetTable) -> None:
    assert table.starts_on == dt.date(2026, 1, 1)
    assert table.copied_from is not None
    assert table.copied_from.year == 2021
    assert "打造2026年龙华区" in table.usage
    assert "粤办发〔2019〕14号" in table.overview
    assert [row.key for row in table.rows.all()] == [
        row.key for row in table.copied_from.rows.all()
    ]


def test_year_that_has_a_table_is_not_copied_again(cast: Cast, table: TargetTable) -> None:
    with pytest.raises(Refusal) as refused:
        tables.copy_table(source=table, year=2021, by=cast.bureau, now=NOW)

    assert (refused.value.code, refused.value.status) == ("table_exists", 409)


CHANGES = [
    ({"year_amount": Decimal("112")}, {}, "换依据", "year_amount", "over_total"),
    ({"year_amount": Decimal("5")}, {}, "换依据", "year_amount", "below_spent"),
    ({}, {"quality": {"weight": Decimal("10")}}, "换依据", "weight", "not_100"),
    ({}, {"social": {"upper": Decimal("70")}}, "换依据", "lower", "no_range"),
    ({}, {"quantity": {"lower": Decimal("-1")}}, "换依据", "lower", "no_range"),
    ({}, {"social": {"upper": Decimal("800")}}, "换依据", "lower", "over_100"),
    ({}, {"quality": {"lower": Decimal("150")}}, "换依据", "lower", "over_100"),
    ({}, {"social": {"lower": Decimal("72.5")}}, "换依据", "lower", "not_whole"),
    ({}, {"quality": {"weight": Decimal(0)}, "timeliness": {"weight": Decimal(30)}}, "换依据",
     "weight", "no_weight"),
    ({"name": "另一个项目"}, {}, " ", "reason", "required"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "rows", "reason", "field", "code"), CHANGES)
def test_change_is_refused(
    cast: Cast, table: TargetTable, facts: object, rows: object, reason: str, field: str, code: str
) -> None:
    build.spending(table, cast, "6")

    with pytest.raises(Refusal) as refused:
        tables.change_table(
            table=table,
            facts=facts,
            rows=rows,
            reason=reason,
            by=cast.bureau,
            now=NOW,  # type: ignore[arg-type]
        )

    assert [(error["field"], error["code"]) for error in refused.value.errors] == [(field, code)]


def test_original_is_not_changed(cast: Cast, table: TargetTable) -> None:
    original = TargetTable.objects.get(year=2021)

    with pytest.raises(Refusal) as refused:
        tables.change_table(
            table=original, facts={"name": "x"}, rows={}, reason="x", by=cast.bureau, now=NOW
        )

    assert refused.value.code == "original"


def test_change_of_amount_and_weights(cast: Cast, table: TargetTable) -> None:
    tables.change_table(
        table=table,
        facts={"total_amount": Decimal("120.5"), "year_amount": Decimal("120.5")},
        rows={"quality": {"weight": Decimal(20)}, "timeliness": {"weight": Decimal(10)}},
        reason="年中调整", by=cast.bureau, now=NOW,
    )  # fmt: skip

    table.refresh_from_db()
    assert table.year_amount == Decimal("120.5")
    assert table.rows.get(key="quality").weight == 20
