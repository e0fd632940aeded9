"""What is read of a finding: its photos from both sides, and what compliant looks like."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from audits.models import Audit, EvidencePhoto, Finding, FindingEvent
from checklists import queries as checklists


def finding_photos(finding: Finding) -> QuerySet[EvidencePhoto]:
    """The inspectors' photos of the item in the audits that found it or met it again, and the
    finding's own."""
    own = Q(finding=finding)
    if finding.audit_id and finding.item_id:
        own |= Q(audit=finding.audit_id, item=finding.item_id)
    if finding.item_code:
        rounds = finding.events.filter(kind__in=FindingEvent.SEEN).values("round")
        audits = Audit.objects.filter(
            assignment__station=finding.station_id, assignment__round__in=rounds
        )
        own |= Q(audit__in=audits.values("pk"), item__code=finding.item_code)
    rows = EvidencePhoto.objects.filter(own, station=finding.station_id)  # by the station's index
    return rows.select_related("item").order_by("received_at", "id")


def finding_guidance(finding: Finding) -> str:
    if finding.item is None:
        return ""
    return checklists.guidance(finding.item, finding.station.kind)
