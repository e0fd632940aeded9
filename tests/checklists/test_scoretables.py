"""A 评分表 as issued, from Excel and Word: read whole, or every fault with sheet, row and column."""

import io
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from checklists import sheets
from checklists.sheets import Fault, phrases
from tests.checklists import issued


def told(faults: list[Fault]) -> list[tuple[str, int, str, str]]:
    return [(one.sheet, one.row, one.column, one.code) for one in faults]


def faults_of(content: bytes, name: str = "表.xlsx") -> list[tuple[str, int, str, str]]:
    table, faults = sheets.parse_table(content, name)
    assert (table is None) == bool(faults)
    return told(faults)


@pytest.mark.parametrize("made", [issued.workbook, issued.document])
def test_61_items_in_12_sections_are_read_from_excel_and_word(made: Callable[[], bytes]) -> None:
    table, faults = sheets.parse_table(made(), "评分表")

    assert faults == []
    assert table is not None
    assert table.title == issued.TITLE
    assert [(one.title, len(one.items), float(one.points)) for one in table.sections] == [
        (title, len(items), issued.POINTS[title]) for title, items in issued.PLAN.items()
    ]
    assert [(one.title, one.guidance, f"{one.points:g}") for one in table.items] == [
        one for items in issued.PLAN.values() for one in items
    ]
    assert {one.evidence for one in table.items} == {"photo", "document"}
    assert (table.points, len(table.items)) == (Decimal(100), 61)


