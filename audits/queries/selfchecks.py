"""自查 as it is filled, and 自评偏差: what the station said against what the visit found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from audits import scoring
from audits.models import Assignment, AuditRevision
from audits.models.selfchecks import SelfAnswer, SelfCheck
from audits.queries.scores import number
from audits.queries.sheet import ratio_of
from checklists import queries as checklists
from checklists.models import Item
from stations.models import Station, User
from stations.models.places import in_language


def of_assignment(user: User, assignment: Assignment) -> SelfCheck | None:
    """What the person may see of it; nothing while there is none."""
    return SelfCheck.objects.visible_to(user).filter(assignment=assignment).first()


def is_open(assignment: Assignment) -> bool:
    """Until the inspection is handed in for the first time."""
    audit = getattr(assignment, "audit", None)
    return audit is None or audit.revision == 0


def ahead(station: Station, today: dt.date) -> QuerySet[Assignment]:
    """Visits still to come, each with how much of its self-check is `answered`."""
    told = (
        SelfAnswer.objects.filter(self_check__assignment=OuterRef("pk"))
        .order_by()
        .values("self_check")
        .annotate(n=Count("pk"))
    )
    return (
        Assignment.objects.filter(station=station, round__ends_on__gte=today)
        .filter(Q(audit__isnull=True) | Q(audit__revision=0))
        .select_related("round")
        .annotate(answered=Coalesce(Subquery(told.values("n")), 0))
        .order_by("due_on", "pk")
    )


def answers_of(check: SelfCheck | None) -> dict[str, SelfAnswer]:
    rows = SelfAnswer.objects.filter(self_check=check).select_related("item") if check else []
    return {answer.item.code: answer for answer in rows}


def sheet(assignment: Assignment, check: SelfCheck | None) -> list[dict[str, Any]]:
    """The task's sections and items as everywhere; each item with `own`, null while unanswered."""
    own = answers_of(check)
    sections = checklists.sheet(assignment.version, assignment.station.kind)
    for section in sections:
        for item in section["items"]:
            item["own"] = as_seen(own.get(item["code"]))
        section["answered"] = sum(item["own"] is not None for item in section["items"])
    return sections


def as_seen(answer: SelfAnswer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {"result": answer.result, "note": answer.note, "version": answer.version}


@dataclass(frozen=True)
class Difference:
    """One item the two saw differently. `tone`: warn where the station was the kinder one."""

    code: str
    title: str
    own: str
    own_note: str
    found: str
    found_note: str
    tone: str


@dataclass(frozen=True)
class Deviation:
    """Exact percentages of the items both sides scored, so that what the station left out is no
    difference; None where there are none. `difference` is above 0 where it was kinder."""

    own: Fraction | None
    found: Fraction | None
    compared: int
    answered: int
    asked: int
    differing: list[Difference]

    @property
    def difference(self) -> Fraction | None:
        return None if self.own is None or self.found is None else self.own - self.found

    @property
    def printed(self) -> str:
        """+7.5, 0.0, -3.2"""
        text = scoring.printed(self.difference)
        if text is None:
            return "—"
        return f"+{text}" if self.difference and self.difference > 0 else text


def deviation(check: SelfCheck, revision: AuditRevision, assignment: Assignment) -> Deviation:
    """Against what the visit froze; `assignment` with its version and station."""
    items = checklists.items_for(assignment.version, assignment.station.kind)
    own = answers_of(check)
    found = {line["code"]: line for line in revision.tree["items"]}
    both = [item for item in items if item.code in own and item.code in found]
    scored = [
        (own_line, found_line)
        for item in both
        if (own_line := _own_line(item, own[item.code])).ratio is not None
        and (found_line := _found_line(item, found[item.code])).ratio is not None
    ]
    return Deviation(
        own=scoring.score(line for line, _ in scored).total.value,
        found=scoring.score(line for _, line in scored).total.value,
        compared=len(scored),
        answered=len(own),
        asked=len(items),
        differing=[
            _difference(item, own[item.code], found[item.code])
            for item in both
            if own[item.code].result != found[item.code]["result"]
        ],
    )


def _own_line(item: Item, answer: SelfAnswer) -> scoring.Line:
    ratio = ratio_of(item, answer.result)
    return scoring.Line(item.section.code, item.code, item.points, ratio)


def _found_line(item: Item, line: dict[str, Any]) -> scoring.Line:
    ratio = None if line["earned"] is None else Decimal(line["earned"]) / item.points
    return scoring.Line(item.section.code, item.code, item.points, ratio)


def _difference(item: Item, answer: SelfAnswer, line: dict[str, Any]) -> Difference:
    own, found = _own_line(item, answer).ratio, _found_line(item, line).ratio
    tone = "none" if own is None or found is None else "warn" if own > found else "info"
    return Difference(
        code=item.code,
        title=in_language(item.title_zh, item.title_en),
        own=answer.result,
        own_note=answer.note,
        found=line["result"],
        found_note=line["note"],
        tone=tone,
    )


def payload(assignment: Assignment, check: SelfCheck | None, found: Deviation | None) -> Any:
    """The self-check as the API tells it."""
    sections = sheet(assignment, check)
    return {
        "id": str(check.pk) if check else None,
        "assignment": assignment.pk,
        "station": assignment.station.code,
        "round": assignment.round_id,
        "is_open": is_open(assignment),
        "items": sum(len(section["items"]) for section in sections),
        "answered": sum(section["answered"] for section in sections),
        "sections": sections,
        "deviation": _told(found) if found else None,
    }


def _told(found: Deviation) -> dict[str, Any]:
    return {
        "own": number(scoring.printed(found.own)),
        "inspected": number(scoring.printed(found.found)),
        "difference": number(scoring.printed(found.difference)),
        "items_compared": found.compared,
        "differing": [
            {
                "item_code": one.code,
                "title": one.title,
                "own": one.own,
                "own_note": one.own_note,
                "inspected": one.found,
                "inspected_note": one.found_note,
            }
            for one in found.differing
        ],
    }
