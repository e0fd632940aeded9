"""The rows figures are counted from, read in a fixed number of queries for one station or all."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from audits.deadlines import is_within_a_year, local_day
from audits.models import Assignment, Audit, AuditRevision, Finding, FindingEvent, Rectification
from indicators.counting import FindingFact, Place, ScoreFact, StationFacts
from stations.lookups import planned
from stations.models import Station

Facts = dict[int, StationFacts]


def places(station_ids: list[int] | None = None) -> dict[int, Place]:
    """Every station but the practice one, which no figure may see."""
    return places_of(_of(Station.objects.real(), "pk", station_ids))


def places_of(stations: QuerySet[Station]) -> dict[int, Place]:
    told = stations.values_list("pk", "region_id", "kind", "opened_on", "closed_on")
    return {row[0]: Place(*row) for row in told}


def read(station_ids: list[int] | None = None) -> Facts:
    """{station id: facts} as they stand now; stations without any are absent."""
    facts: Facts = defaultdict(StationFacts)
    stations = {}
    for finding in findings(station_ids):
        facts[finding.station_id].findings.append(finding)
        stations[finding.id] = finding.station_id
    for finding_id, round_id in _entries(station_ids):
        entries = facts[stations[finding_id]].entries
        entries.setdefault(round_id, set()).add(finding_id)
    for station_id, round_id in _of(
        Assignment.objects.order_by(), "station", station_ids
    ).values_list("station_id", "round_id"):
        facts[station_id].assigned.add(round_id)
    for score in _scores(station_ids):
        facts[score.station_id].scores.append(score)
    return facts


def years(known: Facts, today: dt.date) -> set[str]:
    """Keys of the years in which anything was found or handed in anywhere, this year among them."""
    raised = {finding.raised_at for facts in known.values() for finding in facts.findings}
    handed_in = {score.submitted_at for facts in known.values() for score in facts.scores}
    first = min(raised | handed_in, default=None)
    begun = min(local_day(first), today) if first else today
    return {f"y{year}" for year in range(begun.year, today.year + 1)}


def _of(rows, station: str, station_ids: list[int] | None):  # type: ignore[no-untyped-def]
    if station_ids is not None:
        return rows.filter(**{f"{station}__in": station_ids})
    return rows


def findings(station_ids: list[int] | None) -> list[FindingFact]:
    attempts = Counter(
        _of(Rectification.objects.order_by(), "finding__station", station_ids)
        .values_list("finding_id", flat=True)
    )  # fmt: skip
    ids, stations, codes, states, raised, due, closed, earlier = _columns(
        _of(Finding.objects.order_by("pk"), "station", station_ids).values_list(
            "pk", "station_id", "item_code", "status", "raised_at", "due_on", "closed_at",
            "repeat_of_id",
        )
    )  # fmt: skip
    linked = zip(ids, raised, earlier, strict=True)
    repeats = repeated({id_: (at, before) for id_, at, before in linked if before})
    tries, again = [attempts.get(id_, 0) for id_ in ids], [id_ in repeats for id_ in ids]
    told = zip(ids, stations, codes, states, raised, due, closed, tries, again, strict=True)
    return list(map(FindingFact._make, told))


def repeated(linked: dict[int, tuple[dt.datetime, int]]) -> set[int]:
    """Of findings {id: (raised at, the earlier one's id)} those raised within twelve months of the
    earlier one's closing. The closing is read from the events: it may have been reopened since."""
    if not linked:
        return set()
    closings: dict[int, list[dt.datetime]] = defaultdict(list)
    closed = FindingEvent.objects.filter(
        kind=FindingEvent.Kind.CLOSED, finding__repeats__isnull=False
    )
    for finding_id, at in closed.order_by().values_list("finding_id", "at").distinct():
        closings[finding_id].append(at)
    return {
        id_
        for id_, (raised_at, earlier) in linked.items()
        if is_repeat(raised_at, closings.get(earlier, ()))
    }


def is_repeat(raised_at: dt.datetime, closings: Iterable[dt.datetime]) -> bool:
    before = [at for at in closings if at <= raised_at]
    return bool(before) and is_within_a_year(max(before), raised_at)


def _entries(station_ids: list[int] | None) -> list[tuple[int, int]]:
    rows = FindingEvent.objects.filter(
        kind__in=FindingEvent.ENTERS_COHORT, round__isnull=False
    ).order_by()
    return list(_of(rows, "finding__station", station_ids).values_list("finding_id", "round_id"))


def _scores(station_ids: list[int] | None) -> Iterable[ScoreFact]:
    """Of every audit handed in, the newest frozen revision; a reopened audit keeps its last."""
    rows = AuditRevision.objects.filter(number=F("audit__revision")).order_by()
    station, round_, audit, state, *rest = _columns(
        _of(rows, "audit__assignment__station", station_ids).values_list(
            "audit__assignment__station_id", "audit__assignment__round_id", "audit_id",
            "audit__state", "submitted_at", "earned", "applicable", "grade", "critical_failed",
            "sections", "losses",
        )
    )  # fmt: skip
    complete = [one == Audit.State.COMPLETE for one in state]
    return map(ScoreFact._make, zip(station, round_, audit, complete, *rest, strict=True))


def _columns(rows: QuerySet[Any, Any]) -> list[list[Any]]:
    """The columns of a `values_list`. Days, moments and points repeat in a nation's rows: each
    different one is converted once, where Django converts all of them, row by row."""
    plan = planned(rows, lambda told: lambda _: told)
    with connection.cursor() as cursor:
        cursor.execute(plan.sql, plan.values(None))
        columns = [*map(list, zip(*cursor.fetchall(), strict=True))] or [[] for _ in plan.columns]
    for place, converters, column in plan.converters:
        known = dict.fromkeys(columns[place])
        for raw in known:
            value = raw
            for convert in converters:
                value = convert(value, column, connection)
            known[raw] = value
        columns[place] = [known[raw] for raw in columns[place]]
    return columns