# Line 3 of the table is row 7 of the sheet; column F holds the points, C the item, B its section.
PLANTED: dict[str, tuple[list[issued.Row], list[tuple[str, int, str, str]]]] = {
    "points left out": (issued.changed(3, points=None), [(issued.SHEET, 7, "F", "missing")]),
    "points in words": (issued.changed(3, points="两分"), [(issued.SHEET, 7, "F", "not_a_number")]),
    "a range": (issued.changed(3, points="1-2"), [(issued.SHEET, 7, "F", "not_a_number")]),
    "nothing to earn": (issued.changed(3, points=0), [(issued.SHEET, 7, "F", "out_of_range")]),
    "less than nothing": (issued.changed(3, points=-2), [(issued.SHEET, 7, "F", "out_of_range")]),
    "a formula": (issued.changed(3, points="=1+1"), [(issued.SHEET, 7, "F", "formula")]),
    "no item": (issued.changed(3, title=""), [(issued.SHEET, 7, "C", "missing")]),
    "the same item twice": (
        issued.changed(3, title="文化阵地建设第1小项"),
        [(issued.SHEET, 7, "C", "repeated_item")],
    ),
    "too long a requirement": (
        issued.changed(3, words="长" * 1001), [(issued.SHEET, 7, "D", "too_long")]
    ),
    "another item's points": (
        issued.changed(3, points=2.5),
        [(issued.SHEET, 4, "B", "section_sum"), (issued.SHEET, 10, "F", "section_sum")],
    ),
    "a wrong subtotal": (issued.changed(6, points=11), [(issued.SHEET, 10, "F", "section_sum")]),
    "a wrong total": (
        issued.changed(len(issued.rows()) - 1, points=99),
        [(issued.SHEET, 77, "F", "total_sum")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_each_planted_error_is_named_by_sheet_row_and_column(name: str) -> None:
    lines, expected = PLANTED[name]

    assert faults_of(issued.workbook(lines)) == expected


def test_all_planted_errors_are_told_at_once_and_nothing_is_taken() -> None:
    lines = issued.rows()
    for at, changes in {3: {"points": None}, 8: {"title": ""}, 15: {"points": "三"}}.items():
        lines[at] = issued.changed(at, **changes)[at]

    assert faults_of(issued.workbook(lines)) == [
        (issued.SHEET, 7, "F", "missing"),
        (issued.SHEET, 12, "C", "missing"),
        (issued.SHEET, 19, "F", "not_a_number"),
    ]


def test_word_tells_table_row_and_column() -> None:
    first = faults_of(issued.document(issued.changed(3, points="两分")))
    second = faults_of(issued.document(issued.changed(50, points="")))

    assert first == [("表格1", 5, "6", "not_a_number")]
    assert second == [("表格2", 13, "6", "missing")]


def cell(place: str, value: Any) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet[place] = value

    return change


def test_one_number_over_two_items_is_refused() -> None:
    content = issued.workbook(change=lambda sheet: sheet.merge_cells("F5:F6"))

    assert faults_of(content) == [(issued.SHEET, 6, "F", "shared_points")]


def test_an_item_over_two_rows_gathers_its_requirements() -> None:
    lines = issued.rows()
    more = issued.Row("item", lines[1].section, "", "另须有台账。", None)
    lines.insert(2, more)

    table, faults = sheets.parse_table(
        issued.workbook(lines, lambda sheet: sheet.merge_cells("C5:C6")), "x"
    )

    assert faults == []
    assert table is not None
    assert table.items[1].guidance == f"{lines[1].words}\n另须有台账。"
    assert len(table.items) == 61


def test_two_numbers_within_one_item_are_refused() -> None:
    lines = issued.rows()
    lines.insert(2, issued.Row("item", lines[1].section, "", "另须有台账。", 1))

    found = faults_of(issued.workbook(lines, lambda sheet: sheet.merge_cells("C5:C6")))

    assert found == [(issued.SHEET, 6, "F", "several_points")]


def test_heading_again_on_the_second_page_and_sections_not_merged() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.merged_cells.ranges.clear()  # openpyxl would leave them where they were
        sheet.insert_rows(40)
        for at, head in enumerate(issued.HEADS, 1):
            sheet.cell(40, at, head)

    lines = [one for one in issued.rows() if one.kind == "item"]
    plain = issued.workbook(lines, change)
    table, faults = sheets.parse_table(plain, "x")

    assert faults == []
    assert table is not None
    assert (len(table.sections), len(table.items)) == (12, 61)


def written(lines: list[list[Any]], merged: list[str]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for line in lines:
        sheet.append(line)
    for area in merged:
        sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_sections_as_lines_across_the_table() -> None:
    lines = [
        ["考核内容", "", "要求", "分值（分）"],
        ["（一）领导（40分）"],
        [1, "★领导到位", "看现场", "40分"],
        ["（二）保障（60分）"],
        [2, "保障到位", "看现场", "６０"],
        ["注：以上各项据实打分。"],
    ]
    content = written(lines, ["A1:B1", "A2:D2", "A4:D4", "A6:D6"])

    table, faults = sheets.parse_table(content, "x")

    assert faults == []
    assert table is not None
    assert [(one.title, one.points) for one in table.sections] == [("领导", 40), ("保障", 60)]
    assert [(one.title, one.is_critical) for one in table.items] == [
        ("领导到位", True), ("保障到位", False)
    ]  # fmt: skip


def test_heading_in_two_rows() -> None:
    lines = [
        ["指标体系", "", "", "分值", "否决项", "是否拍照", "适用站类"],
        ["一级指标", "二级指标", "三级指标"],
        ["组织领导", "机构", "有专门机构", 60, "是", "√", "街道站、社区站"],
        ["组织领导", "机构", "有专职人员", 40, "", "", "街道站"],
    ]
    content = written(lines, ["A1:C1", "D1:D2", "E1:E2", "F1:F2", "G1:G2", "A3:A4", "B3:B4"])

    table, faults = sheets.parse_table(content, "x")

    assert faults == []
    assert table is not None
    [section] = table.sections
    assert [
        (one.title, one.points, one.is_critical, one.photo_rule, one.applies_to)
        for one in section.items
    ] == [
        ("有专门机构", 60, True, "required", ("subdistrict", "community")),
        ("有专职人员", 40, False, "none", ("subdistrict",)),
    ]


def test_several_tables_are_told_apart_by_their_sheet() -> None:
    book = load_workbook(io.BytesIO(issued.workbook()))
    copy = book.copy_worksheet(book.active)
    copy.title = "区中心"
    out = io.BytesIO()
    book.save(out)

    found = faults_of(out.getvalue())
    table, _ = sheets.parse_table(out.getvalue(), "x", "区中心")

    assert found == [("区中心", 3, "", "several_tables")]
    assert table is not None
    assert len(table.items) == 61


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        parts = {one: given.read(one) for one in given.namelist()}
    return zipped(parts | {name: part})


SHEET1 = "xl/worksheets/sheet1.xml"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&c;</t>
</is></c></row></sheetData></worksheet>"""
ENDLESS = b"<worksheet><sheetData/><mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 400
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "not_office"),
    "a picture": (lambda: b"\xff\xd8\xff\xe0 JFIF", "not_office"),
    "a web page called .xlsx": (lambda: b"<html><table></table></html>", "not_office"),
    "an old .xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "old_office"),
    "any zip": (lambda: zipped({"a.txt": b"a"}), "not_office"),
    "cut off": (lambda: issued.workbook()[:3000], "broken_file"),
    "too large": (lambda: b"PK\x03\x04" + bytes(sheets.MAX_BYTES), "file_too_large"),
    "a part that unpacks to 9 MB": (
        lambda: with_part(issued.workbook(), SHEET1, b"<a>" + b" " * 9_000_000), "zip_bomb"
    ),
    "70 MB beside it": (
        lambda: with_part(issued.workbook(), "xl/media/a.png", bytes(70_000_000)), "zip_bomb"
    ),
    "macros": (lambda: with_part(issued.workbook(), "xl/vbaProject.bin", b"x"), "macro"),
    "an entity bomb": (lambda: with_part(issued.workbook(), SHEET1, BOMB), "document_type"),
    "merged areas without end": (
        lambda: with_part(issued.workbook(), SHEET1, ENDLESS + b"</mergeCells></worksheet>"),
        "zip_bomb",
    ),
    "no xml": (lambda: with_part(issued.workbook(), SHEET1, b"\x00\x01"), "broken_file"),
    "a million rows": (
        lambda: issued.workbook(change=cell("C1000000", "末行")), "too_many_rows"
    ),
    "a story in a cell": (lambda: issued.workbook(change=cell("C5", "长" * 6000)), "cell_too_long"),
    "no table in it": (
        lambda: issued.workbook(change=lambda sheet: sheet.delete_rows(1, 200)), "no_table"
    ),
    "the sheet hidden away": (
        lambda: with_part(
            issued.workbook(), "xl/workbook.xml",
            b'<workbook><sheets><sheet name="a" state="hidden" id="rId1"/></sheets></workbook>',
        ),
        "no_table",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_at_once_and_by_name(name: str) -> None:
    made, code = HOSTILE[name]
    content = made()
    started = time.process_time()

    assert faults_of(content, "评分表.xlsx") == [("评分表.xlsx", 0, "", code)]
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "title", "points"),
    [
        ("一、组织领导（10分）", "组织领导", 10),
        ("（二） 工作保障(12.5 分)", "工作保障", Decimal("12.5")),
        ("第三部分 思想政治引领", "思想政治引领", None),
        ("3.2 有专职人员", "有专职人员", None),
        ("★10位英模画像", "10位英模画像", None),
        ("2.5小时内答复", "2.5小时内答复", None),
        ("５、档案", "档案", None),
    ],
)
def test_numbered_titles(text: str, title: str, points: Decimal | int | None) -> None:
    assert (phrases.title(text), phrases.bracketed_points(text)) == (title, points)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("5分", 5),
        ("（5 分）", 5),
        ("２．５", Decimal("2.5")),
        ("五", None),
        ("5-6", None),
        ("", None),
    ],
)
def test_points_as_written(text: str, value: Decimal | int | None) -> None:
    assert phrases.points(text) == value


@pytest.mark.parametrize(
    ("section", "item"),
    [
        ("检查大项", "检查内容"), ("考核大项", "考核小项"), ("评分大类", "评分小项"),
        ("验收类别", "验收内容"), ("大项", "小项"), ("项目", "内容"),
    ],
)  # fmt: skip
def test_a_section_s_column_is_known_by_its_usual_headings(section: str, item: str) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in [["序号", section, item, "分值"], [1, "阵地", "牌匾", 40], [2, None, "制度", 60]]:
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    kept = io.BytesIO()
    book.save(kept)

    table, faults = sheets.parse_table(kept.getvalue(), "表.xlsx")

    assert told(faults) == []
    assert table is not None
    assert [(one.title, [two.title for two in one.items]) for one in table.sections] == [
        ("阵地", ["牌匾", "制度"])
    ]
