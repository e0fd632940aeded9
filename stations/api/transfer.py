"""stations/import/ and stations/export/: the whole register as one CSV file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from stations import access
from stations.api.account import person
from stations.refusals import Refusal
from stations.services import transfer


class ImportInput(serializers.Serializer[Any]):
    file = serializers.FileField(max_length=200, allow_empty_file=True)


class PlacedErrorOutput(serializers.Serializer[Any]):
    sheet = serializers.CharField()
    row = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField()
    reason = serializers.CharField()


class ImportOutput(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    created = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    unchanged = serializers.IntegerField()
    errors: Any = PlacedErrorOutput(many=True)


class StationImport(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request=ImportInput,
        responses=ImportOutput,
        parameters=[OpenApiParameter("dry_run", OpenApiTypes.BOOL)],
    )
    def post(self, request: Request) -> Response:
        """All rows or none. A dry run answers 200 with the error table; else an error is 400."""
        access.require(person(request), "stations.write")
        given = ImportInput(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        if file.size > transfer.MAX_BYTES:
            raise Refusal("too_large", _("文件超过 20 MB。"), status=413)
        dry_run = request.query_params.get("dry_run", "").lower() in {"1", "true", "yes"}
        outcome = transfer.import_stations(
            content=file.read(),
            filename=file.name,
            dry_run=dry_run,
            by=person(request),
            now=timezone.now(),
        )
        if outcome.errors and not dry_run:
            raise transfer.refused(outcome)
        return Response(ImportOutput({"dry_run": dry_run, **asdict(outcome)}).data)


class StationExport(APIView):
    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponse:
        """CSV in the form the import takes; no cell is a formula."""
        access.require(person(request), "stations.export")
        content = transfer.export_stations(by=person(request), now=timezone.now())
        return csv_file(content)


def csv_file(content: bytes) -> HttpResponse:
    name = f"stations-{timezone.localdate():%Y%m%d}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
