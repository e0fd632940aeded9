"""reports/: a paper is asked for, watched, and fetched with the same token."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits import store
from audits.api.fields import LARGEST_ID, person
from audits.models import Round
from reports.kinds import MIMES
from reports.models import Report
from reports.queries import own
from reports.services import reports
from stations import access
from stations.models import Region, Station, User
from stations.refusals import Refusal, bad_field


class ReportInput(serializers.Serializer[Any]):
    """`round` or `year`; with neither the calendar year. Codes name region and station."""

    kind = serializers.ChoiceField(choices=Report.Kind.choices)
    format = serializers.ChoiceField(choices=Report.Format.choices, required=False)
    round = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LARGEST_ID
    )
    year = serializers.IntegerField(required=False, allow_null=True)
    region = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=12)
    station = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=24
    )


class ReportOutput(serializers.ModelSerializer[Report]):
    """`url` is null until the file is there, and again when it has expired."""

    region = serializers.CharField(source="region.code")
    station = serializers.CharField(source="station.code", allow_null=True, default=None)
    error = serializers.SerializerMethodField()
    expired = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = [
            "id", "kind", "format", "round", "year", "region", "station", "state", "progress",
            "size", "sha256", "error", "created_at", "finished_at", "expires_at", "expired", "url",
        ]  # fmt: skip

    def get_error(self, report: Report) -> str:
        """Why it failed, in the reader's language."""
        return _(report.error) if report.error else ""

    def get_expired(self, report: Report) -> bool:
        return report.is_expired(timezone.now())

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, report: Report) -> str | None:
        if not report.is_at_hand(timezone.now()):
            return None
        address: str = self.context["request"].build_absolute_uri(
            reverse("report-file", args=[report.pk])
        )
        return address


class Reports(generics.ListAPIView[Report]):
    serializer_class = ReportOutput

    def get_queryset(self) -> QuerySet[Report]:
        access.require(person(self.request), "reports.create")
        return own.listed(person(self.request))

    @extend_schema(request=ReportInput, responses={202: ReportOutput})
    def post(self, request: Request) -> Response:
        user = person(request)
        access.require(user, "reports.create")
        given = ReportInput(data=request.data)
        given.is_valid(raise_exception=True)
        report = reports.request_report(
            wanted=wanted(user, given.validated_data),
            origin=request.build_absolute_uri("/"),
            by=user,
            now=timezone.now(),
        )
        told = ReportOutput(report, context={"request": request}).data
        return Response(told, status=202)


def wanted(user: User, data: dict[str, Any]) -> reports.Wanted:
    """Places are looked up in the person's own scope: what is out of it is not there."""
    region, station, round_id = data.get("region"), data.get("station"), data.get("round")
    return reports.Wanted(
        kind=data["kind"],
        format=data.get("format") or "",
        round=_round(round_id) if round_id else None,
        year=data.get("year"),
        region=get_object_or_404(Region.objects.visible_to(user), code=region) if region else None,
        station=_station(user, station) if station else None,
    )


def _round(pk: int) -> Round:
    found = Round.objects.filter(pk=pk).first()
    if found is None:
        raise bad_field("round", "unknown", _("没有这个轮次。"))
    return found


def _station(user: User, code: str) -> Station:
    rows = Station.objects.visible_to(user).select_related("region")
    return get_object_or_404(rows, code=code)


class ReportDetail(generics.RetrieveAPIView[Report]):
    serializer_class = ReportOutput
    lookup_field = "pk"
    lookup_url_kwarg = "id"

    def get_queryset(self) -> QuerySet[Report]:
        access.require(person(self.request), "reports.create")
        return own.listed(person(self.request))


class ReportFile(APIView):
    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        user, now = person(request), timezone.now()
        access.require(user, "reports.create")
        report = get_object_or_404(own.listed(user), pk=id)
        if not own.still_in_scope(report, user):
            raise Http404
        if report.is_expired(now):
            raise Refusal("expired", _("文件已过期，请重新生成。"), status=404)
        if not report.is_at_hand(now):
            raise Refusal("not_ready", _("报告还没有生成好。"), status=404)
        response = _file(report)
        reports.record_download(report=report, by=user, now=now)
        return response


def _file(report: Report) -> HttpResponseBase:
    try:
        file = store.absolute(report.path).open("rb")
    except OSError as error:
        raise Refusal("file_missing", _("文件缺失，请重新生成。"), status=404) from error
    response = FileResponse(
        file, as_attachment=True, filename=own.file_name(report),
        content_type=MIMES[report.format],
    )  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
