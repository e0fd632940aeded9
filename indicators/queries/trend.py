"""走势: readings of past days, from snapshots, with today's as the last point."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from audits.models import Round
from audits.scoring import printed
from indicators import snapshots
from indicators.effect import Rate, Reading
from indicators.models import Snapshot
from indicators.periods import Period
from indicators.queries import readings
from stations.models import Region
from stations.statements import Statement

Held = tuple[dt.date, int, int]  # day, numerator, denominator


@dataclass(frozen=True)
class TrendPoint:
    day: dt.date
    numerator: int
    denominator: int
    value: Fraction | None
    printed: str | None
    is_round_end: bool


def _held(region: int, period: str, *days: dt.date) -> QuerySet[Snapshot, Any]:
    rows = Snapshot.objects.filter(region=region, period=period, day__in=days).order_by("day")
    return rows.values_list("day", "numerator", "denominator")


HELD: Statement[Snapshot] = Statement(_held)


def held(region: Region, period: Period, rounds: list[Round], today: dt.date) -> list[Held]:
    """Snapshots on the trend's days, the oldest first."""
    days = snapshots.trend_days(period, today, rounds)
    return HELD.made(HELD.read(region.pk, period.key, *days)) if days else []


def trend(
    held: Iterable[Held], rounds: list[Round], today: dt.date, latest: Reading | None
) -> list[TrendPoint]:
    """Readings of the days held, and today's as the last point."""
    ends = {round.ends_on for round in rounds}
    points = [
        _point(day, numerator, denominator, day in ends) for day, numerator, denominator in held
    ]
    if latest and latest.denominator:
        points.append(_point(today, latest.numerator, latest.denominator, today in ends))
    return [point for point in points if point.denominator]


def _point(day: dt.date, numerator: int, denominator: int, is_round_end: bool) -> TrendPoint:
    value = Rate(numerator, denominator).value
    lines = readings.lines()
    text = printed(value, (lines.lower, lines.upper))
    return TrendPoint(day, numerator, denominator, value, text, is_round_end)
