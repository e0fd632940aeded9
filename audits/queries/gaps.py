"""整改清单: a station's problems in the order that matters, and what their closing would bring."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When

from audits.models import EvidencePhoto, Finding, Rectification
from audits.queries.payloads import photo_url
from stations.models import Station, User

Status = Finding.Status
TO_DO = {Status.OPEN, Status.IN_PROGRESS}


@dataclass
class Gap:
    finding: Any
    thumbnail: str = ""
    returned: Rectification | None = None
    is_on_path: bool = False

    @property
    def group(self) -> str:
        group: str = self.finding.group
        return group

    @property
    def status(self) -> str:
        return "sent_back" if self.returned else self.finding.status


TODO = ["returned", "todo"]  # in the order they are listed
BEHIND = ["waiting", "waived", "closed"]


@dataclass(frozen=True)
class Tally:
    """How many there are of each group, whatever the page shows."""

    returned: int = 0
    todo: int = 0
    waiting: int = 0
    waived: int = 0
    closed: int = 0

    @property
    def todo_count(self) -> int:
        return self.returned + self.todo


def station_gaps(user: User, station: Station) -> QuerySet[Any]:
    """The station's problems, each with its `group`."""
    attempts = Rectification.objects.filter(finding=OuterRef("pk")).order_by("-number")
    group = Case(
        When(status=Status.SUBMITTED, then=Value("waiting")),
        When(status=Status.CLOSED, then=Value("closed")),
        When(status=Status.WAIVED, then=Value("waived")),
        When(
            status=Status.IN_PROGRESS, last_outcome=Rectification.Outcome.RETURNED,
            then=Value("returned"),
        ),
        default=Value("todo"),
    )  # fmt: skip
    return (
        Finding.objects.visible_to(user)
        .filter(station=station)
        .exclude(status=Status.VOID)
        .annotate(last_outcome=Subquery(attempts.values("outcome")[:1]))
        .annotate(group=group)
    )


def tally(rows: QuerySet[Any]) -> Tally:
    counted = rows.order_by().values("group").annotate(count=Count("pk"))
    return Tally(**{row["group"]: row["count"] for row in counted})


def listed(rows: QuerySet[Any], groups: list[str]) -> QuerySet[Any]:
    """Those groups one after the other: by deadline and points, the closed by when they were."""
    return (
        rows.filter(group__in=groups)
        .select_related("item", "audit")
        .order_by(rank(groups), "-closed_at", "due_on", "-points_lost", "item_code", "id")
    )


def rank(groups: list[str]) -> Case:
    return Case(*(When(group=group, then=place) for place, group in enumerate(groups)))


def drawn(findings: Iterable[Finding], starred: Collection[str] = ()) -> list[Gap]:
    """With their pictures and what sent them back; `starred`: codes of the next step's items."""
    known = list(findings)
    thumbnails, returned = first_photos(known), last_returns(known)
    return [
        Gap(
            one, thumbnails.get(one.pk, ""), returned.get(one.pk),
            is_on_path=one.item_code in starred and one.status in TO_DO,
        )
        for one in known
    ]  # fmt: skip


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
