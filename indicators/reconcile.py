"""对账: every difference between what is stored and what it should be, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from audits import checks
from audits.checks import Difference
from audits.deadlines import local_day
from audits.models import OutboxRow
from indicators import recount
from stations.models import Region, Station


def differences(now: dt.datetime) -> list[Difference]:
    """What is different now and still was a moment later: work goes on while we look."""
    first = list(_differences(now))
    if not first:
        return []
    again = set(_differences(now))
    return [difference for difference in first if difference in again]


def _differences(now: dt.datetime) -> Iterator[Difference]:
    yield from checks.differences(now)
    found = list(recount.differences(local_day(now)))
    if found:
        on_their_way = _waiting_places()
        yield from (
            Difference("rollup", difference.subject, difference.words)
            for difference in found
            if difference.subject not in on_their_way
        )


def _waiting_places() -> set[str]:
    """Stations with work in the outbox, and the regions above them: their roll-ups are to come.
    Work that waits too long is a difference of its own."""
    places: set[str] = set()
    for station in Station.objects.filter(pk__in=_waiting("station.changed")).select_related(
        "region"
    ):
        places |= {f"station {station.code}"}
        places |= {f"region {code}" for code in station.region.ancestor_codes()}
    for region in Region.objects.filter(pk__in=_waiting("region.left")):
        places |= {f"region {code}" for code in region.ancestor_codes()}
    return places


def _waiting(topic: str) -> list[str]:
    return list(OutboxRow.objects.waiting().filter(topic=topic).values_list("key", flat=True))
