"""A town whose problems live through random days; its evenings are noted as they were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from audits import reopening
from audits.deadlines import SHANGHAI
from indicators import rollups, snapshots
from indicators.effect import Counts
from indicators.models import RegionRollup
from indicators.periods import Period
from indicators.queries import readings
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
Steps = list[tuple[str, int, int]]


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
            self.note(today)
            self.clock.shift(DAY)
            reopening.reopen_lapsed(now=timezone.now())
            snapshots.take(today, now=timezone.now())

    def note(self, today: dt.date) -> None:
        for period in self.periods():
            row = RegionRollup.objects.get(region__code="440309", period=period.key)
            self.noted[today, period.key] = readings.stored(row)

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


def lives(number: int) -> settings:
    """Of that many towns."""
    return settings(
        max_examples=number, deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip


AnyTown = TypeVar("AnyTown", bound=Town)


def live(
    town_of: Callable[[Cast, Any], AnyTown], cast: Cast, steps: Steps,
    hold: Callable[[AnyTown], None], *, is_kept: bool = False,
) -> AnyTown:  # fmt: skip
    """`hold` says what must be true at the end."""
    print(f"live({town_of.__name__}, cast, {steps})")  # noqa: T201
    with suppress(Undone), transaction.atomic(), time_machine.travel(START, tick=False) as clock:
        town = town_of(cast, clock)
        for name, which, days in steps:
            clock.shift(60)  # no two things happen at a station in the same microsecond
            town.do(name, which)
            town.evening(days)
        town.evening(1)
        hold(town)
        if not is_kept:
            raise Undone
    return town
