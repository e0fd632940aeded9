"""离站回执: what the inspector is shown on leaving is the server's own count of what it holds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any
from uuid import UUID

from audits.models import Answer, Audit, AuditRevision, Finding
from audits.queries.scores import revision_in_force, revision_score
from audits.queries.sheet import photos_of
from stations.lookups import Lookup

_raised = Lookup(
    lambda: Finding.objects.exclude(status=Finding.Status.VOID).only("audit_id", "due_on"), "audit"
)


def receipt(audit: Audit, now: dt.datetime) -> dict[str, Any]:
    """What the inspector is shown on leaving: the server's own count of what it holds."""
    held = {photo.pk for photo in photos_of(audit)}
    declared = {UUID(photo_id) for photo_id in audit.declared}
    revision = revision_in_force(audit)
    results = _results(audit, revision)
    counts = Counter(result for _, result in results)
    due = [finding.due_on for finding in _raised.all(audit.pk)]
    return {
        "state": audit.state,
        "items": audit.assignment.item_count,
        "answered": len(results),
        "photos_declared": len(declared),
        "photos_verified": len(declared & held),
        "complete": audit.state == Audit.State.COMPLETE,
        "missing": sorted(str(photo_id) for photo_id in declared - held),
        "unable": [code for code, result in results if result == Answer.Result.UNABLE],
        "results": {value: counts[value] for value in Answer.Result.values},
        "findings": len(due),
        "earliest_due_on": min(due, default=None),
        "submitted_at": audit.submitted_at,
        "completed_at": audit.completed_at,
        "counted_at": now,
        "score": revision_score(revision) if revision else None,
    }


def _results(audit: Audit, revision: AuditRevision | None) -> list[tuple[str, str]]:
    """(item_code, result): as frozen once handed in, as they are while the sheet is open."""
    if revision and not audit.is_open:
        return [(item["code"], item["result"]) for item in revision.tree["items"]]
    return list(audit.answers.values_list("item__code", "result").order_by("item__order"))
