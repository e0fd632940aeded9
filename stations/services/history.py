"""操作记录: rows are added in the writer's own transaction and sealed into the chain afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction

from stations.inserts import Insert
from stations.models import HistoryEntry, HistorySeal, Station, User

GENESIS = "0" * 64

_entries = Insert(HistoryEntry)


def record(
    *,
    by: User | None,
    action: str,
    at: dt.datetime,
    subject: str = "",
    station: Station | int | None = None,
    succeeded: bool = True,
    **detail: Any,
) -> HistoryEntry:
    """`subject` is `<model>:<id>`; `detail` must be JSON."""
    entry = HistoryEntry(
        at=at,
        actor=by,
        actor_name=by.username if by else "",
        role=by.role if by else "",
        action=action,
        subject=subject,
        station_id=station.pk if isinstance(station, Station) else station,
        succeeded=succeeded,
        detail=detail,
    )
    return _entries.add(entry)


def canonical(entry: HistoryEntry) -> str:
    facts = [
        entry.pk,
        entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.role,
        entry.action,
        entry.subject,
        entry.station_id,
        entry.succeeded,
        entry.detail,
    ]
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chain_hash(previous_hash: str, entries: list[HistoryEntry]) -> str:
    digest = hashlib.sha256(previous_hash.encode())
    for entry in entries:
        digest.update(canonical(entry).encode())
        digest.update(b"\n")
    return digest.hexdigest()


@transaction.atomic
def seal(*, now: dt.datetime, limit: int = 1000) -> HistorySeal | None:
    """Close the next link over everything not sealed yet; nothing to seal gives None."""
    last = HistorySeal.objects.select_for_update().order_by("-number").first()
    entries = list(
        HistoryEntry.objects.select_for_update(of=("self",))
        .filter(seal__isnull=True)
        .order_by("pk")[:limit]
    )
    if not entries:
        return None
    previous = last.hash if last else GENESIS
    link = HistorySeal.objects.create(
        number=last.number + 1 if last else 1,
        previous_hash=previous,
        hash=chain_hash(previous, entries),
        entry_count=len(entries),
        sealed_at=now,
    )
    HistoryEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(seal=link)
    return link


def verify() -> list[str]:
    """Every break of the chain, in words; an empty list means the history is whole."""
    breaks: list[str] = []
    previous, expected = GENESIS, 1
    for link in HistorySeal.objects.order_by("number").iterator():
        entries = list(link.entries.order_by("pk"))
        if link.number != expected:
            breaks.append(f"seal {expected} is missing before {link.number}")
        if link.previous_hash != previous:
            breaks.append(f"seal {link.number} does not follow the one before it")
        if len(entries) != link.entry_count or chain_hash(link.previous_hash, entries) != link.hash:
            breaks.append(f"seal {link.number} does not match its {link.entry_count} entries")
        previous, expected = link.hash, link.number + 1
    return breaks
