"""A frozen score opened up: sections, items, photos, and the problem each lost point became."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from audits import scoring
from audits.models import Answer, Audit, AuditRevision, EvidencePhoto, Finding
from audits.queries.scores import grade_name
from checklists.models import Section
from stations.models.places import in_language


@dataclass(frozen=True)
class Line:
    code: str
    title: str
    points: Decimal
    result: str
    earned: Decimal | None
    note: str
    is_critical: bool
    photos: list[EvidencePhoto]
    finding: Finding | None = None

    @property
    def problem(self) -> Finding | None:
        return self.finding if self.result in Answer.RAISES_FINDING else None


@dataclass
class Part:
    code: str
    title: str
    lines: list[Line] = field(default_factory=list)

    @property
    def score(self) -> scoring.Part:
        counted = [line for line in self.lines if line.earned is not None]
        return scoring.Part(
            sum((line.earned for line in counted if line.earned is not None), Decimal(0)),
            sum((line.points for line in counted), Decimal(0)),
        )

    @property
    def lost(self) -> int:
        return sum(line.result in Answer.RAISES_FINDING for line in self.lines)


@dataclass(frozen=True)
class Tree:
    """`total` and the parts' scores are exact percentages, None where nothing applies."""

    parts: list[Part]
    grade_code: str
    grade: str
    critical_failed: bool
    total: Fraction | None
    earned: Decimal
    applicable: Decimal


def frozen_tree(
    revision: AuditRevision,
    findings: dict[str, Finding] | None = None,
    until: dt.datetime | None = None,
) -> Tree:
    """`findings`: by item, those of a past moment, where the caller looks `until` one."""
    photos = photos_by_item(revision.audit, until)
    findings = findings_by_item(revision) if findings is None else findings
    titles = {
        one["code"]: in_language(one["title_zh"], one["title_en"]) for one in revision.sections
    }
    lines = [
        (
            one["section"],
            Line(
                code=one["code"],
                title=in_language(one["title_zh"], one["title_en"]),
                points=Decimal(one["points"]),
                result=one["result"],
                earned=None if one["earned"] is None else Decimal(one["earned"]),
                note=one["note"],
                is_critical=one["is_critical"],
                photos=photos.get(one["code"], []),
                finding=findings.get(one["code"]),
            ),
        )
        for one in revision.tree["items"]
    ]
    return _tree(_parts(lines, titles), revision)


def live_parts(audit: Audit) -> list[Part]:
    """What is answered so far of an audit that nobody has handed in."""
    answers = audit.answers.select_related("item__section").order_by("item__order")
    photos = photos_by_item(audit)
    lines = [
        (
            answer.item.section.code,
            Line(
                code=answer.item.code,
                title=answer.item.title,
                points=answer.item.points,
                result=answer.result,
                earned=answer.earned,
                note=answer.note,
                is_critical=answer.item.is_critical,
                photos=photos.get(answer.item.code, []),
            ),
        )
        for answer in answers
    ]
    sections = Section.objects.filter(version=audit.assignment.version_id)
    return _parts(lines, {section.code: section.title for section in sections})


def _parts(lines: Iterable[tuple[str, Line]], titles: dict[str, str]) -> list[Part]:
    parts: dict[str, Part] = {}
    for code, line in lines:
        parts.setdefault(code, Part(code, titles.get(code, code))).lines.append(line)
    return list(parts.values())


def _tree(parts: list[Part], revision: AuditRevision) -> Tree:
    return Tree(
        parts=parts,
        grade_code=revision.grade,
        grade=grade_name(revision.grade, revision.audit.assignment.version.grades),
        critical_failed=revision.critical_failed,
        total=scoring.Part(revision.earned, revision.applicable).value,
        earned=revision.earned,
        applicable=revision.applicable,
    )


def photos_by_item(
    audit: Audit, until: dt.datetime | None = None
) -> dict[str, list[EvidencePhoto]]:
    """Also those that arrived after the submission; without an item, under the empty code."""
    held: dict[str, list[EvidencePhoto]] = {}
    rows = audit.photos.filter(received_at__lte=until) if until else audit.photos
    for photo in rows.select_related("item"):
        held.setdefault(photo.item.code if photo.item else "", []).append(photo)
    return held


def findings_by_item(revision: AuditRevision) -> dict[str, Finding]:
    """Per item the problem that stood when this was handed in: raised by it, or active already."""
    rows = (
        Finding.objects.filter(
            station=revision.audit.assignment.station_id, raised_at__lte=revision.submitted_at
        )
        .exclude(closed_at__lt=revision.submitted_at)
        .exclude(status=Finding.Status.VOID)
        .exclude(item_code="")
        .order_by("raised_at", "pk")
    )
    return {finding.item_code: finding for finding in rows}


def revisions(audit: Audit) -> QuerySet[AuditRevision]:
    return audit.revisions.select_related("submitted_by").order_by("-number")


def history(audit: Audit) -> list[Any]:
    return list(audit.events.select_related("by").order_by("-pk"))
