"""targets/…: the records of a year. Reading and writing are the bureau's; a record is never
deleted: DELETE withdraws it, with a reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from audits.api.fields import person
from audits.deadlines import local_day
from stations import access
from targets.api.fields import WanField, table_asked
from targets.api.photos import ActivityPhotoOutput
from targets.api.table import YearQuery
from targets.models import (
    Activity,
    BudgetEntry,
    Commendation,
    PlanTask,
    Record,
    SatisfactionSurvey,
)
from targets.queries import surveys
from targets.queries.measures import CAMPS, EVENTS
from targets.services import records

OWN = ["id", "year"]


class RecordSerializer(serializers.ModelSerializer[Any]):
    year = serializers.IntegerField(source="table.year", read_only=True)

    def get_validators(self) -> list[Any]:
        return []  # the services judge


class ActivitySerializer(RecordSerializer):
    photos = ActivityPhotoOutput(many=True, read_only=True)

    class Meta:
        model = Activity
        fields = [
            *OWN, "kind", "title", "planned_on", "held_on", "place", "people", "note", "photos",
        ]  # fmt: skip
        extra_kwargs = {"people": {"max_value": 1_000_000}}


class PlanTaskSerializer(RecordSerializer):
    class Meta:
        model = PlanTask
        fields = [*OWN, "title", "owner", "due_on", "done_on", "note"]


class BudgetSerializer(RecordSerializer):
    amount = WanField()

    class Meta:
        model = BudgetEntry
        fields = [*OWN, "spent_on", "amount", "purpose", "document", "note"]


class CommendationSerializer(RecordSerializer):
    class Meta:
        model = Commendation
        fields = [*OWN, "kind", "recipient", "title", "given_on", "document", "note"]


class SurveySerializer(RecordSerializer):
    answers = serializers.SerializerMethodField()
    happy = serializers.SerializerMethodField()

    class Meta:
        model = SatisfactionSurvey
        fields = [*OWN, "title", "opens_on", "closes_on", "note", "answers", "happy"]

    def _tally(self, survey: SatisfactionSurvey) -> surveys.Tally:
        told: surveys.Tally | None = self.context.get("tallies", {}).get(survey.pk)
        return told or surveys.Tally(0, 0)

    def get_answers(self, survey: SatisfactionSurvey) -> int:
        return self._tally(survey).answers

    def get_happy(self, survey: SatisfactionSurvey) -> int:
        return self._tally(survey).happy


class WhyInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class RecordList(generics.ListAPIView[Any]):
    """`?year=`, this year when absent. POST takes the record's fields and `year`."""

    model: ClassVar[type[Record]]

    def get_queryset(self) -> QuerySet[Any]:
        access.require(person(self.request), "targets.read")
        given = YearQuery(data={k: v for k, v in self.request.query_params.items() if v})
        given.is_valid(raise_exception=True)
        year = given.validated_data.get("year", local_day(timezone.now()).year)
        rows = self.model.objects.visible_to(person(self.request)).active().filter(table__year=year)
        return rows.select_related("table")

    def create(self, request: Request) -> Response:
        access.require(person(request), "targets.write")
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)  # also tells a body that is no object
        body: Any = request.data
        asked = YearQuery(data={"year": body["year"]} if "year" in body else {})
        asked.is_valid(raise_exception=True)
        year = asked.validated_data.get("year", local_day(timezone.now()).year)
        made = records.add(
            model=self.model, table=table_asked(request, year, "targets.write"),
            values=given.validated_data, by=person(request), now=timezone.now(),
        )  # fmt: skip
        return Response(self.get_serializer(made).data, status=201)


