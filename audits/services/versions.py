"""Publishing a version, and with it the tasks nobody has begun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from audits import outbox
from audits.models import Assignment, Audit
from audits.services import selfchecks
from checklists.models import ChecklistVersion
from checklists.queries import items_for
from checklists.services import editing, publishing
from stations.models import User
from stations.refusals import conflict
from stations.services import history


def movable(version: ChecklistVersion, by: User) -> list[Assignment]:
    """Tasks in scope on an earlier version of the checklist that neither an inspector nor the
    station itself has begun: those move to the new version, all others finish on theirs."""
    waiting = (
        Assignment.objects.visible_to(by)
        .filter(version__checklist=version.checklist_id, audit__isnull=True)
        .exclude(version=version)
        .select_related("station__region", "round", "inspector", "version")
        .order_by("round__starts_on", "station__code")
    )
    begun = selfchecks.begun_for(waiting)
    return [task for task in waiting if task.pk not in begun]


@transaction.atomic
def publish(
    *, version: ChecklistVersion, move: bool, seen: str, by: User, now: dt.datetime
) -> tuple[ChecklistVersion, list[Assignment]]:
    """`seen` is the hash of the draft the preview was shown of; the tasks moved are told."""
    draft = editing.lock_draft(version)
    editing.refuse_stale(draft, seen)
    published = publishing.publish_version(version=draft, by=by, now=now)
    return published, move_tasks(version=published, by=by, now=now) if move else []


@transaction.atomic
def move_tasks(*, version: ChecklistVersion, by: User, now: dt.datetime) -> list[Assignment]:
    if version.status != ChecklistVersion.Status.PUBLISHED:
        raise conflict("not_published", _("这个版本还没有发布。"), number=version.number)
    chosen = movable(version, by)
    locked = _lock(chosen)
    counts: dict[str, int] = {}
    for task in locked:
        kind = task.station.kind
        if kind not in counts:
            counts[kind] = len(items_for(version, kind))
        task.moved_from, task.moved_at = task.version, now
        task.version, task.item_count = version, counts[kind]
    Assignment.objects.bulk_update(locked, ["version", "item_count", "moved_from", "moved_at"])
    if locked:
        history.record(
            by=by, action="checklist.move", at=now, subject=f"version:{version.pk}",
            ids=[task.pk for task in locked],
        )  # fmt: skip
        outbox.queue("station.changed", [task.station_id for task in locked], now=now)
    return locked


def _lock(tasks: Sequence[Assignment]) -> list[Assignment]:
    """Looked at again under the lock: an inspector or a station may have begun meanwhile."""
    rows = Assignment.objects.filter(pk__in=[task.pk for task in tasks]).order_by("pk")
    locked = list(rows.select_for_update(of=("self",)).select_related("station", "version"))
    begun = set(Audit.objects.filter(assignment__in=locked).values_list("assignment_id", flat=True))
    begun |= selfchecks.begun_for(locked)
    return [task for task in locked if task.pk not in begun]
