"""checklists/: what is asked, version by version."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checklists import queries
from checklists.models import Checklist, ChecklistVersion, Item
from checklists.services import editing
from checklists.sheets import plain
from stations import access
from stations.api.account import person
from stations.models import Station
from stations.refusals import bad_field


class VersionRow(serializers.ModelSerializer[ChecklistVersion]):
    items = serializers.IntegerField(source="item_count")
    points = serializers.SerializerMethodField()

    class Meta:
        model = ChecklistVersion
        fields = ("number", "status", "items", "points", "content_hash", "published_at")
        read_only_fields = fields

    def get_points(self, version: Any) -> float:
        return plain(version.total_points or Decimal(0))


class ChecklistOutput(serializers.ModelSerializer[Checklist]):
    applies_to = serializers.ListField(child=serializers.CharField())
    latest = serializers.SerializerMethodField()
    versions = serializers.SerializerMethodField()

    class Meta:
        model = Checklist
        fields = ("slug", "title", "title_zh", "title_en", "applies_to", "latest", "versions")
        read_only_fields = fields

    def get_latest(self, checklist: Any) -> int | None:
        """The number of the newest published version."""
        published = ChecklistVersion.Status.PUBLISHED
        numbers = [v.number for v in checklist.shown_versions if v.status == published]
        return max(numbers, default=None)

    @extend_schema_field(VersionRow(many=True))
    def get_versions(self, checklist: Any) -> Any:
        return VersionRow(checklist.shown_versions, many=True).data


class ItemOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    guidance = serializers.CharField()
    points = serializers.FloatField()
    partial_ratio = serializers.FloatField()
    needs_photo = serializers.BooleanField()
    photo_rule = serializers.ChoiceField(choices=Item.PhotoRule.choices)
    evidence = serializers.CharField()
    is_critical = serializers.BooleanField()
    clause = serializers.CharField()
    applies_to = serializers.ListField(child=serializers.CharField())


class SectionOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    points = serializers.FloatField()
    items = ItemOutput(many=True)


class VersionOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=ChecklistVersion.Status.choices)
    applies_to = serializers.ListField(child=serializers.CharField())
    content_hash = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    grades = serializers.ListField(child=serializers.DictField())
    sections = SectionOutput(many=True)


class ItemEdit(serializers.Serializer[Any]):
    """Only what differs; judged by the same rules as a checklist file."""

    code = serializers.CharField(required=False, allow_blank=True, max_length=12)
    title_zh = serializers.CharField(required=False, allow_blank=True)
    title_en = serializers.CharField(required=False, allow_blank=True)
    guidance = serializers.CharField(required=False, allow_blank=True)
    evidence = serializers.CharField(required=False, allow_blank=True)
    photo_rule = serializers.CharField(required=False)
    points = serializers.DecimalField(required=False, max_digits=12, decimal_places=6)
    partial_ratio = serializers.DecimalField(
        required=False, max_digits=12, decimal_places=6, allow_null=True
    )
    is_critical = serializers.BooleanField(required=False)
    clause = serializers.CharField(required=False, allow_blank=True)
    applies_to = serializers.ListField(child=serializers.CharField(), required=False)


class SectionEdit(serializers.Serializer[Any]):
    code = serializers.CharField(required=False, allow_blank=True, max_length=8)
    title_zh = serializers.CharField(required=False, allow_blank=True)
    title_en = serializers.CharField(required=False, allow_blank=True)
    items = ItemEdit(many=True, required=False)


class EditInput(serializers.Serializer[Any]):
    seen = serializers.CharField(required=False, default="", max_length=64, allow_blank=True)
    sections = SectionEdit(many=True, allow_empty=False)


class ChecklistList(ListAPIView[Checklist]):
    queryset = Checklist.objects.none()
    serializer_class = ChecklistOutput

    def get_queryset(self) -> QuerySet[Checklist]:
        access.require(person(self.request), "checklists.read")
        return queries.checklists_visible_to(person(self.request))


class VersionDetail(APIView):
    @extend_schema(
        responses=VersionOutput,
        parameters=[OpenApiParameter("kind", enum=Station.Kind.values)],
    )
    def get(self, request: Request, slug: str, number: int) -> Response:
        """Everything asked; with `kind`, what a station of that kind is asked."""
        access.require(person(request), "checklists.read")
        kind = request.query_params.get("kind", "")
        if kind and kind not in Station.Kind:
            raise bad_field("kind", "unknown", _("没有这种站类。"))
        return Response(version_payload(reached(request, slug, number), kind))

    @extend_schema(request=EditInput, responses=VersionOutput)
    def put(self, request: Request, slug: str, number: int) -> Response:
        """A draft as a whole: sections and items in order. What has no code is new, what is not
        told is gone, a section without `items` keeps its own; a field not told stays. `seen` is
        the hash of the draft as it was read: 409 `draft_changed` where it is another by now."""
        draft = reached(request, slug, number)
        access.require(person(request), "checklists.write")
        given = EditInput(data=request.data)
        given.is_valid(raise_exception=True)
        edited = editing.edit_draft(
            version=draft, **given.validated_data, by=person(request), now=timezone.now()
        )
        return Response(version_payload(edited))


def reached(request: Request, slug: str, number: int) -> ChecklistVersion:
    versions = ChecklistVersion.objects.visible_to(person(request)).select_related("checklist")
    return get_object_or_404(versions, checklist__slug=slug, number=number)


class BeginDraft(APIView):
    @extend_schema(request=None, responses={201: VersionOutput})
    def post(self, request: Request, slug: str, number: int) -> Response:
        """The next version as a draft, to begin with the same as this one."""
        version = reached(request, slug, number)
        access.require(person(request), "checklists.write")
        draft = editing.begin_draft(version=version, by=person(request), now=timezone.now())
        return Response(version_payload(draft), status=201)


def version_payload(version: ChecklistVersion, kind: str = "") -> dict[str, Any]:
    return {
        "slug": version.checklist.slug,
        "number": version.number,
        "title": version.checklist.title,
        "status": version.status,
        "applies_to": version.checklist.applies_to,
        "content_hash": version.content_hash,
        "published_at": version.published_at,
        "grades": version.grades,
        "sections": queries.sheet(version, kind),
    }
