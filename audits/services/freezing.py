"""What is frozen at a submission: the score tree, down to the hash of every photo."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from audits import chain, scoring
from audits.models import Answer, Audit, AuditRevision
from audits.queries import SheetState, plain, ratio_of
from checklists.models import Item
from stations.models import User


def earned(item: Item, result: str) -> Decimal | None:
    """points × r, None where the result has no ratio (semantics §1)."""
    ratio = ratio_of(item, result)
    return None if ratio is None else item.points * ratio


def freeze(
    *, audit: Audit, sheet: SheetState, by: User, now: dt.datetime, reason: str = ""
) -> AuditRevision:
    revision = frozen(audit=audit, sheet=sheet, by=by, now=now, reason=reason)
    revision.save(force_insert=True)
    return revision


def frozen(
    *, audit: Audit, sheet: SheetState, by: User, now: dt.datetime, reason: str = ""
) -> AuditRevision:
    """Not saved yet."""
    lines = sheet.lines()
    result = scoring.score(lines)
    version = audit.assignment.version
    tree = _tree(sheet)
    return AuditRevision(
        audit=audit,
        number=audit.revision,
        reason=reason,
        submitted_at=now,
        submitted_by=by,
        earned=result.total.earned,
        applicable=result.total.applicable,
        grade=scoring.grade(result.total.value, version.grades, critical=result.critical_failed),
        critical_failed=result.critical_failed,
        unable_count=_count(sheet, Answer.Result.UNABLE),
        sections=[_section(sheet, code, part, lines) for code, part in result.sections.items()],
        losses={code: plain(lost) for code, lost in result.losses.items()},
        tree=tree,
        content_hash=chain.content_hash(tree),
    )


def _count(sheet: SheetState, result: str) -> int:
    return sum(answer.result == result for answer in sheet.answers.values())


def _section(
    sheet: SheetState, code: str, part: scoring.Part, lines: list[scoring.Line]
) -> dict[str, Any]:
    """`items` are those in the score: what roll-ups count "k of n stations asked" from."""
    section = next(item.section for item in sheet.items if item.section.code == code)
    return {
        "code": code,
        "title_zh": section.title_zh,
        "title_en": section.title_en,
        "earned": plain(part.earned),
        "applicable": plain(part.applicable),
        "items": [line.code for line in lines if line.section == code and line.ratio is not None],
    }


def _tree(sheet: SheetState) -> dict[str, Any]:
    """The audit as it stood: version, answers, declared photos and the hashes of those held."""
    assignment = sheet.audit.assignment
    return {
        "station": assignment.station.code,
        "round": assignment.round.name,
        "checklist": assignment.version.content_hash,
        "declared": sheet.audit.declared,
        "items": [
            {
                "code": item.code,
                "section": item.section.code,
                "title_zh": item.title_zh,
                "title_en": item.title_en,
                "points": plain(item.points),
                "is_critical": item.is_critical,
                **_answer(sheet.answers[item.pk]),
                "photos": [
                    {"id": str(photo.pk), "sha256": photo.sha256}
                    for photo in sheet.photos
                    if photo.item_id == item.pk
                ],
            }
            for item in sheet.answered()
        ],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "result": answer.result,
        "earned": None if answer.earned is None else plain(answer.earned),
        "note": answer.note,
        "version": answer.version,
        "answered_at": answer.answered_at.isoformat(),
        "answered_by": answer.answered_by_id,
    }
