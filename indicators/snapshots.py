"""指标快照: one frozen reading per day, region and period; a day without one is replayed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction
from django.db.models import Q, QuerySet

from audits.deadlines import local_day
from audits.models import Finding, FindingEvent, Round
from indicators import replay
from indicators.effect import RULE_VERSION, Counts
from indicators.models import Snapshot
from indicators.periods import Period
from stations.models import Region, Station

CATCH_UP_DAYS = 31
WEEK = dt.timedelta(days=7)


def as_of(day: dt.date, regions: list[Region], period: Period) -> dict[int, Counts]:
    """{region id: figures at the end of `day`}: the snapshot, else the events tell them exactly."""
    told = held(day, regions, period)
    for region in regions:
        if region.pk not in told:
            inside = Station.objects.real().within(region)
            told[region.pk] = replay.counts_on(day, period, inside)
    return told


def held(day: dt.date, regions: list[Region], period: Period) -> dict[int, Counts]:
    """Of those that were frozen."""
    rows = Snapshot.objects.filter(
        day=day, region__in=regions, period=period.key, rule_version=RULE_VERSION
    )
    return {region: Counts(**told) for region, told in rows.values_list("region_id", "reading")}


def take(day: dt.date, *, now: dt.datetime) -> None:
    """Freeze the end of `day`, which must be over. Again the same day changes nothing."""
    if day >= local_day(now):
        raise ValueError(day)
    rows = [
        _snapshot(day, region_id, period, counts, now)
        for period in _live_periods(day)
        for region_id, counts in _by_region(day, period)
    ]
    with transaction.atomic():
        Snapshot.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def fill(*, now: dt.datetime) -> None:
    """The days since the last snapshot, and what the trend of this year shows, where missing."""
    yesterday = local_day(now) - dt.timedelta(days=1)
    last = Snapshot.objects.order_by("-day").values_list("day", flat=True).first()
    first_missing = max(
        last + dt.timedelta(days=1) if last else yesterday,
        yesterday - dt.timedelta(days=CATCH_UP_DAYS),
    )
    recent = (
        first_missing + dt.timedelta(days=number)
        for number in range((yesterday - first_missing).days + 1)
    )
    this_year = Period.of_year(yesterday.year)
    wanted = {*recent, *trend_days(this_year, local_day(now), Round.objects.all())}
    held = set(Snapshot.objects.filter(day__in=wanted).values_list("day", flat=True).distinct())
    for day in sorted(wanted - held):
        take(day, now=now)


def trend_days(period: Period, today: dt.date, rounds: Iterable[Round]) -> list[dt.date]:
    """Days over whose readings make the trend: of a year month ends and the last days of rounds,
    of a round every seventh day."""
    if period.year:
        days = {round.ends_on for round in rounds if round.ends_on.year == period.year}
        days.update(_month_ends(period.year))
    else:
        own = next(round for round in rounds if round.pk == period.round_id)
        days = {own.starts_on + WEEK * number for number in range(1, 53)} | {own.ends_on}
    return sorted(day for day in days if day < today)


def _month_ends(year: int) -> list[dt.date]:
    firsts = [dt.date(year, month, 1) for month in range(2, 13)] + [dt.date(year + 1, 1, 1)]
    return [first - dt.timedelta(days=1) for first in firsts]


def _live_periods(day: dt.date) -> list[Period]:
    """The year, and the rounds begun that are not over or still have something unsolved."""
    unsolved = FindingEvent.objects.filter(
        kind__in=FindingEvent.ENTERS_COHORT, finding__status__in=Finding.UNSOLVED
    )
    rounds = Round.objects.filter(starts_on__lte=day).filter(
        Q(ends_on__gte=day) | Q(pk__in=unsolved.order_by().values("round_id"))
    )
    return [Period.of_year(day.year), *(Period.of_round(round.pk) for round in rounds)]


def _by_region(day: dt.date, period: Period) -> Iterable[tuple[int, Counts]]:
    stations: QuerySet[Station] = Station.objects.real()
    homes = dict(stations.values_list("pk", "region_id"))
    counts: dict[int, Counts] = defaultdict(Counts)
    for station_id, own in replay.stations_on(day, period, stations).items():
        counts[homes[station_id]] += own
    deepest_first = Region.objects.order_by("-path").values_list("pk", "parent_id")
    for region_id, parent_id in deepest_first:
        if parent_id and region_id in counts:
            counts[parent_id] += counts[region_id]
    return counts.items()


def _snapshot(
    day: dt.date, region_id: int, period: Period, counts: Counts, now: dt.datetime
) -> Snapshot:
    return Snapshot(
        day=day,
        region_id=region_id,
        period=period.key,
        numerator=counts.closed,
        denominator=counts.cohort,
        reading=asdict(counts),
        rule_version=RULE_VERSION,
        computed_at=now,
    )
