from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from indicators.models import RegionRollup, Snapshot, StationRollup
from stations import access
from stations.admin import ReadOnlyAdmin
from stations.models import Region


@admin.register(StationRollup)
class StationRollupAdmin(ReadOnlyAdmin):
    action = "indicators.read"
    list_display = ("station", "period", "earned", "applicable", "grade", "cohort", "closed")
    list_select_related = ("station",)
    search_fields = ("station__code", "station__name_zh", "period")

    def reached(self, request: HttpRequest) -> Any:
        return access.scope(request.user, "station")  # type: ignore[arg-type]


@admin.register(RegionRollup)
class RegionRollupAdmin(ReadOnlyAdmin):
    action = "indicators.read"
    list_display = ("region", "period", "stations", "audited", "cohort", "closed")
    list_select_related = ("region",)
    search_fields = ("region__code", "region__name_zh", "period")

    def reached(self, request: HttpRequest) -> Any:
        regions = Region.objects.visible_to(request.user)  # type: ignore[arg-type]
        return Q(region__in=regions.values("pk"))


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    action = "indicators.read"
    list_display = ("day", "region", "period", "numerator", "denominator")
    list_select_related = ("region",)
    search_fields = ("region__code", "period")
