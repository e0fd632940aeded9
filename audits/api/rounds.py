"""rounds/ and assignments/: what is to be looked at, by whom, until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits import deadlines
from audits.api.fields import IdFilter, person, rows_within
from audits.models import Assignment, Round
from audits.queries import timetable
from audits.queries.visits import RECHECK_DAYS
from audits.services import rounds
from stations import access
from stations.models import Station, User
from stations.refusals import bad_field


class RoundInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    kind = serializers.ChoiceField(choices=Round.Kind.choices, required=False)


class RoundOutput(serializers.ModelSerializer[Round]):
    class Meta:
        model = Round
        fields = ["id", "name", "starts_on", "ends_on", "kind", "created_at"]


class Rounds(generics.ListAPIView[Round]):
    serializer_class = RoundOutput

    def get_queryset(self) -> QuerySet[Round]:
        access.require(person(self.request), "rounds.read")
        return Round.objects.all()

    @extend_schema(request=RoundInput, responses={201: RoundOutput})
    def post(self, request: Request) -> Response:
        access.require(person(request), "rounds.write")
        given = RoundInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = rounds.open_round(**given.validated_data, by=person(request), now=timezone.now())
        return Response(RoundOutput(made).data, status=201)


class RoundDetail(generics.RetrieveAPIView[Round]):
    serializer_class = RoundOutput

    def get_queryset(self) -> QuerySet[Round]:
        access.require(person(self.request), "rounds.read")
        return Round.objects.all()


def is_code(value: Any) -> bool:
    return isinstance(value, str) and "\x00" not in value


class StationsField(serializers.Field[Any, Any, Any, Any]):
    """A list of station codes, "all", or "recheck": those with open or lately closed problems."""

    default_error_messages = {"wrong": _("请给出服务站编码的列表，或 all、recheck。")}

    def to_internal_value(self, data: Any) -> list[str] | str:
        if data in ("all", "recheck"):
            return str(data)
        if not isinstance(data, list) or not data or not all(map(is_code, data)):
            self.fail("wrong")
        return list(dict.fromkeys(data))

    def to_representation(self, value: Any) -> Any:
        return value


StationsField = extend_schema_field(  # type: ignore[misc]
    {
        "oneOf": [
            {"type": "array", "items": {"type": "string"}},
            {"type": "string", "enum": ["all", "recheck"]},
        ]
    }
)(StationsField)


class AssignInput(serializers.Serializer[Any]):
    """`region` narrows the stations to one subdistrict; `plan_from` gives each visit its day."""

    stations = StationsField()
    region = serializers.CharField(required=False, allow_blank=True, max_length=12)
    closed_days = serializers.IntegerField(
        required=False, default=RECHECK_DAYS, min_value=0, max_value=366
    )
    inspector = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    due_on = serializers.DateField()
    plan_from = serializers.DateField(required=False, allow_null=True, default=None)


class AssignmentOutput(serializers.ModelSerializer[Assignment]):
    station = serializers.CharField(source="station.code")
    station_name = serializers.CharField(source="station.name")
    inspector = serializers.CharField(source="inspector.username")
    audit = serializers.UUIDField(source="audit.pk", allow_null=True, default=None)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Assignment
        fields = [
            "id", "round", "station", "station_name", "inspector", "due_on", "planned_on", "status",
            "audit", "progress",
        ]  # fmt: skip

    @extend_schema_field(
        {
            "type": "object",
            "properties": {"answered": {"type": "integer"}, "items": {"type": "integer"}},
        }
    )
    def get_progress(self, assignment: Assignment) -> dict[str, int]:
        answered = getattr(assignment, "answered", 0)
        return {"answered": answered, "items": assignment.item_count}


class AssignOutput(serializers.Serializer[Any]):
    created = serializers.IntegerField()
    already_assigned = serializers.ListField(child=serializers.CharField())
    assignments = AssignmentOutput(many=True)


class AssignStations(APIView):
    @extend_schema(request=AssignInput, responses={201: AssignOutput})
    def post(self, request: Request, pk: int) -> Response:
        by = person(request)
        access.require(by, "assignments.write")
        round = get_object_or_404(Round, pk=pk)
        given = AssignInput(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        stations = stations_asked(round, given.validated_data, by, deadlines.local_day(now))
        made = rounds.assign(
            round=round,
            stations=stations,
            inspector=inspector_named(given.validated_data.get("inspector"), by),
            due_on=given.validated_data["due_on"],
            plan_from=given.validated_data["plan_from"],
            by=by,
            now=now,
        )
        fresh = {assignment.station_id for assignment in made}
        body = {
            "created": len(made),
            "already_assigned": [s.code for s in stations if s.pk not in fresh],
            "assignments": made,
        }
        return Response(AssignOutput(body).data, status=201)


def stations_asked(round: Round, given: dict[str, Any], by: User, today: dt.date) -> list[Station]:
    if given["stations"] == "recheck":
        found = list(timetable.to_recheck(by, round, today, given["closed_days"]))
    else:
        found = stations_named(given["stations"], by)
    region = given.get("region")
    return [one for one in found if one.region.code == region] if region else found


def stations_named(codes: list[str] | str, by: User) -> list[Station]:
    """Stations in the caller's scope; one out of scope fails as if it did not exist."""
    reachable = Station.objects.visible_to(by).select_related("region")
    reachable = reachable.order_by("region__path", "code")
    if codes == "all":
        today = deadlines.local_day(timezone.now())
        return list(reachable.real().open_on(today))
    found = list(reachable.filter(code__in=codes))
    unknown = set(codes) - {station.code for station in found}
    if unknown:
        names = "、".join(sorted(unknown)[:10])
        raise bad_field("stations", "unknown_station", _("没有这些服务站：%s") % names)
    return found


