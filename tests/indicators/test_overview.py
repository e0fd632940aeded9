"""The overview's figures and the lists behind them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.models import Finding, Round
from audits.services import findings
from indicators import queries, rollups
from indicators.periods import Period
from indicators.queries import heat
from stations.models import Region
from tests import make
from tests.conftest import Cast


@pytest.fixture
def round(cast: Cast) -> Round:
    """The centre, two stations with findings and one without; one closed, one handed in."""
    make.version()
    opened = make.round_(cast.bureau)
    centre = make.station(kind="centre", region=make.region("440309"), code="440309")
    clean = make.station(region=cast.other_station.region)
    for station, results in (
        (cast.station, {"A01": "fail", "A02": "fail", "B02": "partial"}),
        (cast.other_station, {"A01": "fail"}),
        (centre, {"A02": "partial"}),
        (clean, {}),
    ):
        task = make.assignment(cast.bureau, cast.inspector, station, opened)
        make.submitted(task, **results)
    first, second = Finding.objects.filter(station=cast.station).order_by("item_code")[:2]
    findings.close(finding=make.rectified(first, cast.head), by=cast.inspector, now=timezone.now())
    make.rectified(second, cast.head)
    make.figures()
    return opened


def district() -> Region:
    return Region.objects.get(code="440309")


def overview(round: Round, **options: Any) -> queries.Overview:
    return queries.overview(
        region=district(),
        period=Period.of_round(round.pk),
        today=timezone.localdate(),
        **options,
    )


def test_overview_tells_every_figure_of_the_page(cast: Cast, round: Round) -> None:
    told = overview(round)

    assert (told.reading.numerator, told.reading.denominator, told.reading.submitted) == (1, 5, 1)
    assert (told.reading.coverage.audited, told.reading.coverage.total) == (4, 4)
    assert (told.period_name, told.is_past, told.running) == (round.name, False, None)
    assert (told.scores.mean, told.scores.median, told.scores.minimum) == (
        Fraction(230, 3), 80, 50
    )  # fmt: skip
    assert (told.scores.n, told.scores.total) == (3, 3)
    assert told.scores_today.minimum == 70
    assert told.centre is not None
    assert (told.centre.score, told.centre.grade, told.centre.previous) == (90, "优秀", None)
    assert [(line.code, line.stations, line.asked) for line in told.failing] == [
        ("A01", 2, 3), ("A02", 1, 3), ("B02", 1, 3)
    ]  # fmt: skip
    assert [(line.code, line.reading.numerator, line.reading.denominator)
            for line in told.comparison] == [
        ("440309001", 1, 3), ("440309002", 0, 1), ("440309", 0, 1)
    ]  # fmt: skip
    assert (told.trend[-1].numerator, told.trend[-1].denominator) == (1, 5)
    assert (told.reused.photos, told.reused.across) == (0, 0)


def test_the_heat_table_lists_stations_by_subdistrict_without_the_centre(
    cast: Cast, round: Round
) -> None:
    told = overview(round).heat

    assert [column.code for column in told.columns] == ["A", "B"]
    assert [(group.code, len(group.rows)) for group in told.groups] == [
        ("440309001", 1), ("440309002", 2)
    ]  # fmt: skip
    [row] = told.groups[0].rows
    assert [(cell.code, cell.value, cell.value_today) for cell in row.cells] == [
        ("A", 0, 50), ("B", Fraction(250, 3), Fraction(250, 3))
    ]  # fmt: skip
    assert told.groups[1].mean == 90


def test_a_large_region_is_told_by_child_region(
    cast: Cast, round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heat, "MOST_STATIONS", 2)

    told = overview(round)

    assert told.heat.is_by_region
    assert [(row.code, row.total) for row in told.heat.groups[0].rows] == [
        ("440309001", 50), ("440309002", 90)
    ]  # fmt: skip
    assert len(told.comparison) == 3


def test_the_work_list_goes_from_cheapest_until_the_target_is_reached(
    cast: Cast, round: Round
) -> None:
    told = overview(round).work

    assert (told.target, told.to_target) == (80, 3)
    assert [(group.kind, group.code, group.findings) for group in told.groups] == [
        ("submitted", "", 1), ("item", "A01", 1), ("item", "A02", 1)
    ]  # fmt: skip


def test_overdue_is_a_sum_at_reading_time(cast: Cast, round: Round) -> None:
    due = Finding.objects.filter(station=cast.other_station).get().due_on

    told = queries.overview(
        region=district(), period=Period.of_round(round.pk), today=due + dt.timedelta(days=4)
    ).overdue

    assert (told.findings, told.stations, told.longest_days) == (2, 2, 4)


@pytest.mark.parametrize("stations", [1, 3])
def test_overview_takes_the_same_few_statements_however_many_stations(
    cast: Cast, stations: int
) -> None:
    make.version()
    opened = make.round_(cast.bureau)
    for _ in range(stations):
        task = make.assignment(cast.bureau, cast.inspector, make.station(), opened)
        make.submitted(task, A01="fail", B02="partial")
    make.figures()
    region = district()

    today = timezone.localdate()
    with CaptureQueriesContext(connection) as asked:
        queries.overview(region=region, period=Period.of_year(today.year), today=today)

    assert len(asked) == 6
    assert not [query for query in asked if "audits_answer" in query["sql"]]


def test_an_empty_year_reads_as_not_checked(cast: Cast) -> None:
    rollups.rebuild(now=timezone.now())
    today = timezone.localdate()

    told = queries.overview(region=district(), period=Period.of_year(today.year), today=today)

    assert (told.reading.band, told.reading.printed) == ("no_audits", None)
    assert (told.reading.coverage.audited, told.reading.coverage.total) == (0, 2)
    assert (told.scores.mean, told.scores.n, told.scores.total) == (None, 0, 2)
    assert (told.trend, told.failing, told.work.groups) == ([], [], [])


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        ("all", ["A01", "A01", "A02", "A02", "B02"]),
        ("closed", ["A01"]),
        ("submitted", ["A02"]),
        ("open", ["A01", "A02", "B02"]),
        ("on_time", ["A01"]),
        ("first_pass", ["A01"]),
        ("late", []), ("overdue", []), ("waived", []), ("voided", []), ("repeat", []),
    ],
)  # fmt: skip
def test_each_part_opens_to_its_findings(
    cast: Cast, round: Round, part: str, codes: list[str]
) -> None:
    rows = queries.findings_behind(
        cast.bureau,
        region=district(),
        period=Period.of_round(round.pk),
        part=part,
        today=timezone.localdate(),
    )

    assert sorted(finding.item_code for finding in rows) == codes


def test_the_lists_show_a_stranger_nothing_of_this_station(cast: Cast, round: Round) -> None:
    period, today = Period.of_round(round.pk), timezone.localdate()

    rows = queries.findings_behind(cast.stranger, region=None, period=period, today=today)
    lines = queries.stations_behind(cast.stranger, region=None, period=period, today=today)

    assert {finding.station for finding in rows} == {cast.other_station}
    assert [line.code for line in lines] == [cast.other_station.code]


def test_stations_and_items_behind_a_score(cast: Cast, round: Round) -> None:
    period, today = Period.of_round(round.pk), timezone.localdate()

    def stations(which: str) -> int:
        return len(queries.stations_behind(
            cast.bureau, region=district(), period=period, which=which, today=today
        ))  # fmt: skip

    assert [stations(which) for which in ("all", "scored", "audited", "missing", "all_closed",
                                          "with_findings", "overdue")] == [4, 3, 4, 0, 0, 3, 0]  # fmt: skip
    failing = queries.stations_failing(
        cast.bureau, region=district(), period=period, item_code="A01"
    )
    assert [line.code for line in failing] == [cast.station.code, cast.other_station.code]
    items = queries.items_behind(district(), period, section="A")
    assert [(item.code, item.stations, item.asked) for item in items] == [
        ("A01", 2, 3), ("A02", 1, 3)
    ]  # fmt: skip
