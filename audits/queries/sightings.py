"""What a person saw failing with their own eyes, on the spot: what 立行立改 rests on."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from audits import deadlines
from audits.models import EvidencePhoto, Finding, FindingEvent
from audits.queries.findings import finding_photos
from stations import access
from stations.models import User

Kind = FindingEvent.Kind


def sightings(user: User) -> QuerySet[FindingEvent]:
    """On the sheet of a visit, by 随手拍, or at a re-check with a photo taken there. What a desk
    corrects, reopens or sends back was not seen, nor what a sheet says when handed in again."""
    at_visit = Q(
        ~Q(detail__has_key="revision"),
        kind__in=FindingEvent.SEEN, round__isnull=False, role=User.Role.INSPECTOR,
    )  # fmt: skip
    ad_hoc = Q(kind__in=FindingEvent.SEEN, detail__ad_hoc=True)
    at_recheck = Q(kind=Kind.SENT_BACK) & ~Q(photos=[])
    return FindingEvent.objects.filter(at_visit | ad_hoc | at_recheck, by=user)


def fixable(user: User, day: dt.date) -> QuerySet[Finding]:
    """What the person may record as put right before their eyes (立行立改): seen that day, and not
    taken up or handed in since."""
    if not access.may(user, "findings.raise"):
        return Finding.objects.none()
    span = (deadlines.start_of_day(day), deadlines.end_of_day(day))
    seen = sightings(user).filter(finding=OuterRef("pk"), at__range=span)
    taken_up = FindingEvent.objects.filter(
        finding=OuterRef("finding"), kind__in=[Kind.STARTED, Kind.SUBMITTED],
        number__gt=OuterRef("number"),
    )  # fmt: skip
    return Finding.objects.filter(
        Exists(seen.filter(~Exists(taken_up))),
        status__in=[Finding.Status.OPEN, Finding.Status.IN_PROGRESS],
    )


def may_be_fixed(finding: Finding, user: User, day: dt.date) -> bool:
    return fixable(user, day).filter(pk=finding.pk).exists()


def shown_before(finding: Finding, user: User, day: dt.date) -> bool:
    """Whether the server holds a picture the person took that day, or on the sheet handed in then,
    of what is to be put right. A sheet handed in again brings only what came that day."""
    since = deadlines.start_of_day(day)
    kinds = [EvidencePhoto.Kind.SITE, EvidencePhoto.Kind.BEFORE]
    came = Q(received_at__gte=since)
    of_visit = Q(audit__submitted_at__gte=since) & (Q(audit__revision=1) | came)
    own = Q(came, finding=finding)
    rows = finding_photos(finding).filter(of_visit | own, kind__in=kinds, uploaded_by=user)
    return rows.exists()
