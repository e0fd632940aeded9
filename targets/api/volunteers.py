"""targets/volunteers/: who serves, their hours, their points."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.fields import person
from audits.queries import number
from indicators.queries import top_region
from stations import access
from targets.api.records import WhyInput
from targets.models import PointsEntry, ServiceEntry, Volunteer
from targets.queries.records import standings
from targets.services import volunteers


class VolunteerSerializer(serializers.ModelSerializer[Volunteer]):
    hours = serializers.SerializerMethodField()
    balance = serializers.SerializerMethodField()

    class Meta:
        model = Volunteer
        fields = ["id", "code", "name", "team", "joined_on", "left_on", "hours", "balance"]

    def _standing(self, volunteer: Volunteer) -> Any:
        context: Any = self.context
        known = context.setdefault("standings", {})
        if volunteer.pk not in known:
            known |= standings([volunteer])
        return known[volunteer.pk]

    @extend_schema_field(OpenApiTypes.NUMBER)
    def get_hours(self, volunteer: Volunteer) -> Any:
        return number(self._standing(volunteer).hours)

    @extend_schema_field(OpenApiTypes.INT)
    def get_balance(self, volunteer: Volunteer) -> Any:
        return self._standing(volunteer).balance


class ServiceSerializer(serializers.ModelSerializer[ServiceEntry]):
    hours = serializers.DecimalField(max_digits=4, decimal_places=1, coerce_to_string=False)

    class Meta:
        model = ServiceEntry
        fields = ["id", "served_on", "hours", "what"]

    def to_representation(self, instance: ServiceEntry) -> dict[str, Any]:
        return {**super().to_representation(instance), "hours": number(instance.hours)}


class PointsOutput(serializers.ModelSerializer[PointsEntry]):
    by = serializers.CharField(source="by.username")

    class Meta:
        model = PointsEntry
        fields = ["number", "kind", "change", "balance", "what", "at", "by"]


class RedeemInput(serializers.Serializer[Any]):
    points = serializers.IntegerField(min_value=1, max_value=1_000_000)
    what = serializers.CharField(max_length=120)


def volunteers_of(request: Request, action: str = "targets.read") -> QuerySet[Volunteer]:
    access.require(person(request), action)
    return Volunteer.objects.visible_to(person(request))


class Volunteers(generics.ListAPIView[Volunteer]):
    queryset = Volunteer.objects.none()
    serializer_class = VolunteerSerializer

    def get_queryset(self) -> QuerySet[Volunteer]:
        return volunteers_of(self.request)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        made: Any = super().get_serializer(*args, **kwargs)
        if args and isinstance(args[0], list):
            made.context["standings"] = standings(args[0])
        return made

    @extend_schema(operation_id="volunteer_add", responses={201: VolunteerSerializer})
    def post(self, request: Request) -> Response:
        by = person(request)
        access.require(by, "targets.write")
        given = VolunteerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        region = top_region(by)
        if region is None:
            raise Http404
        made = volunteers.add_volunteer(
            region=region, values=given.validated_data, by=by, now=timezone.now()
        )
        return Response(VolunteerSerializer(made).data, status=201)


class VolunteerDetail(generics.RetrieveAPIView[Volunteer]):
    queryset = Volunteer.objects.none()
    serializer_class = VolunteerSerializer

    def get_queryset(self) -> QuerySet[Volunteer]:
        return volunteers_of(self.request)

    @extend_schema(
        operation_id="volunteer_change", request=VolunteerSerializer, responses=VolunteerSerializer
    )
    def patch(self, request: Request, pk: int) -> Response:
        volunteer = get_object_or_404(volunteers_of(request, "targets.write"), pk=pk)
        given = VolunteerSerializer(volunteer, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        why = WhyInput(data=request.data)
        why.is_valid(raise_exception=True)
        changed = volunteers.change_volunteer(
            volunteer=volunteer, values=given.validated_data, **why.validated_data,
            by=person(request), now=timezone.now(),
        )  # fmt: skip
        return Response(VolunteerSerializer(changed).data)


class Services(APIView):
    @extend_schema(operation_id="service_list", responses=ServiceSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        volunteer = get_object_or_404(volunteers_of(request), pk=pk)
        rows = volunteer.services.filter(withdrawn_at__isnull=True)
        return Response(ServiceSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="service_add", request=ServiceSerializer, responses={201: ServiceSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        volunteer = get_object_or_404(volunteers_of(request, "targets.write"), pk=pk)
        given = ServiceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = volunteers.add_service(
            volunteer=volunteer, **given.validated_data, by=person(request), now=timezone.now()
        )
        return Response(ServiceSerializer(made).data, status=201)


class ServiceDetail(APIView):
    @extend_schema(operation_id="service_withdraw", request=WhyInput, responses={204: None})
    def delete(self, request: Request, pk: int, entry: int) -> Response:
        volunteer = get_object_or_404(volunteers_of(request, "targets.write"), pk=pk)
        found = get_object_or_404(ServiceEntry, pk=entry, volunteer=volunteer)
        why = WhyInput(data=request.data)
        why.is_valid(raise_exception=True)
        volunteers.withdraw_service(
            entry=found, **why.validated_data, by=person(request), now=timezone.now()
        )
        return Response(status=204)


class Points(APIView):
    @extend_schema(operation_id="points_list", responses=PointsOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The ledger, newest first."""
        volunteer = get_object_or_404(volunteers_of(request), pk=pk)
        rows = volunteer.points.order_by("-number").select_related("by")
        return Response(PointsOutput(rows, many=True).data)


class Redeem(APIView):
    @extend_schema(operation_id="points_redeem", request=RedeemInput, responses={201: PointsOutput})
    def post(self, request: Request, pk: int) -> Response:
        volunteer = get_object_or_404(volunteers_of(request, "targets.write"), pk=pk)
        given = RedeemInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = volunteers.redeem(
            volunteer=volunteer, **given.validated_data, by=person(request), now=timezone.now()
        )
        return Response(PointsOutput(made).data, status=201)
