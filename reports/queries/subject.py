"""What a paper is about, as its writer reads it: whose eyes, which place, which time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from audits.deadlines import local_day
from audits.models import Finding, Round
from indicators import queries
from indicators.effect import Reading
from indicators.periods import Period
from reports.models import Report
from stations.models import Region, Station, User


@dataclass(frozen=True)
class Subject:
    report: Report
    user: User
    region: Region
    station: Station | None
    period: Period
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return local_day(self.now)

    @cached_property
    def round(self) -> Round | None:
        return Round.objects.get(pk=self.period.round_id) if self.period.round_id else None

    @cached_property
    def period_name(self) -> str:
        return queries.period_name(self.period)

    @cached_property
    def place(self) -> str:
        """What the paper covers, as its head says it."""
        return self.station.name_zh if self.station else self.region.name_zh

    @cached_property
    def office(self) -> str:
        """The unit that issues it, 深圳市龙华区退役军人事务局: where the person who asks for it
        sits; for a station's own papers the district above it."""
        seat = queries.top_region(self.user)
        codes = (seat or self.region).ancestor_codes()
        levels = ["city", "district", "subdistrict"] if seat else ["city", "district"]
        above = Region.objects.filter(code__in=codes, level__in=levels).order_by("path")
        is_subdistrict = seat is not None and seat.level == Region.Level.SUBDISTRICT
        office = "退役军人服务站" if is_subdistrict else "退役军人事务局"
        return "".join(one.name_zh for one in above) + office

    @cached_property
    def reading(self) -> Reading:
        """The region's figure, or the station's own: the same functions as page and API."""
        if self.station:
            return queries.station_summary(station=self.station, period=self.period).reading
        return queries.region_reading(region=self.region, period=self.period, today=self.today)

    def findings(self, part: str = "all", **narrowed: str) -> QuerySet[Finding]:
        if self.station:
            narrowed["station_code"] = self.station.code
        return queries.findings_behind(
            self.user, region=self.region, period=self.period, part=part, today=self.today,
            **narrowed,
        )  # fmt: skip

    def stations(self) -> QuerySet[Station]:
        """The stations it is about, closed ones too: their problems stay in the period."""
        rows = Station.objects.visible_to(self.user).real().select_related("region")
        if self.station:
            return rows.filter(pk=self.station.pk)
        return rows.within(self.region).order_by("region__path", "code")


def subject_of(report: Report, now: dt.datetime) -> Subject:
    return Subject(
        report=report,
        user=report.requested_by,
        region=report.region,
        station=report.station,
        period=report.period,
        now=now,
    )
