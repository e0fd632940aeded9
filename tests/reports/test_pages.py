"""报告 at the desk and of one's own station: asked for, listed, fetched, refused in words."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audits.models import Assignment
from reports.making import FAILED
from reports.models import Report
from tests.conftest import Cast
from tests.reports.asking import ask, work

DESK = "/bureau/reports/"


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


def year() -> str:
    return f"y{timezone.localdate().year}"


def test_desk_asks_lists_and_offers_the_file(
    desk: Client, cast: Cast, round_done: Assignment
) -> None:
    empty = desk.get(DESK).content.decode()
    asked = desk.post(DESK, {"paper": "scores.xlsx", "period": f"r{round_done.round_id}"})
    waiting = desk.get(DESK).content.decode()
    work()
    ready = desk.get(DESK).content.decode()
    report = Report.objects.get()

    assert (asked.status_code, asked["Location"]) == (302, DESK)
    assert "还没有报告" in empty
    assert "<progress" in waiting
    assert "排队中" in waiting
    assert reverse("report-file", args=[report.pk]) in ready
    assert desk.get(reverse("report-file", args=[report.pk])).status_code == 200


def test_desk_says_what_is_missing_at_its_field(desk: Client, round_done: Assignment) -> None:
    refused = desk.post(DESK, {"paper": "station.pdf", "period": year()})

    assert refused.status_code == 400
    assert refused.context["form"].errors == {"station": ["请选择服务站。"]}
    assert not Report.objects.exists()


def test_desk_comes_with_what_another_page_chose(
    desk: Client, cast: Cast, round_done: Assignment
) -> None:
    page = desk.get(DESK, {"paper": "circular.docx", "region": "440309001", "period": year()})
    html = page.content.decode()

    assert '<option value="circular.docx" selected>' in html
    assert '<option value="440309001" selected>' in html


def test_desk_offers_only_what_the_role_may_have(
    client: Client, cast: Cast, round_done: Assignment
) -> None:
    client.force_login(cast.supervisor)
    form = client.get(DESK).context["form"]

    assert "self-evaluation.docx" not in dict(form.fields["paper"].choices)
    assert {one.code for one in form.fields["region"].queryset} == {"440309001"}
    assert list(form.fields["station"].queryset) == [cast.station]
    for user in (cast.inspector, cast.sysadmin, cast.auditor):
        client.force_login(user)
        assert client.get(DESK).status_code == 403


def test_an_expired_report_says_so(desk: Client, cast: Cast, round_done: Assignment) -> None:
    ask(cast.bureau, kind="scores")
    work()
    Report.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    page = desk.get(DESK).content.decode()

    assert "已过期" in page
    assert "/file/" not in page


def test_a_failed_report_tells_why_in_the_reader_s_language(
    desk: Client, cast: Cast, round_done: Assignment
) -> None:
    ask(cast.bureau, kind="scores")
    Report.objects.update(state="failed", error=FAILED, finished_at=timezone.now())
    desk.cookies["django_language"] = "en"

    page = desk.get(reverse("desk-reports")).content.decode()

    assert "This could not be made; the fault is recorded." in page


def test_a_failed_report_tells_why(desk: Client, cast: Cast, round_done: Assignment) -> None:
    ask(cast.bureau, kind="scores")
    Report.objects.update(state="failed", error="没有数据", finished_at=timezone.now())

    page = desk.get(DESK).content.decode()

    assert "没有做成" in page
    assert "没有数据" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_asks_the_same_questions_of_one_and_three(
    rows: int,
    desk: Client,
    cast: Cast,
    round_done: Assignment,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for kind in ("ledger", "scores", "circular")[:rows]:
        ask(cast.bureau, kind=kind)

    with django_assert_num_queries(9):
        assert len(desk.get(DESK).context["rows"]) == rows


def test_a_station_head_has_the_own_three_papers(
    client: Client, cast: Cast, round_done: Assignment
) -> None:
    client.force_login(cast.head)
    sent_on = client.get(DESK)
    page = client.get("/my/reports/")
    asked = client.post("/my/reports/", {"kind": "station", "station": cast.station.code})
    work()
    after = client.get("/my/reports/").content.decode()

    assert sent_on["Location"] == "/my/reports/"
    assert [kind for kind, *_ in page.context["kinds"]] == ["station", "notice", "close-out"]
    assert asked.status_code == 302
    assert reverse("report-file", args=[Report.objects.get().pk]) in after


def test_a_stranger_finds_no_other_station(
    client: Client, cast: Cast, round_done: Assignment
) -> None:
    client.force_login(cast.stranger)

    assert client.get("/my/reports/", {"station": cast.station.code}).status_code == 404
    asked = client.post("/my/reports/", {"kind": "station", "station": cast.station.code})
    assert asked.status_code == 404
    assert client.post("/my/reports/", {"kind": "ledger"}).status_code == 404


def test_other_pages_lead_here(desk: Client, cast: Cast, round_done: Assignment) -> None:
    overview = desk.get(reverse("overview")).content.decode()
    ledger = desk.get(reverse("ledger"), {"round": round_done.round_id}).content.decode()
    station = desk.get(reverse("station-score", args=[cast.station.code])).content.decode()

    assert f"{DESK}?paper=scores.xlsx" in overview
    assert f"{DESK}?paper=ledger.xlsx&amp;period=r{round_done.round_id}" in ledger
    assert f"station={cast.station.code}" in station
