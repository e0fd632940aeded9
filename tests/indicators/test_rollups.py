"""Stored roll-ups: what one station's rows say, and that regions are their exact sums."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.deadlines import SHANGHAI
from audits.models import Finding
from audits.services import audits, findings
from indicators import queries, recount, rollups
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period
from stations.models import Region
from stations.services import places
from tests import make
from tests.conftest import Cast


@pytest.fixture(autouse=True)
def _checklist(db: None) -> None:
    make.version()


def year() -> str:
    return f"y{timezone.localdate().year}"


def region_row(code: str, period: str) -> RegionRollup:
    return RegionRollup.objects.get(region__code=code, period=period)


def stored() -> list[dict[str, object]]:
    rows = [*StationRollup.objects.order_by("station", "period").values(),
            *RegionRollup.objects.order_by("region", "period").values()]  # fmt: skip
    return [
        {name: value for name, value in row.items() if name not in {"id", "computed_at"}}
        for row in rows
    ]


def test_a_submission_reaches_every_region_above(cast: Cast) -> None:
    task = make.assignment(cast.bureau, cast.inspector, cast.station)

    make.submitted(task, A01="fail", B02="partial")
    make.figures()

    row = StationRollup.objects.get(station=cast.station, period=f"r{task.round_id}")
    assert (row.earned, row.applicable, row.earned_today) == (35, 50, 35)
    assert (row.cohort, row.open, row.is_expected, row.is_audited) == (2, 2, True, True)
    assert row.failing == ["A01", "B02"]
    for code in ("440309001", "440309", "440300", "440000", "000000"):
        above = region_row(code, f"r{task.round_id}")
        assert (above.cohort, above.open, above.stations, above.audited) == (2, 2, 1, 1)
        assert above.totals == {"7/10": 1}
        assert above.spread == {"n": 1, "mean": "7/10", "median": "7/10", "minimum": "7/10"}
        assert above.sections["A"] == {
            "n": 1, "sum": "1/2", "minimum": "1/2", "sum_today": "1/2", "minimum_today": "1/2"
        }  # fmt: skip
        assert above.failing == {"A01": 1, "B02": 1}


def test_a_closed_finding_counts_as_a_pass_today_and_stays_a_loss_as_inspected(cast: Cast) -> None:
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(task, A02="fail")
    [finding] = Finding.objects.all()

    findings.close(
        finding=make.rectified(finding, cast.head), by=cast.inspector, now=timezone.now()
    )
    make.figures()

    row = StationRollup.objects.get(station=cast.station, period=f"r{task.round_id}")
    assert (row.earned, row.earned_today) == (40, 50)
    assert (row.closed, row.closed_on_time, row.closed_first_pass) == (1, 1, 1)
    assert row.sections[0] == {
        "code": "A", "earned": "10", "applicable": "20", "earned_today": "20"
    }  # fmt: skip
    above = region_row("440309", f"r{task.round_id}")
    assert (above.totals, above.totals_today) == ({"4/5": 1}, {"1/1": 1})
    assert (above.stations_with_findings, above.stations_all_closed) == (1, 1)


def test_rebuild_reaches_the_same_rows(cast: Cast) -> None:
    round = make.round_(cast.bureau)
    for station, failing in ((cast.station, "A01"), (cast.other_station, "B01")):
        task = make.assignment(cast.bureau, cast.inspector, station, round)
        make.submitted(task, **{failing: "fail"})
    make.figures()
    step_by_step = stored()

    changed = rollups.rebuild(now=timezone.now())

    assert changed == 0
    StationRollup.objects.all().delete()
    RegionRollup.objects.all().delete()
    rollups.rebuild(now=timezone.now())
    assert stored() == step_by_step


def test_the_practice_station_is_in_no_figure(cast: Cast) -> None:
    practice = make.station(is_practice=True, region=cast.station.region)
    task = make.assignment(cast.bureau, cast.inspector, practice)

    make.submitted(task, A01="fail")
    make.figures()

    assert not StationRollup.objects.filter(station=practice).exists()
    assert not RegionRollup.objects.filter(cohort__gt=0).exists()


def test_the_centre_stands_beside_the_scores(cast: Cast) -> None:
    centre = make.station(kind="centre", region=make.region("440309"))
    round = make.round_(cast.bureau)
    for station in (centre, cast.station):
        task = make.assignment(cast.bureau, cast.inspector, station, round)
        make.submitted(task, **({"A01": "fail"} if station == centre else {}))
    make.figures()

    row = region_row("440309", f"r{round.pk}")

    assert (row.stations, row.audited, row.cohort) == (2, 2, 1)
    assert (row.expected, row.scored_stations, row.totals) == (1, 1, {"1/1": 1})


def test_a_withdrawn_task_takes_its_rows_along(cast: Cast) -> None:
    from audits.services import rounds

    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.figures()
    assert region_row("440309", f"r{task.round_id}").stations == 1

    rounds.withdraw(assignment=task, by=cast.bureau, now=timezone.now())
    make.figures()

    assert not StationRollup.objects.filter(period__startswith="r").exists()
    assert not RegionRollup.objects.filter(period__startswith="r").exists()


def test_a_reopened_audit_keeps_its_score_but_is_not_covered(cast: Cast) -> None:
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    audit = make.submitted(task, A01="fail")

    audits.reopen_audit(audit=audit, reason="漏拍", by=cast.bureau, now=timezone.now())
    make.figures()

    row = StationRollup.objects.get(station=cast.station, period=f"r{task.round_id}")
    assert (row.is_audited, row.earned) == (False, Decimal(40))


def test_a_finding_reopened_by_the_next_round_is_in_both_cohorts_and_once_in_the_year(
    cast: Cast,
) -> None:
    first = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(first, A01="fail")
    [finding] = Finding.objects.all()
    findings.close(
        finding=make.rectified(finding, cast.head), by=cast.inspector, now=timezone.now()
    )

    second = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(second, A01="fail")
    make.figures()

    cohorts = {
        row.period: (row.cohort, row.closed, row.repeats)
        for row in RegionRollup.objects.filter(region__code="440309")
    }
    assert cohorts == {
        f"r{first.round_id}": (1, 0, 0),
        f"r{second.round_id}": (1, 0, 0),
        year(): (1, 0, 0),
    }


def test_a_station_nobody_visited_stays_in_the_coverage_of_a_year_gone_by(cast: Cast) -> None:
    """The self-evaluation of a year is written in the next: skipped stations may not have gone."""
    new_year = dt.datetime(timezone.localdate().year, 1, 1, tzinfo=SHANGHAI)
    before, after = new_year - dt.timedelta(days=3), new_year + dt.timedelta(days=5)
    make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station), now=before)
    old = Period.of_year(before.year)

    told = []
    for do in (
        lambda: rollups.rebuild(now=before),
        lambda: rollups.rebuild(now=after),
        lambda: rollups.recompute_station(cast.other_station.pk, now=after),
        lambda: rollups.recompute_station(cast.station.pk, now=after),
    ):
        do()
        row = region_row("440309", old.key)
        told.append((row.audited, row.stations))
    region = Region.objects.get(code="440309")
    past = queries.overview(
        region=region, period=old, today=timezone.localdate(), as_of=after.date()
    ).reading.coverage  # fmt: skip

    assert told == [(1, 2)] * 4
    assert (past.audited, past.total) == (1, 2)
    assert [wrong.words for wrong in recount.differences(after.date())] == []


def test_a_finding_of_last_year_reopened_now_stays_with_last_year_and_the_round(
    cast: Cast,
) -> None:
    now = timezone.now()
    new_year = dt.datetime(now.year, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    first = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(first, now=new_year - dt.timedelta(days=3), A02="fail")
    make.figures()

    cohorts = dict(
        RegionRollup.objects.filter(region__code="440309").values_list("period", "cohort")
    )

    assert cohorts[f"y{now.year - 1}"] == 1
    assert cohorts[f"y{now.year}"] == 0


def test_opening_and_closing_a_station_moves_the_totals_of_all_above(cast: Cast) -> None:
    now, today = timezone.now(), timezone.localdate()
    rollups.rebuild(now=now)
    opened = places.open_station(
        new=places.NewStation(code="440309001-W99", name_zh="新设服务站"), kind="community",
        region=cast.station.region, opened_on=today, by=cast.bureau, now=now,
    )  # fmt: skip
    make.figures()
    with_it = region_row("440309", year()).stations

    places.close_station(station=opened, on=today + dt.timedelta(days=1), by=cast.bureau, now=now)
    make.figures()
    on_the_last_day = region_row("440309", year()).stations
    rollups.rebuild(now=now + dt.timedelta(days=1))

    assert (with_it, on_the_last_day) == (3, 3)
    if (today + dt.timedelta(days=1)).year == today.year:
        assert region_row("440309", year()).stations == 2


def test_a_recompute_costs_the_same_statements_however_many_stations(cast: Cast) -> None:
    opened = make.round_(cast.bureau)

    def statements() -> int:
        task = make.assignment(cast.bureau, cast.inspector, make.station(), opened)
        make.submitted(task, A02="fail")
        with CaptureQueriesContext(connection) as asked:
            rollups.recompute_station(task.station_id, now=timezone.now())
        return len([query for query in asked if "advisory" not in query["sql"]])

    first = statements()
    make.figures()
    assert {statements() for _ in range(3)} == {first}
    assert first <= 33


def test_three_runs_leave_what_one_left(cast: Cast) -> None:
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(task, A01="fail")
    make.figures()
    once = stored()

    for _ in range(3):
        rollups.recompute_station(cast.station.pk, now=timezone.now())

    assert stored() == once
