"""共性问题: what fails at many stations, and how far what is handled together has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When

from audits.models import CommonCause, Finding
from checklists.models import Item
from stations.models import User

COMMON = 3  # stations with the same item open: from here on it is worth one purchase


def unhandled(user: User, today: dt.date) -> QuerySet[Finding]:
    """Open problems in scope that no running cause holds: a cause whose day has passed lets go."""
    held = CommonCause.objects.running(today).filter(findings=OuterRef("pk"))
    rows = Finding.objects.visible_to(user).counted().filter(status__in=Finding.UNSOLVED)
    return rows.filter(~Exists(held)).exclude(item_code="")


def unsolved(user: User, item_code: str, today: dt.date) -> QuerySet[Finding]:
    """Those of one item."""
    return (
        unhandled(user, today)
        .filter(item_code=item_code)
        .select_related("station__region", "item")
        .order_by("station__region__path", "station__code")
    )


def candidates(user: User, today: dt.date) -> list[Any]:
    """[{item_code, title, stations}] not yet handled together, most stations first, the title in
    the reader's language. What a running cause of the same item could take in is offered there."""
    alive = Finding.objects.visible_to(user).exclude(status=Finding.Status.VOID)
    seen = CommonCause.objects.filter(findings__in=alive)
    rows = (
        unhandled(user, today)
        .exclude(item_code__in=seen.running(today).values("item_code"))
        .order_by()
        .values("item_code")
        .annotate(title=Max("title"), asked=Max("item"), stations=Count("station", distinct=True))
    )
    found = list(rows.filter(stations__gte=COMMON).order_by("-stations", "item_code")[:20])
    items = Item.objects.in_bulk([row["asked"] for row in found if row["asked"]])
    for row in found:
        if item := items.get(row["asked"]):
            row["title"] = item.title
    return found


def causes(user: User) -> QuerySet[Any]:
    """Those with a problem in scope, unfinished ones first; `total` and `closed` count what is in
    scope, void left out. `title_en` as the item has it, where one was asked."""
    mine = Q(findings__in=Finding.objects.visible_to(user).exclude(status=Finding.Status.VOID))
    closed = mine & Q(findings__status=Finding.Status.CLOSED)
    asked = Finding.objects.filter(causes=OuterRef("pk"), item__isnull=False).order_by("-item")
    return (
        CommonCause.objects.annotate(
            total=Count("findings", filter=mine, distinct=True),
            closed=Count("findings", filter=closed, distinct=True),
        )
        .filter(total__gt=0)
        .annotate(
            is_done=Case(When(total=F("closed"), then=1), default=0),
            title_en=Subquery(asked.values("item__title_en")[:1]),
        )
        .select_related("created_by")
        .order_by("is_done", "due_on", "pk")
    )


def newcomers(user: User, shown: Iterable[CommonCause], today: dt.date) -> dict[str, int]:
    """Per item of a running cause: at how many stations it is open beside it."""
    codes = {cause.item_code for cause in shown if cause.due_on >= today}
    rows = unhandled(user, today).filter(item_code__in=codes).order_by().values("item_code")
    counted = rows.annotate(stations=Count("station", distinct=True))
    return {row["item_code"]: row["stations"] for row in counted}
