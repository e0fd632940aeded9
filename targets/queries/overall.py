"""What stands beside the rows: records that no row counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from targets.models import Activity, Commendation, ServiceEntry, TargetTable, Volunteer


@dataclass(frozen=True)
class Others:
    """`hours` of the year; `volunteers` at present."""

    volunteers: int
    hours: Decimal
    commendations: int
    activities: int
    held: int


def others(table: TargetTable) -> Others:
    kinds = (Activity.Kind.THEME, Activity.Kind.SELECTION)
    activities = (
        Activity.objects.of(table)
        .filter(kind__in=kinds)
        .aggregate(activities=Count("pk"), held=Count("pk", filter=Q(held_on__isnull=False)))
    )
    served = ServiceEntry.objects.filter(
        volunteer__region=table.region, withdrawn_at__isnull=True, served_on__year=table.year
    )
    return Others(
        volunteers=Volunteer.objects.filter(region=table.region, left_on__isnull=True).count(),
        hours=served.aggregate(total=Sum("hours"))["total"] or Decimal(0),
        commendations=Commendation.objects.of(table).count(),
        **activities,
    )
