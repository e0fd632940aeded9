"""Trials: how the last round would have scored under another version or other weights.

Nothing here is written anywhere. The answers are the frozen ones, the arithmetic is the one of every
score, and an item the visit was not asked about stays out of both sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import F

from audits import scoring
from audits.models import Assignment, AuditRevision, Round
from audits.models.rounds import AssignmentQuerySet
from audits.queries.scores import grade_name
from audits.queries.sheet import ratio_of
from checklists.models import ChecklistVersion, Item
from stations import access
from stations.models import Station, User

LARGEST = 2000  # stations computed for one page; the page says so where there are more


@dataclass(frozen=True)
class Mark:
    value: Fraction | None
    grade_code: str
    grade: str
    lines: tuple[Fraction, ...]

    @property
    def printed(self) -> str:
        return scoring.printed(self.value, self.lines) or "—"


@dataclass(frozen=True)
class Rescored:
    """`matched` of the `asked` items of the trial were answered in that visit."""

    station: Station
    before: Mark
    after: Mark
    matched: int
    asked: int

    @property
    def difference(self) -> Fraction | None:
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def change(self) -> str:
        return signed(self.difference)

    @property
    def changes_grade(self) -> bool:
        return self.before.grade_code != self.after.grade_code


@dataclass(frozen=True)
class Trial:
    round: Round | None
    rows: list[Rescored]
    total: int

    @property
    def before(self) -> str:
        return scoring.printed(self._mean("before")) or "—"

    @property
    def after(self) -> str:
        return scoring.printed(self._mean("after")) or "—"

    @property
    def change(self) -> str:
        before, after = self._mean("before"), self._mean("after")
        return signed(after - before if before is not None and after is not None else None)

    @property
    def regraded(self) -> int:
        return sum(row.changes_grade for row in self.rows)

    def _mean(self, side: str) -> Fraction | None:
        marks = [getattr(row, side).value for row in self.rows]
        return scoring.mean([value for value in marks if value is not None])


def signed(value: Fraction | None) -> str:
    if value is None:
        return "—"
    told = scoring.rounded(value, 1)
    return told if value < 0 else f"+{told}"


def last_round(user: User, version: ChecklistVersion) -> Round | None:
    """The newest one with a visit handed in on any version of this checklist, in scope."""
    return (
        Round.objects.filter(
            assignments__in=_assignments(user, version).values("pk"),
            assignments__audit__revision__gt=0,
        )
        .order_by("-starts_on", "-pk")
        .first()
    )


def _assignments(user: User, version: ChecklistVersion) -> AssignmentQuerySet:
    from_here = version.checklist.versions.published().values("pk")
    return Assignment.objects.filter(access.scope(user, "station"), version__in=from_here)


def trial(
    user: User, version: ChecklistVersion, points: Mapping[str, Decimal] | None = None
) -> Trial:
    """The last round anew, item by item; `points` overrides single weights. Worst change first."""
    round = last_round(user, version)
    if round is None:
        return Trial(None, [], 0)
    items = list(version.items.select_related("section", "version").order_by("order"))
    held = AuditRevision.objects.filter(
        audit__assignment__in=_assignments(user, version).filter(round=round).values("pk"),
        number=F("audit__revision"),
    )
    rows = held.select_related(
        "audit__assignment__station", "audit__assignment__version"
    ).order_by("audit__assignment__station__code")  # fmt: skip
    rescored = [_rescored(one, items, version, points or {}) for one in rows[:LARGEST]]
    rescored.sort(key=lambda row: (row.difference is None, row.difference or 0))
    return Trial(round, rescored, held.count())


def _rescored(
    revision: AuditRevision, items: Iterable[Item], version: ChecklistVersion,
    points: Mapping[str, Decimal],
) -> Rescored:  # fmt: skip
    assignment = revision.audit.assignment
    results = {one["code"]: one["result"] for one in revision.tree["items"]}
    asked = [item for item in items if item.is_for(assignment.station.kind)]
    lines = list(_lines(asked, results, points))
    score = scoring.score(lines)
    before = scoring.Part(revision.earned, revision.applicable).value
    grade = scoring.grade(score.total.value, version.grades, critical=score.critical_failed)
    return Rescored(
        station=assignment.station,
        before=_mark(before, revision.grade, assignment.version.grades),
        after=_mark(score.total.value, grade, version.grades),
        matched=len(lines),
        asked=len(asked),
    )


def _lines(
    items: Iterable[Item], results: Mapping[str, str], points: Mapping[str, Decimal]
) -> Iterator[scoring.Line]:
    for item in items:
        if result := results.get(item.code):
            yield scoring.Line(
                section=item.section.code,
                code=item.code,
                points=points.get(item.code, item.points),
                ratio=ratio_of(item, result),
                is_critical=item.is_critical,
                is_pass=result == "pass",
            )


def _mark(value: Fraction | None, code: str, grades: list[dict[str, Any]]) -> Mark:
    return Mark(value, code, grade_name(code, grades), tuple(scoring.grade_lines(grades)))
