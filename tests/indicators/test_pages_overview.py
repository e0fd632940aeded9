"""全区总览 and 大屏: the figures shown are the API's; every one of them opens."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from audits.models import Finding
from audits.services import findings
from tests import make
from tests.conftest import Cast


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


@pytest.fixture
def scene(cast: Cast) -> None:
    """Both stations audited; three problems, one closed, one awaiting, one open."""
    make.version()
    round = make.round_(cast.bureau, "第一轮")
    here = make.assignment(cast.bureau, cast.inspector, cast.station, round)
    there = make.assignment(cast.bureau, cast.inspector, cast.other_station, round)
    make.submitted(here, A02="fail", B02="partial")
    make.submitted(there, A02="fail")
    closed = make.rectified(Finding.objects.get(item_code="B02"), cast.head)
    findings.close(finding=closed, by=cast.bureau, now=timezone.now())
    make.rectified(Finding.objects.get(station=cast.station, item_code="A02"), cast.head)
    make.figures()


def test_figures_shown_are_the_apis(cast: Cast, scene: None, desk: Client) -> None:
    api = APIClient()
    api.force_authenticate(cast.bureau)
    told = api.get("/api/v1/indicators/effect/").data

    page = desk.get(reverse("overview"))

    reading = page.context["reading"]
    for name in ("numerator", "denominator", "submitted", "open", "waived", "band", "to_upper"):
        assert getattr(reading, name) == told[name]
    assert float(reading.printed) == told["rate"] == 33.3
    assert vars(reading.coverage) == dict(told["coverage"]) == {"audited": 2, "total": 2}
    text = page.content.decode()
    assert "33.3<small>%</small>" in text
    assert "1 ÷ 3" in text
    assert "距 80% 还差 2 项" in text


def test_coverage_of_the_round_under_way_opens_its_tasks(
    cast: Cast, scene: None, desk: Client
) -> None:
    region = cast.station.region.code
    for query, asked in (("", {}), (f"?region={region}", {"region": [region]})):
        page = desk.get(reverse("overview") + query)
        running = page.context["told"].running
        [(address, words)] = re.findall(
            r'<a href="(/bureau/rounds/[^"]+)">([^<]+)</a>', page.content.decode()
        )
        parts = urlsplit(address)

        assert (parts.path, parts.fragment) == (
            reverse("desk-round", args=[running.round_id]), "tasks"
        )  # fmt: skip
        assert parse_qs(parts.query) == asked
        assert words == f"第一轮 {running.audited}/{running.total}"
        told = desk.get(f"{parts.path}?{parts.query}").context
        assert len(told["tasks"]) == running.total
        assert sum(one.assignment.status == "complete" for one in told["tasks"]) == running.audited


@pytest.mark.parametrize("name", ["overview", "wall", "wall-board"])
def test_supervisor_sees_the_subdistrict_only(
    name: str, cast: Cast, scene: None, client: Client
) -> None:
    client.force_login(cast.supervisor)

    page = client.get(reverse(name))
    other = client.get(reverse(name), {"region": cast.other_station.region.code})
    whole = client.get(reverse(name), {"region": "440309"})

    assert (page.context["reading"].denominator, page.context["lens"].region) == (
        2, cast.station.region
    )  # fmt: skip
    assert cast.other_station.short_name not in page.content.decode()
    assert (other.status_code, whole.status_code) == (404, 404)


@pytest.mark.parametrize("asked", [{"period": "nonsense"}, {"period": "r999"}, {"region": "1"}])
def test_what_is_no_place_or_period_is_not_found(
    asked: dict[str, str], scene: None, desk: Client
) -> None:
    assert desk.get(reverse("overview"), asked).status_code == 404


def test_a_day_that_is_none_falls_back_to_today(scene: None, desk: Client) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    for asked in ("nonsense", tomorrow.isoformat()):
        page = desk.get(reverse("overview"), {"as_of": asked, "reading": "nonsense"})
        assert page.context["lens"].as_of is None
        assert "1 ÷ 3" in page.content.decode()


def test_past_day_is_said_and_read_from_the_events(scene: None, desk: Client) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    page = desk.get(reverse("overview"), {"as_of": yesterday.isoformat()})

    assert page.context["told"].is_past is True
    assert page.context["reading"].denominator == 0
    assert "回到今天" in page.content.decode()


def test_nothing_audited_is_not_nothing_wrong(cast: Cast, desk: Client) -> None:
    make.version()

    page = desk.get(reverse("overview"))

    text = page.content.decode()
    assert page.context["has_audits"] is False
    assert "尚无检查" in text
    assert "还没有检查结果" in text
    assert reverse("desk-round-new") in text
    assert "无问题" not in text


def test_audited_without_a_problem_says_so(cast: Cast, desk: Client) -> None:
    make.version()
    make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station))
    make.figures()

    page = desk.get(reverse("overview"))

    assert page.context["reading"].band == "no_problems"
    assert "检查过的单位没有发现问题。" in page.content.decode()


def test_reading_of_today_counts_the_closed_as_pass(scene: None, desk: Client) -> None:
    inspected = desk.get(reverse("overview")).content.decode()
    today = desk.get(reverse("overview"), {"reading": "today"}).content.decode()

    def cells(text: str) -> list[str]:
        return re.findall(r'<td class="lv-\d"><a href="[^"]+" title="[^"]*">(\d+)</a>', text)

    assert cells(inspected) == ["50", "83", "50", "100"]
    assert cells(today) == ["50", "100", "50", "100"]


def test_every_link_opens(scene: None, desk: Client) -> None:
    text = desk.get(reverse("overview"), {"reading": "today"}).content.decode()
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/bureau/[^"#]+)', text)}
    opened = {link for link in links if "/figure/" in link or "/score/" in link}

    assert len(opened) >= 15
    for link in sorted(links):
        assert desk.get(link).status_code == 200, link
    assert all(parse_qs(urlsplit(link).query).get("reading") == ["today"] for link in opened)


@pytest.mark.parametrize("stations", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("overview", 10), ("wall-board", 9)])
def test_page_costs_the_same_for_one_and_three(
    name: str, queries: int, stations: int, cast: Cast, desk: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    make.version()
    round = make.round_(cast.bureau)
    for _number in range(stations):
        make.submitted(
            make.assignment(cast.bureau, cast.inspector, make.station(), round), A02="fail"
        )
    make.figures()

    with django_assert_num_queries(queries):
        desk.get(reverse(name))


def test_wall_shows_the_same_and_no_person(cast: Cast, scene: None, desk: Client) -> None:
    for person in (cast.bureau, cast.inspector, cast.head):
        person.display_name = f"某人{person.pk}"
        person.save()

    page, board = desk.get(reverse("wall")), desk.get(reverse("wall-board"))

    assert "33.3<small>%</small>" in board.content.decode()
    assert board.content in page.content
    assert "某人" not in page.content.decode() + board.content.decode()
    assert "<html" not in board.content.decode()


def test_wall_without_a_failing_item_says_so(cast: Cast, desk: Client) -> None:
    make.version()
    unseen = desk.get(reverse("wall-board")).content.decode()
    round = make.round_(cast.bureau, "第一轮")
    make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station, round))
    make.figures()

    seen = desk.get(reverse("wall-board")).content.decode()

    none_yet, none_failing = (
        '<p class="muted">还没有检查</p>',
        '<p class="muted">没有不合格的项。</p>',
    )
    assert (unseen.count(none_yet), unseen.count(none_failing)) == (2, 0)
    assert (seen.count(none_yet), seen.count(none_failing)) == (0, 2)
    assert '<ol class="rank' not in unseen + seen


def test_wall_takes_no_stations_rate_for_its_subdistricts(
    cast: Cast, scene: None, client: Client
) -> None:
    type(cast.station).objects.filter(pk=cast.station.pk).update(code=cast.station.region.code)
    client.force_login(cast.supervisor)

    assert client.get(reverse("wall")).context["rates"] == {}


def test_places_to_look_from_are_the_top_and_what_lies_near(cast: Cast, client: Client) -> None:
    own, below = cast.station.region.parent, cast.station.region
    client.force_login(cast.bureau)

    at_top = client.get(reverse("overview")).context["lens"].regions
    lower = client.get(reverse("overview"), {"region": below.code}).context["lens"].regions

    assert at_top == lower == [own, *own.children.order_by("path")]
