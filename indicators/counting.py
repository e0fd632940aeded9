"""From facts to figures: what one station's rows say of each period.

Arithmetic only. A station that takes part in a period gives one row; `sums` adds rows up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from audits import deadlines
from indicators.periods import counting_day, round_key, year_key

UNSOLVED = {"open", "in_progress", "submitted"}
NOT_HANDED_IN = {"open", "in_progress"}

Row = dict[str, Any]

local_day = lru_cache(maxsize=4096)(deadlines.local_day)  # many findings are of one submission


FINDING_COUNTS = (
    "cohort", "closed", "submitted", "open", "waived", "voided", "closed_on_time",
    "closed_first_pass", "repeats",
)  # fmt: skip


class FindingFact(NamedTuple):
    """One finding at a moment. `attempts`: rectifications handed in until then."""

    id: int
    station_id: int
    item_code: str
    status: str
    raised_at: dt.datetime
    due_on: dt.date
    closed_at: dt.datetime | None
    attempts: int
    is_repeat: bool


class ScoreFact(NamedTuple):
    """The revision in force of one audit that was handed in."""

    station_id: int
    round_id: int
    audit_id: Any
    is_complete: bool
    submitted_at: dt.datetime
    earned: Decimal
    applicable: Decimal
    grade: str
    critical_failed: bool
    sections: list[dict[str, Any]]
    losses: dict[str, str]


@dataclass(frozen=True)
class Place:
    id: int
    region_id: int
    kind: str
    opened_on: dt.date
    closed_on: dt.date | None

    def is_open_on(self, day: dt.date) -> bool:
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)


@dataclass
class StationFacts:
    """`entries`: finding ids by the round whose audit raised or reopened them."""

    findings: list[FindingFact] = field(default_factory=list)
    entries: dict[int, set[int]] = field(default_factory=dict)
    scores: list[ScoreFact] = field(default_factory=list)
    assigned: set[int] = field(default_factory=set)


def station_rows(
    place: Place, facts: StationFacts, today: dt.date, years: Iterable[str] = (), only: str = ""
) -> dict[str, Row]:
    """{period key: row} of every period the station takes part in, this year always among them; or
    the row of `only` one, if it does. In each of `years` takes part who is counted: a station nobody
    visited is missing from no year's coverage."""
    cohorts, scores = cohorts_of(facts), _scores_of(facts)
    closings, complete = _closings(facts.findings), _complete(facts.scores)
    told = {score.audit_id: _score(score, closings) for score in facts.scores}
    assigned = {round_key(round_id) for round_id in facts.assigned}
    rows, counted = {}, {}
    keys = {year_key(today), *cohorts, *scores, *assigned}
    keys.update(key for key in years if _is_counted(place, key, today))
    for key in keys & {only} if only else keys:
        expected = key in assigned if key[0] == "r" else _is_counted(place, key, today)
        cohort = cohorts.get(key, [])
        # Visited once, a station has one cohort by two names, its round's and its year's.
        ids = frozenset([finding.id for finding in cohort])
        if ids not in counted:
            counted[ids] = count_findings(cohort)
        rows[key] = {
            "is_expected": expected,
            **counted[ids],
            **(told[scores[key].audit_id] if key in scores else UNSCORED),
            "is_audited": key in complete,
        }
    return rows


def _is_counted(place: Place, key: str, today: dt.date) -> bool:
    return place.is_open_on(counting_day(int(key[1:]), today))


def cohorts_of(facts: StationFacts) -> dict[str, list[FindingFact]]:
    """Findings raised in a year; raised or reopened by a round's audits. Void ones included.

    A finding of last year that is reopened now is counted by its round and by last year, not by
    this year: the year's cohort is what was raised in it.
    """
    cohorts: dict[str, list[FindingFact]] = {}
    known = {}
    for finding in facts.findings:
        known[finding.id] = finding
        cohorts.setdefault(year_key(local_day(finding.raised_at)), []).append(finding)
    for round_id, ids in facts.entries.items():
        cohorts[round_key(round_id)] = [known[id_] for id_ in ids if id_ in known]
    return cohorts


