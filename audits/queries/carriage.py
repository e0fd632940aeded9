"""Whose work a submission is besides its submitter's: who brought it in for the station (待传包), who
took its photos."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from audits.models import EvidencePhoto, FindingEvent
from stations.models import User

SUBMITTED = FindingEvent.Kind.SUBMITTED


def carried(user: User) -> QuerySet[FindingEvent]:
    """What they handed in for its owner: to be judged by somebody else, as their own work is."""
    return FindingEvent.objects.filter(kind=SUBMITTED, detail__carried_by=user.username)


def handed_in_photos(user: User) -> QuerySet[EvidencePhoto]:
    """After-photos they took that a submission rests on, whoever made it."""
    taken = EvidencePhoto.objects.filter(kind=EvidencePhoto.Kind.AFTER, uploaded_by=user)
    return taken.filter(rectification__isnull=False)


def has_carried(user: User, events: Iterable[FindingEvent]) -> bool:
    """The same of events at hand."""
    told = [event.detail.get("carried_by") for event in events if event.kind == SUBMITTED]
    return user.username in told


def carriers_named(events: Iterable[FindingEvent]) -> list[Any]:
    """The events, each with its `carrier`: who brought it in for its owner, or None. The account's
    word where there is no such account any more."""
    told: list[Any] = list(events)
    words = {event.detail["carried_by"] for event in told if "carried_by" in event.detail}
    known = User.objects.filter(username__in=words) if words else User.objects.none()
    people = {one.username: one for one in known}
    for event in told:
        word = event.detail.get("carried_by")
        event.carrier = people.get(word, word)
    return told
