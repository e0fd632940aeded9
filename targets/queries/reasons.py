"""偏差原因, drafted from the records that caused it. Chinese: these words go into the paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from indicators.periods import Period
from indicators.queries import readings, titles
from targets.models import TargetRow, TargetTable
from targets.money import plain
from targets.queries import records, surveys
from targets.queries.measures import CAMPS, EVENTS, Measure
from targets.queries.table import Line

MOST = 5


def draft(line: Line, table: TargetTable, today: dt.date) -> str:
    """Empty where nothing was lost."""
    if not line.is_short:
        return ""
    return DRAFTS[line.row.measure](line, table, today)


def _execution(line: Line, table: TargetTable, today: dt.date) -> str:
    told = records.spending(table)
    left = plain(table.year_amount - told.amount)
    return (
        f"全年预算 {plain(table.year_amount)} 万元，支出 {told.entries} 笔共 {plain(told.amount)} 万元，"
        f"结余 {left} 万元。"
    )


def _activities(kinds: tuple[str, ...], unit: str) -> Callable[[Line, TargetTable, dt.date], str]:
    def words(line: Line, table: TargetTable, today: dt.date) -> str:
        told = records.held(table, kinds, today)
        if not told.planned:
            return f"年内没有安排，已办 0 {unit}。"
        open_ones = [
            f"{one.title}（计划 {_day(one.planned_on)}{_because(one.note)}）"
            for one in records.not_held(table, kinds)
        ]
        missing = f"未办：{_listed(open_ones)}。" if open_ones else ""
        return f"计划 {told.planned} {unit}，已办 {told.held} {unit}。{missing}"

    return words


def _plan(line: Line, table: TargetTable, today: dt.date) -> str:
    told = records.plan(table)
    if not told.planned:
        return "没有录入年度计划任务。"
    late = [
        f"{task.title}（应于 {_day(task.due_on)}，"
        f"{f'{_day(task.done_on)} 完成' if task.done_on else '未完成'}{_because(task.note)}）"
        for task in records.not_on_time(table)
    ]
    return f"计划 {told.planned} 项，按时完成 {told.on_time} 项。未按时：{_listed(late)}。"


def _effect(line: Line, table: TargetTable, today: dt.date) -> str:
    row = readings.region_row(table.region, Period.of_year(table.year))
    if row is None or not row.cohort:
        return "本年度尚无检查。"
    most = sorted(row.unsolved.items(), key=lambda pair: (-pair[1], pair[0]))
    named = titles.items(code for code, _ in most[:MOST] if code)
    parts = [
        f"{named[code].title_zh if code in named else '其他问题'} {count} 个"
        for code, count in most[:MOST]
    ]
    overdue = sum(count for day, count in row.due.items() if dt.date.fromisoformat(day) < today)
    return (
        f"发现问题 {row.cohort} 个，已销号 {row.closed} 个；待复查 {row.submitted} 个，"
        f"未整改 {row.open} 个，挂账 {row.waived} 个，其中逾期 {overdue} 个。"
        + (f"未整改较多的是：{'、'.join(parts)}。" if parts else "")
    )


def _satisfaction(line: Line, table: TargetTable, today: dt.date) -> str:
    told = surveys.tally(table)
    if not told.answers:
        return "年内没有收到答卷。"
    worst = [
        f"{one.station.name_zh}（{one.tally.answers - one.tally.happy}/{one.tally.answers} 份）"
        for one in surveys.least_satisfied(table)
    ]
    return (
        f"收到答卷 {told.answers} 份，满意 {told.happy} 份。"
        f"不满意和一般较多的站：{'、'.join(worst)}。"
    )


def _day(day: dt.date | None) -> str:
    return f"{day.month}月{day.day}日" if day else "—"


def _because(note: str) -> str:
    return f"，{note.strip().rstrip('。')}" if note.strip() else ""


def _listed(parts: Sequence[str]) -> str:
    more = f"等 {len(parts)} 项" if len(parts) > MOST else ""
    return "；".join(parts[:MOST]) + more


DRAFTS: dict[str, Callable[[Line, TargetTable, dt.date], str]] = {
    Measure.EXECUTION: _execution,
    Measure.EVENTS: _activities(EVENTS, "场"),
    Measure.CAMPS: _activities(CAMPS, "期"),
    Measure.PLAN: _plan,
    Measure.EFFECT: _effect,
    Measure.SATISFACTION: _satisfaction,
}

assert set(DRAFTS) == set(TargetRow.Measure.values)
