"""A round by days: who is where, and what is late. And the stations a 回头看 goes back to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber, TruncDate

from audits import deadlines
from audits.models import Assignment, Audit, CalendarDay, Draw, Finding, Round
from audits.queries import progress
from stations.models import Region, Station, User

WEEK = 7
A_DAY = 40  # visits of a day beside its month; the day alone has them all, page by page
IN_A_DAY = ["inspector__username", "station__region__path", "station__code"]


@dataclass(frozen=True)
class Visit:
    """`is_late`: past its due day; `is_behind`: past its planned day; neither begun nor in."""

    assignment: Assignment
    day: dt.date
    is_late: bool
    is_behind: bool

    @property
    def status(self) -> str:
        return "overdue" if self.is_late else self.assignment.status


@dataclass
class Day:
    """`count` of them; `visits` the first of them."""

    day: dt.date
    is_working: bool
    is_within: bool
    is_today: bool
    count: int = 0
    visits: list[Visit] = field(default_factory=list)


@dataclass(frozen=True)
class Month:
    first: dt.date
    days: list[Day]

    @property
    def weeks(self) -> list[list[Day]]:
        return [self.days[at : at + WEEK] for at in range(0, len(self.days), WEEK)]

    @property
    def busy(self) -> list[Day]:
        """The days of the month on which something is on."""
        return [one for one in self.days if one.visits and one.is_within]


def dated(
    user: User, round: Round, today: dt.date, *, inspector: str = "", region: str = ""
) -> QuerySet[Any]:
    """Each with its `day`: when it happened, else as planned, else when due; by day."""
    rows = progress.matching(user, round, today=today, inspector=inspector, region=region)
    begun = TruncDate("audit__started_at", tzinfo=deadlines.SHANGHAI)
    dated = rows.annotate(day=Coalesce(begun, "planned_on", "due_on"))
    return dated.select_related("station__region", "inspector", "audit").order_by("day", *IN_A_DAY)


def visits(rows: Iterable[Any], today: dt.date) -> list[Visit]:
    """Of `dated` rows."""
    return [_visit(one, today) for one in rows]


def totals(rows: QuerySet[Any], today: dt.date) -> dict[str, Any]:
    """How many, how many late or behind, the first day, how many in the month of today."""
    now = today.replace(day=1)
    behind = Q(audit=None, planned_on__lt=today, due_on__gte=today)
    late = (Q(audit=None) | Q(audit__state=Audit.State.STARTED)) & Q(due_on__lt=today)
    return rows.order_by().aggregate(
        total=Count("pk"), late=Count("pk", filter=late), behind=Count("pk", filter=behind),
        first=Min("day"), now=Count("pk", filter=Q(day__gte=now, day__lt=next_month(now))),
    )  # fmt: skip


def _visit(assignment: Any, today: dt.date) -> Visit:
    audit = getattr(assignment, "audit", None)
    planned = assignment.planned_on or assignment.due_on
    is_open = audit is None or audit.is_open
    is_late = is_open and assignment.due_on < today
    is_behind = audit is None and planned < today and not is_late
    return Visit(assignment, assignment.day, is_late, is_behind)


def month(rows: QuerySet[Any], first: dt.date, today: dt.date) -> Month:
    """Whole weeks, Monday to Sunday, around the month that begins on `first`; of each day how
    many, and the first `A_DAY`: a month of the whole country is no longer than one of a district."""
    start = first - dt.timedelta(days=first.weekday())
    after = next_month(first)
    end = after + dt.timedelta(days=-after.weekday() % WEEK)
    table = CalendarDay.objects.table()
    days = [
        Day(day, deadlines.is_working_day(day, table), day.month == first.month, day == today)
        for day in (start + dt.timedelta(days=n) for n in range((end - start).days))
    ]
    _fill({one.day: one for one in days}, rows.filter(day__gte=start, day__lt=end), today)
    return Month(first, days)


def _fill(days: dict[dt.date, Day], rows: QuerySet[Any], today: dt.date) -> None:
    for day, count in rows.order_by().values_list("day").annotate(n=Count("pk")):
        days[day].count = count
    place = Window(RowNumber(), partition_by="day", order_by=IN_A_DAY)
    for visit in visits(rows.annotate(place=place).filter(place__lte=A_DAY), today):
        days[visit.day].visits.append(visit)


def next_month(first: dt.date) -> dt.date:
    return (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def previous_month(first: dt.date) -> dt.date:
    return (first - dt.timedelta(days=1)).replace(day=1)


def to_recheck(user: User, round: Round, today: dt.date, days: int) -> QuerySet[Station]:
    """Stations in scope, not yet in the round, with a problem that is not closed, or that was
    closed within the last `days`: `still_open` and `just_closed` say how many of each."""
    since = deadlines.start_of_day(today - dt.timedelta(days=days))
    still_open = Q(findings__status__in=Finding.ACTIVE)
    just_closed = Q(findings__status=Finding.Status.CLOSED, findings__closed_at__gte=since)
    return (
        Station.objects.visible_to(user)
        .real()
        .open_on(today)
        .exclude(pk__in=Assignment.objects.filter(round=round).values("station"))
        .annotate(
            still_open=Count("findings", filter=still_open, distinct=True),
            just_closed=Count("findings", filter=just_closed, distinct=True),
        )
        .filter(Q(still_open__gt=0) | Q(just_closed__gt=0))
        .select_related("region")
        .order_by("region__path", "code")
    )


def draws(user: User, round: Round) -> list[Draw]:
    """The drawings of a round, each narrowed to the stations the person reaches."""
    rows = list(round.draws.select_related("by"))
    if rows:
        reached = set(Station.objects.visible_to(user).values_list("code", flat=True))
        for row in rows:
            row.frame = {code: at for code, at in row.frame.items() if code in reached}
            row.chosen = [code for code in row.chosen if code in reached]
    return rows


def regions(user: User, round: Round) -> QuerySet[Region]:
    return Region.objects.filter(
        pk__in=progress.assignments(user, round).order_by().values("station__region_id")
    )
