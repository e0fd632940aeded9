"""GET indicators/effect/ and the summaries: whole answers, every door, the stranger at each."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from audits.models import Finding, Round
from audits.services import findings
from tests import make
from tests.conftest import Cast

Api = Callable[..., APIClient]


@pytest.fixture
def round(cast: Cast) -> Round:
    """Two stations looked at: three findings here (one closed, one handed in), one elsewhere."""
    make.version()
    opened = make.round_(cast.bureau)
    here = make.assignment(cast.bureau, cast.inspector, cast.station, opened)
    there = make.assignment(cast.bureau, cast.inspector2, cast.other_station, opened)
    make.submitted(here, A01="fail", A02="fail", B02="partial")
    make.submitted(there, A01="fail")
    first, second = Finding.objects.filter(station=cast.station).order_by("item_code")[:2]
    findings.close(finding=make.rectified(first, cast.head), by=cast.inspector, now=timezone.now())
    make.rectified(second, cast.head)
    make.figures()
    return opened


def effect(client: APIClient, **params: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/indicators/effect/", params)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_effect_tells_the_whole_reading(cast: Cast, round: Round, api: Api) -> None:
    told = effect(api(cast.bureau), round=round.pk)

    assert told.pop("formula")
    assert told == {
        "numerator": 1,
        "denominator": 4,
        "rate": 25,
        "band": "below",
        "target_mode": "upper",
        "target": "完成 80% 以上问题",
        "lower": 70,
        "upper": 80,
        "to_lower": 2,
        "to_upper": 3,
        "other_reading": {
            "mode": "lower", "target": 70, "is_reached": False, "short": 2, "over": 0
        },
        "submitted": 1,
        "open": 2,
        "waived": 0,
        "voided": 0,
        "coverage": {"audited": 2, "total": 2},
        "on_time_rate": {"numerator": 1, "denominator": 1, "rate": 100},
        "first_pass_rate": {"numerator": 1, "denominator": 1, "rate": 100},
        "repeat_rate": {"numerator": 0, "denominator": 4, "rate": 0},
        "stations_closed_rate": {"numerator": 0, "denominator": 2, "rate": 0},
        "region": "440309",
        "round": round.pk,
        "year": None,
        "as_of": timezone.localdate().isoformat(),
        "rule_version": 1,
    }  # fmt: skip


def test_effect_without_round_is_of_this_year(cast: Cast, round: Round, api: Api) -> None:
    told = effect(api(cast.bureau))

    assert (told["year"], told["round"], told["denominator"]) == (
        timezone.localdate().year, None, 4
    )  # fmt: skip


def test_effect_of_each_role_is_of_its_own_scope(cast: Cast, round: Round, api: Api) -> None:
    seen = {
        name: effect(api(getattr(cast, name)), round=round.pk)["denominator"]
        for name in ("bureau", "supervisor", "inspector", "inspector2", "head", "stranger")
    }

    assert seen == {
        "bureau": 4, "supervisor": 3, "inspector": 3, "inspector2": 1, "head": 3, "stranger": 1
    }  # fmt: skip


@pytest.mark.parametrize("name", ["sysadmin", "auditor"])
def test_effect_is_not_for_administrators(cast: Cast, api: Api, name: str) -> None:
    assert api(getattr(cast, name)).get("/api/v1/indicators/effect/").status_code == 403


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("supervisor", "440309"), ("supervisor", "440309002"), ("bureau", "440300"),
        ("head", "440309002"), ("head", "440309"), ("inspector2", "440309001"), ("bureau", "999"),
    ],
)  # fmt: skip
def test_a_region_out_of_scope_is_not_there(
    cast: Cast, round: Round, api: Api, name: str, code: str
) -> None:
    client = api(getattr(cast, name))

    for route in (f"indicators/effect/?region={code}", f"regions/{code}/summary/"):
        assert client.get(f"/api/v1/{route}").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("round=x", "round"), ("round=0", "round"), ("as_of=yesterday", "as_of"),
        ("as_of=2999-01-01", "as_of"), ("as_of=0001-01-01", "as_of"),
        ("region=4403090010020030", "region"), ("region=%00", "region"),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_named(cast: Cast, api: Api, query: str, field: str) -> None:
    answer = api(cast.bureau).get(f"/api/v1/indicators/effect/?{query}")

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_an_unknown_round_is_not_there(cast: Cast, api: Api) -> None:
    assert api(cast.bureau).get("/api/v1/indicators/effect/?round=99999").status_code == 404


def test_region_summary_tells_scores_in_both_readings(cast: Cast, round: Round, api: Api) -> None:
    told = api(cast.bureau).get(f"/api/v1/regions/440309/summary/?round={round.pk}").json()

    # 25/50 and 40/50 as inspected; the closed one counts as a pass today: 35/50 and 40/50
    assert (told["mean"], told["median"], told["minimum"]) == (65, 65, 50)
    assert told["today"] == {"mean": 75, "median": 75, "minimum": 70}
    assert (told["n"], told["total"], told["centre"]) == (2, 2, None)
    assert told["sections"][0] == {
        "code": "A", "title": "大项A", "n": 2, "mean": 25, "minimum": 0,
        "mean_today": 50, "minimum_today": 50,
    }  # fmt: skip
    assert [(child["code"], child["mean"], child["n"]) for child in told["children"]] == [
        ("440309001", 50, 1),
        ("440309002", 80, 1),
    ]


def test_region_summary_is_not_for_those_who_have_only_stations(
    cast: Cast, round: Round, api: Api
) -> None:
    for person in (cast.head, cast.inspector):
        assert api(person).get("/api/v1/regions/440309001/summary/").status_code == 403


def test_station_summary_is_for_its_head_and_not_for_the_stranger(
    cast: Cast, round: Round, api: Api
) -> None:
    route = f"/api/v1/stations/{cast.station.code}/summary/?round={round.pk}"

    told = api(cast.head).get(route).json()

    assert (told["score"], told["score_today"], told["grade"]) == (50, 70, "不合格")
    assert told["failing"] == ["A01", "A02", "B02"]
    assert told["effect"]["denominator"] == 3
    assert api(cast.stranger).get(route).status_code == 404


@pytest.mark.parametrize("stations", [1, 3])
def test_effect_takes_the_same_statements_however_many_stations(
    cast: Cast, api: Api, django_assert_num_queries: Any, stations: int
) -> None:
    make.version()
    opened = make.round_(cast.bureau)
    for _ in range(stations):
        make.submitted(
            make.assignment(cast.bureau, cast.inspector, make.station(), opened), A01="fail"
        )
    make.figures()
    client = api(cast.bureau)

    with django_assert_num_queries(3):
        effect(client, round=opened.pk)
