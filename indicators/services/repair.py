"""What a reconciliation can put right: queue again, count again, set strays aside. Evidence that
is gone or altered, and a broken chain, it cannot: those stay on the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from audits import outbox, store
from audits.checks import AGAIN, Difference
from audits.models import EvidencePhoto, OutboxRow
from indicators import rollups

ASIDE = "quarantine"


def repair(*, differences: Iterable[Difference], now: dt.datetime) -> None:
    subjects: dict[str, list[str]] = {}
    for difference in differences:
        subjects.setdefault(difference.kind, []).append(difference.subject)
    for name in subjects.get("stray", ()):
        set_aside(name, now)
    _draw_copies_again(subjects.get("copy", []), now)
    _run_again(subjects.get("outbox", []))
    for kind, ids in subjects.items():
        if kind.startswith(AGAIN):
            _queue_again(kind.removeprefix(AGAIN), sorted(set(ids)), now)
    if "rollup" in subjects:
        rollups.rebuild(now=now)


def set_aside(name: str, now: dt.datetime) -> None:
    """Out of the way, not gone: a person may still want to look at it."""
    target = store.absolute(f"{ASIDE}/{now:%Y%m%d-%H%M%S}/{name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    store.absolute(name).replace(target)


def _draw_copies_again(photo_ids: list[str], now: dt.datetime) -> None:
    with transaction.atomic():
        EvidencePhoto.objects.filter(pk__in=photo_ids, state=EvidencePhoto.State.PROCESSED).update(
            state=EvidencePhoto.State.STORED, display_path="", thumbnail_path=""
        )
        outbox.queue("photo.process", sorted(set(photo_ids)), now=now)
    _run_again(
        OutboxRow.objects.waiting()
        .filter(topic="photo.process", key__in=photo_ids)
        .values_list("pk", flat=True)
    )


def _queue_again(topic: str, keys: list[str], now: dt.datetime) -> None:
    with transaction.atomic():
        outbox.queue(topic, keys, now=now)
    waiting = OutboxRow.objects.waiting().filter(topic=topic, key__in=keys)
    _run_again(waiting.values_list("pk", flat=True))


def _run_again(row_ids: Iterable[str | int]) -> None:
    """A fresh set of tries, here and now."""
    rows = OutboxRow.objects.filter(pk__in=list(row_ids), done_at__isnull=True)
    ids = list(rows.values_list("pk", flat=True))
    rows.update(attempts=0, claimed_until=None, quarantined_at=None, error="")
    for row_id in ids:
        outbox.run(row_id)
