"""selfchecks/ and assignments/{id}/self-check/: 自查, filled before the visit, compared after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits import queries
from audits.api.audits import AnswerFields, AuditInput, answer_input
from audits.api.fields import person
from audits.models import Assignment
from audits.models.selfchecks import SelfAnswer, SelfCheck
from audits.queries import selfchecks as reading
from audits.services import selfchecks
from stations import access
from stations.models import User


def visible_tasks(user: User) -> QuerySet[Assignment]:
    return Assignment.objects.visible_to(user).select_related(
        "version__checklist", "station", "audit"
    )


class SelfCheckOfTask(APIView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: int) -> Response:
        """The sheet with the station's own answers, and 自评偏差 once the visit is handed in."""
        user = person(request)
        access.require(user, "selfchecks.read")
        task = get_object_or_404(visible_tasks(user), pk=pk)
        if user.role == User.Role.INSPECTOR and reading.is_open(task):
            raise Http404
        check = reading.of_assignment(user, task)
        audit = getattr(task, "audit", None)
        revision = queries.revision_in_force(audit) if audit and check else None
        found = reading.deviation(check, revision, task) if check and revision else None
        return Response(reading.payload(task, check, found))


class SelfCheckOutput(serializers.ModelSerializer[SelfCheck]):
    class Meta:
        model = SelfCheck
        fields = ["id", "assignment", "started_at", "received_at"]


class SelfCheckDetail(APIView):
    @extend_schema(request=AuditInput, responses={200: SelfCheckOutput, 201: SelfCheckOutput})
    def put(self, request: Request, id: UUID) -> Response:
        user = person(request)
        access.require(user, "selfchecks.fill")
        given = AuditInput(data=request.data)
        given.is_valid(raise_exception=True)
        task = get_object_or_404(visible_tasks(user), pk=given.validated_data["assignment"])
        check, is_new = selfchecks.start(
            id=id, assignment=task, started_at=given.validated_data["started_at"], by=user,
            now=timezone.now(),
        )  # fmt: skip
        return Response(SelfCheckOutput(check).data, status=201 if is_new else 200)


class SelfAnswerInput(AnswerFields):
    """As in an inspection, without 不能核查; the note is free to give."""

    result = serializers.ChoiceField(choices=SelfAnswer.Result.choices)


class SelfCheckAnswer(APIView):
    @extend_schema(
        request=SelfAnswerInput, responses={200: OpenApiTypes.OBJECT, 201: OpenApiTypes.OBJECT}
    )
    def put(self, request: Request, id: UUID, item_code: str) -> Response:
        user = person(request)
        access.require(user, "selfchecks.read")
        rows = SelfCheck.objects.visible_to(user)
        check = get_object_or_404(
            rows.select_related("assignment__version", "assignment__station"), pk=id
        )
        access.require(user, "selfchecks.fill")
        given = SelfAnswerInput(data=request.data)
        given.is_valid(raise_exception=True)
        answer, is_new = selfchecks.record(
            check=check, given=answer_input(given.validated_data, item_code), by=user,
            now=timezone.now(),
        )  # fmt: skip
        body: dict[str, Any] = {"item_code": item_code, "version": answer.version}
        return Response(body, status=201 if is_new else 200)
