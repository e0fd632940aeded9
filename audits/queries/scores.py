"""A frozen score as it is printed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from audits import scoring
from audits.models import Audit, AuditRevision
from stations.lookups import Lookup
from stations.models.places import in_language

_revisions = Lookup(AuditRevision.objects.all, "audit")


def revision_in_force(audit: Audit) -> AuditRevision | None:
    if not audit.revision:
        return None
    revision = next(one for one in _revisions.all(audit.pk) if one.number == audit.revision)
    revision.audit = audit
    return revision


def revision_score(revision: AuditRevision) -> dict[str, Any]:
    """{total, sections, earned, applicable, critical_failed, grade, grade_code, revision}.

    `total` and the sections' `score` are the printed values, null where nothing applies.
    """
    grades = revision.audit.assignment.version.grades
    lines = scoring.grade_lines(grades)
    total = scoring.Part(revision.earned, revision.applicable).value
    return {
        "total": number(scoring.printed(total, lines)),
        "earned": number(revision.earned),
        "applicable": number(revision.applicable),
        "critical_failed": revision.critical_failed,
        "grade": grade_name(revision.grade, grades),
        "grade_code": revision.grade,
        "revision": revision.number,
        "sections": [
            {
                "code": section["code"],
                "title": in_language(section["title_zh"], section["title_en"]),
                "score": number(scoring.printed(section_value(section), lines)),
                "earned": number(section["earned"]),
                "applicable": number(section["applicable"]),
            }
            for section in revision.sections
        ],
    }


def section_value(section: dict[str, Any]) -> Fraction | None:
    return scoring.Part(Decimal(section["earned"]), Decimal(section["applicable"])).value


def number(value: Decimal | str | None) -> int | float | None:
    """A printed decimal as a JSON number: no arithmetic is done on it after this."""
    if value is None:
        return None
    exact = Decimal(value)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def plain(value: Decimal) -> str:
    """A decimal without trailing zeros: 89.5, 98."""
    return f"{value.normalize():f}"


def grade_name(code: str, grades: list[dict[str, Any]]) -> str:
    """优秀, 良好 …; empty where there is no score."""
    step = next((step for step in grades if step["code"] == code), None)
    return in_language(step["name_zh"], step["name_en"]) if step else ""
