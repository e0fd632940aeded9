"""The sums of a 评分表: each section against what it declares, the whole against 合计 and 100."""

from __future__ import annotations

from decimal import Decimal

from checklists.sheets.checking import FULL_MARKS, MAX_ITEMS
from checklists.sheets.tables import Place, ScoreTable, TableSection
from stations.sheets import Fault


def check(table: ScoreTable, end: Place, *, is_whole: bool) -> list[Fault]:
    """`end`: where the table ends. The whole is added up only where nothing was a fault before."""
    faults = []
    if len(table.items) > MAX_ITEMS:
        faults.append(end.fault("too_many_items", max=MAX_ITEMS))
    for section in table.sections:
        faults += _of_section(section)
    return faults if faults or not is_whole else _of_whole(table, end)


def _of_section(section: TableSection) -> list[Fault]:
    if not section.is_whole:
        return []
    faults = [] if section.items else [section.place.fault("empty_section")]
    return faults + [
        place.fault("section_sum", found=told(section.points), wanted=told(value))
        for value, place in section.declared
        if value != section.points
    ]


def _of_whole(table: ScoreTable, end: Place) -> list[Fault]:
    faults = [
        place.fault("total_sum", found=told(table.points), wanted=told(value))
        for value, place in table.totals
        if value != table.points
    ]
    if not table.items:
        faults.append(end.fault("empty"))
    elif table.points != FULL_MARKS and not faults:
        place = table.totals[-1][1] if table.totals else end
        faults.append(place.fault("total_sum", found=told(table.points), wanted=FULL_MARKS))
    return faults


def told(value: Decimal) -> str:
    return f"{value.normalize():f}"
