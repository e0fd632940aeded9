"""Every stored figure counted again the plain way, to prove the roll-ups: objects and loops, none
of the code that writes the roll-ups."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import Prefetch

from audits.deadlines import local_day
from audits.models import AuditRevision, Finding
from indicators.models import RegionRollup, StationRollup
from stations.models import Region, Station

Figures = dict[str, Any]
Key = tuple[str, str]  # code of the station or region, period
PER_STATION = [
    "cohort", "closed", "submitted", "open", "waived", "voided", "closed_on_time",
    "closed_first_pass", "repeats", "due", "unsolved", "is_expected", "is_audited", "earned",
    "applicable", "earned_today", "grade", "critical_failed", "failing",
]  # fmt: skip
PER_REGION = [
    "cohort", "closed", "submitted", "open", "waived", "voided", "closed_on_time",
    "closed_first_pass", "repeats", "due", "unsolved", "stations", "expected", "scored_stations",
    "audited", "stations_with_findings", "stations_all_closed", "failing", "mean", "median",
    "minimum", "mean_today",
]  # fmt: skip


class Wrong(NamedTuple):
    """`subject` is "station <code>" or "region <code>"."""

    subject: str
    words: str


def differences(today: dt.date) -> Iterator[Wrong]:
    """One per row or figure that is not what the rows below it say."""
    stations = _stations(today)
    yield from _compare("station", stations, _stored_stations(), PER_STATION)
    yield from _compare("region", _regions(stations), _stored_regions(), PER_REGION)


def _compare(
    what: str, counted: dict[Key, Figures], stored: dict[Key, Figures], names: list[str]
) -> Iterator[Wrong]:
    for key in sorted(counted.keys() | stored.keys()):
        subject = f"{what} {key[0]}"
        for words in _wrong(counted.get(key), stored.get(key), names):
            yield Wrong(subject, f"roll-up of {subject} {key[1]} {words}")


def _wrong(counted: Figures | None, stored: Figures | None, names: list[str]) -> Iterator[str]:
    if stored is None or counted is None:
        yield "is missing" if stored is None else "should not be there"
        return
    for name in names:
        if stored[name] != counted[name]:
            yield f"has {name} {stored[name]}, recounted {counted[name]}"


def _stored_stations() -> dict[Key, Figures]:
    rows = StationRollup.objects.values("station__code", "period", *PER_STATION)
    return {(row["station__code"], row["period"]): row for row in rows}


def _stored_regions() -> dict[Key, Figures]:
    told = {}
    for row in RegionRollup.objects.select_related("region"):
        figures = {name: getattr(row, name) for name in PER_REGION if hasattr(row, name)}
        for name in ("mean", "median", "minimum"):
            figures[name] = _fraction(row.spread.get(name))
        figures["mean_today"] = _fraction(row.spread_today.get("mean"))
        told[row.region.code, row.period] = figures
    return told


def _fraction(text: str | None) -> Fraction | None:
    return Fraction(text) if text else None


def _stations(today: dt.date) -> dict[Key, Figures]:
    figures = {}
    findings = Finding.objects.select_related("repeat_of").prefetch_related(
        "events", "rectifications", "repeat_of__events"
    )
    stations = Station.objects.filter(is_practice=False).select_related("region")
    everything = stations.prefetch_related(
        Prefetch("findings", findings), "assignments__audit__revisions"
    )
    periods = {station: _periods(station, today) for station in everything}
    years = {int(period[1:]) for own in periods.values() for period in own if period[0] == "y"}
    for station, own in periods.items():
        for year in range(min(years), today.year + 1):
            if _is_expected(station, f"y{year}", today):
                own.add(f"y{year}")
        for period in own:
            figures[station.code, period] = _station(station, period, today)
    return figures


def _periods(station: Station, today: dt.date) -> set[str]:
    periods = {f"y{today.year}"}
    for finding in station.findings.all():
        periods.add(f"y{local_day(finding.raised_at).year}")
        periods.update(_rounds_of(finding))
    for assignment in station.assignments.all():
        periods.add(f"r{assignment.round_id}")
    for revision in _revisions(station):
        periods.add(f"y{local_day(revision.submitted_at).year}")
    return periods


def _rounds_of(finding: Finding) -> set[str]:
    return {
        f"r{event.round_id}"
        for event in finding.events.all()
        if event.kind in {"raised", "reopened"} and event.round_id
    }


def _revisions(station: Station) -> list[AuditRevision]:
    """The newest revision of each of the station's audits that was ever handed in."""
    newest = []
    for assignment in station.assignments.all():
        if assignment.status != "waiting" and assignment.audit.revision:
            newest.append(max(assignment.audit.revisions.all(), key=lambda row: row.number))
    return newest


def _is_in(revision: AuditRevision, period: str) -> bool:
    if period[0] == "r":
        return revision.audit.assignment.round_id == int(period[1:])
    return local_day(revision.submitted_at).year == int(period[1:])


def _cohort(station: Station, period: str) -> list[Finding]:
    return [
        finding
        for finding in station.findings.all()
        if period in _rounds_of(finding) or period == f"y{local_day(finding.raised_at).year}"
    ]


