"""photos/: bytes in, receipt out; bytes out only to those in scope."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits import queries, store
from audits.api.audits import visible_audit
from audits.api.fields import LARGEST_ID, MomentField, PositionField, person
from audits.models import EvidencePhoto, Finding
from audits.services import evidence
from checklists.models import Item
from stations import access
from stations.api.parsing import loaded, told
from stations.models import User
from stations.refusals import Refusal, bad_field

BODY_LIMIT = 2 * evidence.MAX_BYTES
LONGEST_EXIF = 8000
SHA256 = r"^[0-9a-fA-F]{64}$"


class ExifField(serializers.JSONField):
    """What the phone read before shrinking; never a reason to refuse the photo."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if len(str(data)) > LONGEST_EXIF:
            return {}
        try:
            value = loaded(str(data).replace("\\u0000", ""))
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


class PhotoSubject(serializers.Serializer[Any]):
    """What the photo is evidence of: an audit (and its item), or a finding."""

    audit = serializers.UUIDField(required=False)
    item_code = serializers.CharField(required=False, max_length=12)
    finding = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("audit" in attrs) == ("finding" in attrs):
            raise serializers.ValidationError({"audit": _("请说明照片属于一次检查还是一个问题。")})
        return attrs


class MarksField(serializers.JSONField):
    """Drawn on copies; never a reason to refuse the photo."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            value = json.loads(data) if isinstance(data, str) else data
        except ValueError:
            return []
        return value if isinstance(value, list) else []


class PhotoInput(PhotoSubject):
    file = serializers.FileField(allow_empty_file=True)
    sha256 = serializers.RegexField(SHA256)
    kind = serializers.ChoiceField(
        choices=EvidencePhoto.Kind.choices, default=EvidencePhoto.Kind.SITE
    )
    taken_at = MomentField(required=False)
    latitude = PositionField(largest=90, places=5)
    longitude = PositionField(largest=180, places=5)
    accuracy = PositionField(largest=10_000_000, places=1)
    exif = ExifField(required=False, default=dict)
    marks = MarksField(required=False, default=None)

    def validate_sha256(self, value: str) -> str:
        return value.lower()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["latitude"], attrs["longitude"] = place(attrs["latitude"], attrs["longitude"])
        return super().validate(attrs)


def place(latitude: Any, longitude: Any) -> tuple[Any, Any]:
    """(0, 0) means no position, and half a position is none."""
    if latitude is None or longitude is None or not (latitude or longitude):
        return None, None
    return latitude, longitude


class ReceiptOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    state = serializers.CharField()
    received_at = serializers.DateTimeField()


class FlagOutput(serializers.Serializer[Any]):
    kind = serializers.CharField()
    detail = serializers.JSONField()
    verdict = serializers.CharField()


class PhotoOutput(ReceiptOutput):
    kind = serializers.CharField()
    station = serializers.CharField(source="station.code")
    audit = serializers.UUIDField(source="audit_id", allow_null=True)
    item_code = serializers.CharField(source="item.code", allow_null=True, default=None)
    finding = serializers.IntegerField(source="finding_id", allow_null=True)
    mime = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    taken_at = serializers.DateTimeField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    accuracy = serializers.FloatField(allow_null=True)
    original_sha256 = serializers.CharField()
    marks = serializers.JSONField(allow_null=True)
    uploaded_by = serializers.CharField(source="uploaded_by.username")
    flags = FlagOutput(many=True, source="flags.all")


class PhotoDetail(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(responses=PhotoOutput)
    def get(self, request: Request, id: UUID) -> Response:
        return Response(PhotoOutput(visible_photo(person(request), id)).data)

    @extend_schema(
        request={"multipart/form-data": PhotoInput},
        responses={200: ReceiptOutput, 201: ReceiptOutput},
    )
    def put(self, request: Request, id: UUID) -> Response:
        refuse_flood(request)
        subject, data = photo_given(request)
        photo, created = evidence.attach_photo(
            id=id,
            subject=subject,
            kind=data["kind"],
            sha256=data["sha256"],
            file=data["file"],
            capture=evidence.Capture(
                data.get("taken_at"), data["latitude"], data["longitude"], data["accuracy"],
                data["exif"], data["marks"] or [],
            ),
            by=person(request),
            now=timezone.now(),
        )  # fmt: skip
        return Response(_receipt.to_representation(photo), status=201 if created else 200)


_photo, _subject, _receipt = PhotoInput(), PhotoSubject(), ReceiptOutput()


def photo_given(request: Request) -> tuple[evidence.Subject, dict[str, Any]]:
    """Scope is judged before anything else of the form: what is out of it answers 404."""
    try:
        given = told(_photo, request.data)
    except serializers.ValidationError:
        with suppress(serializers.ValidationError):
            subject_of(person(request), told(_subject, request.data))
        raise
    return subject_of(person(request), given), given


def refuse_flood(request: Request) -> None:
    """What says it is far too large is not read at all."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_LIMIT:
        raise evidence.too_large()


