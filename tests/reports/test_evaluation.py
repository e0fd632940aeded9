"""绩效自评表 .docx and .xlsx: the official layout, and the figures of the target table's API."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from lxml import html
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


def xlsx_rows(cast: Cast) -> list[list[str]]:
    """Below the title; a merged area says its words in each of its cells, as in Word."""
    sheet = load_workbook(fetch(cast.bureau, kind="self-evaluation", format="xlsx")).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    cells = {(cell.row, cell.column): cell.value or "" for row in sheet.iter_rows() for cell in row}
    for area in sheet.merged_cells.ranges:
        words = cells[area.min_row, area.min_col]
        cells |= dict.fromkeys(((row, column) for row, column in area.cells), words)
    return [[cells[row, column] for column in range(1, 9)] for row in range(2, sheet.max_row + 1)]


def page_rows(client: Client, table: TargetTable) -> list[list[str]]:
    """The page's grid, its merged cells spread out; without the small print below a figure."""
    page = client.get(reverse("target-evaluation", args=[table.year]))
    [grid] = html.fromstring(page.content.decode()).find_class("form-table")
    spread: dict[tuple[int, int], str] = {}
    for row, line in enumerate(grid.findall("tbody/tr")):
        column = 0
        for cell in line:
            while (row, column) in spread:
                column += 1
            down, across = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            area = ((row + y, column + x) for y in range(down) for x in range(across))
            spread |= dict.fromkeys(area, _said(cell))
    return [[spread[row, column] for column in range(8)] for row in range(len(grid[-1]))]


def _said(cell: html.HtmlElement) -> str:
    [*areas] = cell.iter("textarea")
    return (areas[0].text or "").strip() if areas else (cell.text or "").strip()


def test_page_word_and_excel_say_the_same_row_by_row(
    cast: Cast, table: TargetTable, client: Client
) -> None:
    client.force_login(cast.bureau)

    on_page, in_word, in_excel = page_rows(client, table), docx_rows(cast), xlsx_rows(cast)

    assert on_page == in_word
    assert in_excel[: len(in_word)] == in_word
    assert [row[1] for row in on_page if row[1].endswith(("指标", "影响", "影响指标"))][1:] == [
        "数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标", "社会效益指标",
        "生态效益指标", "可持续影响指标", "满意度指标",
    ]  # fmt: skip


def test_reason_of_the_execution_rate_is_on_the_paper(cast: Cast, table: TargetTable) -> None:
    [execution] = [row for row in body(table)["rows"] if row["key"] == "execution"]

    [row] = [row for row in docx_rows(cast) if row[1] == "执行率偏差原因"]

    assert execution["is_short"]
    assert row[2:] == [execution["reason"]] * 6


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
