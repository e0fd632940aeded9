"""共性问题: what fails at many stations, and how far what is handled together has come."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from audits.models import CommonCause, Finding
from checklists.models import Item
from stations.models import User

COMMON = 3  # stations with the same item open: from here on it is worth one purchase


def unsolved(user: User, item_code: str) -> QuerySet[Finding]:
    """The item's open problems in scope that no cause handles yet."""
    return (
        Finding.objects.visible_to(user)
        .counted()
        .filter(item_code=item_code, status__in=Finding.UNSOLVED, causes=None)
        .select_related("station__region", "item")
        .order_by("station__region__path", "station__code")
    )


def candidates(user: User) -> list[Any]:
    """[{item_code, title, stations}] not yet handled together, most stations first; the title in
    the reader's language."""
    rows = (
        Finding.objects.visible_to(user)
        .counted()
        .filter(status__in=Finding.UNSOLVED, causes=None)
        .exclude(item_code="")
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


def causes(user: User) -> QuerySet[CommonCause]:
    """Those with a problem in scope; `total` and `closed` count what is in scope, void left out."""
    mine = Q(findings__in=Finding.objects.visible_to(user).exclude(status=Finding.Status.VOID))
    closed = mine & Q(findings__status=Finding.Status.CLOSED)
    return (
        CommonCause.objects.annotate(
            total=Count("findings", filter=mine, distinct=True),
            closed=Count("findings", filter=closed, distinct=True),
        )
        .filter(total__gt=0)
        .select_related("created_by")
    )
