"""距目标工作单: which problems, cheapest first, until the target is reached."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from audits.deadlines import end_of_day
from audits.models import CommonCause, Finding
from indicators.counting import FindingFact
from indicators.effect import Reading
from indicators.periods import Period
from indicators.queries import stood, titles, work
from indicators.queries.behind import findings_behind
from stations.models import HistoryEntry, Region, User

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
    return _sheet(reading, counted, _causes(user))


def work_sheet_on(reading: Reading, facts: list[FindingFact], day: dt.date) -> WorkSheet:
    """Of the end of a past day; `facts`: what was unsolved then."""
    counted = Counter((one.item_code, one.status) for one in facts)
    late = Counter((one.item_code, one.status) for one in facts if one.due_on < day)
    rows = [(*key, number, late[key]) for key, number in counted.items()]
    return _sheet(reading, rows, _causes_on(facts, day))


def _sheet(
    reading: Reading, counted: Iterable[tuple[str, str, int, int]],
    causes: dict[str, list[CommonCause]],
) -> WorkSheet:  # fmt: skip
    """`counted`: (item code, status, problems, late ones)."""
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
        groups=_groups(reading, statuses["submitted"], items, late, causes),
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
    return _by_item(CommonCause.objects.filter(findings__in=mine).distinct())


def _causes_on(facts: list[FindingFact], day: dt.date) -> dict[str, list[CommonCause]]:
    """Those that by then had taken in one of these."""
    left = {one.id: one.item_code for one in facts if one.status in NOT_HANDED_IN}
    until = end_of_day(day)
    gathered = CommonCause.objects.filter(created_at__lte=until, item_code__in={*left.values()})
    causes = {f"cause:{cause.pk}": cause for cause in gathered}
    taken_in = HistoryEntry.objects.filter(
        subject__in=causes, action__in=["finding.gather", "finding.join"], at__lte=until
    ).values_list("subject", "detail")
    handling = {name for name, told in taken_in if not left.keys().isdisjoint(told["findings"])}
    return _by_item(cause for name, cause in causes.items() if name in handling)


def _by_item(causes: Iterable[CommonCause]) -> dict[str, list[CommonCause]]:
    found: dict[str, list[CommonCause]] = {}
    for cause in causes:
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


def unsolved_on(user: User, *, region: Region, period: Period, day: dt.date) -> list[FindingFact]:
    """What could still be closed at the end of a past day."""
    facts = stood.findings_on(user, region=region, period=period, day=day)
    return [one for one in facts if one.status in Finding.UNSOLVED]


def cheapest_first_on(facts: list[FindingFact], groups: list[Group]) -> list[FindingFact]:
    """Of facts that have what is due first in front."""
    ranks = {group.code: n for n, group in enumerate(groups, 1) if group.kind == "item"}
    last = len(groups) + 1
    return sorted(
        facts,
        key=lambda one: 0 if one.status == "submitted" else ranks.get(one.item_code, last),
    )


def cheapest_first(rows: QuerySet[Finding], groups: list[Group]) -> QuerySet[Finding]:
    """In the groups' order, within one what is due first."""
    ranks: list[Any] = [When(status="submitted", then=Value(0))]
    ranks += [
        When(item_code=group.code, then=Value(rank))
        for rank, group in enumerate(groups, 1)
        if group.kind == "item"
    ]
    rank = Case(*ranks, default=Value(len(ranks) + 1), output_field=IntegerField())
    return rows.annotate(rank=rank).order_by("rank", "due_on", "station__code", "item_code", "pk")
