"""今日任务: an inspector's own assignments, in the order the day asks for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from audits.models import Answer, Assignment, Audit, EvidencePhoto
from stations.models import User


@dataclass(frozen=True)
class Task:
    assignment: Assignment
    answered: int
    photos_missing: int
    unable: int

    @property
    def left(self) -> int:
        return self.assignment.item_count - self.answered

    @property
    def status(self) -> str:
        return self.assignment.status

    @property
    def is_over(self) -> bool:
        return self.status == Assignment.Status.COMPLETE

    @property
    def audit(self) -> Audit | None:
        return getattr(self.assignment, "audit", None)


@dataclass(frozen=True)
class Day:
    """The groups of the page; every task stands in exactly one."""

    overdue: list[Task]
    started: list[Task]
    unfinished: list[Task]
    today: list[Task]
    later: list[Task]
    done: list[Task]

    def is_empty(self) -> bool:
        return not any(vars(self).values())


def day_of(user: User, today: dt.date) -> Day:
    tasks = _tasks(_mine(user, today))
    groups: dict[str, list[Task]] = {name: [] for name in Day.__dataclass_fields__}
    for task in tasks:
        groups[_group(task, today)].append(task)
    return Day(**groups)


def _mine(user: User, today: dt.date) -> QuerySet[Assignment]:
    """All that is not complete, and what is complete of the rounds still running."""
    return (
        Assignment.objects.visible_to(user)
        .filter(inspector=user)
        .filter(~Q(audit__state=Audit.State.COMPLETE) | Q(round__ends_on__gte=today))
        .select_related("station__region", "round", "audit")
        .annotate(
            answered=Count("audit__answers"),
            unable=Count("audit__answers", filter=Q(audit__answers__result=Answer.Result.UNABLE)),
        )
        .order_by("due_on", "station__code")
    )


def _tasks(rows: QuerySet[Assignment]) -> list[Task]:
    found = list(rows)
    submitted = [row.audit.pk for row in found if row.status == Assignment.Status.SUBMITTED]
    held: dict[Any, set[str]] = {}
    for audit_id, photo_id in EvidencePhoto.objects.filter(audit__in=submitted).values_list(
        "audit_id", "pk"
    ):
        held.setdefault(audit_id, set()).add(str(photo_id))
    return [_task(row, held) for row in found]


def _task(row: Any, held: dict[Any, set[str]]) -> Task:
    missing: set[str] = set()
    if row.status == Assignment.Status.SUBMITTED:
        missing = set(row.audit.declared) - held.get(row.audit.pk, set())
    return Task(row, row.answered, len(missing), row.unable)


def _group(task: Task, today: dt.date) -> str:
    if task.status == Assignment.Status.COMPLETE:
        return "done"
    if task.status == Assignment.Status.SUBMITTED:
        return "unfinished"
    if task.assignment.due_on < today:
        return "overdue"
    if task.status == Assignment.Status.STARTED:
        return "started"
    return "today" if task.assignment.due_on == today else "later"
