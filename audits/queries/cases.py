"""One problem as the people who judge it see it: what was found, what was done, try by try."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from audits.models import EvidencePhoto, Finding, FindingEvent, PhotoFlag, Rectification
from audits.queries.carriage import carriers_named
from audits.queries.findings import finding_guidance, finding_photos
from stations.models import User

Kind = EvidencePhoto.Kind


@dataclass
class Attempt:
    rectification: Rectification
    photos: list[EvidencePhoto] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """`found`: photos of the visit and before-photos; `on_site`: taken by those who re-check."""

    finding: Finding
    guidance: str
    found: list[EvidencePhoto]
    on_site: list[EvidencePhoto]
    attempts: list[Attempt]
    events: list[Any]  # each with its `carrier`

    @property
    def last(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None

    @property
    def returned(self) -> Rectification | None:
        """The last attempt that came back, with its reason."""
        back = [
            one.rectification
            for one in self.attempts
            if one.rectification.outcome == Rectification.Outcome.RETURNED
        ]
        return back[-1] if back else None

    @property
    def seen_again(self) -> list[FindingEvent]:
        """Met once more while it was active, the newest first."""
        return [event for event in self.events if event.kind == FindingEvent.Kind.OBSERVED]

    @property
    def photos(self) -> list[EvidencePhoto]:
        """All of them in the order things went."""
        sent = [photo for one in self.attempts for photo in one.photos]
        return [*self.found, *sent, *self.on_site]

    @property
    def photo_count(self) -> int:
        return len(self.photos)


def case(finding: Finding) -> Case:
    """`finding` with its station, round and item's version at hand. Four queries, and one
    where somebody has carried."""
    attempts = [
        Attempt(one)
        for one in finding.rectifications.select_related("submitted_by", "reviewed_by")
    ]  # fmt: skip
    by_attempt = {one.rectification.pk: one for one in attempts}
    found, on_site = [], []
    for photo in (
        finding_photos(finding)
        .select_related("uploaded_by", "station")
        .prefetch_related(Prefetch("flags", PhotoFlag.objects.waiting()))
    ):
        if photo.rectification_id in by_attempt:
            by_attempt[photo.rectification_id].photos.append(photo)
        elif photo.finding_id and photo.kind == Kind.SITE:
            on_site.append(photo)
        elif photo.kind != Kind.AFTER:
            found.append(photo)
    return Case(
        finding=finding,
        guidance=finding_guidance(finding),
        found=found,
        on_site=on_site,
        attempts=attempts,
        events=carriers_named(finding.events.select_related("by", "round").order_by("-number")),
    )


def findings_for_case(user: User) -> QuerySet[Finding]:
    return Finding.objects.visible_to(user).select_related(
        "station__region", "round", "audit", "item__version__checklist", "raised_by",
        "closed_by", "submitted_by", "repeat_of",
    )  # fmt: skip
