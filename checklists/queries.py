"""The sheet a kind of station is asked: the items that apply, the bureau's numbers put in."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from checklists.models import Checklist, ChecklistVersion, Item
from checklists.sheets import fill, plain
from stations.models import Station, User


def items_for(version: ChecklistVersion, kind: Station.Kind | str) -> list[Item]:
    """The items of a station of that kind, in the sheet's order, sections at hand.

    A published version never changes, so each process reads its items once.
    """
    read = _items if version.published_at is None else _items_once
    items = read(version.pk, version.content_hash, version.published_at)
    return [item for item in items if item.is_for(kind)]


def _items(version_id: int, *also: object) -> list[Item]:
    """`also` names it for good: a mere number comes back after a restore with other contents."""
    rows = Item.objects.filter(version=version_id).select_related("section", "version")
    return list(rows.order_by("order"))


_items_once = lru_cache(maxsize=64)(_items)


def sheet(version: ChecklistVersion, kind: Station.Kind | str = "") -> list[dict[str, Any]]:
    """`sections` as the API tells them; without a kind, all items. Two queries with the titles.

    Points are plain numbers; a section's are the sum of the items told.
    """
    told: dict[int, dict[str, Any]] = {}
    points: dict[int, Decimal] = {}
    for item in version.items.select_related("section", "version__checklist").order_by("order"):
        if kind and not item.is_for(kind):
            continue
        section = told.setdefault(
            item.section_id,
            {
                "code": item.section.code,
                "title": item.section.title,
                "title_zh": item.section.title_zh,
                "title_en": item.section.title_en,
                "points": 0,
                "items": [],
            },
        )
        section["items"].append(item_payload(item, kind))
        points[item.section_id] = points.get(item.section_id, Decimal(0)) + item.points
    for section_id, section in told.items():
        section["points"] = plain(points[section_id])
    return list(told.values())


def item_payload(item: Item, kind: Station.Kind | str = "") -> dict[str, Any]:
    kinds = item.applies_to or item.version.checklist.applies_to
    ratio = item.version.partial_ratio if item.partial_ratio is None else item.partial_ratio
    return {
        "code": item.code,
        "title": item.title,
        "title_zh": item.title_zh,
        "title_en": item.title_en,
        "guidance": fill(item.guidance, item.version.params, kind=str(kind), kinds=kinds),
        "points": plain(item.points),
        "partial_ratio": plain(ratio),
        "needs_photo": item.needs_photo,
        "photo_rule": item.photo_rule,
        "evidence": item.evidence,
        "is_critical": item.is_critical,
        "clause": item.clause,
        "applies_to": list(kinds),
    }


def guidance(item: Item, kind: Station.Kind | str = "") -> str:
    """What compliant looks like for one item (its version and checklist at hand)."""
    return str(item_payload(item, kind)["guidance"])


def versions_visible_to(user: User) -> QuerySet[ChecklistVersion]:
    return (
        ChecklistVersion.objects.visible_to(user)
        .select_related("checklist", "published_by")
        .annotate(
            item_count=Count("items"),
            total_points=Sum("items__points"),
            photo_count=Count("items", filter=Q(items__photo_rule=Item.PhotoRule.REQUIRED)),
            critical_count=Count("items", filter=Q(items__is_critical=True)),
        )
        .order_by("checklist__slug", "-number")
    )


def checklists_visible_to(user: User) -> QuerySet[Checklist]:
    versions = versions_visible_to(user)
    return (
        Checklist.objects.filter(pk__in=versions.order_by().values("checklist"))
        .order_by("slug")
        .prefetch_related(Prefetch("versions", queryset=versions, to_attr="shown_versions"))
    )


def in_use() -> QuerySet[Checklist]:
    """Checklists with a published version: what a new table may become the next version of."""
    published = ChecklistVersion.objects.published()
    return Checklist.objects.filter(pk__in=published.values("checklist")).order_by("slug")
