from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from checklists.models import Checklist, ChecklistVersion, Item, Section
from stations.admin import Inside, ReadOnlyAdmin


class Sections(Inside):
    model = Section


class Items(Inside):
    model = Item
    fields = ("code", "title_zh", "points", "photo_rule", "is_critical", "applies_to")


@admin.register(Checklist)
class ChecklistAdmin(ReadOnlyAdmin):
    action = "checklists.read"
    list_display = ("slug", "title_zh", "applies_to")

    def reached(self, request: HttpRequest) -> Any:
        versions = ChecklistVersion.objects.visible_to(request.user)  # type: ignore[arg-type]
        return Q(pk__in=versions.values("checklist"))


@admin.register(ChecklistVersion)
class VersionAdmin(ReadOnlyAdmin):
    action = "checklists.read"
    list_display = ("checklist", "number", "status", "published_at", "content_hash")
    list_filter = ("status",)
    list_select_related = ("checklist",)
    inlines = (Sections, Items)
