"""Problems living through random days: whatever people do in whatever order, the figures are those
of a plain recount, the chains hold, and every past day still reads as it did that evening."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audits import reopening
from audits.deadlines import SHANGHAI
from audits.models import Finding, FindingEvent
from audits.services.findings import MOVES
from indicators import recount, replay, rollups, snapshots
from indicators.effect import Counts
from indicators.models import RegionRollup, Snapshot
from indicators.periods import Period
from indicators.queries import readings
from stations.models import Region, Station
from tests import make
from tests.conftest import Cast
from tests.indicators.doing import DOINGS, People, visited

START = dt.datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
DAY = dt.timedelta(days=1)
ITEMS = [
    ("A", "A01", "10", "none", False), ("A", "A02", "10", "none", False),
    ("B", "B01", "20", "none", True),
]  # fmt: skip
Noted = dict[tuple[dt.date, str], Counts]


class Undone(Exception):
    """Takes one example's rows back, so that the next begins as it did."""


class Town(People):
    """And the evenings of the days they live through."""

    def __init__(self, cast: Cast, clock: Any) -> None:
        self.clock, self.noted = clock, Noted()
        make.version(items=ITEMS)
        rollups.rebuild(now=timezone.now())
        super().__init__(cast, visited(cast, A01="fail", A02="partial", B01="fail"))

    def evening(self, days: int) -> None:
        """Figures are brought up to date and noted; the nights between freeze the days."""
        for _ in range(days):
            make.figures()
            today = timezone.localdate()
            for period in self.periods():
                row = RegionRollup.objects.get(region__code="440309", period=period.key)
                self.noted[today, period.key] = readings.stored(row)
            self.clock.shift(DAY)
            reopening.reopen_lapsed(now=timezone.now())
            snapshots.take(today, now=timezone.now())

    def periods(self) -> list[Period]:
        return [Period.of_year(2026), Period.of_round(self.first.round_id)]


AHEAD = ["start", "submit", "close"]  # as likely as all others together, or little ever closes
steps = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(AHEAD), st.sampled_from(list(DOINGS))),
        st.integers(0, 4),
        st.integers(0, 2),
    ),
    min_size=6, max_size=16,
)  # fmt: skip
KNOWN = [
    *[(name, 1, 1) for name in ("start", "submit", "close", "reopen", "void")],
    *[("waive", 0, 1), ("look again", 0, 2), ("start", 0, 0), ("submit", 0, 1), ("close", 0, 1)],
    *[("visit", 0, 1), ("correct", 2, 1), ("hand in anew", 0, 1), ("waive", 2, 1)],
]


def test_no_move_is_left_out() -> None:
    assert set(MOVES) <= set(DOINGS)


@pytest.mark.django_db
@given(steps=steps)
@settings(
    max_examples=10, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_any_life_ends_in_figures_that_a_recount_and_every_evening_confirm(
    cast: Cast, steps: list[tuple[str, int, int]]
) -> None:
    live(cast, steps)


def test_known_life_with_reopenings_voids_and_waives(cast: Cast) -> None:
    town = live(cast, KNOWN, is_kept=True)

    assert {event.kind for event in FindingEvent.objects.all()} >= {
        "closed", "reopened", "voided", "waived", "observed", "corrected"
    }  # fmt: skip
    assert len({(counts.cohort, counts.closed) for counts in town.noted.values()}) > 3


def live(cast: Cast, steps: list[tuple[str, int, int]], *, is_kept: bool = False) -> Town:
    print(f"live(cast, {steps})")  # noqa: T201
    with suppress(Undone), transaction.atomic(), time_machine.travel(START, tick=False) as clock:
        town = Town(cast, clock)
        for name, which, days in steps:
            clock.shift(60)  # no two things happen at a station in the same microsecond
            town.do(name, which)
            town.evening(days)
        town.evening(1)
        hold(town)
        if not is_kept:
            raise Undone
    return town


def hold(town: Town) -> None:
    make.figures()
    assert [wrong.words for wrong in recount.differences(timezone.localdate())] == []
    assert rollups.rebuild(now=timezone.now()) == 0
    call_command("verify_history", verbosity=0)
    assert nobody_judged_their_own()
    assert one_active_per_item()
    region, inside = Region.objects.get(code="440309"), Station.objects.real()
    for (day, key), counts in town.noted.items():
        period = Period.parse(key)
        assert replay.counts_on(day, period, inside) == counts, (day, key)
        assert Counts(**Snapshot.objects.get(day=day, region=region, period=key).reading) == counts
        assert snapshots.as_of(day, [region], period) == {region.pk: counts}


def nobody_judged_their_own() -> bool:
    told = FindingEvent.objects.filter(kind__in=["submitted", "closed", "sent_back"])
    people: dict[tuple[int, bool], set[int | None]] = defaultdict(set)
    for event in told:
        people[event.finding_id, event.kind == "submitted"].add(event.by_id)
    return not any(people[pk, False] & who for (pk, handed), who in [*people.items()] if handed)


def one_active_per_item() -> bool:
    codes = [one.item_code for one in Finding.objects.active() if one.item_code]
    return len(codes) == len(set(codes))
