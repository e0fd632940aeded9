"""距目标工作单 and 得分表: which problems, cheapest first; scores sorted and filtered by address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audits.models import CommonCause, Finding
from audits.services import findings
from indicators import rollups
from indicators.queries import heat
from tests import make
from tests.conftest import Cast

ITEMS = [
    ("A", "A01", "10", "none", False), ("A", "A02", "10", "none", False),
    ("B", "B01", "20", "none", False), ("B", "B02", "10", "none", False),
]  # fmt: skip


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


@pytest.fixture
def scene(cast: Cast) -> None:
    """Ten problems: one closed, one awaiting, B02 open at four stations, A01 at three, B01 at one."""
    make.version(items=ITEMS)
    round = make.round_(cast.bureau)
    failing = {cast.station: "A01 B02 A02", cast.other_station: "A01 B02"}
    failing |= {make.station(region=cast.station.region): "B02 A01"}
    failing |= {make.station(region=cast.other_station.region): "B02 A01 B01"}
    for station, codes in failing.items():
        task = make.assignment(cast.bureau, cast.inspector, station, round)
        make.submitted(task, **dict.fromkeys(codes.split(), "fail"))
    closed = make.rectified(Finding.objects.get(item_code="A02"), cast.head)
    findings.close(finding=closed, by=cast.bureau, now=timezone.now())
    make.rectified(Finding.objects.get(station=cast.station, item_code="A01"), cast.head)
    make.figures()


def work(client: Client, **asked: Any) -> tuple[dict[str, Any], str]:
    page = client.get(reverse("worklist"), asked)
    assert page.status_code == 200
    return page.context, page.content.decode()


def test_work_is_cheapest_first_and_says_where_the_target_is_reached(
    scene: None, desk: Client
) -> None:
    context, text = work(desk)

    sheet = context["sheet"]
    assert (context["reading"].numerator, context["reading"].denominator) == (1, 10)
    assert sheet.needed == 7
    assert [(group.kind, group.code, group.findings, group.upto, group.reaches)
            for group in sheet.groups] == [
        ("submitted", "", 1, 2, False), ("item", "B02", 4, 6, False),
        ("item", "A01", 3, 9, True), ("item", "B01", 1, 10, False),
    ]  # fmt: skip
    assert sheet.statuses == {"submitted": 1, "open": 8}
    codes = [finding.item_code for finding in context["page"]]
    assert codes == ["A01", *["B02"] * 4, *["A01"] * 3, "B01"]
    assert text.count("做到这里达到 80%") == 2  # beside the group and in the list
    before, _, after = text.partition('<tr class="is-goal">')
    row = '<td><a href="/bureau/findings/'
    assert (before.count(row), after.count(row)) == (6, 3)


def test_work_agrees_with_the_overview(scene: None, desk: Client) -> None:
    overview = desk.get(reverse("overview")).context["told"].work
    sheet = work(desk)[0]["sheet"]

    assert overview.to_target == sheet.needed
    told = [
        (group.kind, group.code, group.title or "待复查", group.findings) for group in sheet.groups
    ]
    assert [(one.kind, one.code, one.title, one.findings) for one in overview.groups] == told[
        : len(overview.groups)
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"part": "submitted"}, ["A01"]),
        ({"part": "open", "item": "A01"}, ["A01"] * 3),
        ({"item": "B01"}, ["B01"]),
        ({"part": "overdue"}, []),
        ({"region": "440309002"}, ["B02", "B02", "A01", "A01", "B01"]),
    ],
)
def test_work_narrowed_by_its_address(
    asked: dict[str, str], found: list[str], scene: None, desk: Client
) -> None:
    context, _text = work(desk, **asked)

    assert sorted(finding.item_code for finding in context["page"]) == sorted(found)


def test_what_is_overdue_and_led_by_somebody_is_said(cast: Cast, scene: None, desk: Client) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Finding.objects.filter(item_code="B01").update(due_on=yesterday)
    cause = CommonCause.objects.create(
        item_code="B02", title="检查项B02", owner="综合科", note="统一采购", due_on=yesterday,
        created_at=timezone.now(), created_by=cast.bureau,
    )  # fmt: skip
    cause.findings.set(Finding.objects.filter(item_code="B02"))

    context, text = work(desk)

    groups = {group.code: group for group in context["sheet"].groups}
    assert (context["sheet"].overdue, groups["B01"].overdue, groups["B02"].overdue) == (1, 1, 0)
    assert [one.owner for one in groups["B02"].causes] == ["综合科"]
    assert "综合科牵头" in text


@pytest.mark.parametrize("stations", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("worklist", 11), ("heat", 8)])
def test_page_costs_the_same_for_one_and_three(
    name: str, queries: int, stations: int, cast: Cast, desk: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    make.version(items=ITEMS)
    round = make.round_(cast.bureau)
    for _number in range(stations):
        task = make.assignment(cast.bureau, cast.inspector, make.station(), round)
        make.submitted(task, A02="fail")
    make.figures()

    with django_assert_num_queries(queries):
        desk.get(reverse(name))


def rows(client: Client, **asked: Any) -> list[str]:
    page = client.get(reverse("heat"), asked)
    assert page.status_code == 200
    return [one.row.code for one in page.context["rows"]]


def test_scores_sort_by_any_column_and_keep_the_reading(
    cast: Cast, scene: None, desk: Client
) -> None:
    worst_b = Finding.objects.get(item_code="B01").station.code
    unseen = make.station(region=cast.station.region)
    rollups.recompute_station(unseen.pk, now=timezone.now())

    up, down = rows(desk, sort="B"), rows(desk, sort="-B")

    assert (up[0], down[-2]) == (worst_b, worst_b)
    assert (up[-1], down[-1]) == (
        unseen.code,
        unseen.code,
    )  # nothing known is neither best nor worst
    assert rows(desk, sort="A")[0] == cast.station.code
    assert scores_of(desk, "A") == [0, 50, 50, 50, None]
    assert scores_of(desk, "A", reading="today") == [50, 50, 50, 50, None]  # A02 is closed
    assert rows(desk, sort="nonsense") == rows(desk)
    names = [one.row.name for one in desk.get(reverse("heat"), {"sort": "-name"}).context["rows"]]
    assert names == sorted(names, reverse=True)


def scores_of(client: Client, section: str, **asked: str) -> list[Any]:
    page = client.get(reverse("heat"), {"sort": section, **asked})
    cells = [cell for one in page.context["rows"] for cell in one.row.cells if cell.code == section]
    return [cell.value_today if asked else cell.value for cell in cells]


def test_scores_are_filtered_by_words_and_level(cast: Cast, scene: None, desk: Client) -> None:
    assert rows(desk, search=cast.station.code) == [cast.station.code]
    assert len(rows(desk, search="民治")) == 2
    assert len(rows(desk, below="70")) == 4
    assert rows(desk, search="没有这样的站") == []


def test_scores_of_many_stations_are_listed_by_region(
    cast: Cast, scene: None, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heat, "MOST_STATIONS", 3)

    page = desk.get(reverse("heat"), {"sort": "total"})

    told = [(one.row.kind, one.row.code) for one in page.context["rows"]]
    assert sorted(told) == [("region", "440309001"), ("region", "440309002")]
    links = [f"{reverse('heat')}?region=440309001", f"{reverse('heat')}?region=440309002"]
    assert all(link in page.content.decode() for link in links)


def test_heads_say_how_they_sort(scene: None, desk: Client) -> None:
    text = desk.get(reverse("heat"), {"sort": "-A", "below": "70"}).content.decode()

    assert text.count('aria-sort="descending"') == 1
    assert "sort=A&amp;below=70" in text


@pytest.mark.parametrize("as_of", ["", "yesterday"])
def test_problems_outside_the_checklist_open_to_themselves(
    cast: Cast, scene: None, desk: Client, as_of: str
) -> None:
    """They have no code, and an empty one had asked for everything."""
    made = timezone.now() - dt.timedelta(days=1)
    noted = make.noted(cast.bureau, cast.station, now=made)
    make.figures()
    day = timezone.localtime(made).date().isoformat() if as_of else ""

    _, text = work(desk, as_of=day)
    opened, _ = work(desk, part="open", item="-", as_of=day)
    figure = desk.get(reverse("figure", args=["rate"]), {"part": "open", "item": "-", "as_of": day})

    assert "part=open&amp;item=-" in text
    assert [one.pk for one in opened["page"]] == [noted.pk]
    assert [one.pk for one in figure.context["page"]] == [noted.pk]
    assert "检查表以外的问题" in figure.content.decode()


def test_what_awaits_re_check_in_one_place_opens_to_that_place(
    cast: Cast, scene: None, desk: Client
) -> None:
    """The queue is of the whole scope; a part of it opens to its own list."""
    link = f'href="{reverse("desk-review")}"'
    for asked in ({}, {"region": cast.station.region.code}):
        told = desk.get(reverse("overview"), asked).content.decode()
        todo = told[told.index("hero__todo") :].partition("</ul>")[0]
        assert (link in todo) == (not asked)
