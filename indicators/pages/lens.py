"""What a page of figures is looking at: place, period, day and reading, all in its address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from audits.deadlines import local_day
from audits.models import Round
from indicators import queries
from indicators.periods import EARLIEST, Period
from stations import access
from stations.models import Region, User

INSPECTED, TODAY = "inspected", "today"
ASKED = ("period", "region", "as_of", "reading")


@dataclass(frozen=True, eq=False)
class Lens:
    """`as_of` is a past day or None; `region` lies in the viewer's scope.

    Two are equal when a page would take the same from them, whoever looks.
    """

    user: User
    region: Region
    period: Period
    as_of: dt.date | None
    reading: str
    today: dt.date
    top: Region
    rounds: list[Round]
    near_top: list[Region]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lens) and self._told == other._told

    def __hash__(self) -> int:
        return hash(self._told)

    @cached_property
    def _told(self) -> tuple[Any, ...]:
        """All that a page takes from it, as values."""
        places = [self.region, self.top, *self.regions]
        return (
            tuple(_columns(one) for one in [*places, *self.rounds]),
            self.period,
            self.as_of,
            self.reading,
            self.today,
        )

    @property
    def day(self) -> dt.date:
        """The day looked at."""
        return self.as_of or self.today

    @property
    def is_today(self) -> bool:
        """现状得分 rather than 检查得分."""
        return self.reading == TODAY

    @property
    def is_top(self) -> bool:
        return self.region.pk == self.top.pk

    @property
    def is_default_period(self) -> bool:
        return self.period == Period.of_year(self.day.year)

    def query(self, **changes: Any) -> str:
        """The address's query, usual values left out; a change to "" leaves one out too."""
        asked = tuple(changes.items())
        if asked not in self._queries:
            told = {
                "period": "" if self.is_default_period else self.period.key,
                "region": "" if self.is_top else self.region.code,
                "as_of": self.as_of.isoformat() if self.as_of else "",
                "reading": TODAY if self.is_today else "",
            } | changes
            self._queries[asked] = urlencode({name: told[name] for name in told if told[name]})
        return self._queries[asked]

    @cached_property
    def _queries(self) -> dict[tuple[tuple[str, Any], ...], str]:
        """Hundreds of links of a page end in the same few."""
        return {}

    @cached_property
    def regions(self) -> list[Region]:
        """Where one may look from here: the top, its children, and what lies around the region."""
        if self.is_top and self.near_top:
            return self.near_top
        near = Q(pk__in=[self.top.pk, self.region.pk]) | Q(users=self.user)
        near |= Q(parent__in=[self.top.pk, self.region.pk, self.region.parent_id])
        return list(Region.objects.visible_to(self.user).filter(near).order_by("path").distinct())

    @cached_property
    def periods(self) -> list[queries.PeriodChoice]:
        return queries.period_choices(self.today, self.rounds)

    @property
    def period_name(self) -> str:
        named = {choice.key: choice.name for choice in self.periods}
        return named.get(self.period.key) or queries.period_name(self.period)


def _columns(row: Model) -> tuple[Any, ...]:
    """A row as values: two states of it never look alike."""
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields)


def lens_of(request: HttpRequest, user: User, home: Region | None = None) -> Lens:
    """A day or reading that is none falls back; a period or region that is none is not found.

    `home` stands in for the top of those whose scope is stations, not regions.
    """
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    near_top = access.regions_and_children(user)
    top = queries.top_region(user) or home
    if top is None:
        raise Http404
    today, rounds = local_day(timezone.now()), queries.all_rounds()
    as_of = _day(asked["as_of"])
    as_of = as_of if as_of and EARLIEST <= as_of < today else None
    return Lens(
        user=user,
        region=_region(user, asked["region"], top),
        period=_period(asked["period"], as_of or today, rounds),
        as_of=as_of,
        reading=TODAY if asked["reading"] == TODAY else INSPECTED,
        today=today,
        top=top,
        rounds=rounds,
        near_top=near_top,
    )


def _day(told: str) -> dt.date | None:
    try:
        return parse_date(told)
    except ValueError:
        return None


def _region(user: User, code: str, top: Region) -> Region:
    if not code or code == top.code:
        return top
    found = Region.objects.visible_to(user).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _period(key: str, day: dt.date, rounds: list[Round]) -> Period:
    """A year that had not begun on the day is that day's year."""
    if not key:
        return Period.of_year(day.year)
    try:
        period = Period.parse(key)
    except ValueError as error:
        raise Http404 from error
    if period.round_id and all(round.pk != period.round_id for round in rounds):
        raise Http404
    return Period.of_year(day.year) if (period.year or 0) > day.year else period
