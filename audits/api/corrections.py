"""audits/{id}/correct/: results corrected by the bureau."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits import queries
from audits.api.audits import AuditOutput, visible_audit
from audits.api.fields import person
from audits.models import Answer
from audits.services import corrections
from stations import access


class CorrectedResult(serializers.Serializer[Any]):
    item_code = serializers.CharField(max_length=12)
    result = serializers.ChoiceField(choices=Answer.Result.choices)
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)


class CorrectInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)
    results = CorrectedResult(many=True, allow_empty=False)


class Correct(APIView):
    @extend_schema(request=CorrectInput, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, id: UUID) -> Response:
        """With the score of the new revision."""
        by = person(request)
        audit = visible_audit(by, id)
        access.require(by, "audits.reopen")
        given = CorrectInput(data=request.data)
        given.is_valid(raise_exception=True)
        revision = corrections.correct(
            audit=audit,
            corrections=[corrections.Correction(**one) for one in given.validated_data["results"]],
            reason=given.validated_data["reason"],
            by=by,
            now=timezone.now(),
        )
        body = dict(AuditOutput(visible_audit(by, id)).data)
        return Response(body | {"score": queries.revision_score(revision)})
