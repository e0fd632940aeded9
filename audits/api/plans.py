"""rounds/{id}/draws/, calendar/ and progress/: lots with their seed, days, and how far it is."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits import deadlines
from audits.api.fields import person
from audits.api.rounds import inspector_named, stations_named
from audits.models import Draw, Round
from audits.queries import progress, timetable
from audits.services import draws
from stations import access


class DrawInput(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=1, max_value=draws.MOST)
    per_region = serializers.BooleanField(default=False)
    region = serializers.CharField(required=False, allow_blank=True, max_length=12)
    seed = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)
    inspector = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    due_on = serializers.DateField()
    plan_from = serializers.DateField(required=False, allow_null=True, default=None)


class DrawOutput(serializers.ModelSerializer[Draw]):
    """Check it: sort `frame` by SHA-256 of "seed:code" and take the first `count`."""

    by = serializers.CharField(source="by.username")
    frame = serializers.DictField(child=serializers.CharField())
    chosen = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Draw
        fields = ["number", "seed", "count", "per_region", "frame", "chosen", "at", "by"]


class Draws(APIView):
    @extend_schema(responses=DrawOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """`frame` and `chosen` name the stations of the caller's scope."""
        access.require(person(request), "assignments.write")
        round = get_object_or_404(Round, pk=pk)
        return Response(DrawOutput(timetable.draws(person(request), round), many=True).data)

    @extend_schema(request=DrawInput, responses={201: DrawOutput})
    def post(self, request: Request, pk: int) -> Response:
        by = person(request)
        access.require(by, "assignments.write")
        round = get_object_or_404(Round, pk=pk)
        body = DrawInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        region = given.pop("region", "")
        stations = [
            one for one in stations_named("all", by) if not region or one.region.code == region
        ]
        given["inspector"] = inspector_named(given.get("inspector"), by)
        made = draws.draw(round=round, stations=stations, **given, by=by, now=timezone.now())
        return Response(DrawOutput(made).data, status=201)


class Timetable(APIView):
    @extend_schema(
        responses=OpenApiTypes.OBJECT,
        parameters=[OpenApiParameter("inspector"), OpenApiParameter("region")],
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every visit on its day: when it happened, else when it is planned, else when due."""
        access.require(person(request), "assignments.read")
        round = get_object_or_404(Round, pk=pk)
        asked = {name: request.query_params.get(name, "") for name in ("inspector", "region")}
        today = deadlines.local_day(timezone.now())
        rows = timetable.dated(person(request), round, today, **asked)
        told = timetable.visits(rows, today)
        return Response({"round": pk, "visits": [_visit(one) for one in told]})


def _visit(one: timetable.Visit) -> dict[str, Any]:
    return {
        "day": one.day,
        "assignment": one.assignment.pk,
        "station": one.assignment.station.code,
        "station_name": one.assignment.station.name,
        "inspector": one.assignment.inspector.username,
        "status": one.assignment.status,
        "due_on": one.assignment.due_on,
        "is_overdue": one.is_late,
        "is_behind": one.is_behind,
    }


class RoundProgress(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int) -> Response:
        """The figures of the round's page: whole, by region, by inspector; within the scope."""
        user = person(request)
        access.require(user, "assignments.write")
        round = get_object_or_404(Round, pk=pk)
        today = deadlines.local_day(timezone.now())
        body = {
            **vars(progress.progress(user, round, today)),
            "regions": [
                {"code": row.region.code, "name": row.name, **vars(row.progress)}
                for row in progress.by_region(user, round, today)
            ],
            "inspectors": [
                {"inspector": row.inspector.username, "total": row.total, "done": row.done}
                for row in progress.by_inspector(user, round)
            ],
        }
        return Response(body)
