"""绩效自评表 as a paper (layout: practice §4.1): plain values, the same for page, API and files.

Words are Chinese whatever the viewer's language: this is what is signed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from indicators import queries as figures
from indicators.periods import Period
from targets.models import SelfEvaluation, TargetTable
from targets.money import plain
from targets.queries import reasons, records
from targets.queries.table import Evaluation, Line, evaluate

Body = dict[str, Any]
RULE_VERSION = 1
GRADES = {"excellent": "优", "good": "良", "fair": "中", "poor": "差"}


def body(table: TargetTable, today: dt.date, told: Evaluation | None = None) -> Body:
    """JSON, decimals as text. The day is not in it: the same figures give the same hash."""
    with override("zh-hans"):
        told = told or evaluate(table, today)
        lines = told.lines_of_effect
        return {
            "title": f"项目支出绩效自评表（{table.year}年度）",
            "year": table.year,
            "name": table.name,
            "department": table.department,
            "unit": table.department,
            "funds": _funds(table, told),
            "goal": table.goal,
            "achieved": _achieved(table, today),
            "rows": [_row(line, table, today) for line in told.lines],
            "total": str(told.total),
            "grade": told.grade,
            "grade_name": GRADES[told.grade],
            "other_total": str(told.other_total),
            "other_grade_name": GRADES[told.other_grade],
            "mode": lines.mode if lines else "",
            "lower": lines.lower if lines else None,
            "upper": lines.upper if lines else None,
            "rule_version": RULE_VERSION,
        }


def _funds(table: TargetTable, told: Evaluation) -> Body:
    line = next(line for line in told.lines if line.row.measure == "execution")
    assert line.measured is not None
    spent = plain(records.spent(table))
    budget = plain(table.year_amount)
    return {
        "budget": budget,
        "full_year": budget,
        "spent": spent,
        "rate": line.printed,
        "weight": _number(line.row.weight),
        "points": str(line.points),
        "rows": [
            {"name": "年度资金总额", "budget": budget, "full_year": budget, "spent": spent},
            *(
                {"name": name, "budget": plain(amount), "full_year": plain(amount), "spent": ""}
                for name, amount in (
                    ("其中：本年财政拨款", table.fiscal_amount),
                    ("上年结转资金", Decimal(0)),
                    ("其他资金", table.other_amount),
                )
            ),
        ],
    }


def _row(line: Line, table: TargetTable, today: dt.date) -> Body:
    row = line.row
    return {
        "key": row.key,
        "level1": row.level1,
        "level2": row.level2,
        "content": row.content,
        "target": row.target_words,
        "source": row.source,
        "actual": _actual(line),
        "from": line.measured.note if line.measured else "",
        "weight": _number(row.weight),
        "points": None if line.points is None else str(line.points),
        "other_points": None if line.other_points is None else str(line.other_points),
        "band": line.band,
        "is_short": line.is_short,
        "reason": (row.reason or reasons.draft(line, table, today)) if line.is_short else "",
        "is_drafted": line.is_short and not row.reason,
    }


def _actual(line: Line) -> str:
    if line.measured is None:
        return "不适用"
    if not line.printed:
        return "无问题" if line.band == "no_problems" else "尚无记录"
    return line.printed + ("%" if line.row.is_percent else f" {line.row.unit}")


def _achieved(table: TargetTable, today: dt.date) -> str:
    reading = figures.region_reading(
        region=table.region, period=Period.of_year(table.year), today=today
    )
    if not reading.denominator:
        return f"已检查 {reading.coverage.audited}/{reading.coverage.total} 个服务中心（站）。"
    return (
        f"已检查 {reading.coverage.audited}/{reading.coverage.total} 个服务中心（站），"
        f"发现问题 {reading.denominator} 个，销号 {reading.numerator} 个，"
        f"完成率 {reading.printed}%。"
    )


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def content_hash(body: Body) -> str:
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_whole(signed: SelfEvaluation) -> bool:
    """What is stored is what was signed."""
    return content_hash(signed.body) == signed.sha256
