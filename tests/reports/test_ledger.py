"""问题整改台账.xlsx and 得分汇总.xlsx: opened again, their cells against the API's figures."""

import datetime as dt
import io
import re
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from audits.models import Assignment, Finding
from reports.models import Report
from reports.papers import ledger
from reports.papers.ledger import COLUMNS
from stations.models import Station
from tests import make
from tests.conftest import Cast
from tests.reports.asking import client as api_client
from tests.reports.asking import fetch
from tests.reports.conftest import HOSTILE

HEAD = 3


def sheet_rows(sheet: Worksheet) -> list[dict[str, object]]:
    heads = [cell.value for cell in sheet[HEAD]]
    rows = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 1))
    return [dict(zip(heads, row, strict=True)) for row in rows if isinstance(row[0], int)]


def formula_cells(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        return sum(len(re.findall(rb"<f[ >]", book.read(name))) for name in sheets)


def test_ledger_tells_every_problem_of_the_round(cast: Cast, round_done: Assignment) -> None:
    book = load_workbook(fetch(cast.bureau, kind="ledger", round=round_done.round_id))
    sheet = book["问题整改台账"]
    rows = sheet_rows(sheet)
    told = api_client(cast.bureau).get("/api/v1/findings/", {"round": round_done.round_id}).data

    assert [cell.value for cell in sheet[HEAD]] == [column.title for column in COLUMNS]
    assert len(COLUMNS) == 29
    assert {row["问题编号"] for row in rows} == {one["id"] for one in told["results"]}
    assert [row["整改状态"] for row in rows] == ["已销号", "待复查", "待整改", "待整改"]
    assert sheet.freeze_panes == "E4"
    assert sheet.auto_filter.ref == f"A3:AC{HEAD + 4}"
    assert [row["序号"] for row in rows] == [1, 2, 3, 4]


def test_ledger_has_real_dates_people_and_measures(cast: Cast, round_done: Assignment) -> None:
    sheet = load_workbook(fetch(cast.bureau, kind="ledger", round=round_done.round_id)).active
    row = sheet_rows(sheet)[0]
    due = Finding.objects.get(item_code="A01").due_on

    assert row["整改期限"] == dt.datetime.combine(due, dt.time.min)
    assert sheet["S4"].number_format == "yyyy/m/d"
    assert row["受检单位"] == cast.station.name_zh
    assert (row["整改措施"], row["检查人"], row["复查人"]) == ("已整改", "inspector", "inspector")
    assert (row["复查结果"], row["是否逾期"], row["街道"]) == ("通过", "否", "观湖街道")


def test_ledger_carries_the_pictures_before_and_after(cast: Cast, round_done: Assignment) -> None:
    sheet = load_workbook(fetch(cast.bureau, kind="ledger", round=round_done.round_id)).active
    heads = [cell.value for cell in sheet[HEAD]]
    anchors = {(image.anchor._from.row, heads[image.anchor._from.col]) for image in sheet._images}

    assert anchors == {(3, "整改前照片"), (3, "整改后照片"), (4, "整改后照片")}


def test_ledger_says_its_figure_and_narrows_to_one_station(
    cast: Cast, round_done: Assignment
) -> None:
    whole = load_workbook(fetch(cast.bureau, kind="ledger", round=round_done.round_id)).active
    one = fetch(
        cast.bureau, kind="ledger", round=round_done.round_id, station=cast.other_station.code
    )
    effect = api_client(cast.bureau).get(
        "/api/v1/indicators/effect/", {"round": round_done.round_id}
    ).data  # fmt: skip
    line = next(cell.value for cell in whole[2] if cell.value)

    share = f"{effect['numerator']}/{effect['denominator']}"
    assert f"问题完成率 {effect['rate']:.1f}%（{share}）" in line
    assert len(sheet_rows(load_workbook(one).active)) == 1


def test_hostile_text_never_becomes_a_formula(cast: Cast, task: Assignment) -> None:
    make.submitted(task, A01="fail")
    finding = Finding.objects.get()
    for place, words in enumerate(HOSTILE):
        if place:
            finding.pk = None
            finding.item_code = f"X{place}"
        finding.note = finding.title = words
        finding.save(force_insert=bool(place))
    cast.station.phone = "=HYPERLINK(1)"
    cast.station.save()

    content = fetch(cast.bureau, kind="ledger").getvalue()
    sheet = load_workbook(io.BytesIO(content)).active
    notes = {row["存在问题"] for row in sheet_rows(sheet)}

    assert formula_cells(content) == 0
    assert notes == set(HOSTILE)
    assert {cell.data_type for row in sheet.iter_rows(min_row=4) for cell in row} <= {"s", "n", "d"}
    assert all(cell.quotePrefix for cell in sheet["K"][HEAD : HEAD + len(HOSTILE)])


def test_scores_equal_the_api_to_the_last_decimal(cast: Cast, round_done: Assignment) -> None:
    book = load_workbook(fetch(cast.bureau, kind="scores", round=round_done.round_id))
    rows = {row["单位"]: row for row in sheet_rows(book["单位得分汇总表"])}
    asked = {"round": round_done.round_id}

    for station in (cast.station, cast.other_station):
        told = api_client(cast.bureau).get(f"/api/v1/stations/{station.code}/summary/", asked).data
        row = rows[station.name_zh]
        assert row["总分"] == told["score"]
        assert [row[one["title"]] for one in told["sections"]] == [
            one["score"] for one in told["sections"]
        ]  # fmt: skip
        assert (row["问题数"], row["已销号数"]) == (
            told["effect"]["denominator"], told["effect"]["numerator"],
        )  # fmt: skip
        assert row["整改率（%）"] == told["effect"]["rate"]
    assert sorted(row["排名"] for row in rows.values()) == [1, 2]


def test_progress_by_subdistrict_adds_up_to_the_region(cast: Cast, round_done: Assignment) -> None:
    book = load_workbook(fetch(cast.bureau, kind="scores", round=round_done.round_id))
    rows = [
        [cell.value for cell in row] for row in book["整改进度表"].iter_rows(min_row=4, max_row=6)
    ]
    told = api_client(cast.bureau).get(
        "/api/v1/indicators/effect/", {"round": round_done.round_id}
    ).data  # fmt: skip

    *parts, total = rows
    assert [row[1] for row in rows] == ["观湖街道", "民治街道", "合计"]
    for place in (2, 3, 5, 6, 7, 8, 9, 10):
        assert sum(row[place] for row in parts) == total[place]
    assert total[5:10] == [
        told["denominator"], told["numerator"], told["submitted"], told["open"], told["waived"]
    ]  # fmt: skip
    assert total[11] == told["rate"]


def test_failing_items_are_those_of_the_roll_up(cast: Cast, round_done: Assignment) -> None:
    book = load_workbook(fetch(cast.bureau, kind="scores", round=round_done.round_id))
    rows = sheet_rows(book["检查项失分统计"])

    assert [(row["检查项编号"], row["失分单位数"], row["检查单位数"]) for row in rows] == [
        ("A02", 2, 2), ("A01", 1, 2), ("B02", 1, 2),
    ]  # fmt: skip
    assert [row["失分率（%）"] for row in rows] == [100, 50, 50]


def many(station: Station, finding: Finding, number: int) -> None:
    Finding.objects.bulk_create(
        [
            Finding(
                station=station, round=finding.round, item_code="", title="检查项", note=f"第{n}项",
                severity="normal", status="open", raised_at=finding.raised_at,
                raised_by=finding.raised_by, due_on=finding.due_on,
                original_due_on=finding.due_on,
            )
            for n in range(number)
        ],
        batch_size=1000,
    )  # fmt: skip


def test_five_times_the_problems_take_no_more_memory(cast: Cast, task: Assignment) -> None:
    make.submitted(task, A01="fail")
    finding = Finding.objects.get()

    def peak(number: int) -> int:
        many(cast.station, finding, number)
        Report.objects.all().delete()  # rows put in from below leave no mark of change
        tracemalloc.start()
        content = fetch(cast.bureau, kind="ledger")
        most = tracemalloc.get_traced_memory()[1] - len(content.getvalue())
        tracemalloc.stop()
        assert sum(1 for _ in re.finditer(b"<row ", rows_of(content))) > number
        return most

    small = peak(300)
    large = peak(1_200)

    assert large < 2.5 * small  # a chunk is 500


def rows_of(content: io.BytesIO) -> bytes:
    with zipfile.ZipFile(content) as book:
        return book.read("xl/worksheets/sheet1.xml")


def test_nothing_is_left_in_the_work_folder(
    cast: Cast, round_done: Assignment, settings: Any
) -> None:
    fetch(cast.bureau, kind="ledger")

    work = Path(settings.MEDIA_ROOT) / "reports" / "work"
    assert list(work.iterdir()) == []


def test_pictures_left_out_are_said_in_the_file_and_on_the_page(
    cast: Cast, round_done: Assignment, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(ledger, "PICTURES_UP_TO", 3)
    book = load_workbook(fetch(cast.bureau, kind="ledger", round=round_done.round_id))
    sheet = book["问题整改台账"]
    words = [str(cell.value) for row in sheet.iter_rows() for cell in row]

    assert any("问题超过 3 项，照片不放入表格" in line for line in words)
    assert "见系统" in words
    assert not sheet._images  # type: ignore[attr-defined]
    client.force_login(cast.bureau)
    assert "台账超过 3000 项时表格里不放照片" in client.get("/bureau/reports/").content.decode()
