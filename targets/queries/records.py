"""What the records add up to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from stations.models import HistoryEntry
from targets.models import (
    Activity,
    BudgetEntry,
    PlanTask,
    PointsEntry,
    Record,
    ServiceEntry,
    TargetTable,
    Volunteer,
)

ON_TIME = Q(done_on__lte=F("due_on"))


def spent(table: TargetTable, without: Record | None = None) -> Decimal:
    """万元 of the year, exactly."""
    rows = BudgetEntry.objects.of(table)
    if without and without.pk:
        rows = rows.exclude(pk=without.pk)
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)


@dataclass(frozen=True)
class Spending:
    amount: Decimal
    entries: int


def spending(table: TargetTable) -> Spending:
    told = BudgetEntry.objects.of(table).aggregate(total=Sum("amount"), entries=Count("pk"))
    return Spending(told["total"] or Decimal(0), told["entries"])


@dataclass(frozen=True)
class Held:
    held: int
    planned: int
    people: int


def held(table: TargetTable, kinds: tuple[str, ...], today: dt.date) -> Held:
    """Held in the year and by today."""
    done = Q(held_on__year=table.year, held_on__lte=today)
    told = (
        Activity.objects.of(table)
        .filter(kind__in=kinds)
        .aggregate(
            held=Count("pk", filter=done), planned=Count("pk"), people=Sum("people", filter=done)
        )
    )
    return Held(told["held"], told["planned"], told["people"] or 0)


def not_held(table: TargetTable, kinds: tuple[str, ...]) -> list[Activity]:
    return list(Activity.objects.of(table).filter(kind__in=kinds, held_on__isnull=True))


@dataclass(frozen=True)
class Plan:
    on_time: int
    done: int
    planned: int


def plan(table: TargetTable) -> Plan:
    told = PlanTask.objects.of(table).aggregate(
        on_time=Count("pk", filter=ON_TIME),
        done=Count("pk", filter=Q(done_on__isnull=False)),
        planned=Count("pk"),
    )
    return Plan(**told)


def not_on_time(table: TargetTable) -> list[PlanTask]:
    return list(PlanTask.objects.of(table).exclude(ON_TIME & Q(done_on__isnull=False)))


@dataclass(frozen=True)
class Standing:
    hours: Decimal
    balance: int


def standings(volunteers: list[Volunteer]) -> dict[int, Standing]:
    """Hours served and points left, by volunteer. Two queries."""
    ids = [volunteer.pk for volunteer in volunteers]
    served = ServiceEntry.objects.filter(volunteer__in=ids, withdrawn_at__isnull=True)
    hours = dict(
        served.order_by().values("volunteer").annotate(total=Sum("hours")).values_list(
            "volunteer", "total"
        )
    )  # fmt: skip
    points = dict(
        PointsEntry.objects.filter(volunteer__in=ids)
        .order_by()
        .values("volunteer")
        .annotate(total=Sum("change"))
        .values_list("volunteer", "total")
    )
    return {pk: Standing(hours.get(pk) or Decimal(0), points.get(pk) or 0) for pk in ids}


def history_of(subject: str) -> QuerySet[HistoryEntry]:
    """Newest first. The record is in scope already, and with it what was done to it."""
    return HistoryEntry.objects.filter(subject=subject).select_related("actor")[:50]
