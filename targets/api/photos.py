"""targets/activities/{id}/photos/: the pictures of an activity, and the copies drawn of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from audits.api.fields import person
from audits.api.photos import Bytes, served
from stations import access
from targets.models import Activity, ActivityPhoto
from targets.services import photos


class ActivityPhotoOutput(serializers.ModelSerializer[ActivityPhoto]):
    """`display` (1,280 px) and `thumbnail` are addresses, null while the worker has not drawn them."""

    display = serializers.SerializerMethodField()
    thumbnail = serializers.SerializerMethodField()

    class Meta:
        model = ActivityPhoto
        fields = ("id", "sha256", "size", "mime", "received_at", "display", "thumbnail")

    def get_display(self, photo: ActivityPhoto) -> str | None:
        return self._copy(photo.display_path and "activity-photo-display", photo)

    def get_thumbnail(self, photo: ActivityPhoto) -> str | None:
        return self._copy(photo.thumbnail_path and "activity-photo-thumbnail", photo)

    def _copy(self, name: str, photo: ActivityPhoto) -> str | None:
        if not name:
            return None
        return reverse(name, args=[photo.pk], request=self.context.get("request"))


class PhotoInput(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)


class ActivityPhotos(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="activity_photos", responses=ActivityPhotoOutput(many=True))
    def get(self, request: Request, pk: int) -> Response:
        access.require(person(request), "targets.read")
        rows = _activity(request, pk).photos.all()
        return Response(ActivityPhotoOutput(rows, many=True, context={"request": request}).data)

    @extend_schema(
        operation_id="activity_photo_add", request={"multipart/form-data": PhotoInput},
        responses={201: ActivityPhotoOutput},
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """The same picture sent again gives the one already there."""
        access.require(person(request), "targets.write")
        activity = _activity(request, pk)
        given = PhotoInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = photos.attach_photo(
            activity=activity, file=given.validated_data["file"], by=person(request),
            now=timezone.now(),
        )  # fmt: skip
        return Response(ActivityPhotoOutput(made, context={"request": request}).data, status=201)


class ActivityPhotoDisplay(Bytes):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        return served(_photo(request, id).display_path, "image/jpeg")


class ActivityPhotoThumbnail(Bytes):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        return served(_photo(request, id).thumbnail_path, "image/jpeg")


def _activity(request: Request, pk: int) -> Activity:
    return get_object_or_404(Activity.objects.visible_to(person(request)), pk=pk)


def _photo(request: Request, id: UUID) -> ActivityPhoto:
    access.require(person(request), "targets.read")
    return get_object_or_404(ActivityPhoto.objects.visible_to(person(request)), pk=id)
