"""流转记录: the next link of a finding's chain, and what its hash covers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from audits import chain
from audits.models import Finding, FindingEvent, Round
from stations.models import User


def next_event(
    finding: Finding,
    *,
    kind: str,
    from_status: str,
    by: User | None,
    now: dt.datetime,
    reason: str = "",
    round: Round | None = None,
    device_at: dt.datetime | None = None,
    photos: list[dict[str, str]] | None = None,
    **detail: Any,
) -> FindingEvent:
    """The next link of the finding's chain; advances the finding's own count and last hash."""
    event = FindingEvent(
        finding=finding,
        number=finding.event_count + 1,
        kind=kind,
        from_status=from_status,
        to_status=finding.status,
        at=now,
        device_at=device_at,
        by=by,
        role=by.role if by else "",
        round=round,
        reason=reason,
        photos=photos or [],
        detail=detail,
        previous_hash=finding.last_hash or chain.GENESIS,
    )
    event.hash = chain.link(event.previous_hash, event_facts(event))
    finding.event_count, finding.last_hash = event.number, event.hash
    return event


def event_facts(event: FindingEvent) -> dict[str, Any]:
    """What an event's hash covers. The anchor names the finding by what never changes of it."""
    finding = event.finding
    return {
        "anchor": [finding.station_id, finding.item_code, finding.title, finding.raised_at],
        "number": event.number,
        "kind": str(event.kind),
        "from": str(event.from_status),
        "to": str(event.to_status),
        "at": event.at,
        "device_at": event.device_at,
        "by": event.by_id,
        "role": event.role,
        "round": event.round_id,
        "reason": event.reason,
        "photos": event.photos,
        "detail": event.detail,
    }
