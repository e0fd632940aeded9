"""history/: 操作记录, newest first; read by scope, changed by nobody."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from stations import access
from stations.api.account import person
from stations.models import HistoryEntry


class HistoryOutput(serializers.ModelSerializer[HistoryEntry]):
    actor = serializers.CharField(source="actor_name")
    station = serializers.CharField(source="station.code", allow_null=True, default=None)
    is_sealed = serializers.BooleanField(source="seal_id")

    class Meta:
        model = HistoryEntry
        fields = (
            "id", "at", "actor", "role", "action", "subject", "station", "succeeded", "detail",
            "is_sealed",
        )  # fmt: skip


class HistoryFilter(django_filters.FilterSet):
    actor = django_filters.CharFilter(field_name="actor_name", max_length=150)
    action = django_filters.CharFilter(max_length=40)
    day = django_filters.DateFilter(field_name="at__date")

    class Meta:
        model = HistoryEntry
        fields: list[str] = []


class HistoryList(ListAPIView[HistoryEntry]):
    serializer_class = HistoryOutput
    filterset_class = HistoryFilter
    queryset = HistoryEntry.objects.none()

    def get_queryset(self) -> QuerySet[HistoryEntry]:
        user = person(self.request)
        access.require(user, "history.read")
        return HistoryEntry.objects.visible_to(user).select_related("station")