def subject_of(user: User, data: dict[str, Any]) -> evidence.Subject:
    if "finding" in data:
        rows = Finding.objects.visible_to(user)
        return evidence.Subject(finding=get_object_or_404(rows, pk=data["finding"]))
    audit = visible_audit(user, data["audit"])
    code = data.get("item_code")
    return evidence.Subject(audit=audit, item=item_named(queries.items_of(audit), code))


def item_named(items: list[Item], code: str | None) -> Item | None:
    if not code:
        return None
    found = next((item for item in items if item.code == code), None)
    if found is None:
        raise bad_field("item_code", "unknown_item", _("这张检查表没有这一项。"))
    return found


def visible_photo(user: User, id: UUID) -> EvidencePhoto:
    access.require(user, "photos.read")
    rows = EvidencePhoto.objects.visible_to(user)
    return get_object_or_404(
        rows.select_related("station", "item", "uploaded_by").prefetch_related("flags"), pk=id
    )


class OriginalInput(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)
    sha256 = serializers.RegexField(SHA256)


class OriginalReceipt(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    sha256 = serializers.CharField(source="original_sha256")
    size = serializers.IntegerField(source="original_size")
    state = serializers.CharField()
    received_at = serializers.DateTimeField(source="original_received_at")


class Bytes(APIView):
    """A picture is told as it is, whatever the caller says it accepts."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return super().perform_content_negotiation(request, force=True)


class PhotoOriginal(Bytes):
    parser_classes = [MultiPartParser]

    @extend_schema(responses={(200, "image/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        """The camera's own file where it followed, else the bytes as they were sent."""
        photo = visible_photo(person(request), id)
        if photo.original_path:
            return served(photo.original_path, photo.original_mime)
        return served(photo.path, photo.mime)

    @extend_schema(
        request={"multipart/form-data": OriginalInput},
        responses={200: OriginalReceipt, 201: OriginalReceipt},
    )
    def put(self, request: Request, id: UUID) -> Response:
        refuse_flood(request)
        photo = visible_photo(person(request), id)
        given = OriginalInput(data=request.data)
        given.is_valid(raise_exception=True)
        photo, created = evidence.attach_original(
            photo=photo,
            sha256=given.validated_data["sha256"].lower(),
            file=given.validated_data["file"],
            by=person(request),
            now=timezone.now(),
        )
        return Response(OriginalReceipt(photo).data, status=201 if created else 200)


class PhotoDisplay(Bytes):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        return served(visible_photo(person(request), id).display_path, "image/jpeg")


class PhotoThumbnail(Bytes):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        return served(visible_photo(person(request), id).thumbnail_path, "image/jpeg")


def served(name: str, mime: str) -> HttpResponseBase:
    if not name:
        raise Refusal("not_ready", _("照片正在处理，请稍后再看。"), status=404)
    try:
        file = store.absolute(name).open("rb")
    except OSError as error:
        raise Refusal("file_damaged", _("照片文件缺失或损坏，已记录。"), status=404) from error
    response = FileResponse(file, content_type=mime)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
