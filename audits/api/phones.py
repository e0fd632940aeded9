"""work/: what a phone takes along; expected/ and lost/: what it says it holds, and held."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits import deadlines
from audits.api.audits import own_audit
from audits.api.fields import person
from audits.queries import work
from audits.services import parcels, phones
from stations import access
from stations.models.places import page_language


class Work(APIView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """The person's own tasks, the key of the phone's store, and what is still expected. A station
        head has no tasks, and keeps after-photos under the same key."""
        user = person(request)
        access.require(user, "phones.keep")
        now = timezone.now()
        body = {
            "username": user.username,
            "name": str(user),
            "role": user.role,
            "key": phones.key_of(user=user, now=now),
            "now": now,
            "today": deadlines.local_day(now),
            "language": page_language(),
            "tasks": work.work_of(user, deadlines.local_day(now)),
            "expected": work.expected_of(user),
        }
        return Response(body, headers={"Cache-Control": "no-store"})


class ExpectedInput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    item_code = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, default="", max_length=12
    )
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    size = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class ExpectInput(serializers.Serializer[Any]):
    device = serializers.CharField(max_length=40)
    photos = ExpectedInput(many=True)
    dropped = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=500
    )


class Expected(APIView):
    @extend_schema(request=ExpectInput, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, id: UUID) -> Response:
        audit = own_audit(person(request), id)
        given = ExpectInput(data=request.data)
        given.is_valid(raise_exception=True)
        photos = [
            phones.Announced(one["id"], one["item_code"] or "", one["sha256"], one["size"])
            for one in given.validated_data["photos"]
        ]
        phones.expect_photos(
            audit=audit, photos=photos, dropped=given.validated_data["dropped"],
            device=given.validated_data["device"], now=timezone.now(),
        )  # fmt: skip
        return Response({"expected": len(photos)})


class LostInput(serializers.Serializer[Any]):
    device = serializers.CharField(max_length=40)
    photos = serializers.ListField(child=serializers.UUIDField(), max_length=500)


class Lost(APIView):
    @extend_schema(request=LostInput, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, id: UUID) -> Response:
        """The phone's store was emptied: these photos are neither there nor here."""
        audit = own_audit(person(request), id)
        given = LostInput(data=request.data)
        given.is_valid(raise_exception=True)
        lost = phones.report_loss(
            audit=audit, **given.validated_data, by=person(request), now=timezone.now()
        )
        return Response({"lost": lost})


class ParcelInput(serializers.Serializer[Any]):
    file = serializers.FileField()


class PhotoImport(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": ParcelInput}, responses={200: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request) -> Response:
        """A parcel a phone exported, brought by the bureau or a supervisor for its owner."""
        access.require(person(request), "photos.import")
        given = ParcelInput(data=request.data)
        given.is_valid(raise_exception=True)
        outcome = parcels.import_parcel(
            file=given.validated_data["file"], by=person(request), now=timezone.now()
        )
        return Response({"person": outcome.owner.username, "lines": outcome.lines})
