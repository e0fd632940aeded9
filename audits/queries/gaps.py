"""整改清单: a station's problems in the order that matters, and what their closing would bring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from audits.models import EvidencePhoto, Finding, Rectification
from audits.queries.payloads import photo_url
from stations.models import Station, User

Status = Finding.Status


@dataclass
class Gap:
    finding: Finding
    thumbnail: str = ""
    returned: Rectification | None = None
    is_on_path: bool = False

    @property
    def status(self) -> str:
        return "sent_back" if self.returned else self.finding.status


@dataclass
class Gaps:
    returned: list[Gap] = field(default_factory=list)
    todo: list[Gap] = field(default_factory=list)
    waiting: list[Gap] = field(default_factory=list)
    closed: list[Gap] = field(default_factory=list)
    waived: list[Gap] = field(default_factory=list)

    @property
    def todo_count(self) -> int:
        return len(self.returned) + len(self.todo)

    def every(self) -> list[Gap]:
        return [gap for group in vars(self).values() for gap in group]


def station_gaps(user: User, station: Station) -> Gaps:
    findings = list(
        Finding.objects.visible_to(user)
        .filter(station=station)
        .exclude(status=Status.VOID)
        .select_related("item", "audit")
        .order_by("due_on", "-points_lost", "item_code", "id")
    )
    thumbnails = first_photos(findings)
    returned = last_returns(findings)
    gaps = Gaps()
    for finding in findings:
        gap = Gap(finding, thumbnails.get(finding.pk, ""), returned.get(finding.pk))
        _group(gaps, gap).append(gap)
    gaps.closed.sort(key=lambda gap: gap.finding.closed_at or gap.finding.raised_at, reverse=True)
    return gaps


def _group(gaps: Gaps, gap: Gap) -> list[Gap]:
    if gap.returned:
        return gaps.returned
    return {
        Status.SUBMITTED: gaps.waiting,
        Status.CLOSED: gaps.closed,
        Status.WAIVED: gaps.waived,
    }.get(Status(gap.finding.status), gaps.todo)


def first_photos(findings: Iterable[Finding]) -> dict[int, str]:
    """Finding → address of the small picture of what was found, in one query: the visit's first,
    of what was seen outside a visit its own."""
    known = list(findings)
    of_answer: dict[tuple[Any, Any], int] = {
        (one.audit_id, one.item_id): one.pk for one in known if one.audit_id and one.item_id
    }
    audits, items = ({pair[n] for pair in of_answer} for n in (0, 1))
    of_visit = Q(audit__in=audits, item__in=items)
    own = Q(finding__in=known, kind=EvidencePhoto.Kind.BEFORE)
    found = {}
    for photo in EvidencePhoto.objects.filter(of_visit | own).order_by("-received_at", "-id"):
        finding_id = photo.finding_id or of_answer.get((photo.audit_id, photo.item_id))
        if finding_id:
            found[finding_id] = photo_url(photo.pk, "thumbnail")
    return found


def newest_after(findings: Iterable[Finding]) -> dict[int, str]:
    """Finding → address of the small picture sent with its last attempt, in one query."""
    rows = EvidencePhoto.objects.filter(
        finding__in=list(findings), rectification__isnull=False
    ).order_by("rectification__number", "received_at", "id")
    return {
        photo.finding_id: photo_url(photo.pk, "thumbnail") for photo in rows if photo.finding_id
    }


def last_returns(findings: Iterable[Finding]) -> dict[int, Rectification]:
    """Those that came back: in progress again, and the newest attempt was returned."""
    back = [finding.pk for finding in findings if finding.status == Status.IN_PROGRESS]
    attempts = Rectification.objects.filter(finding__in=back).order_by("number")
    newest = {attempt.finding_id: attempt for attempt in attempts.select_related("reviewed_by")}
    return {
        finding_id: attempt
        for finding_id, attempt in newest.items()
        if attempt.outcome == Rectification.Outcome.RETURNED
    }
