"""What a station's report says, as plain data, and the hash of it that the report prints."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from audits.models import Finding
from audits.scoring import printed
from indicators import queries
from indicators.periods import Period, year_bounds
from indicators.queries.scores import Cell
from stations.models import Station

LINES = (70, 80, 90)


def content(station: Station, period: Period) -> dict[str, Any]:
    """Only what the report is about, the same for every reader: neither the day it was made nor
    who asked for it."""
    told = queries.station_summary(station=station, period=period)
    reading = told.reading
    return {
        "station": station.code,
        "name": station.name_zh,
        "kind": str(station.get_kind_display()),
        "region": station.region.name_zh,
        "period": period.key,
        "audit": str(told.audit_id or ""),
        "score": printed(told.total, LINES),
        "score_today": printed(told.total_today, LINES),
        "grade": told.grade,
        "critical_failed": told.critical_failed,
        "is_complete": told.is_complete,
        "sections": [_section(cell) for cell in told.sections],
        "effect": {
            "numerator": reading.numerator,
            "denominator": reading.denominator,
            "submitted": reading.submitted,
            "open": reading.open,
            "waived": reading.waived,
            "rate": reading.printed,
            "band": reading.band,
        },
        "problems": _problems(station, period),
    }


def _section(cell: Cell) -> list[str | None]:
    return [cell.title, printed(cell.value, LINES), printed(cell.value_today, LINES)]


def _problems(station: Station, period: Period) -> list[list[str]]:
    rows = Finding.objects.counted().filter(station=station).exclude(status=Finding.Status.VOID)
    if period.round_id:
        rows = rows.of_round(period.round_id)
    else:
        start, end = year_bounds(period.year or 0)
        rows = rows.filter(raised_at__gte=start, raised_at__lt=end)
    return [
        [
            str(one.pk), f"{one.item_code} {one.title}".strip(), one.note, one.due_on.isoformat(),
            str(one.get_status_display()), str(one.get_severity_display()),
        ]
        for one in rows.order_by("item_code", "pk")
    ]  # fmt: skip


def content_hash(told: dict[str, Any]) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
