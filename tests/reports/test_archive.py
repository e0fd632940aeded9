"""年度归档.zip: every member has its checksum, every link leads somewhere inside."""

import hashlib
import re
from zipfile import ZipFile

from openpyxl import load_workbook

from audits.models import Assignment, Finding
from tests import make
from tests.conftest import Cast
from tests.reports.asking import fetch


def test_archive_is_whole_and_reads_offline(cast: Cast, round_done: Assignment) -> None:
    archive = ZipFile(fetch(cast.bureau, kind="archive"))
    names = set(archive.namelist())
    sums = dict(
        reversed(line.split("  ", 1))
        for line in archive.read("SHA256SUMS").decode().splitlines()
    )  # fmt: skip

    assert archive.testzip() is None
    assert set(sums) == names - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert {"index.html", "问题整改台账.xlsx", "得分汇总.xlsx"} <= names
    assert len([name for name in names if name.startswith("photos/")]) == 3
    for page in (name for name in names if name.endswith(".html")):
        html = archive.read(page).decode()
        assert "http" not in html
        base = "stations/" if page.startswith("stations/") else ""
        for link in re.findall(r'(?:href|src)="([^"]+)"', html):
            inside = link.removeprefix("../") if base and link.startswith("../") else base + link
            assert inside in names, (page, link)


def test_archive_tells_the_same_problems_as_its_ledger(cast: Cast, round_done: Assignment) -> None:
    Finding.objects.filter(item_code="A01").update(note="<script>alert(1)</script>")
    archive = ZipFile(fetch(cast.bureau, kind="archive"))
    page = archive.read(f"stations/{cast.station.code}.html").decode()
    with archive.open("问题整改台账.xlsx") as file:
        sheet = load_workbook(file).active
        told = [row[1].value for row in sheet.iter_rows(min_row=4) if isinstance(row[0].value, int)]

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert sorted(told) == sorted(Finding.objects.values_list("pk", flat=True))


def test_archive_has_a_page_for_every_station_the_period_counts(
    cast: Cast, round_done: Assignment
) -> None:
    clean = make.station("440309001901", region=cast.station.region)
    unseen = make.station("440309001902", region=cast.station.region)
    make.submitted(make.assignment(cast.bureau, cast.inspector, clean, round_done.round))
    make.assignment(cast.bureau, cast.inspector, unseen, round_done.round)
    make.figures()

    archive = ZipFile(fetch(cast.bureau, kind="archive"))
    pages = {
        station.code: archive.read(f"stations/{station.code}.html").decode()
        for station in (cast.station, cast.other_station, clean, unseen)
    }
    index = archive.read("index.html").decode()

    assert all(f"stations/{code}.html" in index for code in pages)
    assert "检查未发现问题。" in pages[clean.code]
    assert "本期未检查，没有问题记录。" in pages[unseen.code]
    assert "未检查" not in pages[clean.code]
    assert "100.0" in pages[clean.code]
    assert index.count("未检查") == 1
