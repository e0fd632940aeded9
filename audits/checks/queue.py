"""The outbox ↔ the clock: nothing waits for more than two minutes, nothing is set aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from audits.checks.difference import GRACE, Difference
from audits.models import OutboxRow
from audits.outbox import LONG_TOPICS


def differences(now: dt.datetime) -> Iterator[Difference]:
    for row in OutboxRow.objects.filter(quarantined_at__isnull=False, done_at__isnull=True):
        words = f"outbox {row.pk} {row.topic} {row.key}: set aside after {row.attempts} tries"
        yield Difference("outbox", str(row.pk), f"{words} ({row.error})" if row.error else words)
    late = OutboxRow.objects.waiting().filter(created_at__lt=now - GRACE)
    for row in late.exclude(topic__in=LONG_TOPICS):
        seconds = int((now - row.created_at).total_seconds())
        words = f"outbox {row.pk} {row.topic} {row.key}: waiting for {seconds} s"
        yield Difference("outbox", str(row.pk), words)