def _scores_of(facts: StationFacts) -> dict[str, ScoreFact]:
    """The audit of each round; in a year the one handed in last."""
    scores: dict[str, ScoreFact] = {}
    for score in sorted(facts.scores, key=lambda score: score.submitted_at):
        for key in _periods_of(score):
            scores[key] = score
    return scores


def _complete(scores: Iterable[ScoreFact]) -> set[str]:
    """Periods in which at least one audit is complete."""
    return {key for score in scores if score.is_complete for key in _periods_of(score)}


def _periods_of(score: ScoreFact) -> tuple[str, str]:
    return round_key(score.round_id), year_key(local_day(score.submitted_at))


def count_findings(findings: Sequence[FindingFact]) -> Row:
    """`closed_on_time` goes by the due date in force, an extension granted included."""
    states = [finding.status for finding in findings]
    due: dict[str, int] = {}
    unsolved: dict[str, int] = {}
    on_time = first_pass = repeats = 0
    for finding in findings:
        if finding.status == "void":
            continue
        repeats += finding.is_repeat
        if finding.status == "closed":
            on_time += is_on_time(finding)
            first_pass += is_first_pass(finding)
        if finding.status in UNSOLVED:
            day = finding.due_on.isoformat()
            due[day] = due.get(day, 0) + 1
        if finding.status in NOT_HANDED_IN:
            unsolved[finding.item_code] = unsolved.get(finding.item_code, 0) + 1
    return {
        "cohort": len(states) - states.count("void"),
        "closed": states.count("closed"),
        "submitted": states.count("submitted"),
        "open": states.count("open") + states.count("in_progress"),
        "waived": states.count("waived"),
        "voided": states.count("void"),
        "closed_on_time": on_time,
        "closed_first_pass": first_pass,
        "repeats": repeats,
        "due": due,
        "unsolved": unsolved,
    }


def is_on_time(finding: FindingFact) -> bool:
    return finding.closed_at is not None and local_day(finding.closed_at) <= finding.due_on


def is_first_pass(finding: FindingFact) -> bool:
    return finding.closed_at is not None and finding.attempts == 1


def _closings(findings: Iterable[FindingFact]) -> dict[str, dt.datetime]:
    """{item_code: when its finding was closed} of the items that have no active finding now."""
    closings: dict[str, dt.datetime] = {}
    active = set()
    for finding in findings:
        if finding.closed_at:
            latest = closings.get(finding.item_code, finding.closed_at)
            closings[finding.item_code] = max(latest, finding.closed_at)
        elif finding.status != "void":
            active.add(finding.item_code)
    return {code: at for code, at in closings.items() if code and code not in active}


UNSCORED: Row = {
    "audit_id": None, "earned": None, "applicable": None,
    "earned_today": None, "grade": "", "critical_failed": False, "sections": [], "asked": [],
    "failing": [],
}  # fmt: skip


def _score(score: ScoreFact, closings: dict[str, dt.datetime]) -> Row:
    regained = {
        code: Decimal(lost)
        for code, lost in score.losses.items()
        if code in closings and closings[code] > score.submitted_at
    }
    return {
        "audit_id": score.audit_id,
        "earned": score.earned,
        "applicable": score.applicable,
        "earned_today": score.earned + sum(regained.values()),
        "grade": score.grade,
        "critical_failed": score.critical_failed,
        "sections": [_section(section, regained) for section in score.sections],
        "asked": [*chain.from_iterable([section["items"] for section in score.sections])],
        "failing": list(score.losses),
    }


def _section(section: dict[str, Any], regained: dict[str, Decimal]) -> dict[str, str]:
    earned = today = section["earned"]
    if not regained.keys().isdisjoint(section["items"]):
        back = [regained[code] for code in section["items"] if code in regained]
        today = f"{sum(back, Decimal(earned)):f}"
    return {
        "code": section["code"],
        "earned": earned,
        "applicable": section["applicable"],
        "earned_today": today,
    }
