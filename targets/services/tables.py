"""绩效目标表: typed once from the document, copied to each later year, adjusted with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from stations.models import Region, User
from stations.refusals import bad_field, conflict
from stations.services import history
from targets.models import TargetRow, TargetTable
from targets.queries.records import spent

Direction = TargetRow.Direction
FULL = Decimal(100)


def load_table(
    *, facts: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], region: Region, now: dt.datetime
) -> tuple[TargetTable, bool]:
    """The table of that region and year as the document has it; one already there stays."""
    with transaction.atomic():
        table, created = TargetTable.objects.get_or_create(
            region=region, year=facts["year"], defaults={**facts, "created_at": now}
        )
        if created:
            TargetRow.objects.bulk_create(
                TargetRow(table=table, order=order, **_row(row)) for order, row in enumerate(rows)
            )
            _record(table, "target.load", None, now)
    return table, created


def _row(given: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(given)
    row["short_zh"] = row.pop("short", "")
    row["direction"] = Direction.AT_LEAST if row.get("measure") else Direction.NONE
    return row


def copy_table(*, source: TargetTable, year: int, by: User | None, now: dt.datetime) -> TargetTable:
    """The same promises for another year; nothing measured or written comes along."""
    facts = model_to_dict(source, exclude=["id", "region", "copied_from", "year", "created_at"])
    facts |= {name: _in_year(facts[name], source.year, year) for name in ("overview", "usage")}
    facts |= {name: facts[name].replace(year=year) for name in ("starts_on", "ends_on")}
    try:
        with transaction.atomic():
            table = TargetTable.objects.create(
                **facts, region=source.region, year=year, copied_from=source, created_at=now
            )
            TargetRow.objects.bulk_create(_copied(row, table) for row in source.rows.all())
            _record(table, "target.copy", by, now, source=source.year)
    except IntegrityError as error:
        raise conflict(
            "table_exists", _("%(year)s 年度已有绩效目标表。") % {"year": year}
        ) from error
    return table


def _copied(row: TargetRow, table: TargetTable) -> TargetRow:
    row.pk, row.table, row.reason = None, table, ""
    return row


def _in_year(text: str, old: int, new: int) -> str:
    """“打造2021年…工程” moves along; the numbers of documents, 〔2019〕14号, stay."""
    return text.replace(f"{old}年", f"{new}年")


def change_table(
    *,
    table: TargetTable,
    facts: Mapping[str, Any],
    rows: Mapping[str, Mapping[str, Any]],
    reason: str,
    by: User,
    now: dt.datetime,
) -> TargetTable:
    """Amounts and words of the project, weights and targets of its rows by their key."""
    with transaction.atomic():
        table = _locked(table)
        _refuse_original(table)
        _refuse_without(reason)
        found = {row.key: row for row in table.rows.all()}
        changes = _apply(table, facts)
        for key, values in rows.items():
            changes |= {f"{key}.{n}": both for n, both in _apply(found[key], values).items()}
        _check(table, list(found.values()))
        table.save()
        TargetRow.objects.bulk_update(found.values(), ["lower", "upper", "weight", "target_words"])
        _record(table, "target.change", by, now, reason=reason, changes=changes)
    return table


def _check(table: TargetTable, rows: list[TargetRow]) -> None:
    if table.year_amount > table.total_amount:
        raise bad_field("year_amount", "over_total", _("本年度金额不能超过项目总金额。"))
    if table.year_amount < spent(table):
        raise bad_field("year_amount", "below_spent", _("本年度金额不能少于已经支出的金额。"))
    if sum((row.weight for row in rows), Decimal(0)) != FULL:
        raise bad_field("weight", "not_100", _("各行分值合起来必须是 100。"))
    for row in rows:
        lower = row.lower or 0
        if row.applies and (lower <= 0 or row.upper is not None and row.upper <= lower):
            raise bad_field("lower", "no_range", _("目标必须大于 0，上限必须大于目标。"))
        if row.applies and row.weight <= 0:
            raise bad_field("weight", "no_weight", _("适用的指标必须有分值。"))
        _check_lines(row)


def _check_lines(row: TargetRow) -> None:
    """No rate is above 100 %; 问题完成率 is read against whole percents (semantics §4)."""
    lines = [line for line in (row.lower, row.upper) if line is not None]
    if row.is_percent and any(line > FULL for line in lines):
        raise bad_field("lower", "over_100", _("百分比的目标不能超过 100。"))
    if row.measure == TargetRow.Measure.EFFECT and any(line % 1 for line in lines):
        raise bad_field("lower", "not_whole", _("问题完成率的目标要写整数百分比。"))


def _apply(thing: TargetTable | TargetRow, values: Mapping[str, Any]) -> dict[str, list[str]]:
    changes = {}
    for name, value in values.items():
        before = getattr(thing, name)
        if before != value:
            changes[name] = [str(before), str(value)]
            setattr(thing, name, value)
    return changes


def write_reason(
    *, table: TargetTable, key: str, words: str, by: User, now: dt.datetime
) -> TargetRow:
    """偏差原因 of one row in people's own words; empty goes back to the drafted one."""
    with transaction.atomic():
        row = TargetRow.objects.select_for_update().get(table=table, key=key)
        if row.reason != words:
            _record(table, "target.reason", by, now, row=key, before=row.reason, words=words)
            row.reason = words
            row.save(update_fields=["reason"])
    return row


def _locked(table: TargetTable) -> TargetTable:
    return TargetTable.objects.select_for_update().get(pk=table.pk)


def _refuse_original(table: TargetTable) -> None:
    if table.is_original:
        raise conflict("original", _("这是按文件录入的原件，不能修改。"))


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise bad_field("reason", "required", _("请写明原因。"))


def _record(
    table: TargetTable, action: str, by: User | None, now: dt.datetime, **detail: Any
) -> None:
    history.record(
        by=by, action=action, at=now, subject=f"targettable:{table.pk}", year=table.year, **detail
    )
