"""How far a round is: by subdistrict, by inspector, station by station; nothing beyond the scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from audits import scoring
from audits.models import Assignment, AuditRevision, Round
from audits.models.rounds import AssignmentQuerySet
from stations import access
from stations.models import Region, Station, User


@dataclass(frozen=True)
class Progress:
    """Every assignment is counted in exactly one part; late ones are neither started nor waiting."""

    total: int = 0
    complete: int = 0
    submitted: int = 0
    started: int = 0
    waiting: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class RegionProgress:
    region: Region
    progress: Progress

    @property
    def name(self) -> str:
        """The district's own line is its centre: the one station that hangs on it."""
        if self.region.level == Region.Level.SUBDISTRICT:
            return self.region.name
        return str(Station.Kind.CENTRE.label)


@dataclass(frozen=True)
class Load:
    inspector: User
    total: int
    done: int


@dataclass(frozen=True)
class Task:
    assignment: Assignment
    is_late: bool
    last_total: str

    @property
    def status(self) -> str:
        return "overdue" if self.is_late else self.assignment.status


def _parts(today: dt.date, path: str = "") -> dict[str, Count]:
    """`path` leads from the counted model to the assignment, closed by two underscores."""

    def field(name: str, value: Any) -> Q:
        return Q(**{f"{path}{name}": value})

    there = field("pk__isnull", False)
    waiting, started = there & field("audit__isnull", True), field("audit__state", "started")
    late = field("due_on__lt", today)
    conditions = {
        "total": there,
        "complete": field("audit__state", "complete"),
        "submitted": field("audit__state", "submitted"),
        "started": started & ~late,
        "waiting": waiting & ~late,
        "overdue": (waiting | started) & late,
    }
    counted = f"{path}pk"
    return {name: Count(counted, filter=one) for name, one in conditions.items()}


def _progress(row: Mapping[str, Any]) -> Progress:
    return Progress(**{name: row[name] for name in Progress.__dataclass_fields__})


def assignments(user: User, round: Round) -> AssignmentQuerySet:
    return Assignment.objects.visible_to(user).filter(round=round)


def rounds_with_progress(user: User, today: dt.date) -> list[tuple[Round, Progress]]:
    scoped = (
        Assignment.objects.filter(access.scope(user, "station"))
        .order_by()
        .values("round_id")
        .annotate(**_parts(today))
    )
    counts = {row["round_id"]: _progress(row) for row in scoped}
    return [(round, counts.get(round.pk, Progress())) for round in Round.objects.all()]


def progress(user: User, round: Round, today: dt.date) -> Progress:
    return Progress(**assignments(user, round).aggregate(**_parts(today)))


def by_region(user: User, round: Round, today: dt.date) -> list[RegionProgress]:
    rows = (
        assignments(user, round)
        .order_by()
        .values("station__region_id")
        .annotate(**_parts(today))
    )  # fmt: skip
    counts = {row["station__region_id"]: _progress(row) for row in rows}
    regions = Region.objects.filter(pk__in=counts)
    return [RegionProgress(region, counts[region.pk]) for region in regions]


def by_inspector(user: User, round: Round) -> list[Load]:
    done = Q(audit__state__in=["submitted", "complete"])
    rows = (
        assignments(user, round)
        .order_by()
        .values("inspector_id")
        .annotate(total=Count("pk"), done=Count("pk", filter=done))
    )
    counts = {row["inspector_id"]: (row["total"], row["done"]) for row in rows}
    people = User.objects.filter(pk__in=counts).order_by("pk")
    return [Load(person, *counts[person.pk]) for person in people]


def matching(
    user: User, round: Round, *, today: dt.date, region: str = "", status: str = "",
    inspector: str = "",
) -> AssignmentQuerySet:  # fmt: skip
    rows = assignments(user, round)
    if region:
        rows = rows.filter(station__region__code=region)
    if inspector:
        rows = rows.filter(inspector__username=inspector)
    if status == "overdue":
        rows = rows.overdue(today)
    elif status:
        rows = rows.in_status(status)
    return rows


def tasks(user: User, round: Round, *, today: dt.date, **chosen: str) -> QuerySet[Assignment]:
    """`chosen`: region, status, inspector."""
    return (
        matching(user, round, today=today, **chosen)
        .with_progress()
        .select_related("station__region", "inspector", "audit")
        .order_by("station__region__path", "station__code")
    )


def as_tasks(rows: Iterable[Assignment], round: Round, today: dt.date) -> list[Task]:
    rows = list(rows)
    totals = last_totals([row.station_id for row in rows], round)
    return [
        Task(
            row,
            row.status in {Assignment.Status.WAITING, Assignment.Status.STARTED}
            and row.due_on < today,
            totals.get(row.station_id, "—"),
        )
        for row in rows
    ]


def last_totals(station_ids: list[int], round: Round) -> dict[int, str]:
    """Station → what its last round before this one scored, as printed."""
    rows = (
        AuditRevision.objects.filter(
            audit__assignment__station__in=station_ids,
            audit__assignment__round__starts_on__lt=round.starts_on,
            number=F("audit__revision"),
        )
        .order_by("submitted_at")
        .values_list("audit__assignment__station_id", "earned", "applicable")
    )
    return {
        station: scoring.printed(scoring.Part(earned, applicable).value, (70, 80, 90)) or "—"
        for station, earned, applicable in rows
    }


def unassigned(user: User, round: Round, today: dt.date) -> list[Station]:
    """Open stations in scope that are not in the round, neighbours together."""
    return list(
        Station.objects.visible_to(user)
        .real()
        .open_on(today)
        .exclude(pk__in=Assignment.objects.filter(round=round).values("station"))
        .select_related("region")
        .order_by("region__path", "code")
    )


def inspectors() -> QuerySet[User]:
    return User.objects.filter(role=User.Role.INSPECTOR, is_active=True).order_by("pk")
