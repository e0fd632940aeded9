"""A past day from the events: what stood at its end, and the figures the same functions make of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from audits.deadlines import end_of_day
from audits.models import AssignmentEvent, AuditEvent, AuditRevision, Finding, FindingEvent
from indicators import facts
from indicators.counting import (
    FindingFact,
    Place,
    Row,
    ScoreFact,
    StationFacts,
    count_findings,
    station_rows,
)
from indicators.cycles import without_cycles
from indicators.effect import Counts
from indicators.periods import Period, counting_day, year_bounds
from stations.models import Station

Kind = FindingEvent.Kind
Stations = QuerySet[Station]


def stations_on(day: dt.date, period: Period, stations: Stations) -> dict[int, Counts]:
    """{station id: counts} at the end of `day`; `stations` says whose."""
    audited, expected = _audited_on(day, period, stations), _expected_on(day, period, stations)
    by_station: dict[int, list[FindingFact]] = defaultdict(list)
    for finding in findings_on(day, period, stations):
        by_station[finding.station_id].append(finding)
    return {
        station_id: counts_of(
            count_findings(by_station[station_id]),
            is_audited=station_id in audited,
            is_expected=station_id in expected,
        )
        for station_id in by_station.keys() | expected
    }


def counts_on(day: dt.date, period: Period, stations: Stations) -> Counts:
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


def coverage_on(day: dt.date, period: Period, stations: Stations) -> tuple[int, int]:
    """Audited of those expected, and how many these were."""
    expected = _expected_on(day, period, stations)
    return len(_audited_on(day, period, stations) & expected), len(expected)


@without_cycles()
def rows_on(day: dt.date, period: Period, stations: Stations) -> list[tuple[Place, Row]]:
    """The stations that took part, each with its row as it was stored on the evening of `day`."""
    known, nothing = facts_on(day, stations, period), StationFacts()
    years = [period.key] if period.year and period.year <= day.year else []
    rows = [
        (place, station_rows(place, known.get(place.id, nothing), day, years, only=period.key))
        for place in facts.places_of(stations).values()
    ]
    return [(place, row[period.key]) for place, row in rows if row]


def facts_on(
    day: dt.date, stations: Stations, period: Period | None = None
) -> dict[int, StationFacts]:
    """What `facts.read` gave on the evening of `day`; of one period, all that is told of it."""
    until = end_of_day(day)
    told: dict[int, StationFacts] = defaultdict(StationFacts)
    for score in _scores_on(until, period, stations):
        told[score.station_id].scores.append(score)
    for station_id, round_id in _assigned_on(until, period, stations):
        told[station_id].assigned.add(round_id)
    homes = {}
    for finding in _at_the_end(until, _told_of(until, period, stations, told.values())):
        told[finding.station_id].findings.append(finding)
        homes[finding.id] = finding.station_id
    entered = _entered(until, period).filter(finding__station__in=_ids(stations))
    for finding_id, round_id in entered.values_list("finding_id", "round_id"):
        told[homes[finding_id]].entries.setdefault(round_id, set()).add(finding_id)
    return told


def findings_on(day: dt.date, period: Period, stations: Stations) -> list[FindingFact]:
    """The period's cohort, and what was void of it, as it stood at the end of `day`."""
    until = end_of_day(day)
    mine = Finding.objects.filter(station__in=_ids(stations), raised_at__lte=until)
    return _at_the_end(until, mine.filter(_in_cohort(until, period)))


def some_on(day: dt.date, rows: QuerySet[Finding]) -> list[FindingFact]:
    """Those of the rows that were there at the end of `day`."""
    return _at_the_end(end_of_day(day), rows)


