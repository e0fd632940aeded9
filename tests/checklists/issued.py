"""A 评分表 as bureaus issue it, built here: 12 sections, 61 items, 100 points, merged cells,
subtotals, a title, a note and lines to sign. As Excel and as Word."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import docx
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "验收评分表"
TITLE = "示范型退役军人服务站验收评分表"
HEADS = ("序号", "大项", "小项", "评分标准", "查验方式", "分值", "得分", "扣分原因")
NUMERALS = "一二三四五六七八九十"

# 大项: its points, and its items as (title, requirement, points)
PLAN: dict[str, list[tuple[str, str, str]]] = {}


def _plan() -> None:
    wanted = [
        ("文化阵地建设", 10, 6), ("组织领导", 8, 5), ("工作保障", 12, 6), ("思想政治引领", 8, 5),
        ("信息采集", 8, 5), ("走访慰问", 8, 5), ("优抚帮扶", 10, 6), ("就业创业", 8, 5),
        ("权益维护", 8, 5), ("志愿服务", 6, 4), ("档案台账", 8, 5), ("满意度", 6, 4),
    ]  # fmt: skip
    for title, points, count in wanted:
        each, rest = divmod(points * 2, count)  # in halves, so that 1.5 occurs
        PLAN[title] = [
            (
                f"{title}第{n + 1}小项",
                f"按要求落实{title}工作，资料齐全；每缺1项扣0.5分，扣完为止。",
                f"{(each + (n < rest)) / 2:g}",
            )
            for n in range(count)
        ]


_plan()
POINTS = {title: sum(float(one[2]) for one in items) for title, items in PLAN.items()}
assert (len(PLAN), sum(map(len, PLAN.values())), sum(POINTS.values())) == (12, 61, 100)


@dataclass(frozen=True)
class Row:
    """One line of the table; `kind` says which."""

    kind: str  # item, subtotal, total
    section: str = ""
    title: str = ""
    words: str = ""
    points: Any = ""


def numbered(number: int) -> str:
    return NUMERALS[number] if number < 10 else f"十{NUMERALS[number - 10]}"


def rows() -> list[Row]:
    made = []
    for number, (title, items) in enumerate(PLAN.items()):
        section = f"{numbered(number)}、{title}（{POINTS[title]:g}分）"
        made += [Row("item", section, name, words, float(points)) for name, words, points in items]
        made.append(Row("subtotal", points=POINTS[title]))
    return [*made, Row("total", points=100)]


def changed(at: int, **fields: Any) -> list[Row]:
    """The table with one line told otherwise; `at` counts from 0 as in `rows()`."""
    made = rows()
    made[at] = replace(made[at], **fields)
    return made


def sheet_row(at: int) -> int:
    """The spreadsheet's row of the line: title, unit and date, heading stand above."""
    return at + 4


def workbook(
    lines: list[Row] | None = None, change: Callable[[Worksheet], None] | None = None
) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    sheet.append([TITLE])
    sheet.append(["被检查单位：", "", "", "", "检查日期：    年  月  日"])
    sheet.append(list(HEADS))
    number = 0
    for line in rows() if lines is None else lines:
        number += line.kind == "item"
        sheet.append(_cells(line, number))
    _merge(sheet, rows() if lines is None else lines)
    last = sheet.max_row
    sheet.append(["注：否决项不符合的，直接评为不合格。"])
    sheet.append(["检查人签字：", "", "", "", "被检查单位负责人签字："])
    sheet.merge_cells(f"A{last + 1}:H{last + 1}")
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(line: Row, number: int) -> list[Any]:
    if line.kind == "item":
        look = "查看现场、查阅资料" if number % 2 else "查阅资料"
        return [number, line.section, line.title, line.words, look, line.points, "", ""]
    word = "小计" if line.kind == "subtotal" else "合　计"
    return [word, "", "", "", "", line.points, "", ""]


def _merge(sheet: Worksheet, lines: list[Row]) -> None:
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("A2:D2")
    sheet.merge_cells("E2:H2")
    start = 0
    for at, line in enumerate(lines):
        row = sheet_row(at)
        if line.kind == "item":
            continue
        if line.kind == "subtotal":
            sheet.merge_cells(f"B{sheet_row(start)}:B{row - 1}")
            start = at + 1
        sheet.merge_cells(f"A{row}:E{row}")
    thin = Side(style="thin")
    for cells in sheet.iter_rows(min_row=3, max_row=sheet_row(len(lines)) - 1, max_col=8):
        for cell in cells:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for letter, width in zip("ABCDEFGH", (6, 14, 22, 44, 14, 7, 7, 16), strict=True):
        sheet.column_dimensions[letter].width = width


def document(lines: list[Row] | None = None) -> bytes:
    """The same in Word: cut in two tables after the sixth section, as a page break does it."""
    made = docx.Document()
    made.add_paragraph("附件1")
    made.add_heading(TITLE, 1)
    given = rows() if lines is None else lines
    ends = [at for at, line in enumerate(given) if line.kind == "subtotal"]
    half = ends[5] + 1
    number = _word_table(made, given[:half], 0, with_heads=True)
    made.add_paragraph("")
    _word_table(made, given[half:], number, with_heads=False)
    made.add_paragraph("检查人签字：")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _word_table(made: Any, lines: list[Row], number: int, *, with_heads: bool) -> int:
    table = made.add_table(rows=0, cols=len(HEADS), style="Table Grid")
    if with_heads:
        for cell, head in zip(table.add_row().cells, HEADS, strict=True):
            cell.text = head
    start = len(table.rows)
    for at, line in enumerate(lines):
        number += line.kind == "item"
        cells = table.add_row().cells
        values = _cells(line, number)
        for cell, value in zip(cells, values, strict=True):
            if value != "" and not (line.kind == "item" and value == line.section):
                cell.text = f"{value:g}" if isinstance(value, float) else str(value)
        here = len(table.rows) - 1
        if line.kind == "item":
            continue
        if line.kind == "subtotal":
            merged = table.cell(start, 1).merge(table.cell(here - 1, 1))
            merged.text = lines[at - 1].section
            start = here + 1
        cells[0].merge(cells[4])
    return number
