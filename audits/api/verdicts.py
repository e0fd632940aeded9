"""photos/{id}/verdict/: what a person says of the odd things about a photo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.fields import person
from audits.api.photos import PhotoOutput, visible_photo
from audits.models import PhotoFlag
from audits.services import verdicts
from stations import access


class VerdictInput(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=PhotoFlag.Verdict.choices)
    kind = serializers.ChoiceField(choices=PhotoFlag.Kind.choices, required=False, default="")


class PhotoVerdict(APIView):
    @extend_schema(request=VerdictInput, responses=PhotoOutput)
    def post(self, request: Request, id: UUID) -> Response:
        by = person(request)
        photo = visible_photo(by, id)
        access.require(by, "findings.review")
        given = VerdictInput(data=request.data)
        given.is_valid(raise_exception=True)
        verdicts.judge(photo=photo, **given.validated_data, by=by, now=timezone.now())
        return Response(PhotoOutput(visible_photo(by, id)).data)
