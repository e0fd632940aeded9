"""A number opened: its formula, the rows behind it, one of them with photos and events."""

import datetime as dt
from fractions import Fraction

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audits.models import Finding, FindingEvent
from audits.services import findings, rounds
from tests import make
from tests.conftest import Cast


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


@pytest.fixture
def scene(cast: Cast) -> None:
    """Three problems: B02 here closed in one try, A02 here open and late, A02 there open."""
    make.version()
    round = make.round_(cast.bureau, "第一轮")
    here = make.assignment(cast.bureau, cast.inspector, cast.station, round)
    there = make.assignment(cast.bureau, cast.inspector, cast.other_station, round)
    make.submitted(here, A02="fail", B02="partial")
    make.submitted(there, A02="fail")
    closed = make.rectified(Finding.objects.get(item_code="B02"), cast.head)
    findings.close(finding=closed, by=cast.bureau, now=timezone.now())
    Finding.objects.filter(item_code="A02", station=cast.station).update(
        due_on=timezone.localdate() - dt.timedelta(days=2)
    )
    make.figures()


def test_stations_behind_a_past_day_are_those_of_that_day(cast: Cast, desk: Client) -> None:
    """Assigned and looked at on the first day; a second station only on the next, taken out later."""
    first = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
    with time_machine.travel(first, tick=False) as clock:
        make.version()
        round = make.round_(cast.bureau)
        task = make.assignment(cast.bureau, cast.inspector, cast.station, round)
        make.submitted(task, A02="fail")
        clock.move_to(first + dt.timedelta(days=1))
        other = make.assignment(cast.bureau, cast.inspector, cast.other_station, round)
        clock.move_to(first + dt.timedelta(days=2))
        rounds.withdraw(assignment=other, by=cast.bureau, now=timezone.now())
        make.figures()
        clock.move_to(first + dt.timedelta(days=3))
        desk.force_login(cast.bureau)
        told = {}
        for day in ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"):
            for name in ("coverage", "stations_closed"):
                asked = {"period": f"r{round.pk}", "as_of": day}
                page = desk.get(figure(name), asked)
                formula = page.context["formula"]
                shown = [(one.code, one.is_complete) for one in page.context["stations"]]
                assert int(formula.denominator) == len(shown)
                told[day[-2:], name] = (formula.printed, shown)

    here, there = (cast.station.code, True), (cast.other_station.code, False)
    assert told == {
        ("01", "coverage"): ("0/0", []),
        ("02", "coverage"): ("1/1", [here]),
        ("03", "coverage"): ("1/2", [there, here]),
        ("04", "coverage"): ("1/1", [here]),
        ("01", "stations_closed"): ("0/0", []),
        ("02", "stations_closed"): ("0/1", [here]),
        ("03", "stations_closed"): ("0/1", [here]),
        ("04", "stations_closed"): ("0/1", [here]),
    }


def figure(name: str) -> str:
    return reverse("figure", args=[name])


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "printed", "rows"),
    [
        ("rate", "1", "3", "33.3%", 3),
        ("overdue", "1", "2", "1", 1),
        ("on_time", "1", "1", "100.0%", 1),
        ("first_pass", "1", "1", "100.0%", 1),
        ("repeat", "0", "3", "0.0%", 0),
        ("coverage", "2", "2", "2/2", 2),
        ("stations_closed", "0", "2", "0/2", 2),
        ("scores", "150.0", "2", "75.0", 2),
    ],
)
def test_formula_and_rows_agree(
    name: str, numerator: str, denominator: str, printed: str, rows: int, scene: None, desk: Client
) -> None:
    page = desk.get(figure(name))

    formula = page.context["formula"]
    shown = page.context.get("page")
    assert (formula.numerator, formula.denominator) == (numerator, denominator)
    assert formula.printed + formula.unit == printed
    assert (len(shown) if shown is not None else len(page.context["stations"])) == rows


