"""Stations in and out as CSV. An import happens whole or not at all; a dry run is a real run that
is rolled back, so it finds what the real one would find."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations import changes, sheets
from stations.models import Region, Station, User
from stations.refusals import YEARS, PlacedError, Refusal, in_words
from stations.services import history, places
from stations.sheets import Fault, Row

MAX_BYTES = 20 * 1024 * 1024
OPENED = dt.date(2019, 1, 1)
NAMES = ("name_zh", "name_en", "community_zh")

REASONS = {
    "encoding": gettext_lazy("文字编码无法识别，请另存为 UTF-8 或 GBK。"),
    "unreadable": gettext_lazy("文件无法按 CSV 读取。"),
    "empty": gettext_lazy("文件是空的。"),
    "no_rows": gettext_lazy("只有表头，没有内容。"),
    "too_many_rows": gettext_lazy("超过 %(max)s 行。"),
    "unknown_column": gettext_lazy("不认识这一列。"),
    "repeated_column": gettext_lazy("这一列出现两次。"),
    "missing_column": gettext_lazy("缺少这一列。"),
    "cell_count": gettext_lazy("这一行有 %(found)s 格，表头有 %(wanted)s 格。"),
    "required": gettext_lazy("不能为空。"),
    "too_long": gettext_lazy("超过 %(max)s 个字。"),
    "control_character": gettext_lazy("含有看不见的控制字符。"),
    "bad_code": gettext_lazy("编码只能用字母、数字和连字符，2 到 24 位。"),
    "bad_kind": gettext_lazy("类别“%(value)s”应为 centre、subdistrict 或 community。"),
    "bad_date": gettext_lazy("“%(value)s”不是日期，应如 2024-03-01。"),
    "bad_position": gettext_lazy("不是有效的经纬度。"),
    "half_a_position": gettext_lazy("经度和纬度要么都填，要么都不填。"),
    "closes_before_opening": gettext_lazy("撤销日期须晚于成立日期。"),
    "repeated": gettext_lazy("编码 %(code)s 与第 %(row)s 行重复。"),
    "unknown_region": gettext_lazy("没有区划 %(code)s，或不在您的范围内。"),
    "region_name": gettext_lazy("区划 %(code)s 的名称是“%(name)s”。"),
    "region_level": gettext_lazy("街道站和社区站属于街道，服务中心属于区县或以上。"),
    "taken": gettext_lazy("编码已被使用。"),
    "kind_changes": gettext_lazy("已有的站不能改变类别。"),
    "region_changes": gettext_lazy("已有的站不能改变区划，请用合并办理迁移。"),
    "refused": gettext_lazy("%(message)s"),
}


@dataclass(slots=True)
class Outcome:
    """What an import did, or in a dry run would do. `errors` is the error table; with any error
    nothing was written."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    errors: list[PlacedError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are compared with, read once."""

    regions: Mapping[str, Region]
    stations: Mapping[str, Station]
    foreign: set[str]


def import_stations(
    *,
    content: bytes,
    filename: str,
    dry_run: bool,
    by: User | None,
    now: dt.datetime,
    keep_existing: bool = False,
) -> Outcome:
    """`keep_existing` leaves stations that are there as they are: the first load, run again."""
    if len(content) > MAX_BYTES:
        raise Refusal("too_large", _("文件超过 20 MB。"), status=413)
    rows, faults = sheets.parse(content, filename)
    outcome = Outcome()
    with transaction.atomic():
        known = _known(rows, by)
        for row in rows:
            faults += _misfits(row, known, filename)
        if not faults:
            faults = _apply(rows, known, outcome, filename, by, now, keep_existing)
        if faults or dry_run:
            transaction.set_rollback(True)
        else:
            _record(outcome, content, filename, by, now)
    if faults:
        faults.sort(key=lambda fault: fault.row)
        return Outcome(errors=in_words(faults, REASONS))
    return outcome


def _known(rows: list[Row], by: User | None) -> Known:
    """Two maps over what the account reaches, and the codes taken where it does not."""
    reached = Station.objects.visible_to(by) if by else Station.objects.all()
    stations = {s.code.lower(): s for s in reached.real().select_related("region")}
    regions = Region.objects.visible_to(by) if by else Region.objects.all()
    wanted = {str(row.cells.get("code", "")).lower() for row in rows} - stations.keys()
    taken = Station.objects.values_list("code", flat=True)
    return Known(
        regions={region.code: region for region in regions},
        stations=stations,
        foreign={code.lower() for code in taken if code.lower() in wanted},
    )


