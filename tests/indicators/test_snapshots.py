"""The value of a past day: the snapshot, the replay from events, and what was stored that day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from audits.deadlines import SHANGHAI
from audits.models import Finding
from audits.services import extensions, findings, rounds
from indicators import queries, replay, rollups, snapshots
from indicators.effect import Counts
from indicators.models import RegionRollup, Snapshot
from indicators.periods import Period
from stations.models import Region, Station
from tests import make
from tests.conftest import Cast

START = dt.datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


@pytest.fixture
def days(cast: Cast) -> dict[dt.date, tuple[Period, Counts]]:
    """Nine days of a round; at each day's end the stored figures are noted down."""
    noted: dict[dt.date, tuple[Period, Counts]] = {}
    with time_machine.travel(START, tick=False) as clock:
        make.version()
        rollups.rebuild(now=timezone.now())
        opened = make.round_(cast.bureau)
        period = Period.of_round(opened.pk)
        task = make.assignment(cast.bureau, cast.inspector, cast.station, opened)
        other = make.assignment(cast.bureau, cast.inspector2, cast.other_station, opened)
        for number, happening in enumerate(_happenings(cast, task, other)):
            clock.move_to(START + dt.timedelta(days=number))
            happening()
            make.figures()
            row = RegionRollup.objects.get(region__code="440309", period=period.key)
            noted[timezone.localdate()] = period, queries.readings.stored(row)
    return noted


def _happenings(cast: Cast, task: Any, other: Any) -> list[Any]:
    def mine(code: str) -> Finding:
        return Finding.objects.get(station=cast.station, item_code=code)

    def close(code: str) -> None:
        findings.close(finding=mine(code), by=cast.inspector, now=timezone.now())

    def extend() -> None:
        found, now = mine("B02"), timezone.now()
        due = found.due_on + dt.timedelta(days=9)
        extensions.ask(finding=found, due_on=due, reason="等货", by=cast.head, now=now)
        extensions.grant(finding=found, by=cast.bureau, now=now)

    def send_back() -> None:
        findings.send_back(finding=mine("A01"), reason="歪", by=cast.inspector, now=timezone.now())

    def resubmit() -> None:
        after = make.photo(cast.head, finding=mine("A01"))
        findings.submit(
            finding=mine("A01"), measure="重做", photos=[after.pk], by=cast.head, now=timezone.now()
        )
        close("A01")

    def reopen() -> None:
        findings.reopen(finding=mine("A01"), reason="又坏", by=cast.bureau, now=timezone.now())

    def void() -> None:
        findings.void(finding=mine("A02"), reason="误判", by=cast.bureau, now=timezone.now())

    return [
        lambda: make.submitted(task, A01="fail", A02="partial", B02="fail"),
        lambda: make.rectified(mine("A01"), cast.head),
        send_back,
        resubmit,
        lambda: make.submitted(other, A01="fail"),
        void,
        reopen,
        extend,
        lambda: (make.rectified(mine("B02"), cast.head), close("B02")),
    ]


def test_replay_gives_for_every_day_what_was_stored_that_day(
    days: dict[dt.date, tuple[Period, Counts]],
) -> None:
    region = Region.objects.get(code="440309")
    stations = Station.objects.real().within(region)

    replayed = {day: replay.counts_on(day, period, stations) for day, (period, _) in days.items()}

    assert replayed == {day: counts for day, (_, counts) in days.items()}
    assert [(counts.closed, counts.cohort) for counts in replayed.values()] == [
        (0, 3), (0, 3), (0, 3), (1, 3), (1, 4), (1, 3), (0, 3), (0, 3), (1, 3)
    ]  # fmt: skip


