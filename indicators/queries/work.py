"""Distance to target as a work list, what is overdue, and what fails most: sums of one row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from indicators.effect import Reading
from indicators.models import RegionRollup


@dataclass(frozen=True)
class WorkGroup:
    """`kind` "submitted": awaiting re-check; "item": the same item at several stations.

    `stations` is None where it is not known without a list.
    """

    kind: str
    code: str
    title: str
    findings: int
    stations: int | None


@dataclass(frozen=True)
class WorkList:
    target: int
    to_target: int
    groups: list[WorkGroup]


@dataclass(frozen=True)
class Overdue:
    findings: int
    stations: int
    longest_days: int


@dataclass(frozen=True)
class Failing:
    """`stations` of the `asked` that the item applied to did not fully comply."""

    code: str
    title: str
    stations: int
    asked: int


def commonest(tally: dict[str, int], limit: int) -> list[tuple[str, int]]:
    return sorted(tally.items(), key=lambda told: (-told[1], told[0]))[:limit]


def codes_of(row: RegionRollup | None, limit: int) -> set[str]:
    """Item codes whose titles the lists below need."""
    if row is None:
        return set()
    wanted = {*commonest(row.failing, limit), *commonest(row.unsolved, limit)}
    return {code for code, _ in wanted if code}


def work_list(
    row: RegionRollup | None, reading: Reading, titles: dict[str, Any], limit: int
) -> WorkList:
    """Cheapest first: what only needs a look, then what one purchase puts right at many stations;
    as many groups as it takes to reach the target."""
    groups: list[WorkGroup] = []
    left = reading.to_target
    if row and left and reading.submitted:
        groups.append(WorkGroup("submitted", "", _("待复查"), reading.submitted, None))
        left -= reading.submitted
    for code, number in commonest(row.unsolved, limit) if row else ():
        if left <= 0:
            break
        groups.append(_item_group(code, number, titles))
        left -= number
    return WorkList(reading.target, reading.to_target, groups)


def _item_group(code: str, number: int, titles: dict[str, Any]) -> WorkGroup:
    if not code:
        return WorkGroup("item", "", _("检查表以外的问题"), number, None)
    return WorkGroup("item", code, title_of(code, titles), number, number)


def title_of(code: str, titles: dict[str, Any]) -> str:
    return titles[code].title if code in titles else code


def overdue(row: RegionRollup | None, today: dt.date) -> Overdue:
    if row is None:
        return Overdue(0, 0, 0)
    before = today.isoformat()
    late = {day: number for day, number in row.due.items() if day < before}
    longest = (today - dt.date.fromisoformat(min(late))).days if late else 0
    stations = sum(number for day, number in row.first_due.items() if day < before)
    return Overdue(sum(late.values()), stations, longest)


def failing(row: RegionRollup | None, titles: dict[str, Any], limit: int) -> list[Failing]:
    if row is None:
        return []
    return [
        Failing(code, title_of(code, titles), number, row.asked.get(code, number))
        for code, number in commonest(row.failing, limit)
    ]
