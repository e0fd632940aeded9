"""绩效自评表 .docx and .xlsx: the official layout, on one A4 sheet across."""

from __future__ import annotations

from typing import Any

from docx.shared import Mm
from xlsxwriter import Workbook

from reports.papers.book import A4, CELL, EVERYWHERE, FORMULA_STARTS, LONGEST, row_height
from reports.papers.job import Job
from reports.papers.letter import BODY, HEAD, TITLE, WU, XIAO_WU, Letter, narrow
from reports.queries.evaluation import form_of
from targets.queries.form import COLUMNS, Box, Form

WIDTHS = (15, 12, 23, 14, 11, 7, 9, 27)
FOOT = (
    "填报人：＿＿＿＿＿＿        联系电话：＿＿＿＿＿＿＿＿        填报日期：＿＿＿＿年＿＿月＿＿日"
)


def write_docx(job: Job) -> None:
    form = form_of(job.subject)
    letter = Letter(landscape=True, margins=(13, 13, 16, 16))  # the whole form on one sheet
    letter.line(form.title, font=TITLE, size=18, align="centre")
    table = letter.document.add_table(rows=form.row, cols=COLUMNS)
    table.style, table.autofit = "Table Grid", False
    narrow(table, above=20)
    spans = [letter.width * width / sum(WIDTHS) for width in WIDTHS]
    for column, span in zip(table.columns, spans, strict=True):
        column.width = Mm(span)
    cells = [list(row.cells) for row in table.rows]
    for box in form.boxes:
        _word(letter, cells, box, sum(spans[box.column : box.column + box.columns]))
    for note in form.notes:
        letter.line(note, size=XIAO_WU, align="left", before=3)
    letter.line(FOOT, font=BODY, size=WU, align="left", before=10)
    letter.save(job.path)


def _word(letter: Letter, cells: list[list[Any]], box: Box, span: float) -> None:
    cell = cells[box.row][box.column]
    if box.rows > 1 or box.columns > 1:
        last = cells[box.row + box.rows - 1][box.column + box.columns - 1]
        cell = cell.merge(last)
    align = "left" if box.look == "text" else "centre"
    letter.fill(
        cell, box.words, span, font=HEAD if box.look == "head" else BODY, size=XIAO_WU, align=align
    )


def write_xlsx(job: Job) -> None:
    form = form_of(job.subject)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(job.path), options) as book:
        sheet = book.add_worksheet("绩效自评表")
        for place, width in enumerate(WIDTHS):
            sheet.set_column(place, place, width + 3)
        title = book.add_format({"font_name": TITLE, "font_size": 18, "align": "center"})
        sheet.merge_range(0, 0, 0, COLUMNS - 1, form.title, title)
        looks = _looks(book)
        for row in range(form.row):
            sheet.set_row(row + 1, _height(form, row))
        for box in form.boxes:
            _box(sheet, looks, box)
        plain = book.add_format({"font_name": "宋体", "font_size": 9, "text_wrap": True})
        for place, note in enumerate([*form.notes, FOOT], form.row + 1):
            sheet.merge_range(place, 0, place, COLUMNS - 1, note, plain)
        sheet.ignore_errors({"number_stored_as_text": EVERYWHERE})
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)


def _looks(book: Workbook) -> dict[str, Any]:
    looks = {
        "head": {**CELL, "font_name": "黑体", "align": "center", "bg_color": "#F2F2F2"},
        "text": {**CELL, "align": "left"},
        "centre": {**CELL, "align": "center"},
        "kind": {**CELL, "align": "center"},
        "number": {**CELL, "align": "center", "num_format": "0.##"},
    }
    made = {name: book.add_format(look) for name, look in looks.items()}
    made |= {f"{name}!": book.add_format({**looks[name], "quote_prefix": True}) for name in looks}
    return made


def _height(form: Form, row: int) -> float:
    boxes = [box for box in form.boxes if box.row == row and box.rows == 1]
    told = [(sum(WIDTHS[b.column : b.column + b.columns]) + 3 * b.columns, b.words) for b in boxes]
    return row_height(told)


def _box(sheet: Any, looks: dict[str, Any], box: Box) -> None:
    """Text stays text, whatever it begins with."""
    words, top = box.words[:LONGEST], box.row + 1
    look = looks[
        box.look + ("!" if words.lstrip(" \u3000")[:1] in FORMULA_STARTS and words else "")
    ]
    if box.rows > 1 or box.columns > 1:
        bottom, right = top + box.rows - 1, box.column + box.columns - 1
        sheet.merge_range(top, box.column, bottom, right, "", look)
    sheet.write_string(top, box.column, words, look)
