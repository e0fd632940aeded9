"""到站: what a person on the spot has to look at, station by station: open problems, and those closed lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from audits import deadlines
from audits.models import Assignment, Audit, Finding, Round
from audits.queries import sightings
from audits.queries.gaps import first_photos, rank
from checklists import queries as checklists
from checklists.models import ChecklistVersion
from stations.models import Station, User

SHOWN = 200  # stations to choose from; more are found by name
RECHECK_DAYS = 30  # a problem closed within these days is looked at again
Status = Finding.Status


def stops(user: User) -> QuerySet[Station]:
    """Stations in reach with something open: `waiting` for re-check first, then the others."""
    waiting = Q(findings__status=Status.SUBMITTED)
    return (
        Station.objects.visible_to(user)
        .select_related("region")
        .annotate(
            waiting=Count("findings", filter=waiting, distinct=True),
            unsolved=Count(
                "findings", filter=Q(findings__status__in=Finding.UNSOLVED), distinct=True
            ),
        )
        .filter(unsolved__gt=0)
        .order_by("-waiting", "code")
    )


def unsolved_at(user: User, codes: Iterable[str]) -> dict[str, int]:
    """Station code → how many of its problems are not closed; those with none are left out."""
    rows = Finding.objects.visible_to(user).filter(
        station__code__in=codes, status__in=Finding.UNSOLVED
    )
    return dict(rows.order_by().values_list("station__code").annotate(n=Count("pk")))


@dataclass(frozen=True)
class Line:
    finding: Any
    thumbnail: str

    @property
    def group(self) -> str:
        group: str = self.finding.group
        return group


# `waiting` can be judged, `seen` put right before the eyes of who saw it, `theirs` is the station's
# to do; `closed` was struck off lately and is looked at once more (回头看).
GROUPS = ["waiting", "seen", "theirs", "closed"]


def stop(user: User, station: Station, today: dt.date) -> QuerySet[Any]:
    """What is to be looked at here, each with its `group`; group by group, critical items first
    among those to be judged."""
    since = deadlines.start_of_day(today - dt.timedelta(days=RECHECK_DAYS))
    lately = Q(status=Status.CLOSED, closed_at__gte=since)
    fixable = sightings.fixable(user, today).filter(pk=OuterRef("pk"))
    group = Case(
        When(status=Status.SUBMITTED, then=Value("waiting")),
        When(status=Status.CLOSED, then=Value("closed")),
        When(Exists(fixable), then=Value("seen")),
        default=Value("theirs"),
    )
    urgent = Q(status=Status.SUBMITTED, severity=Finding.Severity.CRITICAL)
    return (
        Finding.objects.visible_to(user)
        .filter(Q(status__in=Finding.UNSOLVED) | lately, station=station)
        .select_related("item")
        .annotate(group=group, hurry=Case(When(urgent, then=0), default=1))
        .order_by(rank(GROUPS), "hurry", "due_on", "-points_lost", "item_code", "id")
    )


def tally(rows: QuerySet[Any]) -> dict[str, int]:
    """How many there are of each group and `unsolved` in all, whatever the page shows."""
    counted = rows.order_by().values("group").annotate(count=Count("pk"))
    told = dict.fromkeys(GROUPS, 0) | {row["group"]: row["count"] for row in counted}
    return told | {"unsolved": sum(told.values()) - told["closed"]}


def drawn(findings: Iterable[Finding]) -> list[Line]:
    known = list(findings)
    thumbnails = first_photos(known)
    return [Line(one, thumbnails.get(one.pk, "")) for one in known]


def recheck_task(user: User, station: Station, today: dt.date) -> Assignment | None:
    """The viewer's own task here in a 回头看 that is running, not yet handed in."""
    rows = Assignment.objects.filter(
        inspector=user, station=station, round__kind=Round.Kind.RECHECK, round__starts_on__lte=today
    )
    open_ = rows.filter(Q(audit=None) | Q(audit__state=Audit.State.STARTED))
    return open_.order_by("due_on", "pk").first()


def places(user: User, words: str) -> QuerySet[Station]:
    """Where a problem may be noted: stations in reach that are open, by region."""
    rows = Station.objects.visible_to(user).filter(closed_on__isnull=True).matching(words)
    return rows.select_related("region").order_by("region__path", "code")


def items_of_kind(station: Station) -> list[tuple[str, list[tuple[str, str]]]]:
    """[(section, [(code, title)])] of the newest published sheet of the station's kind."""
    versions = ChecklistVersion.objects.filter(
        status=ChecklistVersion.Status.PUBLISHED
    ).select_related("checklist")
    fitting = [one for one in versions if station.kind in one.checklist.applies_to]
    newest = max(fitting, key=lambda one: (one.published_at, one.pk), default=None)
    if newest is None:
        return []
    return [
        (section["title"], [(item["code"], item["title"]) for item in section["items"]])
        for section in checklists.sheet(newest, station.kind)
    ]
