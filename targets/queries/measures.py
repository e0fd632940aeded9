"""One function per measure: what a row's records say today. Each asks the database once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators import effect
from indicators import queries as figures
from indicators.periods import Period
from targets.models import Activity, TargetRow, TargetTable
from targets.money import plain
from targets.queries import records, surveys
from targets.scoring import percent

Measure = TargetRow.Measure
EVENTS = (Activity.Kind.VOLUNTEER.value, Activity.Kind.LECTURE.value)
CAMPS = (Activity.Kind.CAMP.value,)


@dataclass(frozen=True)
class Measured:
    """`value` in the row's unit, None where there is nothing to divide by. `note` says from what,
    `short` what is missing to the target. `band` only where the measure has bands of its own."""

    value: Fraction | None
    note: str
    short: str = ""
    band: str = ""
    is_full: bool = False
    records: int = 0
    numerator: str = ""
    denominator: str = ""


def measure(row: TargetRow, table: TargetTable, today: dt.date) -> Measured | None:
    """None for a row that does not apply."""
    return MEASURES[row.measure](row, table, today) if row.applies else None


def _execution(row: TargetRow, table: TargetTable, today: dt.date) -> Measured:
    told = records.spending(table)
    left = table.year_amount - told.amount
    amount = plain(told.amount)
    return Measured(
        percent(told.amount, table.year_amount),
        ngettext("%(amount)s 万元，%(count)s 笔", "%(amount)s 万元，%(count)s 笔", told.entries)
        % {"amount": amount, "count": told.entries},
        _("差 %(amount)s 万元") % {"amount": plain(left)} if left else "",
        records=told.entries,
        numerator=amount,
        denominator=plain(table.year_amount),
    )


def _events(row: TargetRow, table: TargetTable, today: dt.date) -> Measured:
    told = records.held(table, EVENTS, today)
    missing = max(0, -int(-(row.lower or 0) // 1) - told.held)
    return Measured(
        Fraction(told.held),
        ngettext("参加 %(count)s 人次", "参加 %(count)s 人次", told.people)
        % {"count": told.people},
        ngettext("差 %(count)s 场", "差 %(count)s 场", missing) % {"count": missing}
        if missing
        else "",
        records=told.planned,
        numerator=str(told.held),
    )


def _camps(row: TargetRow, table: TargetTable, today: dt.date) -> Measured:
    told = records.held(table, CAMPS, today)
    return Measured(
        percent(told.held, told.planned),
        _("已办 %(done)s/%(planned)s 期") % {"done": told.held, "planned": told.planned},
        _missing(row, told.held, told.planned, _("期")),
        records=told.planned,
        numerator=str(told.held),
        denominator=str(told.planned),
    )


def _plan(row: TargetRow, table: TargetTable, today: dt.date) -> Measured:
    told = records.plan(table)
    return Measured(
        percent(told.on_time, told.planned),
        _("按时 %(done)s/%(planned)s 项") % {"done": told.on_time, "planned": told.planned},
        _missing(row, told.on_time, told.planned, _("项")),
        records=told.planned,
        numerator=str(told.on_time),
        denominator=str(told.planned),
    )


def _effect(row: TargetRow, table: TargetTable, today: dt.date) -> Measured:
    """The formula of the overview (semantics §4), read against this row's own lines."""
    reading = figures.region_reading(
        region=table.region, period=Period.of_year(table.year), today=today
    )
    done, cohort, lines = reading.numerator, reading.denominator, lines_of(row)
    missing = effect.missing(done, cohort, lines.target)
    band = effect.band(done, cohort, lines, audited=reading.coverage.audited)
    return Measured(
        reading.rate,
        _("已销号 %(done)s/%(total)s") % {"done": done, "total": cohort},
        ngettext("距 %(line)s%% 差 %(count)s 项", "距 %(line)s%% 差 %(count)s 项", missing)
        % {"line": lines.target, "count": missing}
        if missing
        else "",
        band=band,
        is_full=band == "no_problems",
        records=cohort,
        numerator=str(done),
        denominator=str(cohort),
    )


def _satisfaction(row: TargetRow, table: TargetTable, today: dt.date) -> Measured:
    told = surveys.tally(table)
    return Measured(
        told.rate,
        _("满意 %(happy)s/%(answers)s 份") % {"happy": told.happy, "answers": told.answers},
        records=told.answers,
        numerator=str(told.happy),
        denominator=str(told.answers),
    )


def _missing(row: TargetRow, done: int, planned: int, unit: str | Promise) -> str:
    needed = ceil((row.lower or 0) * planned / 100)
    missing = max(0, needed - done)
    return _("差 %(count)s %(unit)s") % {"count": missing, "unit": unit} if missing else ""


def lines_of(row: TargetRow) -> effect.Lines:
    """The row's own range; its reading is the tool's unless the row names one."""
    assert row.lower is not None
    upper = row.upper if row.upper is not None else row.lower
    return effect.Lines(int(row.lower), int(upper), row.target_mode or settings.EFFECT_TARGET_MODE)


MEASURES: dict[str, Callable[[TargetRow, TargetTable, dt.date], Measured]] = {
    Measure.EXECUTION: _execution,
    Measure.EVENTS: _events,
    Measure.CAMPS: _camps,
    Measure.PLAN: _plan,
    Measure.EFFECT: _effect,
    Measure.SATISFACTION: _satisfaction,
}
