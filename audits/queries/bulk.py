"""What may be closed together: nobody has asked a question about it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from audits.models import Finding, FindingEvent, PhotoFlag
from audits.queries.carriage import carried, handed_in_photos
from audits.queries.reviews import queue
from stations.models import User


def uncontested(user: User) -> QuerySet[Finding]:
    """Of the viewer's queue: 一般, found for the first time, the first attempt, its photos without
    an open question, not seen again since, and neither handed in by the viewer, for whomever, nor of
    the viewer's station."""
    questioned = PhotoFlag.objects.waiting().filter(photo__finding=OuterRef("pk"))
    seen = FindingEvent.objects.filter(
        finding=OuterRef("pk"), kind=FindingEvent.Kind.OBSERVED, at__gte=OuterRef("submitted_at")
    )
    return (
        queue(user)
        .filter(severity=Finding.Severity.NORMAL, repeat_of=None)
        .exclude(rectifications__number__gt=1)
        .exclude(submitted_by=user)
        .exclude(station__in=user.stations.all())
        .exclude(Exists(carried(user).filter(finding=OuterRef("pk"))))
        .exclude(Exists(handed_in_photos(user).filter(finding=OuterRef("pk"))))
        .exclude(Exists(questioned))
        .exclude(Exists(seen))
    )
