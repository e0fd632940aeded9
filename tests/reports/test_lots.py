"""抽查: every paper of a round drawn by lot says with which seed."""

from zipfile import ZipFile

import pytest
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from audits.models import Assignment
from audits.services import draws
from tests import make
from tests.conftest import Cast
from tests.reports.asking import fetch

SEED = "摇号=07"


@pytest.fixture
def drawn(cast: Cast, round_done: Assignment) -> Assignment:
    """A third station, drawn into the round of two and audited."""
    third = make.station(region=cast.station.region)
    draws.draw(
        round=round_done.round, stations=[third], count=1, seed=SEED, inspector=cast.inspector,
        due_on=round_done.round.ends_on, by=cast.bureau, now=timezone.now(),
    )  # fmt: skip
    task = Assignment.objects.get(station=third)
    make.submitted(task, A01="fail")
    make.figures()
    return task


def text(document: Document) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("kind", ["circular", "notice", "close-out"])
def test_word_papers_of_the_round_print_the_seed(cast: Cast, drawn: Assignment, kind: str) -> None:
    document = Document(fetch(cast.bureau, kind=kind, round=drawn.round_id))

    assert f"抽查种子：{SEED}" in text(document)


@pytest.mark.parametrize("kind", ["ledger", "scores"])
def test_workbooks_of_the_round_print_the_seed(cast: Cast, drawn: Assignment, kind: str) -> None:
    sheet = load_workbook(fetch(cast.bureau, kind=kind, round=drawn.round_id)).worksheets[0]

    assert f"抽查种子：{SEED}" in str(next(cell.value for cell in sheet[2] if cell.value))


def test_station_report_prints_it_only_where_the_lot_fell(cast: Cast, drawn: Assignment) -> None:
    def told(code: str) -> str:
        file = fetch(cast.bureau, kind="station", round=drawn.round_id, station=code)
        words = "".join(page.extract_text() for page in PdfReader(file).pages)
        return "".join(words.split())  # lines break where the page ends

    assert f"抽查种子：{SEED}" in told(drawn.station.code)
    assert "抽查种子" not in told(cast.station.code)


def test_archive_lists_the_drawings_of_its_year(cast: Cast, drawn: Assignment) -> None:
    page = ZipFile(fetch(cast.bureau, kind="archive")).read("index.html").decode()

    assert f"<td>{drawn.round.name}</td><td>{SEED}</td>" in page
    assert '<td class="n">1</td><td class="n">1</td></tr></tbody></table></body>' in page


def test_paper_of_the_year_and_of_a_round_without_a_lot_say_nothing(
    cast: Cast, round_done: Assignment
) -> None:
    document = Document(fetch(cast.bureau, kind="circular", round=round_done.round_id))
    page = ZipFile(fetch(cast.bureau, kind="archive")).read("index.html").decode()

    assert "抽查" not in text(document)
    assert "抽查" not in page
