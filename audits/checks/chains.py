"""流转记录: each finding's row ↔ its chain of events."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from audits import chain
from audits.checks.difference import Difference
from audits.events import event_facts
from audits.models import Finding, FindingEvent


def differences() -> Iterator[Difference]:
    events = FindingEvent.objects.select_related("finding").order_by("finding", "number")
    chained = groupby(events.iterator(chunk_size=2000), key=lambda event: event.finding)
    for finding, links in chained:
        for words in _breaks(finding, list(links)):
            yield Difference("chain", str(finding.pk), f"finding {finding.pk}: {words}")
    for pk in Finding.objects.filter(events__isnull=True).values_list("pk", flat=True):
        yield Difference("chain", str(pk), f"finding {pk}: has no events")


def _breaks(finding: Finding, events: list[FindingEvent]) -> Iterator[str]:
    previous, status = chain.GENESIS, ""
    for number, event in enumerate(events, start=1):
        if event.number != number:
            yield f"event {number} is missing"
            return
        if event.previous_hash != previous:
            yield f"event {number} does not follow the one before it"
        if event.hash != chain.link(event.previous_hash, event_facts(event)):
            yield f"event {number} does not match its hash"
        if event.from_status != status:
            yield f"event {number} starts from {event.from_status!r}, not {status!r}"
        previous, status = event.hash, event.to_status
    if finding.status != status:
        yield f"is {finding.status}, its last event says {status}"
    if (finding.event_count, finding.last_hash) != (len(events), previous):
        yield "does not name its last event"
