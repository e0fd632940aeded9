"""A station's score: as inspected, as of today, over the rounds, and the way to a better grade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import F, QuerySet

from audits import gains, scoring
from audits.models import AuditRevision, Finding
from audits.queries.scores import grade_name, section_value
from stations.models import Station
from stations.models.places import in_language


@dataclass(frozen=True)
class Mark:
    """One printed score with its grade."""

    value: Fraction | None
    grade_code: str
    grades: list[dict[str, Any]]
    critical_failed: bool = False

    @property
    def printed(self) -> str:
        return scoring.printed(self.value, scoring.grade_lines(self.grades)) or "—"

    @property
    def grade(self) -> str:
        return grade_name(self.grade_code, self.grades)


@dataclass(frozen=True)
class Standing:
    revision: AuditRevision
    inspected: Mark
    today: Mark
    after: Mark | None
    codes: list[str]

    @property
    def sections(self) -> list[dict[str, Any]]:
        return [
            {"title": in_language(one["title_zh"], one["title_en"]), "value": section_value(one)}
            for one in self.revision.sections
        ]


def revisions_of(station: Station) -> list[AuditRevision]:
    """What is in force of every audit of the station, newest first."""
    rows = AuditRevision.objects.filter(
        audit__assignment__station=station, number=F("audit__revision")
    )
    return list(
        rows.select_related(
            "audit__assignment__round", "audit__assignment__version"
        ).order_by("-submitted_at")
    )  # fmt: skip


def findings_of(station: Station) -> QuerySet[Finding]:
    """All of the station's, and of each only what a score asks."""
    rows = Finding.objects.filter(station=station).exclude(status=Finding.Status.VOID)
    return rows.only("item_code", "status", "closed_at").order_by()


def inspected(revision: AuditRevision) -> Mark:
    value = scoring.Part(revision.earned, revision.applicable).value
    return Mark(value, revision.grade, _grades(revision), revision.critical_failed)


def standing(revision: AuditRevision, findings: Iterable[Finding]) -> Standing:
    """`findings`: the station's, whatever their state."""
    findings = list(findings)
    losses = {code: Decimal(lost) for code, lost in revision.losses.items()}
    solved = solved_codes(findings, revision)
    left = {code: lost for code, lost in losses.items() if code not in solved}
    now = as_of_today(revision, solved)
    critical = {code for code in _critical_codes(revision) if code not in solved}
    grades = _grades(revision)
    path = gains.cheapest(
        now=now, losses=_winnable(left, findings), grades=grades, critical=critical
    )
    return Standing(
        revision=revision,
        inspected=inspected(revision),
        today=Mark(
            now.value, scoring.grade(now.value, grades, critical=bool(critical)), grades,
            bool(critical),
        ),
        after=Mark(path.after, path.after_grade, grades) if path else None,
        codes=path.codes if path else [],
    )  # fmt: skip


def as_of_today(revision: AuditRevision, solved: set[str]) -> scoring.Part:
    """现状得分: items whose finding is closed count as pass (semantics §2)."""
    won = sum(
        (Decimal(lost) for code, lost in revision.losses.items() if code in solved), Decimal(0)
    )
    return scoring.Part(revision.earned + won, revision.applicable)


def solved_codes(findings: Iterable[Finding], revision: AuditRevision) -> set[str]:
    """Items of the sheet whose problem was closed since, and is not open again."""
    closed, active = set(), set()
    for finding in findings:
        if finding.status in Finding.ACTIVE:
            active.add(finding.item_code)
        elif finding.closed_at and finding.closed_at >= revision.submitted_at:
            closed.add(finding.item_code)
    return closed - active


def _winnable(losses: Mapping[str, Decimal], findings: Iterable[Finding]) -> dict[str, Decimal]:
    """Only what waits for the station itself; what is sent in already is not its next step."""
    open_codes = {f.item_code for f in findings if f.status in {"open", "in_progress"}}
    return {code: lost for code, lost in losses.items() if code in open_codes and lost}


def _critical_codes(revision: AuditRevision) -> set[str]:
    return {
        item["code"]
        for item in revision.tree["items"]
        if item["is_critical"] and item["result"] != "pass"
    }


def _grades(revision: AuditRevision) -> list[dict[str, Any]]:
    grades: list[dict[str, Any]] = revision.audit.assignment.version.grades
    return grades
