"""The figures of a past day, from the events: status, due date and coverage at that day's end."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from audits.deadlines import end_of_day
from audits.models import AssignmentEvent, AuditEvent, Finding, FindingEvent
from indicators import facts
from indicators.counting import FindingFact, Row, count_findings
from indicators.effect import Counts
from indicators.periods import Period, year_bounds
from stations.models import Station

Kind = FindingEvent.Kind


def stations_on(day: dt.date, period: Period, stations: QuerySet[Station]) -> dict[int, Counts]:
    """{station id: counts} at the end of `day`; `stations` says whose."""
    findings = findings_on(day, period, stations)
    audited, expected = _audited_on(day, period, stations), _expected_on(day, period, stations)
    by_station: dict[int, list[FindingFact]] = defaultdict(list)
    for finding in findings:
        by_station[finding.station_id].append(finding)
    return {
        station_id: counts_of(
            count_findings(by_station[station_id]),
            is_audited=station_id in audited,
            is_expected=station_id in expected,
        )
        for station_id in by_station.keys() | expected
    }


def counts_on(day: dt.date, period: Period, stations: QuerySet[Station]) -> Counts:
    return sum(stations_on(day, period, stations).values(), Counts())


def counts_of(row: Row, *, is_audited: bool, is_expected: bool) -> Counts:
    """One station's share of the figures, from a replayed row or a stored one."""
    return Counts(
        **{name: row[name] for name in Counts.__dataclass_fields__ if name in row},
        stations_with_findings=int(row["cohort"] > 0),
        stations_all_closed=int(row["cohort"] > 0 and row["closed"] == row["cohort"]),
        audited=int(is_audited and is_expected),
        total=int(is_expected),
    )


def findings_on(day: dt.date, period: Period, stations: QuerySet[Station]) -> list[FindingFact]:
    """The period's cohort, and what was void of it, as it stood at the end of `day`."""
    until = end_of_day(day)
    cohort = _cohort(until, period, stations)
    rows = {
        row[0]: row
        for row in cohort.values_list(
            "pk", "station_id", "item_code", "raised_at", "original_due_on", "repeat_of_id"
        )
    }
    events: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    told = FindingEvent.objects.filter(finding__in=cohort.order_by().values("pk"), at__lte=until)
    for event in told.order_by("finding", "number").values_list(
        "finding_id", "kind", "to_status", "at", "detail"
    ):
        events[event[0]].append(event[1:])
    repeats = facts.repeated({id_: (row[3], row[5]) for id_, row in rows.items() if row[5]})
    return [_at_the_end(rows[id_], events[id_], id_ in repeats) for id_ in rows if events[id_]]


def _cohort(until: dt.datetime, period: Period, stations: QuerySet[Station]) -> QuerySet[Finding]:
    mine = Finding.objects.filter(station__in=stations.order_by().values("pk"))
    if period.year:
        start, end = year_bounds(period.year)
        return mine.filter(raised_at__gte=start, raised_at__lt=end, raised_at__lte=until)
    entered = FindingEvent.objects.filter(
        kind__in=FindingEvent.ENTERS_COHORT, round=period.round_id, at__lte=until
    )
    return mine.filter(pk__in=entered.order_by().values("finding_id"))


def _at_the_end(
    row: tuple[Any, ...], events: Iterable[tuple[Any, ...]], is_repeat: bool
) -> FindingFact:
    finding_id, station_id, item_code, raised_at, due_on, _ = row
    status, closed_at, attempts = "", None, 0  # `closed_at`: the last closing, reopened or not
    for kind, to_status, at, detail in events:
        status = to_status
        closed_at = at if kind == Kind.CLOSED else closed_at
        attempts += kind == Kind.SUBMITTED
        if kind in FindingEvent.MOVES_DUE and "due_on" in detail:
            due_on = dt.date.fromisoformat(detail["due_on"])
    closed_at = closed_at if status == "closed" else None
    return FindingFact(
        finding_id, station_id, item_code, status, raised_at, due_on, closed_at, attempts, is_repeat
    )


def _audited_on(day: dt.date, period: Period, stations: QuerySet[Station]) -> set[int]:
    """Stations with an audit of the period that was complete at the end of `day`."""
    events = AuditEvent.objects.filter(
        audit__assignment__station__in=stations.order_by().values("pk"), at__lte=end_of_day(day)
    )
    if period.round_id:
        events = events.filter(audit__assignment__round=period.round_id)
    last: dict[Any, tuple[str, int]] = {}
    submitted: dict[Any, dt.datetime] = {}
    for audit_id, kind, at, station_id in events.order_by("pk").values_list(
        "audit_id", "kind", "at", "audit__assignment__station_id"
    ):
        last[audit_id] = (kind, station_id)
        if kind == AuditEvent.Kind.SUBMITTED:
            submitted[audit_id] = at
    if period.year:
        start, end = year_bounds(period.year)
        last = {id_: told for id_, told in last.items() if start <= submitted[id_] < end}
    return {station for kind, station in last.values() if kind == AuditEvent.Kind.COMPLETED}


def _expected_on(day: dt.date, period: Period, stations: QuerySet[Station]) -> set[int]:
    """Stations that were in the round at the end of `day`, else open that day."""
    if not period.round_id:
        return set(stations.open_on(day).values_list("pk", flat=True))  # type: ignore[attr-defined]
    events = AssignmentEvent.objects.filter(
        round=period.round_id, station__in=stations.order_by().values("pk"), at__lte=end_of_day(day)
    )
    last = dict(events.order_by("pk").values_list("station_id", "kind"))
    return {station for station, kind in last.items() if kind == AssignmentEvent.Kind.MADE}
