"""Problems living through random days: whatever people do in whatever order, the figures are those
of a plain recount, the chains hold, and every past day still reads as it did that evening."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given

from audits.models import Finding, FindingEvent
from audits.services.findings import MOVES
from indicators import recount, replay, rollups, snapshots
from indicators.effect import Counts
from indicators.models import Snapshot
from indicators.periods import Period
from stations.models import Region, Station
from tests import make
from tests.conftest import Cast
from tests.indicators.doing import DOINGS
from tests.indicators.living import KNOWN, Steps, Town, live, lives, steps


def test_no_move_is_left_out() -> None:
    assert set(MOVES) <= set(DOINGS)


@pytest.mark.django_db
@given(steps=steps)
@lives(10)
def test_any_life_ends_in_figures_that_a_recount_and_every_evening_confirm(
    cast: Cast, steps: Steps
) -> None:
    live(Town, cast, steps, hold)


def test_known_life_with_reopenings_voids_and_waives(cast: Cast) -> None:
    town = live(Town, cast, KNOWN, hold, is_kept=True)

    assert {event.kind for event in FindingEvent.objects.all()} >= {
        "closed", "reopened", "voided", "waived", "observed", "corrected"
    }  # fmt: skip
    assert len({(counts.cohort, counts.closed) for counts in town.noted.values()}) > 3


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
