"""绩效自评表 .docx and .xlsx: the official layout, and the figures of the target table's API."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from audits.models import Assignment
from targets.models import TargetTable
from targets.queries import evaluation
from targets.services import evaluations, tables
from tests.conftest import Cast
from tests.reports.asking import ask, fetch

HEADS = [
    "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分",
    "偏差原因分析及改进措施",
]  # fmt: skip


@pytest.fixture
def table(cast: Cast, round_done: Assignment) -> TargetTable:
    call_command("load_targets", verbosity=0)
    return TargetTable.objects.get(year=timezone.localdate().year)


def body(table: TargetTable) -> dict[str, Any]:
    return evaluation.body(table, timezone.localdate())


def docx_rows(cast: Cast) -> list[list[str]]:
    document = Document(fetch(cast.bureau, kind="self-evaluation"))
    [grid] = document.tables
    return [[cell.text for cell in row.cells] for row in grid.rows]


def test_form_has_the_official_rows_and_the_computed_points(cast: Cast, table: TargetTable) -> None:
    rows, told = docx_rows(cast), body(table)
    by_kind = {row[1]: row for row in rows}

    assert rows[0][1] == table.name
    assert list(dict.fromkeys(row[0] for row in rows if "分）" in row[0])) == [
        "产出指标（50分）",
        "效益指标（30分）",
        "满意度指标（10分）",
    ]
    assert HEADS in rows
    for row in told["rows"]:
        if row["key"] == "execution":
            continue
        printed = by_kind[f"{row['level2']}指标"]
        assert printed[4] == row["actual"]
        assert printed[6] == (row["points"] or "—")
        assert printed[7] == row["reason"]
    assert rows[-1][5:7] == ["100", told["total"]]
    assert {"成本指标", "可持续影响指标"} <= set(by_kind)


def test_excel_says_what_word_says(cast: Cast, table: TargetTable) -> None:
    rows = docx_rows(cast)
    sheet = load_workbook(fetch(cast.bureau, kind="self-evaluation", format="xlsx")).active
    cells = {cell.value for row in sheet.iter_rows() for cell in row if cell.value}

    assert {words for row in rows for words in row if words} <= cells
    assert sheet["A1"].value == body(table)["title"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_a_signed_form_is_printed_as_signed(cast: Cast, table: TargetTable) -> None:
    draft = Document(fetch(cast.bureau, kind="self-evaluation"))
    for row in body(table)["rows"]:
        if row["is_short"]:
            tables.write_reason(
                table=table, key=row["key"], words=f"=原因{row['key']}", by=cast.bureau,
                now=timezone.now(),
            )  # fmt: skip
    sealed = evaluation.content_hash(body(table))
    evaluations.sign_off(table=table, expected=sealed, by=cast.bureau, now=timezone.now())
    signed = Document(fetch(cast.bureau, kind="self-evaluation"))

    assert "尚未签署" in "".join(one.text for one in draft.paragraphs)
    assert sealed in "".join(one.text for one in signed.paragraphs)
    texts = {cell.text for row in signed.tables[0].rows for cell in row.cells}
    assert "=原因social" in texts


def test_a_year_without_a_table_is_refused(cast: Cast, table: TargetTable) -> None:
    refused = ask(cast.bureau, kind="self-evaluation", year=dt.date.today().year - 2)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "year"