def _misfits(row: Row, known: Known, sheet: str) -> list[Fault]:
    cells, found = row.cells, []
    code, region_code = str(cells.get("code", "")).lower(), cells.get("region_code")
    region = known.regions.get(str(region_code))
    if region_code and region is None:
        found.append(("region_code", "unknown_region", {"code": region_code}))
    name = cells.get("region_zh")
    if region and name and name != region.name_zh:
        found.append(("region_zh", "region_name", {"code": region.code, "name": region.name_zh}))
    if code in known.foreign:
        found.append(("code", "taken", {}))
    station = known.stations.get(code)
    kind = cells.get("kind")
    if station and kind and kind != station.kind:
        found.append(("kind", "kind_changes", {}))
    if station and region and region.pk != station.region_id:
        found.append(("region_code", "region_changes", {}))
    if not station and region and kind and not places.belongs(kind, region):
        found.append(("region_code", "region_level", {}))
    for column in ("opened_on", "closed_on"):
        if (day := cells.get(column)) and day.year not in YEARS:
            found.append((column, "bad_date", {"value": str(day)}))
    return [Fault(sheet, row.number, column, reason, values) for column, reason, values in found]


def _apply(
    rows: list[Row],
    known: Known,
    outcome: Outcome,
    sheet: str,
    by: User | None,
    now: dt.datetime,
    keep_existing: bool,
) -> list[Fault]:
    fresh = [row for row in rows if row.cells["code"].lower() not in known.stations]
    _create(fresh, known, outcome, now)
    faults = []
    for row in rows if not keep_existing else ():
        station = known.stations.get(row.cells["code"].lower())
        try:
            if station and _change(station, row.cells, by, now):
                outcome.changed.append(station.code)
        except Refusal as refusal:
            values = {"message": refusal.message}
            faults.append(Fault(sheet, row.number, "", "refused", values))
    outcome.unchanged = len(rows) - len(outcome.created) - len(outcome.changed)
    return faults


def _create(rows: list[Row], known: Known, outcome: Outcome, now: dt.datetime) -> None:
    made = Station.objects.bulk_create(
        [
            Station(
                region=known.regions[row.cells["region_code"]],
                opened_on=row.cells.get("opened_on") or OPENED,
                **{
                    name: value
                    for name, value in row.cells.items()
                    if name not in {"region_code", "region_zh", "opened_on"}
                },
            )
            for row in rows
        ],
        batch_size=500,
    )
    outcome.created = [station.code for station in made]
    changes.announce([station.pk for station in made], now=now)


def _change(station: Station, cells: Mapping[str, Any], by: User | None, now: dt.datetime) -> bool:
    """Bring one station in line with its row; an absent column asks for nothing."""
    today = timezone.localdate(now)
    names = {name: cells.get(name, getattr(station, name)) for name in NAMES}
    contact = {name: cells[name] for name in places.CONTACT if name in cells}
    closed_on = cells.get("closed_on", station.closed_on)
    before = {n: getattr(station, n) for n in (*NAMES, *contact)}
    is_changed = before != names | contact
    if closed_on is None and station.closed_on is not None:
        places.reopen_station(station=station, by=by, now=now)
        is_changed = True
    if any(names[name] != getattr(station, name) for name in NAMES):
        places.rename_station(station=station, on=today, by=by, now=now, **names)
    places.update_contact(station=station, contact=contact, by=by, now=now)
    if cells.get("opened_on") not in (None, station.opened_on):
        places.correct_opening(station=station, on=cells["opened_on"], by=by, now=now)
        is_changed = True
    if closed_on is not None and closed_on != station.closed_on:
        places.close_station(station=station, on=closed_on, by=by, now=now)
        is_changed = True
    return is_changed


def _record(
    outcome: Outcome, content: bytes, filename: str, by: User | None, now: dt.datetime
) -> None:
    if not outcome.created and not outcome.changed:
        return
    history.record(
        by=by,
        action="station.import",
        at=now,
        file=filename[:100],
        sha256=hashlib.sha256(content).hexdigest(),
        created=len(outcome.created),
        changed=len(outcome.changed),
        codes=outcome.created[:200],
    )


def refused(outcome: Outcome) -> Refusal:
    return Refusal(
        "station_file_invalid",
        _("服务站文件有 %(count)s 处错误，没有导入任何内容。") % {"count": len(outcome.errors)},
        errors=outcome.errors,
    )


def export_stations(*, by: User, now: dt.datetime, chinese: bool = False) -> bytes:
    """All real stations the account reaches, closed ones too, in the form `import` takes."""
    stations = Station.objects.visible_to(by).real().select_related("region").order_by("code")
    rows = [_as_row(station) for station in stations]
    history.record(by=by, action="station.export", at=now, count=len(rows))
    return sheets.write(rows, chinese=chinese)


def _as_row(station: Station) -> dict[str, Any]:
    own = {name: getattr(station, name) for name in sheets.COLUMNS if hasattr(station, name)}
    return own | {"region_code": station.region.code, "region_zh": station.region.name_zh}
