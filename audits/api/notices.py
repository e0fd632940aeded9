"""notices/: what was told to the caller, newest first; and that it has been read."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits import notices
from audits.api.fields import person
from audits.models import Notice, NoticeLine
from audits.services import notices as reading
from stations import access
from stations.models import User

NEWEST = 50


class NoticeLineOutput(serializers.ModelSerializer[NoticeLine]):
    class Meta:
        model = NoticeLine
        fields = ["finding", "step", "due_on"]


class NoticeOutput(serializers.ModelSerializer[Notice]):
    lines = NoticeLineOutput(many=True)

    class Meta:
        model = Notice
        fields = ["day", "created_at", "read_at", "lines"]


class NoticesOutput(serializers.Serializer[Any]):
    unread = serializers.IntegerField()
    results = NoticeOutput(many=True)


class Notices(APIView):
    @extend_schema(responses=NoticesOutput)
    def get(self, request: Request) -> Response:
        return told(reader(request))


class NoticesRead(APIView):
    @extend_schema(request=None, responses=NoticesOutput)
    def post(self, request: Request) -> Response:
        by = reader(request)
        reading.mark_read(by=by, now=timezone.now())
        return told(by)


def reader(request: Request) -> User:
    by = person(request)
    access.require(by, "findings.read")
    return by


def told(by: User) -> Response:
    rows = notices.of(by).prefetch_related("lines")[:NEWEST]
    return Response(NoticesOutput({"unread": notices.unread(by), "results": rows}).data)