class RecordDetail(generics.RetrieveAPIView[Any]):
    model: ClassVar[type[Record]]

    def get_queryset(self) -> QuerySet[Any]:
        access.require(person(self.request), "targets.read")
        return self.model.objects.visible_to(person(self.request)).select_related("table")

    def change(self, request: Request) -> Response:
        record = self.get_object()
        access.require(person(request), "targets.write")
        given = self.get_serializer(record, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        why = WhyInput(data=request.data)
        why.is_valid(raise_exception=True)
        records.change(
            record=record, values=given.validated_data, **why.validated_data, by=person(request),
            now=timezone.now(),
        )  # fmt: skip
        return Response(self.get_serializer(self.get_object()).data)

    def withdraw(self, request: Request) -> Response:
        record = self.get_object()
        access.require(person(request), "targets.write")
        why = WhyInput(data=request.data)
        why.is_valid(raise_exception=True)
        records.withdraw(
            record=record, **why.validated_data, by=person(request), now=timezone.now()
        )
        return Response(status=204)


def views(
    model: type[Record], serializer: type[RecordSerializer], name: str
) -> tuple[type[RecordList], type[RecordDetail]]:
    """The two doors of a kind: list and add, one and change and withdraw."""
    year = OpenApiParameter("year", OpenApiTypes.INT)

    class List(RecordList):
        queryset = model._default_manager.none()
        serializer_class = serializer

        @extend_schema(operation_id=f"{name}_list", parameters=[year])
        def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
            return super().get(request, *args, **kwargs)

        @extend_schema(operation_id=f"{name}_add", responses={201: serializer})
        def post(self, request: Request) -> Response:
            return self.create(request)

    class Detail(RecordDetail):
        queryset = model._default_manager.none()
        serializer_class = serializer

        @extend_schema(operation_id=name)
        def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
            return super().get(request, *args, **kwargs)

        @extend_schema(operation_id=f"{name}_change", request=serializer, responses=serializer)
        def patch(self, request: Request, pk: int) -> Response:
            return self.change(request)

        @extend_schema(operation_id=f"{name}_withdraw", request=WhyInput, responses={204: None})
        def delete(self, request: Request, pk: int) -> Response:
            return self.withdraw(request)

    List.model = Detail.model = model
    return List, Detail


class Activities(RecordList):
    """`?group=quantity`: what counts as 数量; `quality`: the training camps."""

    queryset = Activity._default_manager.none()
    model = Activity
    serializer_class = ActivitySerializer
    groups: ClassVar[dict[str, tuple[str, ...]]] = {"quantity": EVENTS, "quality": CAMPS}

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().prefetch_related("photos")
        kinds = self.groups.get(self.request.query_params.get("group", ""))
        return rows.filter(kind__in=kinds) if kinds else rows

    @extend_schema(
        operation_id="activity_list",
        parameters=[
            OpenApiParameter("year", OpenApiTypes.INT),
            OpenApiParameter("group", OpenApiTypes.STR, enum=["quantity", "quality"]),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="activity_add", responses={201: ActivitySerializer})
    def post(self, request: Request) -> Response:
        return self.create(request)


class SurveyTallies:
    """Counts beside the surveys: one query however many they are."""

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        shown = args[0] if args else None
        made: Any = super().get_serializer(*args, **kwargs)  # type: ignore[misc]
        rows = shown if isinstance(shown, list) else [shown] if shown else []
        made.context["tallies"] = surveys.tallies(rows)
        return made


_, ActivityDetail = views(Activity, ActivitySerializer, "activity")
PlanTasks, PlanTaskDetail = views(PlanTask, PlanTaskSerializer, "plan_task")
Budget, BudgetDetail = views(BudgetEntry, BudgetSerializer, "budget_entry")
Commendations, CommendationDetail = views(Commendation, CommendationSerializer, "commendation")
_Surveys, _SurveyDetail = views(SatisfactionSurvey, SurveySerializer, "survey")


class Surveys(SurveyTallies, _Surveys):  # type: ignore[misc, valid-type]
    pass


class SurveyDetail(SurveyTallies, _SurveyDetail):  # type: ignore[misc, valid-type]
    pass


__all__ = [
    "Activities",
    "ActivityDetail",
    "Budget",
    "BudgetDetail",
    "CommendationDetail",
    "Commendations",
    "PlanTaskDetail",
    "PlanTasks",
    "SurveyDetail",
    "Surveys",
]