def test_coverage_of_a_past_day_counts_the_tasks_of_that_day(cast: Cast) -> None:
    """Made, withdrawn and made again: each day's end reads as it was stored on that day."""
    region, noted = Region.objects.get(code="440309"), {}

    def withdraw() -> None:
        task = cast.other_station.assignments.get()
        rounds.withdraw(assignment=task, by=cast.bureau, now=timezone.now())

    def again() -> None:
        make.assignment(cast.bureau, cast.inspector, cast.other_station, opened)

    with time_machine.travel(START, tick=False) as clock:
        make.version()
        opened = make.round_(cast.bureau)
        make.assignment(cast.bureau, cast.inspector, cast.station, opened)
        period = Period.of_round(opened.pk)
        for number, happening in enumerate([lambda: None, again, withdraw, lambda: None, again]):
            clock.move_to(START + dt.timedelta(days=number))
            happening()
            make.figures()
            row = RegionRollup.objects.get(region=region, period=period.key)
            noted[timezone.localdate()] = queries.readings.stored(row)

    told = {day: snapshots.as_of(day, [region], period)[region.pk] for day in noted}

    assert told == noted
    assert [counts.total for counts in told.values()] == [1, 2, 1, 1, 2]
    before = snapshots.as_of(min(noted) - dt.timedelta(days=1), [region], period)
    assert before[region.pk].total == 0


def test_snapshot_equals_replay_and_is_taken_once(
    days: dict[dt.date, tuple[Period, Counts]],
) -> None:
    region = Region.objects.get(code="440309")
    now = START + dt.timedelta(days=30)

    for day in days:
        snapshots.take(day, now=now)
    first = list(Snapshot.objects.order_by("pk").values())
    for day in days:
        snapshots.take(day, now=now + dt.timedelta(days=1))

    assert list(Snapshot.objects.order_by("pk").values()) == first
    for day, (period, counts) in days.items():
        held = Snapshot.objects.get(day=day, region=region, period=period.key)
        assert (Counts(**held.reading), held.numerator) == (counts, counts.closed)
        assert snapshots.as_of(day, [region], period) == {region.pk: counts}


def test_the_year_is_replayed_likewise(days: dict[dt.date, tuple[Period, Counts]]) -> None:
    region = Region.objects.get(code="440309")
    year, last = Period.of_year(2026), max(days)

    told = snapshots.as_of(last, [region], year)[region.pk]

    assert (told.cohort, told.closed, told.voided, told.audited, told.total) == (3, 1, 1, 2, 2)
    before = snapshots.as_of(min(days) - dt.timedelta(days=1), [region], year)[region.pk]
    assert (before.cohort, before.audited, before.total) == (0, 0, 2)


def test_a_snapshot_never_changes(days: dict[dt.date, tuple[Period, Counts]]) -> None:
    snapshots.take(max(days), now=START + dt.timedelta(days=30))

    with pytest.raises(DatabaseError), transaction.atomic():
        Snapshot.objects.update(numerator=99)
    with pytest.raises(DatabaseError), transaction.atomic():
        Snapshot.objects.all().delete()


def test_today_has_no_snapshot_yet(cast: Cast) -> None:
    with pytest.raises(ValueError):
        snapshots.take(timezone.localdate(), now=timezone.now())


def test_fill_makes_up_for_missed_days_and_the_trend(
    days: dict[dt.date, tuple[Period, Counts]],
) -> None:
    now = START + dt.timedelta(days=40)
    with time_machine.travel(now, tick=False):
        snapshots.fill(now=now)
        with time_machine.travel(now + dt.timedelta(days=3), tick=False):
            snapshots.fill(now=timezone.now())
            told = queries.overview(
                region=Region.objects.get(code="440309"),
                period=Period.of_year(2026),
                today=timezone.localdate(),
            )

    taken = sorted(set(Snapshot.objects.values_list("day", flat=True)))
    assert taken[-4:] == [dt.date(2026, 4, day) for day in (10, 11, 12, 13)]
    assert [(point.day, point.printed, point.is_round_end) for point in told.trend] == [
        (dt.date(2026, 3, 31), "33.3", False),
        (dt.date(2026, 4, 1), "33.3", True),
        (dt.date(2026, 4, 14), "33.3", False),
    ]


def test_as_of_reaches_the_api(
    days: dict[dt.date, tuple[Period, Counts]], cast: Cast, api: Any
) -> None:
    day = min(days) + dt.timedelta(days=4)
    period, _ = days[day]

    told = {
        name: api(getattr(cast, name))
        .get(f"/api/v1/indicators/effect/?round={period.round_id}&as_of={day}")
        .json()
        for name in ("bureau", "supervisor", "head", "stranger")
    }

    assert {name: (one["numerator"], one["denominator"]) for name, one in told.items()} == {
        "bureau": (1, 4), "supervisor": (1, 3), "head": (1, 3), "stranger": (0, 1)
    }  # fmt: skip
    assert told["bureau"]["as_of"] == day.isoformat()