def inspector_named(username: str | None, by: User) -> User | None:
    if not username:
        return None
    found = User.objects.filter(username=username, role=User.Role.INSPECTOR, is_active=True).first()
    if found is None:
        raise bad_field("inspector", "not_inspector", _("没有这个在用的检查员账号。"))
    return found


class AssignmentFilter(filters.FilterSet):
    mine = filters.BooleanFilter(method="only_mine")
    status = filters.ChoiceFilter(choices=Assignment.Status, method="in_status")
    round = IdFilter(field_name="round_id")
    station = filters.CharFilter(field_name="station__code")
    region = filters.CharFilter(method="in_region")

    class Meta:
        model = Assignment
        fields: list[str] = []

    def only_mine(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(inspector=self.request.user) if value else rows

    def in_status(self, rows: Any, name: str, value: str) -> Any:
        return rows.in_status(value)

    def in_region(self, rows: Any, name: str, value: str) -> Any:
        return rows_within(rows, value)


class Assignments(generics.ListAPIView[Assignment]):
    serializer_class = AssignmentOutput
    filterset_class = AssignmentFilter

    def get_queryset(self) -> QuerySet[Assignment]:
        return visible_assignments(self.request)


class AssignmentChange(serializers.Serializer[Any]):
    inspector = serializers.CharField(required=False)
    due_on = serializers.DateField(required=False)


class AssignmentDetail(generics.RetrieveAPIView[Assignment]):
    serializer_class = AssignmentOutput

    def get_queryset(self) -> QuerySet[Assignment]:
        return visible_assignments(self.request)

    @extend_schema(request=AssignmentChange, responses=AssignmentOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """改派: another inspector, another date, or both."""
        assignment = self.get_object()
        access.require(person(request), "assignments.write")
        given = AssignmentChange(data=request.data)
        given.is_valid(raise_exception=True)
        rounds.reassign(
            assignments=[assignment],
            inspector=inspector_named(given.validated_data.get("inspector"), person(request)),
            due_on=given.validated_data.get("due_on"),
            by=person(request),
            now=timezone.now(),
        )
        return Response(AssignmentOutput(self.get_object()).data)

    @extend_schema(responses={204: OpenApiTypes.NONE})
    def delete(self, request: Request, pk: int) -> Response:
        """撤回, only while nobody has begun."""
        assignment = self.get_object()
        access.require(person(request), "assignments.withdraw")
        rounds.withdraw(assignment=assignment, by=person(request), now=timezone.now())
        return Response(status=204)


def visible_assignments(request: Any) -> QuerySet[Assignment]:
    access.require(request.user, "assignments.read")
    return (
        Assignment.objects.visible_to(request.user)
        .with_progress()
        .select_related("station", "inspector", "audit")
        .order_by("due_on", "station__code")
    )
