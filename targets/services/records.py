"""The records behind the rows: add, change, withdraw. Every kind keeps the same three verbs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from django.db import transaction
from django.utils.translation import gettext as _

from audits.deadlines import local_day
from stations.models import User
from stations.refusals import FieldError, Refusal, bad_field, conflict, refuse_odd_year
from stations.services import history
from targets.models import (
    Activity,
    BudgetEntry,
    Commendation,
    PlanTask,
    Record,
    SatisfactionSurvey,
    TargetTable,
)
from targets.money import plain
from targets.queries.records import spent

R = TypeVar("R", bound=Record)


def add(
    *, model: type[R], table: TargetTable, values: Mapping[str, Any], by: User, now: dt.datetime
) -> R:
    with transaction.atomic():
        table = _locked(table)
        record = model(table=table, created_by=by, created_at=now, **values)
        _check(record, table, now)
        record.save()
        _tell(record, "add", by, now, values=_words(values))
    return record


def change(*, record: R, values: Mapping[str, Any], reason: str, by: User, now: dt.datetime) -> R:
    """What is the same again changes nothing and leaves no trace."""
    with transaction.atomic():
        record = _begin(record, reason)
        changes = {
            name: [str(getattr(record, name) or ""), str(value or "")]
            for name, value in values.items()
            if getattr(record, name) != value
        }
        if not changes:
            return record
        for name in changes:
            setattr(record, name, values[name])
        _check(record, record.table, now)
        record.save()
        _tell(record, "change", by, now, reason=reason, changes=changes)
    return record


def withdraw(*, record: R, reason: str, by: User, now: dt.datetime) -> R:
    """Out of every figure; the record and its history stay."""
    with transaction.atomic():
        record = _begin(record, reason)
        record.withdrawn_at = now
        record.save(update_fields=["withdrawn_at"])
        _tell(record, "withdraw", by, now, reason=reason)
    return record


def _begin(record: R, reason: str) -> R:
    """The table's lock orders all that adds up against its budget."""
    table = _locked(record.table)
    held = cast(R, type(record)._default_manager.select_for_update().get(pk=record.pk))
    held.table = table
    if held.withdrawn_at:
        raise conflict("withdrawn", _("这条记录已经撤销。"))
    if not reason.strip():
        raise bad_field("reason", "required", _("请写明原因。"))
    return held


def _locked(table: TargetTable) -> TargetTable:
    return TargetTable.objects.select_for_update().get(pk=table.pk)


def _words(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _tell(record: Record, verb: str, by: User, now: dt.datetime, **detail: Any) -> None:
    kind = record._meta.model_name
    history.record(
        by=by, action=f"{kind}.{verb}", at=now, subject=record.subject, year=record.table.year,
        **detail,
    )  # fmt: skip


def _check(record: Record, table: TargetTable, now: dt.datetime) -> None:
    CHECKS[type(record)](record, table, local_day(now))


def _check_activity(record: Activity, table: TargetTable, today: dt.date) -> None:
    _in_year("planned_on", record.planned_on, table)
    if record.held_on is None:
        return
    _in_year("held_on", record.held_on, table)
    _not_ahead("held_on", record.held_on, today)
    missing: list[FieldError] = []
    if not record.place:
        missing.append(_missing("place", _("办了的活动要写明地点。")))
    if not record.people:
        missing.append(_missing("people", _("办了的活动要写明人数。")))
    if missing:
        raise Refusal("invalid", missing[0]["message"], errors=missing)


def _missing(field: str, message: str) -> FieldError:
    return {"field": field, "code": "required", "message": message}


def _check_task(record: PlanTask, table: TargetTable, today: dt.date) -> None:
    _in_year("due_on", record.due_on, table)
    if record.done_on:
        _not_ahead("done_on", record.done_on, today)
        if record.done_on.year < table.year:
            raise bad_field("done_on", "before_year", _("本年度的任务不会在年度开始前完成。"))


def _check_budget(record: BudgetEntry, table: TargetTable, today: dt.date) -> None:
    _in_year("spent_on", record.spent_on, table)
    _not_ahead("spent_on", record.spent_on, today)
    if record.amount <= 0:
        raise bad_field("amount", "not_positive", _("金额必须大于 0。"))
    left = table.year_amount - spent(table, without=record)
    if record.amount > left:
        raise bad_field(
            "amount",
            "over_budget",
            _("超出本年度金额：只剩 %(left)s 万元可支出。") % {"left": plain(left)},
        )


def _check_commendation(record: Commendation, table: TargetTable, today: dt.date) -> None:
    _in_year("given_on", record.given_on, table)
    _not_ahead("given_on", record.given_on, today)


def _check_survey(record: SatisfactionSurvey, table: TargetTable, today: dt.date) -> None:
    _in_year("opens_on", record.opens_on, table)
    refuse_odd_year(closes_on=record.closes_on)
    if record.closes_on < record.opens_on:
        raise bad_field("closes_on", "before_start", _("结束日期不能早于开始日期。"))
    others = SatisfactionSurvey.objects.of(table).exclude(pk=record.pk)
    if others.filter(opens_on__lte=record.closes_on, closes_on__gte=record.opens_on).exists():
        raise bad_field("opens_on", "overlaps", _("这段时间已有另一次调查，同一天只能开放一次。"))


def _in_year(field: str, day: dt.date, table: TargetTable) -> None:
    if day.year != table.year:
        raise bad_field(field, "outside_year", _("日期要在 %(year)s 年内。") % {"year": table.year})


def _not_ahead(field: str, day: dt.date, today: dt.date) -> None:
    if day > today:
        raise bad_field(field, "in_future", _("不能写将来的日期。"))


CHECKS: dict[type[Record], Callable[[Any, TargetTable, dt.date], None]] = {
    Activity: _check_activity,
    PlanTask: _check_task,
    BudgetEntry: _check_budget,
    Commendation: _check_commendation,
    SatisfactionSurvey: _check_survey,
}