def _station(station: Station, period: str, today: dt.date) -> Figures:
    everything = _cohort(station, period)
    cohort = [finding for finding in everything if finding.status != "void"]
    closed = [finding for finding in cohort if finding.status == "closed"]
    waiting = [finding for finding in cohort if finding.status in ("open", "in_progress")]
    submitted = [finding for finding in cohort if finding.status == "submitted"]
    revisions = [revision for revision in _revisions(station) if _is_in(revision, period)]
    return {
        "cohort": len(cohort),
        "closed": len(closed),
        "submitted": len(submitted),
        "open": len(waiting),
        "waived": len([finding for finding in cohort if finding.status == "waived"]),
        "voided": len(everything) - len(cohort),
        "closed_on_time": len([f for f in closed if local_day(f.closed_at) <= f.due_on]),  # type: ignore[arg-type]
        "closed_first_pass": len([f for f in closed if len(f.rectifications.all()) == 1]),
        "repeats": len([finding for finding in cohort if _is_repeat(finding)]),
        "due": dict(Counter(str(finding.due_on) for finding in waiting + submitted)),
        "unsolved": dict(Counter(finding.item_code for finding in waiting)),
        "is_expected": _is_expected(station, period, today),
        "is_audited": any(revision.audit.state == "complete" for revision in revisions),
        **_score(station, max(revisions, key=lambda row: row.submitted_at, default=None)),
    }


def _is_repeat(finding: Finding) -> bool:
    earlier = finding.repeat_of
    if earlier is None:
        return False
    closings = [
        event.at
        for event in earlier.events.all()
        if event.kind == "closed" and event.at <= finding.raised_at
    ]
    if not closings:
        return False
    day = local_day(max(closings))
    leap = (day.month, day.day) == (2, 29)
    limit = dt.date(day.year + 1, 3, 1) if leap else day.replace(year=day.year + 1)
    return local_day(finding.raised_at) <= limit


def _is_expected(station: Station, period: str, today: dt.date) -> bool:
    if period[0] == "r":
        return any(f"r{row.round_id}" == period for row in station.assignments.all())
    day = min(today, dt.date(int(period[1:]), 12, 31))
    closed = station.closed_on is not None and station.closed_on <= day
    return station.opened_on <= day and not closed


def _score(station: Station, revision: AuditRevision | None) -> Figures:
    if revision is None:
        return {
            "earned": None, "applicable": None, "earned_today": None, "grade": "",
            "critical_failed": False, "failing": [],
        }  # fmt: skip
    regained = sum(
        (Decimal(lost) for code, lost in revision.losses.items()
         if _is_put_right(station, code, revision.submitted_at)),
        Decimal(0),
    )  # fmt: skip
    return {
        "earned": revision.earned,
        "applicable": revision.applicable,
        "earned_today": revision.earned + regained,
        "grade": revision.grade,
        "critical_failed": revision.critical_failed,
        "failing": list(revision.losses),
    }


def _is_put_right(station: Station, item_code: str, since: dt.datetime) -> bool:
    same = [finding for finding in station.findings.all() if finding.item_code == item_code]
    if any(finding.status in Finding.ACTIVE for finding in same):
        return False
    return any(finding.closed_at and finding.closed_at > since for finding in same)


def _regions(stations: dict[Key, Figures]) -> dict[Key, Figures]:
    known = {
        station.code: station
        for station in Station.objects.filter(is_practice=False).select_related("region")
    }
    inside: dict[Key, list[tuple[Station, Figures]]] = defaultdict(list)
    codes = set(Region.objects.values_list("code", flat=True))
    for (station_code, period), figures in stations.items():
        station = known[station_code]
        for region_code in set(station.region.ancestor_codes()) & codes:
            inside[region_code, period].append((station, figures))
    return {key: _region(told) for key, told in inside.items()}


def _region(told: list[tuple[Station, Figures]]) -> Figures:
    rows = [figures for _, figures in told]
    expected = [(station, figures) for station, figures in told if figures["is_expected"]]
    among = [figures for station, figures in expected if station.kind != "centre"]
    scored = [figures for figures in among if figures["applicable"]]
    totals = sorted(Fraction(row["earned"]) / Fraction(row["applicable"]) for row in scored)
    today = [Fraction(row["earned_today"]) / Fraction(row["applicable"]) for row in scored]
    return {
        **{name: sum(row[name] for row in rows) for name in PER_REGION[:9]},
        "due": _added(row["due"] for row in rows),
        "unsolved": _added(row["unsolved"] for row in rows),
        "stations": len(expected),
        "expected": len(among),
        "scored_stations": len(scored),
        "audited": len([1 for _, figures in expected if figures["is_audited"]]),
        "stations_with_findings": len([1 for row in rows if row["cohort"]]),
        "stations_all_closed": len(
            [1 for row in rows if row["cohort"] and row["closed"] == row["cohort"]]
        ),
        "failing": _added(dict.fromkeys(row["failing"], 1) for row in scored),
        "mean": sum(totals) / len(totals) if totals else None,
        "median": _middle(totals),
        "minimum": totals[0] if totals else None,
        "mean_today": sum(today) / len(today) if today else None,
    }


def _added(tallies: Iterator[dict[str, int]]) -> dict[str, int]:
    added: Counter[str] = Counter()
    for tally in tallies:
        added.update(tally)
    return dict(added)


def _middle(ordered: list[Fraction]) -> Fraction | None:
    if not ordered:
        return None
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return (low + high) / 2
