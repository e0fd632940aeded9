"""指标值 of a scope: from stored roll-ups today, from snapshots or events on a past day."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audits.models import Round
from indicators import replay, snapshots
from indicators.counting import FINDING_COUNTS
from indicators.effect import Counts, Lines, Reading, read
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period, counting_day
from stations import access
from stations.models import Region, Station, User

OF_REGION = (*FINDING_COUNTS, "stations_with_findings", "stations_all_closed", "audited")


def lines() -> Lines:
    return Lines(settings.EFFECT_LOWER, settings.EFFECT_UPPER, settings.EFFECT_TARGET_MODE)


def read_counts(counts: Counts) -> Reading:
    return read(counts, lines())


def of_region(
    *, region: Region, period: Period, today: dt.date, as_of: dt.date | None = None
) -> Reading:
    if as_of and as_of < today:
        return read_counts(snapshots.as_of(as_of, [region], period)[region.pk])
    row = region_row(region, period)
    return read_counts(stored(row) if row else nothing_yet(region, period, today))


def region_row(region: Region, period: Period) -> RegionRollup | None:
    return (
        RegionRollup.objects.defer("totals", "totals_today")
        .filter(region=region, period=period.key)
        .first()
    )


def stored(row: RegionRollup) -> Counts:
    return Counts(**{name: getattr(row, name) for name in OF_REGION}, total=row.stations)


def stored_station(row: StationRollup) -> Counts:
    told = {name: getattr(row, name) for name in FINDING_COUNTS}
    return replay.counts_of(told, is_audited=row.is_audited, is_expected=row.is_expected)


def nothing_yet(region: Region, period: Period, today: dt.date) -> Counts:
    """No roll-up: nobody assigned, or a year that has just begun."""
    if not period.year:
        return Counts()
    inside = Station.objects.real().within(region)
    return Counts(total=inside.open_on(counting_day(period.year, today)).count())


def of_own(
    *,
    user: User,
    period: Period,
    today: dt.date,
    region: Region | None = None,
    as_of: dt.date | None = None,
) -> Reading:
    """The sum over the account's own stations: what an inspector and a station head may read."""
    stations = own_stations(user, region)
    if as_of and as_of < today:
        return read_counts(replay.counts_on(as_of, period, stations))
    rows = StationRollup.objects.filter(
        period=period.key, station__in=stations.order_by().values("pk")
    )
    return read_counts(sum((stored_station(row) for row in rows), Counts()))


def own_stations(user: User, region: Region | None = None) -> QuerySet[Station]:
    stations = Station.objects.real().filter(pk__in=access.station_ids(user))
    return stations.within(region) if region else stations


def top_region(user: User) -> Region | None:
    """Where a bureau's or a supervisor's reading begins: the topmost region of the account."""
    return min(access.regions(user), key=lambda one: (one.path.count("/"), one.path), default=None)


def period_name(period: Period) -> str:
    if period.year:
        return _("%(year)s 年度") % {"year": period.year}
    return Round.objects.get(pk=period.round_id).name  # type: ignore[misc]
