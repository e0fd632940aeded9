"""What a circular tells: who was looked at, who did well, what is missing and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Max, Min

from audits.deadlines import due_on, local_day
from audits.models import Audit
from indicators import queries
from indicators.queries import Overview
from indicators.queries.behind import StationLine, station_rows
from indicators.queries.overview import Comparison
from reports.queries import tables
from reports.queries.subject import Subject
from stations.models import Station

MOST_ITEMS = 12
LOOK_BACK_DAYS = 30


@dataclass(frozen=True)
class Fault:
    """One item that failed, at stations called by name."""

    code: str
    title: str
    section: str
    stations: list[str]
    asked: int


@dataclass(frozen=True)
class Visits:
    first: dt.date | None
    last: dt.date | None
    people: int
    stations: int


@dataclass(frozen=True)
class Briefing:
    subject: Subject

    @cached_property
    def told(self) -> Overview:
        subject = self.subject
        return queries.overview(region=subject.region, period=subject.period, today=subject.today)

    @cached_property
    def lines(self) -> list[tables.StationLine]:
        return tables.station_lines(self.subject)

    @cached_property
    def visits(self) -> Visits:
        rows = station_rows(
            self.subject.user, region=self.subject.region, period=self.subject.period
        )
        audits = Audit.objects.filter(pk__in=rows.order_by().values("audit"))
        told = audits.aggregate(
            first=Min("submitted_at"), last=Max("submitted_at"),
            people=Count("started_by", distinct=True), stations=Count("pk"),
        )  # fmt: skip
        return Visits(
            local_day(told["first"]) if told["first"] else None,
            local_day(told["last"]) if told["last"] else None,
            told["people"],
            told["stations"],
        )

    @cached_property
    def regions(self) -> list[Comparison]:
        """Child regions with problems, the best first."""
        return [
            one for one in self.told.comparison if one.kind == "region" and one.reading.denominator
        ]

    @cached_property
    def ranked(self) -> list[tables.StationLine]:
        """Service stations with a score, the best first."""
        scored = [line for line in self.lines if line.rank is not None]
        return sorted(scored, key=lambda line: (line.rank, line.name))

    @cached_property
    def faults(self) -> list[Fault]:
        """The commonest, as many as a circular can name, by section."""
        items = tables.failing_items(self.subject)[:MOST_ITEMS]
        found = [self._fault(item) for item in items]
        order = list(dict.fromkeys(fault.section for fault in found))
        return sorted(found, key=lambda fault: order.index(fault.section))

    def _fault(self, item: tables.Item) -> Fault:
        failing = queries.stations_failing(
            self.subject.user, region=self.subject.region, period=self.subject.period,
            item_code=item.line.code,
        )  # fmt: skip
        return Fault(item.line.code, item.line.title, item.section, names(failing), item.line.asked)

    @cached_property
    def overdue(self) -> list[str]:
        """Stations with something past its day."""
        late = queries.stations_behind(
            self.subject.user, region=self.subject.region, period=self.subject.period,
            which="overdue", today=self.subject.today,
        )  # fmt: skip
        return names(late)

    @cached_property
    def deadline(self) -> dt.date | None:
        """The last day any unsolved problem has."""
        unsolved = self.subject.findings("open").order_by()
        latest: dt.date | None = unsolved.aggregate(last=Max("due_on"))["last"]
        return max(latest, self.subject.today) if latest else None

    @property
    def look_back(self) -> dt.date:
        return due_on(self.deadline or self.subject.today, LOOK_BACK_DAYS)


def names(lines: Sequence[StationLine]) -> list[str]:
    return [
        line.name if line.kind != Station.Kind.COMMUNITY else f"{line.name}站" for line in lines
    ]
