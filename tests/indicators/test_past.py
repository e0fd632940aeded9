"""A past day on every page of figures: what the pages gave on that evening, to the last list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given

from audits.models import AuditRevision, Finding
from indicators import queries, rollups
from indicators.counting import FindingFact
from indicators.models import RegionRollup, StationRollup
from indicators.pages.drill import revision_of
from indicators.periods import Period
from indicators.queries.behind import PARTS, STOOD
from stations.models import Region
from tests import make
from tests.conftest import Cast
from tests.indicators.living import KNOWN, Steps, Town, live, lives, steps

UNREAD = {"id", "_state", "computed_at", "totals", "totals_today"}
Told = dict[str, Any]


class Seen(Town):
    """Noted is all that the pages of figures tell. A second subdistrict and the centre are there."""

    def __init__(self, cast: Cast, clock: Any) -> None:
        super().__init__(cast, clock)
        self.seen: dict[tuple[dt.date, str], Told] = {}
        self.centre = make.station(kind="centre", region=make.region("440309"), code="440309")
        for station in (cast.other_station, self.centre):
            task = make.assignment(cast.bureau, cast.inspector, station, self.first.round)
            make.submitted(task, A02="fail")
        rollups.rebuild(now=timezone.now())

    def note(self, today: dt.date) -> None:
        """The year on one evening, the round on the next."""
        period = self.periods()[today.toordinal() % 2]
        self.seen[today, period.key] = now(self.cast, period, today)


@pytest.mark.django_db
@given(steps=steps)
@lives(3)
def test_any_past_evening_is_told_as_it_was(cast: Cast, steps: Steps) -> None:
    live(Seen, cast, steps, every_evening_is_told_again)


def test_known_life_is_told_again(cast: Cast) -> None:
    town = live(Seen, cast, KNOWN, every_evening_is_told_again, is_kept=True)

    assert AuditRevision.objects.filter(number__gt=1).count() >= 2
    means = {told["overview"]["scores"].mean for told in town.seen.values()}
    late = {told["overview"]["overdue"].findings for told in town.seen.values()}
    assert len(means) > 2
    assert len(late) > 1


def every_evening_is_told_again(town: Seen) -> None:
    today = timezone.localdate()
    for (day, key), told in town.seen.items():
        again = then(town.cast, Period.parse(key), day, today)
        for name, value in told.items():
            assert again[name] == value, (day, key, name)


def now(cast: Cast, period: Period, today: dt.date) -> Told:
    """By the functions that read what is stored."""
    region = Region.objects.get(code="440309")
    here: dict[str, Any] = {"region": region, "period": period}
    overview = queries.overview(**here, today=today)
    lists = {part: _found(cast, here, part, today) for part in PARTS}
    stations = {
        which: queries.stations_behind(cast.bureau, **here, which=which, today=today)
        for which in STOOD
    }
    failing = [
        queries.stations_failing(cast.bureau, **here, item_code=line.code)
        for line in queries.items_behind(region, period)[:1]
    ]
    sheet = queries.work_sheet(cast.bureau, **here, reading=overview.reading, today=today)
    left = queries.unsolved(cast.bureau, **here, today=today)
    return _told(
        cast, overview, lists, stations, failing, sheet,
        list(queries.cheapest_first(left, sheet.groups).values_list("pk", flat=True)),
        queries.heat_table(**here), None,
    )  # fmt: skip


def then(cast: Cast, period: Period, day: dt.date, today: dt.date) -> Told:
    """By those that are told which day it is."""
    region = Region.objects.get(code="440309")
    here: dict[str, Any] = {"region": region, "period": period}
    overview = queries.overview(**here, today=today, as_of=day)
    lists = {
        part: _columns(queries.findings_on(cast.bureau, **here, part=part, day=day))
        for part in PARTS
    }
    stations = {
        which: queries.stations_on(cast.bureau, **here, which=which, day=day) for which in STOOD
    }
    failing = [
        queries.stations_on(cast.bureau, **here, which="scored", day=day, item=line.code)
        for line in queries.items_of(overview.own)[:1]
    ]
    left = queries.unsolved_on(cast.bureau, **here, day=day)
    sheet = queries.work_sheet_on(overview.reading, left, day)
    return _told(
        cast, overview, lists, stations, failing, sheet,
        [fact.id for fact in queries.cheapest_first_on(left, sheet.groups)],
        queries.heat_table_on(day, region, period), day,
    )  # fmt: skip


def _found(cast: Cast, here: dict[str, Any], part: str, today: dt.date) -> Any:
    rows = queries.findings_behind(cast.bureau, **here, part=part, today=today)
    return _columns(rows.order_by("due_on", "station__code", "item_code", "pk").distinct())


def _columns(found: Iterable[Finding | FindingFact]) -> list[tuple[Any, ...]]:
    return [(_id(one), one.status, one.due_on, one.closed_at) for one in found]


def _id(one: Finding | FindingFact) -> int:
    return one.pk if isinstance(one, Finding) else one.id


def _told(
    cast: Cast, overview: queries.Overview, lists: Any, stations: Any, failing: Any, sheet: Any,
    order: list[int], heat: Any, day: dt.date | None,
) -> Told:  # fmt: skip
    summary = queries.station_summary(station=cast.station, period=overview.period, as_of=day)
    revision = revision_of(summary.audit_id, day)
    return {
        "overview": {
            name: asdict(value) if name == "heat" else value
            for name, value in vars(overview).items()
            if name not in {"own", "is_past"}
        },
        "sums": _stored(overview.own),
        "lists": lists,
        "stations": stations,
        "failing": failing,
        "sheet": sheet,
        "order": order,
        "heat": asdict(heat),
        "summary": summary,
        "revision": revision and (revision.audit_id, revision.number),
    }


def _stored(row: RegionRollup | StationRollup | None) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name not in UNREAD} if row else {}
