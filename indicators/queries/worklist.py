"""距目标工作单: which problems, cheapest first, until the target is reached."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from audits.models import CommonCause, Finding
from indicators.effect import Reading
from indicators.periods import Period
from indicators.queries import titles, work
from indicators.queries.behind import findings_behind
from stations.models import Region, User

RANKED = 200  # items told apart; the rest stands behind them
NOT_HANDED_IN = ["open", "in_progress"]


@dataclass(frozen=True)
class Group:
    """`kind` "submitted": awaiting re-check; "item": the same item at `findings` stations.

    `upto`: closed problems once this group and those before it are done; `reaches` the target.
    """

    kind: str
    code: str
    title: str
    findings: int
    overdue: int
    upto: int
    reaches: bool
    causes: list[CommonCause]


@dataclass(frozen=True)
class WorkSheet:
    """`statuses` {status: problems}; `needed` more closed problems reach the target."""

    needed: int
    statuses: dict[str, int]
    overdue: int
    groups: list[Group]


def work_sheet(
    user: User, *, region: Region, period: Period, reading: Reading, today: dt.date
) -> WorkSheet:
    """Three statements. First what only needs a look, then what is missing at most stations."""
    rows = unsolved(user, region=region, period=period, today=today).order_by()
    counted = rows.values_list("item_code", "status").annotate(
        count=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    statuses: Counter[str] = Counter()
    late: Counter[str] = Counter()
    items: Counter[str] = Counter()
    for code, status, count, overdue in counted:
        statuses[status] += count
        late["" if status == "submitted" else f"item {code}"] += overdue
        if status != "submitted":
            items[code] += count
    return WorkSheet(
        needed=reading.to_target,
        statuses=dict(statuses),
        overdue=late.total(),
        groups=_groups(reading, statuses["submitted"], items, late, _causes(user)),
    )


def _groups(
    reading: Reading, submitted: int, items: Counter[str], late: Counter[str],
    causes: dict[str, list[CommonCause]],
) -> list[Group]:  # fmt: skip
    """The first group is the work list's of the overview, and so are the next."""
    ranked = work.commonest(dict(items), RANKED)
    known = titles.items(code for code, _ in ranked)
    done, goal = reading.numerator, reading.numerator + reading.to_target
    groups: list[Group] = []
    heads = [("submitted", "", "", submitted)] if submitted else []
    heads += [("item", code, work.title_of(code, known), number) for code, number in ranked]
    for kind, code, title, number in heads:
        reaches = done < goal <= done + number
        done += number
        overdue = late["" if kind == "submitted" else f"item {code}"]
        told = causes.get(code, []) if code else []
        groups.append(Group(kind, code, title, number, overdue, done, reaches, told))
    return groups


def _causes(user: User) -> dict[str, list[CommonCause]]:
    """By item, those that handle something unsolved in scope."""
    mine = Finding.objects.visible_to(user).filter(status__in=NOT_HANDED_IN)
    found: dict[str, list[CommonCause]] = {}
    for cause in CommonCause.objects.filter(findings__in=mine).distinct():
        found.setdefault(cause.item_code, []).append(cause)
    return found


def unsolved(
    user: User, *, region: Region, period: Period, today: dt.date, part: str = "", item: str = ""
) -> QuerySet[Finding]:
    """`part` one of submitted, open, overdue; empty for all that can still be closed."""
    rows = findings_behind(
        user, region=region, period=period, part=part or "all", today=today, item_code=item
    )
    return rows.filter(status__in=Finding.UNSOLVED)


def cheapest_first(rows: QuerySet[Finding], groups: list[Group]) -> QuerySet[Finding]:
    """In the groups' order, within one what is due first."""
    ranks: list[Any] = [When(status="submitted", then=Value(0))]
    ranks += [
        When(item_code=group.code, then=Value(rank))
        for rank, group in enumerate(groups, 1)
        if group.kind == "item"
    ]
    rank = Case(*ranks, default=Value(len(ranks) + 1), output_field=IntegerField())
    return rows.annotate(rank=rank).order_by("rank", "due_on", "station__code", "pk")
