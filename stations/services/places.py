"""服务站 and the tree they hang on: open, rename, close. Nothing is deleted, names are kept."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from stations import changes
from stations.models import Region, Station, StationName, User
from stations.refusals import bad_field, conflict, refuse_odd_year
from stations.services import history
from stations.sheets import CODE

LEVELS = list(Region.Level)
CODE_LENGTHS = {Region.Level.SUBDISTRICT: {9, 12}}
CONTACT = ("address", "phone", "opening_hours", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class NewStation:
    """What a station to be opened is called."""

    code: str
    name_zh: str
    name_en: str = ""
    community_zh: str = ""


@transaction.atomic
def save_region(
    *,
    code: str,
    name_zh: str,
    name_en: str,
    level: str,
    parent: Region | None,
    by: User | None,
    now: dt.datetime,
) -> Region:
    """Make a region, or change the one of that code and move all below it along."""
    _check_region(code, level, parent)
    region = Region.objects.select_for_update().filter(code=code).first() or Region(code=code)
    former_path, former_parent = region.path, region.parent
    if former_path and parent and parent.path.startswith(former_path):
        raise bad_field("parent", "circle", _("上级不能是它自己或它的下级。"))
    region.name_zh, region.name_en, region.level = name_zh, name_en, level
    region.parent, region.path = parent, f"{parent.path if parent else ''}{code}/"
    region.save()
    if former_path and former_path != region.path:
        below = Region.objects.filter(path__startswith=former_path).exclude(pk=region.pk)
        rest = Substr(F("path"), len(former_path) + 1)
        below.update(path=Concat(Value(region.path), rest))
        moved = Station.objects.within(region).values_list("pk", flat=True)
        changes.announce(moved, now=now)
        if former_parent:
            changes.announce_left(former_parent.pk, now=now)
    history.record(by=by, action="region.save", at=now, subject=f"region:{code}", name=name_zh)
    return region


def _check_region(code: str, level: str, parent: Region | None) -> None:
    if level not in LEVELS:
        raise bad_field("level", "unknown", _("没有这个级别。"))
    lengths = CODE_LENGTHS.get(Region.Level(level), {6})
    if not re.fullmatch(r"[0-9]+", code) or len(code) not in lengths:
        raise bad_field("code", "bad_code", _("区划代码：区县及以上 6 位，街道 9 或 12 位。"))
    if parent is None and level == Region.Level.SUBDISTRICT:
        raise bad_field("parent", "required", _("街道须有上级区划。"))
    if parent and LEVELS.index(Region.Level(parent.level)) >= LEVELS.index(Region.Level(level)):
        raise bad_field("parent", "level", _("上级区划的级别须更高。"))


@transaction.atomic
def open_station(
    *,
    new: NewStation,
    kind: str,
    region: Region,
    opened_on: dt.date,
    by: User | None,
    now: dt.datetime,
    is_practice: bool = False,
    **contact: Any,
) -> Station:
    refuse_odd_year(opened_on=opened_on)
    if not CODE.fullmatch(new.code):
        raise bad_field("code", "bad_code", _("编码只能用字母、数字和连字符，2 到 24 位。"))
    if Station.objects.filter(code__iexact=new.code).exists():
        raise bad_field("code", "taken", _("编码已被使用。"))
    if not is_practice and not belongs(kind, region):
        raise bad_field("region", "level", _("街道站和社区站属于街道，服务中心属于区县或以上。"))
    station = Station.objects.create(
        code=new.code,
        name_zh=new.name_zh,
        name_en=new.name_en,
        community_zh=new.community_zh,
        kind=kind,
        region=region,
        opened_on=opened_on,
        is_practice=is_practice,
        **contact,
    )
    _record("station.open", station, by, now, name=station.name_zh, on=str(opened_on))
    return station


def belongs(kind: str, region: Region) -> bool:
    return (kind == Station.Kind.CENTRE) != (region.level == Region.Level.SUBDISTRICT)


@transaction.atomic
def rename_station(
    *,
    station: Station,
    name_zh: str,
    name_en: str,
    on: dt.date,
    by: User | None,
    now: dt.datetime,
    community_zh: str | None = None,
) -> Station:
    """The former name is kept until the day `on`; a first name of the same day is just corrected."""
    station = _locked(station)
    community = station.community_zh if community_zh is None else community_zh
    if (station.name_zh, station.name_en, station.community_zh) == (name_zh, name_en, community):
        raise bad_field("name_zh", "unchanged", _("名称没有变化。"))
    _check_day_of_rename(station, on, now)
    former = (station.name_zh, station.name_en)
    if former != (name_zh, name_en) and on > station.opened_on:
        StationName.objects.create(
            station=station, name_zh=former[0], name_en=former[1], until_on=on
        )
    station.name_zh, station.name_en, station.community_zh = name_zh, name_en, community
    station.save(update_fields=["name_zh", "name_en", "community_zh"])
    _record("station.rename", station, by, now, former=former[0], name=name_zh, on=str(on))
    return station


def _check_day_of_rename(station: Station, on: dt.date, now: dt.datetime) -> None:
    if on > timezone.localdate(now):
        raise bad_field("on", "in_future", _("更名日期不能晚于今天。"))
    latest = max([station.opened_on, *station.former_names.values_list("until_on", flat=True)])
    if on < latest:
        words = _("更名日期不能早于成立日期或上一次更名（%(day)s）。")
        raise bad_field("on", "too_early", words % {"day": latest})


@transaction.atomic
def close_station(*, station: Station, on: dt.date, by: User | None, now: dt.datetime) -> Station:
    station = _locked(station)
    refuse_odd_year(on=on)
    if on <= station.opened_on:
        raise bad_field("on", "before_opening", _("撤销日期须晚于成立日期。"))
    station.closed_on = on
    station.save(update_fields=["closed_on"])
    _record("station.close", station, by, now, on=str(on))
    return station


@transaction.atomic
def correct_opening(*, station: Station, on: dt.date, by: User | None, now: dt.datetime) -> Station:
    refuse_odd_year(opened_on=on)
    station = Station.objects.select_for_update().get(pk=station.pk)
    if station.closed_on and on >= station.closed_on:
        raise bad_field("opened_on", "after_closing", _("成立日期须早于撤销日期。"))
    former, station.opened_on = station.opened_on, on
    station.save(update_fields=["opened_on"])
    _record("station.correct", station, by, now, former=str(former), on=str(on))
    return station


@transaction.atomic
def reopen_station(*, station: Station, by: User | None, now: dt.datetime) -> Station:
    """Take back a closing; not where the work has gone to another station."""
    station = Station.objects.select_for_update().get(pk=station.pk)
    if station.closed_on is None:
        raise conflict("station_open", _("这个站没有撤销。"))
    if station.links_onward.exists():
        raise conflict("station_succeeded", _("这个站已拆分或合并，不能恢复。"))
    station.closed_on = None
    station.save(update_fields=["closed_on"])
    _record("station.reopen", station, by, now)
    return station


@transaction.atomic
def update_contact(
    *, station: Station, contact: dict[str, Any], by: User | None, now: dt.datetime
) -> Station:
    """`contact` may hold address, phone, opening_hours, latitude and longitude; nothing else."""
    station = Station.objects.select_for_update().get(pk=station.pk)
    changed = {
        name: value
        for name, value in contact.items()
        if name in CONTACT and getattr(station, name) != value
    }
    for name, value in changed.items():
        setattr(station, name, value)
    if (station.latitude is None) != (station.longitude is None):
        raise bad_field("latitude", "half_a_position", _("经度和纬度要么都填，要么都不填。"))
    if changed:
        station.save(update_fields=list(changed))
        told = {name: None if value is None else str(value) for name, value in changed.items()}
        history.record(
            by=by,
            action="station.contact",
            at=now,
            subject=f"station:{station.code}",
            station=station,
            changed=told,
        )
    return station


def _locked(station: Station) -> Station:
    """The row, held until commit; a closed station takes no more changes of this kind."""
    fresh = Station.objects.select_for_update().get(pk=station.pk)
    if fresh.closed_on is not None:
        raise conflict("station_closed", _("这个站已撤销。"), closed_on=str(fresh.closed_on))
    return fresh


def _record(
    action: str, station: Station, by: User | None, now: dt.datetime, **detail: Any
) -> None:
    history.record(
        by=by,
        action=action,
        at=now,
        subject=f"station:{station.code}",
        station=station,
        **detail,
    )
    changes.announce([station.pk], now=now)
