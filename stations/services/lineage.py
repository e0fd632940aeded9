"""沿革: a station's work goes on elsewhere. Its own past stays under its own code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from stations.models import Region, Station, StationLink, User
from stations.refusals import bad_field, conflict
from stations.services import history
from stations.services.places import NewStation, close_station, open_station


@transaction.atomic
def split_station(
    *,
    station: Station,
    into: Sequence[NewStation],
    on: dt.date,
    by: User | None,
    now: dt.datetime,
) -> list[Station]:
    """Close it on the day and open two or more of its kind in its region."""
    if len(into) < 2:
        raise bad_field("into", "too_few", _("拆分须有两个或更多新站。"))
    _all_different([new.code for new in into])
    close_station(station=station, on=on, by=by, now=now)
    made = [
        open_station(
            new=new, kind=station.kind, region=station.region, opened_on=on, by=by, now=now
        )
        for new in into
    ]
    StationLink.objects.bulk_create(
        StationLink(kind=StationLink.Kind.SPLIT, predecessor=station, successor=successor, on=on)
        for successor in made
    )
    codes = [successor.code for successor in made]
    history.record(
        by=by,
        action="station.split",
        at=now,
        subject=f"station:{station.code}",
        station=station,
        into=codes,
        on=str(on),
    )
    return made


@transaction.atomic
def merge_stations(
    *,
    stations: Sequence[Station],
    into: Station | NewStation,
    on: dt.date,
    by: User | None,
    now: dt.datetime,
    region: Region | None = None,
) -> Station:
    """Close them on the day; `into` is a new station or one that is there already.

    One station into a new one is a move: the code names the region, so a moved station gets one.
    """
    leaving = [s for s in stations if not (isinstance(into, Station) and s.pk == into.pk)]
    _check_parts(leaving, into)
    for station in leaving:
        close_station(station=station, on=on, by=by, now=now)
    successor = (
        _still_open(into, on)
        if isinstance(into, Station)
        else open_station(
            new=into,
            kind=leaving[0].kind,
            region=region or leaving[0].region,
            opened_on=on,
            by=by,
            now=now,
        )
    )
    StationLink.objects.bulk_create(
        StationLink(kind=StationLink.Kind.MERGED, predecessor=part, successor=successor, on=on)
        for part in leaving
    )
    for part in leaving:
        history.record(
            by=by,
            action="station.merge",
            at=now,
            subject=f"station:{part.code}",
            station=part,
            into=successor.code,
            on=str(on),
        )
    return successor


def _check_parts(leaving: Sequence[Station], into: Station | NewStation) -> None:
    if not leaving:
        raise bad_field("stations", "too_few", _("请选择要并入的站。"))
    _all_different([station.code for station in leaving])
    kinds = {station.kind for station in leaving}
    kinds |= {into.kind} if isinstance(into, Station) else set()
    if len(kinds) > 1:
        raise bad_field("stations", "kinds_differ", _("只有同类的站可以合并。"))


def _still_open(station: Station, on: dt.date) -> Station:
    station = Station.objects.select_for_update().get(pk=station.pk)
    if station.closed_on is not None:
        raise conflict("station_closed", _("这个站已撤销。"), closed_on=str(station.closed_on))
    if station.opened_on > on:
        raise bad_field("on", "before_opening", _("合并日期不能早于接收站的成立日期。"))
    return station


def _all_different(codes: Sequence[str]) -> None:
    if len({code.lower() for code in codes}) < len(codes):
        raise bad_field("code", "repeated", _("编码重复。"))
