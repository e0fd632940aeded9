"""regions/ and stations/: what the account reaches of them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from stations import access
from stations.api.account import person
from stations.models import Region, Station, StationLink, StationName
from stations.refusals import bad_field
from stations.services import places


class RegionOutput(serializers.ModelSerializer[Region]):
    parent: Any = serializers.CharField(source="parent.code", allow_null=True, default=None)

    class Meta:
        model = Region
        fields = ("code", "name", "name_zh", "name_en", "level", "parent")
        read_only_fields = fields


class RegionFilter(django_filters.FilterSet):
    parent = django_filters.CharFilter(field_name="parent__code")
    level = django_filters.ChoiceFilter(choices=Region.Level.choices)


class RegionList(ListAPIView[Region]):
    """The regions I reach, from the top down."""

    queryset = Region.objects.none()
    serializer_class = RegionOutput
    filterset_class = RegionFilter

    def get_queryset(self) -> QuerySet[Region]:
        return regions_of(self.request)


class RegionDetail(RetrieveAPIView[Region]):
    queryset = Region.objects.none()
    serializer_class = RegionOutput
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Region]:
        return regions_of(self.request)


def regions_of(request: Request) -> QuerySet[Region]:
    access.require(person(request), "stations.read")
    reached = Region.objects.visible_to(person(request))
    return reached.select_related("parent").order_by("path")


class StationOutput(serializers.ModelSerializer[Station]):
    short_name = serializers.CharField()
    region = serializers.CharField(source="region.code")
    region_name = serializers.CharField(source="region.name")
    is_open = serializers.SerializerMethodField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)

    class Meta:
        model = Station
        fields: tuple[str, ...] = (
            "code", "name", "name_zh", "name_en", "short_name", "kind", "region", "region_name",
            "community_zh", "opened_on", "closed_on", "is_open", "is_practice", "address", "phone",
            "opening_hours", "latitude", "longitude",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields

    def get_is_open(self, station: Station) -> bool:
        return station.is_open_on(self.context["today"])


class FormerName(serializers.ModelSerializer[StationName]):
    class Meta:
        model = StationName
        fields = ("name_zh", "name_en", "until_on")
        read_only_fields = fields


class Predecessor(serializers.Serializer[StationLink]):
    kind = serializers.ChoiceField(choices=StationLink.Kind.choices)
    station = serializers.CharField(source="predecessor.code")
    name = serializers.CharField(source="predecessor.name")
    on = serializers.DateField()


class Successor(Predecessor):
    station = serializers.CharField(source="successor.code")
    name = serializers.CharField(source="successor.name")


class StationDetailOutput(StationOutput):
    former_names = FormerName(many=True)
    predecessors = Predecessor(many=True, source="links_back")
    successors = Successor(many=True, source="links_onward")

    class Meta(StationOutput.Meta):
        fields = (*StationOutput.Meta.fields, "former_names", "predecessors", "successors")
        read_only_fields = fields


class StationFilter(django_filters.FilterSet):
    region = django_filters.CharFilter(method="in_region", help_text="a region and all below it")
    kind = django_filters.ChoiceFilter(choices=Station.Kind.choices)
    search = django_filters.CharFilter(method="matching", help_text="part of a name or code")
    practice = django_filters.BooleanFilter(
        method="with_practice", help_text="true: the practice station too"
    )
    closed = django_filters.BooleanFilter(method="with_closed", help_text="true: closed ones too")

    @property
    def qs(self) -> QuerySet[Station]:
        stations: Any = super().qs
        asked = self.form.cleaned_data if self.form.is_bound else {}
        if not asked.get("practice"):
            stations = stations.real()
        if not asked.get("closed"):
            stations = stations.open_on(timezone.localdate())
        return stations

    def in_region(self, stations: Any, name: str, code: str) -> Any:
        region = Region.objects.filter(code=code).first()
        if region is None:
            raise bad_field("region", "unknown", _("没有这个区划代码。"))
        return stations.within(region)

    def matching(self, stations: Any, name: str, words: str) -> Any:
        return stations.matching(words)

    def with_practice(self, stations: Any, name: str, wanted: bool) -> Any:
        return stations

    def with_closed(self, stations: Any, name: str, wanted: bool) -> Any:
        return stations


class StationList(ListAPIView[Station]):
    """The open stations I reach."""

    queryset = Station.objects.none()
    serializer_class = StationOutput
    filterset_class = StationFilter

    def get_queryset(self) -> QuerySet[Station]:
        access.require(person(self.request), "stations.read")
        reached = Station.objects.visible_to(person(self.request))
        return reached.select_related("region").order_by("code")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "today": timezone.localdate()}


class ContactInput(serializers.ModelSerializer[Station]):
    class Meta:
        model = Station
        fields = ("address", "phone", "opening_hours", "latitude", "longitude")
        extra_kwargs = {
            "latitude": {"min_value": -90, "max_value": 90},
            "longitude": {"min_value": -180, "max_value": 180},
        }


class StationDetail(APIView):
    @extend_schema(responses=StationDetailOutput)
    def get(self, request: Request, code: str) -> Response:
        return Response(_told(_reached(request, code)))

    @extend_schema(request=ContactInput, responses=StationDetailOutput)
    def patch(self, request: Request, code: str) -> Response:
        """Contact fields only: the rest is changed by the bureau's pages."""
        station = _reached(request, code)
        access.require(person(request), "stations.contact")
        given = ContactInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        places.update_contact(
            station=station,
            contact=given.validated_data,
            by=person(request),
            now=timezone.now(),
        )
        return Response(_told(_reached(request, code)))


def _reached(request: Request, code: str) -> Station:
    stations = (
        Station.objects.visible_to(person(request))
        .select_related("region")
        .prefetch_related(
            "former_names",
            Prefetch("links_back", StationLink.objects.select_related("predecessor")),
            Prefetch("links_onward", StationLink.objects.select_related("successor")),
        )
    )
    return get_object_or_404(stations, code=code)


def _told(station: Station) -> Any:
    return StationDetailOutput(station, context={"today": timezone.localdate()}).data
