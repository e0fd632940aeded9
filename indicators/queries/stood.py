"""Problems as they stood at the end of a past day, and the visits in force then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.db.models import QuerySet

from audits.deadlines import end_of_day
from audits.models import AuditRevision, Finding
from indicators import replay
from indicators.counting import UNSOLVED, FindingFact, is_first_pass, is_on_time
from indicators.periods import Period
from indicators.queries import readings
from indicators.queries.behind import code_asked
from stations.models import Region, Station, User

# As `behind.PARTS` has them of today.
PARTS: dict[str, Callable[[FindingFact, dt.date], bool]] = {
    "all": lambda one, day: one.status != "void",
    "closed": lambda one, day: one.status == "closed",
    "submitted": lambda one, day: one.status == "submitted",
    "open": lambda one, day: one.status in ("open", "in_progress"),
    "waived": lambda one, day: one.status == "waived",
    "voided": lambda one, day: one.status == "void",
    "overdue": lambda one, day: one.status in UNSOLVED and one.due_on < day,
    "on_time": lambda one, day: one.status == "closed" and is_on_time(one),
    "late": lambda one, day: one.status == "closed" and not is_on_time(one),
    "first_pass": lambda one, day: one.status == "closed" and is_first_pass(one),
    "repeat": lambda one, day: one.status != "void" and one.is_repeat,
}


@dataclass(frozen=True)
class Stood(Sequence[Finding]):
    """Findings of a past day; only those looked at are read."""

    facts: list[FindingFact]

    def __len__(self) -> int:
        return len(self.facts)

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> list[Finding]: ...
    def __getitem__(self, place: int | slice) -> Finding | list[Finding]:
        facts = self.facts[place] if isinstance(place, slice) else [self.facts[place]]
        rows = Finding.objects.select_related("item", "station__region")
        held = rows.in_bulk([fact.id for fact in facts])
        found = [stand_back(held[fact.id], fact) for fact in facts]
        return found if isinstance(place, slice) else found[0]


def stand_back(finding: Finding, fact: FindingFact) -> Finding:
    """The row as it stood; never to be saved."""
    if finding.closed_at != fact.closed_at:
        finding.closed_at, finding.closed_by = fact.closed_at, None
    finding.status, finding.due_on = fact.status, fact.due_on
    return finding


def stand_all_back(findings: Iterable[Finding], day: dt.date) -> list[Finding]:
    """Those that were there on that day."""
    known = {finding.pk: finding for finding in findings}
    facts = replay.some_on(day, Finding.objects.filter(pk__in=known))
    return [stand_back(known[fact.id], fact) for fact in facts]


def by_item(revision: AuditRevision, day: dt.date) -> dict[str, Finding]:
    """As `trees.findings_by_item` told them at the end of that day."""
    rows = Finding.objects.filter(
        station=revision.audit.assignment.station_id, raised_at__lte=revision.submitted_at
    ).exclude(item_code="")
    facts = [
        fact
        for fact in replay.some_on(day, rows)
        if fact.status != "void" and not _is_closed_by(fact, revision.submitted_at)
    ]
    held = Finding.objects.in_bulk([fact.id for fact in facts])
    facts.sort(key=lambda fact: (fact.raised_at, fact.id))
    return {fact.item_code: stand_back(held[fact.id], fact) for fact in facts}


def _is_closed_by(fact: FindingFact, moment: dt.datetime) -> bool:
    return fact.closed_at is not None and fact.closed_at < moment


def findings_on(
    user: User,
    *,
    region: Region | None,
    period: Period,
    part: str = "all",
    day: dt.date,
    item_code: str = "",
) -> list[FindingFact]:
    """What `behind.findings_behind` gave that evening, what is due first in front. Raises KeyError
    for an unknown part."""
    stations = readings.own_stations(user, region)
    codes = dict(stations.order_by().values_list("pk", "code"))
    facts = narrowed(replay.findings_on(day, period, stations), day, part, item_code)
    return sorted(facts, key=lambda one: (one.due_on, codes[one.station_id], one.item_code, one.id))


def narrowed(
    facts: list[FindingFact], day: dt.date, part: str, item_code: str = ""
) -> list[FindingFact]:
    is_in = PARTS[part]
    return [
        one
        for one in facts
        if is_in(one, day) and (not item_code or one.item_code == code_asked(item_code))
    ]


def revision_on(audit_id: Any, day: dt.date) -> AuditRevision | None:
    """Of one audit, what was in force at the end of that day."""
    rows: QuerySet[AuditRevision, Any] = replay.revisions_on(end_of_day(day)).filter(audit=audit_id)
    return rows.select_related(
        "audit__assignment__version__checklist", "audit__assignment__round"
    ).first()


def revisions_of(station: Station, day: dt.date) -> list[AuditRevision]:
    """What was in force of every audit of the station, newest first."""
    rows = replay.revisions_on(end_of_day(day)).filter(audit__assignment__station=station)
    rows = rows.select_related("audit__assignment__round", "audit__assignment__version")
    return list(rows.order_by("-submitted_at"))
