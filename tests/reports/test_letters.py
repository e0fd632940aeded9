"""Word papers and the PDF: opened again, their columns, faces and figures."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.test import Client
from django.utils import timezone
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.styles.styles import Styles
from docx.text.run import Run
from openpyxl import load_workbook
from pypdf import PdfReader

from audits.models import Assignment, Finding
from audits.services import findings
from reports.models import Report
from reports.papers.letter import CELL, Letter
from stations.models import Station
from tests import make
from tests.conftest import Cast
from tests.reports.asking import client, fetch
from tests.reports.conftest import HOSTILE


def rows(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def words(document: Any) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def faces(document: Any) -> set[str]:
    runs = document.element.body.iter(qn("w:rFonts"))
    return {found.get(qn("w:eastAsia")) for found in runs}


def effect(cast: Cast, task: Assignment) -> dict[str, Any]:
    told: dict[str, Any] = (
        client(cast.bureau).get("/api/v1/indicators/effect/", {"round": task.round_id}).data
    )
    return told


def test_notice_has_the_fourteen_columns_of_one_station(cast: Cast, round_done: Assignment) -> None:
    document = Document(fetch(cast.head, kind="notice", round=round_done.round_id))
    [table] = document.tables
    head, *told = rows(table)

    assert head == [
        "序号", "被检查单位", "具体地点", "类别", "存在的问题", "问题图片", "整改措施", "整改期限",
        "整改责任人", "整改资金（元）", "复查时间", "完成情况", "复查人", "备注",
    ]  # fmt: skip
    assert [row[1] for row in told] == [cast.station.name_zh] * 3
    due = Finding.objects.get(item_code="A01").due_on
    assert told[0][7] == f"{due.year}/{due.month}/{due.day}"
    assert [row[11] for row in told] == ["已完成整改", "已提交整改，待复查", "尚未整改"]
    assert "接收单位负责人" in words(document)
    assert len(document.inline_shapes) == 1  # of A01, the item that needs a photo
    assert document.sections[0].page_width.mm == pytest.approx(297, abs=0.1)


def test_notice_for_all_has_a_form_per_station(cast: Cast, round_done: Assignment) -> None:
    document = Document(fetch(cast.bureau, kind="notice", round=round_done.round_id))

    assert [len(table.rows) - 1 for table in document.tables] == [3, 1]


def test_close_out_has_the_thirteen_columns_and_both_pictures(
    cast: Cast, round_done: Assignment
) -> None:
    document = Document(fetch(cast.head, kind="close-out", round=round_done.round_id))
    head, *told = rows(document.tables[0])

    assert head == [
        "序号", "被检查单位", "具体地点", "类别", "存在问题", "采取的整改措施", "整改期限",
        "整改责任人", "整改情况", "完成时间", "复查人", "整改前图片", "整改后图片",
    ]  # fmt: skip
    assert sorted(row[8] for row in told) == ["已销号", "待复查"]
    assert len(document.inline_shapes) == 3
    assert "主管部门负责人" in words(document)


def test_circular_has_the_official_form_and_the_real_figures(
    cast: Cast, round_done: Assignment
) -> None:
    document = Document(fetch(cast.bureau, kind="circular", round=round_done.round_id))
    text, told = words(document), effect(cast, round_done)
    section = document.sections[0]

    for head in ("一、基本情况", "二、主要做法和成效", "三、存在的主要问题", "四、整改要求"):
        assert head in text
    assert f"共发现问题{told['denominator']}项，已销号{told['numerator']}项" in text
    assert f"问题完成率{told['rate']:.1f}%" in text
    assert "“检查项A02”未达要求的有2个单位" in text
    assert f"{cast.station.short_name}站" in text
    assert faces(document) >= {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"}
    assert [round(getattr(section, f"{side}_margin").mm) for side in (
        "top", "bottom", "left", "right",
    )] == [37, 35, 28, 26]  # fmt: skip
    assert round(section.page_width.mm) == 210


def test_circular_numbers_its_pages_outside_and_keeps_heads_with_their_text(
    cast: Cast, round_done: Assignment
) -> None:
    document = Document(fetch(cast.bureau, kind="circular", round=round_done.round_id))
    section = document.sections[0]
    heads = [one for one in document.paragraphs if re.match("[一二三四]、", one.text)]
    annexes = [one for one in document.paragraphs if re.fullmatch("附件[12]", one.text)]

    assert document.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    assert [one.paragraph_format.keep_with_next for one in heads] == [True] * 4
    assert [one.paragraph_format.page_break_before for one in annexes] == [True] * 2


def test_circular_ranks_as_the_api_scores(cast: Cast, round_done: Assignment) -> None:
    document = Document(fetch(cast.bureau, kind="circular", round=round_done.round_id))
    _head, *ranked = rows(document.tables[0])
    asked = {"round": round_done.round_id}

    for row in ranked:
        code = Station.objects.get(name_zh=row[2]).code
        told = client(cast.bureau).get(f"/api/v1/stations/{code}/summary/", asked).data
        assert float(row[3]) == told["score"]
        assert [int(row[5]), int(row[6])] == [
            told["effect"]["denominator"], told["effect"]["numerator"],
        ]  # fmt: skip
    assert [row[0] for row in ranked] == ["1", "2"]
    assert len(rows(document.tables[1])) - 1 == 3  # not closed yet


def test_empty_papers_say_so(cast: Cast, task: Assignment) -> None:
    for kind, said in (
        ("notice", "没有需要整改的问题"), ("close-out", "没有已提交复查"), ("circular", "尚未开展检查"),
    ):  # fmt: skip
        assert said in words(Document(fetch(cast.bureau, kind=kind, round=task.round_id)))
    book = load_workbook(fetch(cast.bureau, kind="ledger", round=task.round_id))
    assert book.active["A4"].value is None


def test_text_no_paper_can_hold_is_left_out(cast: Cast, task: Assignment) -> None:
    make.submitted(task, A01="fail")
    Finding.objects.update(note="前\x0b\x1f中\ufffe后 <b>&amp;", title="#panic(1) $x^2$ \\ @a")
    make.figures()

    document = Document(fetch(cast.bureau, kind="notice"))
    text = pdf_text(fetch(cast.bureau, kind="station", station=cast.station.code))

    assert "前中后 <b>&amp;" in rows(document.tables[0])[1][4]
    assert "#panic(1)" in text


def pdf_text(file: io.BytesIO) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(file).pages))


def test_station_report_tells_the_score_of_the_api(cast: Cast, round_done: Assignment) -> None:
    file = fetch(cast.head, kind="station", station=cast.station.code, round=round_done.round_id)
    told = client(cast.head).get(
        f"/api/v1/stations/{cast.station.code}/summary/", {"round": round_done.round_id}
    ).data  # fmt: skip
    text = pdf_text(file)
    fonts = "".join(str(page["/Resources"]["/Font"]) for page in PdfReader(file).pages)

    assert f"检查得分{told['score']:.1f}" in text
    assert f"问题完成率{told['effect']['rate']:.1f}%" in text
    assert cast.station.name_zh in text
    assert Report.objects.get().content_hash in text
    assert "Identity-H" in str([font for page in PdfReader(file).pages for font in resolved(page)])
    assert fonts
    box = PdfReader(file).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)


def resolved(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def test_the_printed_hash_leads_to_a_page_without_a_name_or_figure(
    cast: Cast, round_done: Assignment, client: Client
) -> None:
    fetch(cast.head, kind="station", station=cast.station.code, round=round_done.round_id)
    report = Report.objects.get()
    address = f"/r/{report.content_hash}/"

    unchanged = client.get(address)
    finding = Finding.objects.get(station=cast.station, item_code="B02")
    findings.start(finding=finding, measure="", person="", by=cast.head, now=timezone.now())
    make.figures()
    changed = client.get(address)

    assert (unchanged.status_code, changed.status_code) == (200, 200)
    assert "未变" in unchanged.content.decode()
    assert "已更新" in changed.content.decode()
    page = changed.content.decode()
    assert cast.head.username not in page.replace("stations", "")
    assert "检查项B02" not in page
    assert client.get(f"/r/{'0' * 64}/").status_code == 404
    assert client.get("/r/nothing/").status_code == 404


def test_hostile_text_stays_text_in_word(cast: Cast, task: Assignment) -> None:
    make.submitted(task, A01="fail")
    Finding.objects.update(note=HOSTILE[0])

    document = Document(fetch(cast.bureau, kind="notice"))

    assert rows(document.tables[0])[1][4].endswith(HOSTILE[0])


def test_a_long_table_reads_through_the_styles_no_more_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A district's notice has 7,000 cells, and a look through all styles at each cost it its time."""
    looked: list[str] = []
    look_up = Styles.get_style_id

    def counted(styles: Any, name: Any, kind: Any) -> str | None:
        looked.append(name)
        return look_up(styles, name, kind)

    monkeypatch.setattr(Styles, "get_style_id", counted)
    told = []
    for length in (1, 30):
        letter, before = Letter(), len(looked)
        table = letter.table(["甲", "乙"], [1, 1], [["一", ""]] * length)
        told.append(len(looked) - before)

    assert told[0] == told[1] < 30
    assert {cell.paragraphs[0].style.name for row in table.rows for cell in row.cells} == {CELL}


def test_a_broken_picture_is_said_and_the_end_of_time_is_not_swallowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    letter = Letter()

    table = letter.table(["图"], [1], [[broken], [tmp_path / "none.jpg"]])

    assert rows(table)[1:] == [["照片无法读取"], ["照片无法读取"]]

    def too_long(*_given: Any) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(Run, "add_picture", too_long)
    with pytest.raises(SoftTimeLimitExceeded):
        letter.table(["图"], [1], [[broken]])
