"""What is read of a finding: its photos from both sides, and what compliant looks like."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from audits.models import EvidencePhoto, Finding, FindingEvent
from checklists import queries as checklists


def finding_photos(finding: Finding) -> QuerySet[EvidencePhoto]:
    """The inspectors' photos of the item in the audits that found it or met it again, and the
    finding's own."""
    own = Q(finding=finding)
    if finding.audit_id and finding.item_id:
        own |= Q(audit=finding.audit_id, item=finding.item_id)
    if finding.item_code:
        again = finding.events.filter(kind__in=FindingEvent.SEEN).values("round")
        own |= Q(
            audit__assignment__round__in=again, audit__assignment__station=finding.station_id,
            item__code=finding.item_code,
        )  # fmt: skip
    return EvidencePhoto.objects.filter(own).select_related("item").order_by("received_at", "id")


def finding_guidance(finding: Finding) -> str:
    if finding.item is None:
        return ""
    return checklists.guidance(finding.item, finding.station.kind)