def test_item_that_fails_most_lists_its_stations(scene: None, desk: Client, cast: Cast) -> None:
    page = desk.get(figure("failing"), {"item": "A02"})

    assert page.context["formula"].printed == "2/2"
    assert [line.code for line in page.context["stations"]] == [
        cast.station.code, cast.other_station.code
    ]  # fmt: skip
    assert [line.code for line in page.context["chosen"].failing] == ["A02"]
    assert desk.get(figure("failing"), {"item": "Z99"}).status_code == 404
    assert desk.get(figure("nonsense")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"part": "closed"}, ["B02"]),
        ({"part": "open"}, ["A02", "A02"]),
        ({"part": "nonsense"}, ["A02", "B02", "A02"]),
        ({"item": "B02"}, ["B02"]),
        ({"region": "440309002"}, ["A02"]),
    ],
)
def test_list_is_narrowed_by_the_address(
    asked: dict[str, str], codes: list[str], scene: None, desk: Client
) -> None:
    page = desk.get(figure("rate"), asked)

    assert sorted(finding.item_code for finding in page.context["page"]) == sorted(codes)


def test_station_narrows_the_list_and_each_choice_says_how_many(
    scene: None, desk: Client, cast: Cast
) -> None:
    page = desk.get(figure("rate"), {"station": cast.other_station.code})

    assert [finding.station for finding in page.context["page"]] == [cast.other_station]
    assert [(one.station, one.count) for one in page.context["choices"]] == [
        (cast.station, 2), (cast.other_station, 1)
    ]  # fmt: skip


def test_address_names_the_line_and_its_photo(scene: None, desk: Client, cast: Cast) -> None:
    finding = Finding.objects.get(item_code="B02")
    photo = finding.photos.get(kind="after")

    page = desk.get(figure("rate"), {"finding": finding.pk, "photo": photo.pk})
    first = desk.get(figure("rate"))

    assert (page.context["finding"], page.context["photo"]) == (finding, photo)
    assert [event.kind for event in page.context["case"].events] == [
        FindingEvent.Kind.CLOSED, "submitted", "started", "raised"
    ]  # fmt: skip
    assert page.context["is_chosen"] is True
    assert first.context["is_chosen"] is False
    assert first.context["finding"] == first.context["page"][0]


def test_another_subdistricts_line_is_not_found(scene: None, cast: Cast, client: Client) -> None:
    foreign = Finding.objects.get(station=cast.other_station)
    client.force_login(cast.supervisor)

    assert client.get(figure("rate"), {"finding": foreign.pk}).status_code == 404
    assert client.get(figure("rate"), {"region": "440309"}).status_code == 404
    assert len(client.get(figure("rate")).context["page"]) == 2


def test_past_day_lists_what_stood_then(scene: None, desk: Client) -> None:
    raised = timezone.now() - dt.timedelta(days=3)
    Finding.objects.update(raised_at=raised)
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    page = desk.get(figure("rate"), {"as_of": yesterday.isoformat()})

    assert page.status_code == 200
    assert len(page.context["page"]) == page.context["reading"].denominator


@pytest.mark.parametrize("name", ["rate", "coverage"])
@pytest.mark.parametrize("stations", [1, 3])
def test_figure_costs_the_same_for_one_and_three(
    name: str, stations: int, cast: Cast, desk: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    make.version()
    round = make.round_(cast.bureau)
    for _number in range(stations):
        make.submitted(
            make.assignment(cast.bureau, cast.inspector, make.station(), round), A02="fail"
        )
    make.figures()

    with django_assert_num_queries({"rate": 19, "coverage": 14}[name]):
        desk.get(figure(name))


def test_stations_score_opens_to_its_items(
    scene: None, cast: Cast, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = reverse("station-score", args=[cast.station.code])

    with django_assert_num_queries(14):
        page = desk.get(url, {"section": "B"})
    empty = desk.get(url, {"period": "y2020"})

    summary, tree = page.context["summary"], page.context["tree"]
    assert (summary.total, summary.total_today, tree.total) == (70, 80, 70)
    assert [(cell.code, cell.value, cell.value_today) for cell in summary.sections] == [
        ("A", 50, 50), ("B", Fraction(250, 3), 100)
    ]  # fmt: skip
    assert [(part.code, part.lost) for part in tree.parts] == [("A", 1), ("B", 1)]
    assert [mark.printed for _revision, mark in page.context["past"]] == ["70.0"]
    assert empty.context["tree"] is None
    assert "还没有检查结果" in empty.content.decode()
