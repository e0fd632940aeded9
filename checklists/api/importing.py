"""checklists/import/: an issued 评分表, Excel or Word, as a proposal or as a draft."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checklists import sheets
from checklists.api.versions import SectionOutput, VersionOutput, version_payload
from checklists.services import importing
from checklists.sheets import plain
from stations import access
from stations.api.account import person
from stations.models import Station


class TableInput(serializers.Serializer[Any]):
    file = serializers.FileField(max_length=200, allow_empty_file=True)
    slug = serializers.SlugField(max_length=40)
    title_zh = serializers.CharField(max_length=80, required=False)
    title_en = serializers.CharField(max_length=120, required=False)
    applies_to = serializers.MultipleChoiceField(choices=Station.Kind.choices, required=False)
    sheet = serializers.CharField(max_length=60, required=False)


class DroppedOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()


class ProposalOutput(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    slug = serializers.CharField()
    title_zh = serializers.CharField()
    items = serializers.IntegerField()
    points = serializers.FloatField()
    continued = serializers.ListField(child=serializers.CharField())
    dropped = DroppedOutput(many=True)
    sections = SectionOutput(many=True)


class TableImport(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request=TableInput,
        responses={200: ProposalOutput, 201: VersionOutput},
        parameters=[OpenApiParameter("dry_run", OpenApiTypes.BOOL)],
    )
    def post(self, request: Request) -> Response:
        """Whole or not at all. A dry run answers the proposal and stores nothing; else 201, the
        draft. A broken table is 400 with `errors: [{sheet, row, column, code, reason}]`."""
        access.require(person(request), "checklists.write")
        given = TableInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        file = asked.pop("file")
        asked |= {"content": file.read(sheets.MAX_BYTES + 1), "filename": file.name}
        asked["applies_to"] = sorted(asked.get("applies_to", ()))
        if request.query_params.get("dry_run", "").lower() in {"1", "true", "yes"}:
            return Response(proposal_payload(importing.propose(**asked)))
        draft = importing.import_table(**asked, by=person(request), now=timezone.now())
        return Response(version_payload(draft), status=201)


def proposal_payload(made: importing.Proposal) -> dict[str, Any]:
    sections = [_section(section, made) for section in made.sheet.sections]
    return {
        "dry_run": True,
        "slug": made.sheet.slug,
        "title_zh": made.sheet.title_zh,
        "items": sum(len(section["items"]) for section in sections),
        "points": plain(made.sheet.points),
        "continued": sorted(made.continued),
        "dropped": [{"code": code, "title": title} for code, title in made.dropped],
        "sections": sections,
    }


def _section(section: sheets.SectionSheet, made: importing.Proposal) -> dict[str, Any]:
    return {
        "code": section.code,
        "title": section.title_zh,
        "title_zh": section.title_zh,
        "title_en": section.title_en,
        "points": plain(section.points),
        "items": [
            {
                "code": item.code,
                "title": item.title_zh,
                "title_zh": item.title_zh,
                "title_en": item.title_en,
                "guidance": item.guidance,
                "points": plain(item.points),
                "partial_ratio": plain(
                    made.sheet.partial_ratio if item.partial_ratio is None else item.partial_ratio
                ),
                "needs_photo": item.photo_rule == "required",
                "photo_rule": item.photo_rule,
                "evidence": item.evidence,
                "is_critical": item.is_critical,
                "clause": item.clause,
                "applies_to": list(item.applies_to or made.sheet.applies_to),
            }
            for item in section.items
        ],
    }
