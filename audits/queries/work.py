"""What an inspector's phone takes along: the day's tasks, and what the server still expects."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, Max, OuterRef

from audits.models import Answer, Audit, EvidencePhoto, ExpectedPhoto, Round
from audits.queries import today as tasks
from audits.queries import visits
from stations.models import User
from stations.models.places import page_language


def work_of(user: User, today: dt.date) -> list[dict[str, Any]]:
    """Each task with `sheet`, a word that changes whenever its sheet would read differently: in
    another language too."""
    groups = vars(tasks.day_of(user, today))
    audits = [task.audit.pk for group in groups.values() for task in group if task.audit]
    latest = dict(
        Answer.objects.filter(audit__in=audits)
        .order_by()
        .values_list("audit")
        .annotate(at=Max("received_at"))
    )
    told = [
        _task(task, group, latest.get(task.audit.pk) if task.audit else None)
        for group, found in groups.items()
        for task in found
    ]
    _count_unsolved(user, told)
    return told


def _count_unsolved(user: User, told: list[dict[str, Any]]) -> None:
    """回头看 goes problem by problem: how many the station still has."""
    again = {task["station"]["code"] for task in told if task["is_recheck"]}
    found = visits.unsolved_at(user, again)
    for task in told:
        task["unsolved"] = found.get(task["station"]["code"], 0) if task["is_recheck"] else None


def _task(task: tasks.Task, group: str, latest: dt.datetime | None) -> dict[str, Any]:
    assignment, audit = task.assignment, task.audit
    station = assignment.station
    marks: list[Any] = [page_language(), assignment.version_id, task.answered]
    marks += [latest and latest.timestamp()]
    marks += [audit.revision, audit.state] if audit else []
    return {
        "assignment": assignment.pk,
        "group": group,
        "station": {"code": station.code, "short_name": station.short_name, "name": station.name},
        "region": station.region.name,
        "round": assignment.round.name,
        "is_recheck": assignment.round.kind == Round.Kind.RECHECK,
        "due_on": assignment.due_on,
        "status": task.status,
        "items": assignment.item_count,
        "answered": task.answered,
        "unable": task.unable,
        "photos_missing": task.photos_missing,
        "started_at": audit.started_at if audit else None,
        "completed_at": audit.completed_at if audit else None,
        "sheet": ":".join(str(mark) for mark in marks),
    }


def expected_of(user: User) -> list[dict[str, Any]]:
    """Photos a phone of this person announced and the server does not have."""
    rows = (
        ExpectedPhoto.objects.filter(
            audit__in=Audit.objects.visible_to(user), audit__assignment__inspector=user,
            lost_at__isnull=True,
        )
        .exclude(Exists(EvidencePhoto.objects.filter(pk=OuterRef("pk"))))
        .order_by("announced_at")
    )  # fmt: skip
    return [
        {
            "id": str(row["id"]),
            "audit": str(row["audit"]),
            "assignment": row["audit__assignment"],
            "item_code": row["item_code"] or None,
            "device": row["device"],
            "announced_at": row["announced_at"],
        }
        for row in rows.values(
            "id", "audit", "audit__assignment", "item_code", "device", "announced_at"
        )
    ]