def _ids(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.order_by().values("pk")


def _in_cohort(until: dt.datetime, period: Period) -> Q:
    if period.year:
        start, end = year_bounds(period.year)
        return Q(raised_at__gte=start, raised_at__lt=end)
    return Q(pk__in=_entered(until, period).values("finding_id"))


def _entered(until: dt.datetime, period: Period | None) -> QuerySet[FindingEvent]:
    """Raised or reopened by a round's audits."""
    rows = FindingEvent.objects.filter(kind__in=FindingEvent.ENTERS_COHORT, at__lte=until)
    if period is None:
        rows = rows.filter(round__isnull=False)
    elif period.round_id:
        rows = rows.filter(round=period.round_id)
    else:
        rows = rows.none()
    return rows.order_by()


def _told_of(
    until: dt.datetime, period: Period | None, stations: Stations, told: Iterable[StationFacts]
) -> QuerySet[Finding]:
    """The cohort, and what else 现状得分 asks for: problems alive since the first visit scored. What
    was settled before says nothing of it, and piles up over the years."""
    mine = Finding.objects.filter(station__in=_ids(stations), raised_at__lte=until)
    if period is None:
        return mine
    visits = [score.submitted_at for one in told for score in one.scores]
    if not visits:
        return mine.filter(_in_cohort(until, period))
    since = FindingEvent.objects.filter(finding=OuterRef("pk"), at__gte=min(visits))
    alive = Q(status__in=Finding.ACTIVE) | Exists(since)
    return mine.filter(_in_cohort(until, period) | alive)


def _at_the_end(until: dt.datetime, rows: QuerySet[Finding]) -> list[FindingFact]:
    """Three statements. What the database can pick from the events never becomes an object here."""
    events = FindingEvent.objects.filter(finding=OuterRef("pk"), at__lte=until)
    closings = events.filter(kind=Kind.CLOSED).order_by("-number")  # reopened since or not
    handed_in = events.filter(kind=Kind.SUBMITTED).order_by().values("finding")
    found = rows.order_by("pk").annotate(
        then=Subquery(events.order_by("-number").values("to_status")[:1]),
        closing=Subquery(closings.values("at")[:1]),
        attempts=Subquery(handed_in.annotate(number=Count("pk")).values("number")),
    )
    told = list(
        found.filter(then__isnull=False).values_list(
            "pk", "station_id", "item_code", "then", "raised_at", "original_due_on", "closing",
            "attempts", "repeat_of_id",
        )
    )  # fmt: skip
    moved = _moved_to(until, rows)
    repeats = facts.repeated({row[0]: (row[4], row[8]) for row in told if row[8]})
    return [
        FindingFact(
            *row[:5], moved.get(row[0], row[5]), row[6] if row[3] == "closed" else None,
            row[7] or 0, row[0] in repeats,
        )
        for row in told
    ]  # fmt: skip


def _moved_to(until: dt.datetime, rows: QuerySet[Finding]) -> dict[int, dt.date]:
    """{finding: its last new deadline}"""
    moves = FindingEvent.objects.filter(
        finding__in=_ids(rows), kind__in=FindingEvent.MOVES_DUE, at__lte=until
    )
    return {
        id_: dt.date.fromisoformat(detail["due_on"])
        for id_, detail in moves.order_by("number").values_list("finding_id", "detail")
        if "due_on" in detail
    }


def revisions_on(until: dt.datetime) -> QuerySet[Any, Any]:
    """What was in force of every audit handed in, `then` being its last event. By the events: a
    correction is frozen under the time of its visit."""
    last = AuditEvent.objects.filter(audit=OuterRef("audit"), at__lte=until).order_by("-pk")
    rows = AuditRevision.objects.filter(number=Subquery(last.values("revision")[:1]))
    return rows.annotate(then=Subquery(last.values("kind")[:1])).order_by()


def _scored(until: dt.datetime, period: Period | None, stations: Stations) -> QuerySet[Any, Any]:
    rows = revisions_on(until).filter(audit__assignment__station__in=_ids(stations))
    if period and period.round_id:
        return rows.filter(audit__assignment__round=period.round_id)
    if period and period.year:
        start, end = year_bounds(period.year)
        return rows.filter(submitted_at__gte=start, submitted_at__lt=end)
    return rows


def _audited_on(day: dt.date, period: Period, stations: Stations) -> set[int]:
    """Stations with an audit of the period that was complete at the end of `day`."""
    rows = _scored(end_of_day(day), period, stations)
    complete = rows.filter(then=AuditEvent.Kind.COMPLETED)
    return set(complete.values_list("audit__assignment__station_id", flat=True))


def _scores_on(
    until: dt.datetime, period: Period | None, stations: Stations
) -> Iterable[ScoreFact]:
    for row in _scored(until, period, stations).values_list(
        "audit__assignment__station_id", "audit__assignment__round_id", "audit_id", "then",
        "submitted_at", "earned", "applicable", "grade", "critical_failed", "sections", "losses",
    ):  # fmt: skip
        yield ScoreFact._make((*row[:3], row[3] == AuditEvent.Kind.COMPLETED, *row[4:]))


def _expected_on(day: dt.date, period: Period, stations: Stations) -> set[int]:
    """Stations that were in the round at the end of `day`, else open that day."""
    if period.year:
        counted = stations.open_on(counting_day(period.year, day))  # type: ignore[attr-defined]
        return set(counted.values_list("pk", flat=True))
    return {station_id for station_id, _ in _assigned_on(end_of_day(day), period, stations)}


def _assigned_on(
    until: dt.datetime, period: Period | None, stations: Stations
) -> list[tuple[int, int]]:
    """(station, round) of the tasks there were."""
    events = AssignmentEvent.objects.filter(station__in=_ids(stations), at__lte=until)
    if period:
        events = events.filter(round=period.round_id)
    last = {
        (station_id, round_id): kind
        for station_id, round_id, kind in events.order_by("pk").values_list(
            "station_id", "round_id", "kind"
        )
    }
    return [pair for pair, kind in last.items() if kind == AssignmentEvent.Kind.MADE]
