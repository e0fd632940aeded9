"""检查员校准: the arithmetic, the page, and what it opens."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audits.models import Audit, Round
from indicators.calibration import Tally, spread
from tests import make
from tests.conftest import Cast

ITEMS = [("A", "A01", "10", "none", False), ("A", "A02", "10", "none", False)]


def test_spread_is_the_widest_gap_of_those_with_enough_cases() -> None:
    told = spread("A01", [Tally(1, 20, 2), Tally(2, 20, 15), Tally(3, 4, 4)])

    assert told is not None
    assert [one.tally.inspector for one in told.compared] == [2, 1]
    assert told.spread == 65
    assert [(one.gap, one.is_clear) for one in told.compared] == [(65, True), (-65, True)]
    assert told.thin == [Tally(3, 4, 4)]


@pytest.mark.parametrize(
    ("mine", "theirs", "is_clear"),
    [
        ((5, 5), (5, 0), True),  # all against none
        ((5, 3), (5, 1), False),
        ((36, 1), (38, 9), False),  # 20.9 points, z = 2.6
        ((36, 1), (38, 12), True),
        ((10, 0), (10, 0), False),
        ((10, 10), (10, 10), False),
    ],
)
def test_gap_is_clear_beyond_three_standard_errors(
    mine: tuple[int, int], theirs: tuple[int, int], is_clear: bool
) -> None:
    told = spread("A01", [Tally(1, *mine), Tally(2, *theirs)])

    assert told is not None
    assert told.is_clear is is_clear


def test_one_inspector_alone_is_not_compared() -> None:
    assert spread("A01", [Tally(1, 50, 10), Tally(2, 4, 4)]) is None


def test_gap_of_one_to_the_others_together() -> None:
    told = spread("A01", [Tally(1, 10, 5), Tally(2, 10, 1), Tally(3, 20, 2)])

    assert told is not None
    # 5/10 beside 3/30, 1/10 beside 7/30, 2/20 beside 6/20
    assert [one.gap for one in told.compared] == [40, Fraction(-40, 3), -20]


@pytest.fixture
def visits(cast: Cast) -> None:
    """Five stations each; the second inspector fails A02 everywhere, the first nowhere."""
    make.version(items=ITEMS)
    round = make.round_(cast.bureau)
    for inspector, result in ((cast.inspector, "pass"), (cast.inspector2, "fail")):
        for _number in range(5):
            task = make.assignment(cast.bureau, inspector, make.station(), round)
            make.submitted(task, A02=result)


def opened(client: Client, **asked: object) -> tuple[dict[str, object], str]:
    page = client.get(reverse("calibration"), asked)
    assert page.status_code == 200
    return page.context, page.content.decode()


def test_page_opens_from_gap_to_inspector_to_visit(
    cast: Cast, visits: None, client: Client
) -> None:
    client.force_login(cast.bureau)

    context, text = opened(client)
    told = context["told"]
    first = told.items[0]
    assert (first.code, first.told.spread, first.told.is_clear) == ("A02", 100, True)
    assert (context["clear"], len(told.items)) == (1, 2)
    assert [(line.audits, line.tally.failed, line.tally.asked, line.stricter, line.milder)
            for line in told.inspectors] == [(5, 0, 10, 0, 1), (5, 5, 10, 1, 0)]  # fmt: skip
    assert "差距明显" in text

    context, text = opened(client, item="A02", inspector=cast.inspector2.pk)
    audits = {answer.audit_id for answer in context["page"]}
    assert audits == set(
        Audit.objects.filter(started_by=cast.inspector2).values_list("pk", flat=True)
    )
    for audit in audits:
        assert client.get(f"{reverse('desk-audit', args=[audit])}").status_code == 200
        assert f"{reverse('desk-audit', args=[audit])}#A02" in text


def test_api_tells_what_the_page_does(cast: Cast, visits: None, client: Client) -> None:
    client.force_login(cast.bureau)
    round = Round.objects.get()

    told = client.get("/api/v1/indicators/calibration/", {"round": round.pk}).json()
    page = opened(client, period=f"r{round.pk}")[0]["told"]

    assert [(one["code"], one["spread"], one["is_clear"]) for one in told["items"]] == [
        (line.code, line.told.spread, line.told.is_clear) for line in page.items
    ] == [("A02", 100, True), ("A01", 0, False)]  # fmt: skip
    assert told["items"][0]["title"] == "检查项A02"
    assert told["items"][0]["compared"] == [
        {"inspector": "inspector2", "asked": 5, "failed": 5, "rate": 100, "gap": 100,
         "is_clear": True},
        {"inspector": "inspector", "asked": 5, "failed": 0, "rate": 0, "gap": -100,
         "is_clear": True},
    ]  # fmt: skip
    assert told["inspectors"] == [
        {"inspector": "inspector", "asked": 10, "failed": 0, "rate": 0, "audits": 5,
         "stricter": 0, "milder": 1},
        {"inspector": "inspector2", "asked": 10, "failed": 5, "rate": 50, "audits": 5,
         "stricter": 1, "milder": 0},
    ]  # fmt: skip
    assert {name: told[name] for name in ("region", "round", "year", "enough", "uncompared")} == {
        "region": "440309", "round": round.pk, "year": None, "enough": 5, "uncompared": 0
    }  # fmt: skip


def test_api_is_narrowed_to_the_scope_and_asked_in_four_statements(
    cast: Cast, visits: None, client: Client, django_assert_max_num_queries: Any
) -> None:
    route = "/api/v1/indicators/calibration/"
    client.force_login(cast.supervisor)
    with django_assert_max_num_queries(7):
        own = client.get(route)
    elsewhere = client.get(route, {"region": "440309002"})
    nowhere = client.get(route, {"round": 999_999})
    client.force_login(cast.inspector)
    refused = client.get(route)

    assert own.json()["region"] == cast.station.region.code
    assert [line["audits"] for line in own.json()["inspectors"]] == [5, 5]
    assert (elsewhere.status_code, nowhere.status_code, refused.status_code) == (404, 404, 403)


@pytest.mark.parametrize("asked", [{"item": "Z99"}, {"item": "A02", "inspector": 999_999}])
def test_what_is_not_there_is_not_found(
    asked: dict[str, object], cast: Cast, visits: None, client: Client
) -> None:
    client.force_login(cast.bureau)

    assert client.get(reverse("calibration"), asked).status_code == 404


def test_supervisor_compares_the_subdistrict_only(cast: Cast, visits: None, client: Client) -> None:
    elsewhere = make.round_(cast.bureau)
    for _number in range(5):
        station = make.station(region=cast.other_station.region)
        make.submitted(make.assignment(cast.bureau, cast.inspector, station, elsewhere), A01="fail")
    client.force_login(cast.supervisor)

    context, _text = opened(client)

    assert {line.code: line.told.spread for line in context["told"].items} == {"A01": 0, "A02": 100}
    assert client.get(reverse("calibration"), {"region": "440309002"}).status_code == 404


def test_too_few_cases_say_so(cast: Cast, client: Client) -> None:
    make.version(items=ITEMS)
    make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station), A02="fail")
    client.force_login(cast.bureau)

    context, text = opened(client)

    assert context["told"].items == []
    assert "还不能比" in text


@pytest.mark.parametrize("items", [1, 3])
def test_page_costs_the_same_for_one_and_three_items(
    items: int, cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.version(items=[("A", f"A0{n}", "10", "none", False) for n in range(items)])
    round = make.round_(cast.bureau)
    for number in range(10):
        inspector = (cast.inspector, cast.inspector2)[number % 2]
        make.submitted(make.assignment(cast.bureau, inspector, make.station(), round))
    client.force_login(cast.bureau)

    with django_assert_num_queries(11):
        opened(client, item="A00", inspector=cast.inspector.pk)
