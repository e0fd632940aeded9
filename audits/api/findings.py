"""findings/: the list, one with its events and photos, and a verb for every move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits import deadlines, queries
from audits.api.fields import IdFilter, person, rows_within
from audits.models import Finding, FindingEvent
from audits.models.findings import FindingQuerySet
from audits.services import extensions, findings, noting
from checklists.models import Item
from stations import access
from stations.models import Station, User
from stations.refusals import bad_field


class FindingOutput(serializers.ModelSerializer[Finding]):
    station = serializers.CharField(source="station.code")
    station_name = serializers.CharField(source="station.name")
    item = serializers.SerializerMethodField()
    is_overdue = serializers.SerializerMethodField()
    is_repeat = serializers.BooleanField()
    is_fixed_on_site = serializers.BooleanField(source="has_fix_on_site")

    class Meta:
        model = Finding
        fields = [
            "id", "status", "station", "station_name", "round", "audit", "item", "title", "note",
            "severity", "raised_at", "due_on", "original_due_on", "is_overdue", "is_repeat",
            "extension_until", "review_on", "is_fixed_on_site", "submitted_at", "closed_at",
        ]  # fmt: skip

    def get_item(self, finding: Finding) -> str | None:
        return finding.item_code or None

    def get_is_overdue(self, finding: Finding) -> bool:
        return finding.is_overdue(deadlines.local_day(timezone.now()))


class NotedOutput(FindingOutput):
    """`noted`: raised, or reopened, or observed once more of one that was active already."""

    noted = serializers.SerializerMethodField()

    class Meta(FindingOutput.Meta):
        fields = [*FindingOutput.Meta.fields, "noted"]

    @extend_schema_field(serializers.ChoiceField(FindingEvent.SEEN))
    def get_noted(self, finding: Finding) -> str:
        return str(self.context["noted"])


class EventOutput(serializers.ModelSerializer[FindingEvent]):
    by = serializers.CharField(source="by.username", allow_null=True, default=None)

    class Meta:
        model = FindingEvent
        fields = [
            "number", "kind", "from_status", "to_status", "at", "device_at", "by", "role", "reason",
            "photos", "detail", "hash",
        ]  # fmt: skip


class FindingDetailOutput(FindingOutput):
    events = EventOutput(many=True)
    photos = serializers.SerializerMethodField()
    guidance = serializers.SerializerMethodField()

    class Meta(FindingOutput.Meta):
        fields = [*FindingOutput.Meta.fields, "guidance", "events", "photos"]

    def get_photos(self, finding: Finding) -> list[dict[str, Any]]:
        return [queries.photo_link(photo) for photo in queries.finding_photos(finding)]

    def get_guidance(self, finding: Finding) -> str:
        return queries.finding_guidance(finding)


class YearFilter(filters.Filter):
    field_class = forms.IntegerField


class FindingFilter(filters.FilterSet):
    """`year`: raised in that calendar year. `counted`: what a figure counts, neither void nor of
    the practice station."""

    status = filters.MultipleChoiceFilter(choices=Finding.Status)
    severity = filters.ChoiceFilter(choices=Finding.Severity)
    station = filters.CharFilter(field_name="station__code")
    region = filters.CharFilter(method="in_region")
    item = filters.CharFilter(field_name="item_code")
    round = IdFilter(method="of_round")
    overdue = filters.BooleanFilter(method="only_overdue")
    year = YearFilter(method="of_year", min_value=2000, max_value=2199)
    counted = filters.BooleanFilter(method="only_counted")

    class Meta:
        model = Finding
        fields: list[str] = []

    def of_round(self, rows: Any, name: str, value: int) -> Any:
        return rows.of_round(value)

    def in_region(self, rows: Any, name: str, value: str) -> Any:
        return rows_within(rows, value)

    def only_overdue(self, rows: Any, name: str, value: bool) -> Any:
        late = Finding.objects.overdue(deadlines.local_day(timezone.now())).values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)

    def of_year(self, rows: Any, name: str, value: int) -> Any:
        first, last = (deadlines.start_of_day(dt.date(year, 1, 1)) for year in (value, value + 1))
        return rows.filter(raised_at__gte=first, raised_at__lt=last)

    def only_counted(self, rows: Any, name: str, value: bool) -> Any:
        out = Q(status=Finding.Status.VOID) | Q(station__is_practice=True)
        return rows.exclude(out) if value else rows.filter(out)


class RaiseInput(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    station = serializers.CharField(max_length=24)
    note = serializers.CharField(max_length=2000)
    severity = serializers.ChoiceField(
        choices=Finding.Severity.choices, default=Finding.Severity.NORMAL
    )
    title = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    item = serializers.CharField(max_length=12, required=False, allow_null=True, default=None)


class Findings(generics.ListAPIView[Finding]):
    serializer_class = FindingOutput
    filterset_class = FindingFilter

    def get_queryset(self) -> QuerySet[Finding]:
        """The practice station's are listed where it is asked for, as the station itself is."""
        rows = visible_findings(person(self.request))
        return rows if self.request.query_params.get("station") else rows.counted()

    @extend_schema(request=RaiseInput, responses={200: NotedOutput, 201: NotedOutput})
    def post(self, request: Request) -> Response:
        """随手拍: a problem seen outside any round. 201 when a finding was made. 200 when it is an
        observation of the item's active finding, when it reopened one closed within 30 days, or
        when the same `client_id` has said it before. Its photos follow with `kind=before`."""
        by = person(request)
        access.require(by, "findings.raise")
        given = RaiseInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        station = Station.objects.visible_to(by).filter(code=data["station"]).first()
        if station is None:
            raise bad_field("station", "unknown_station", _("没有这个服务站。"))
        subject = {"station": station, "item": item_for(station, data["item"])}
        event, is_new = noting.note_problem(**data | subject, by=by, now=timezone.now())
        told = NotedOutput(event.finding, context={"noted": event.kind})
        return Response(told.data, status=201 if is_new and event.kind == "raised" else 200)


def item_for(station: Station, code: str | None) -> Item | None:
    if not code:
        return None
    rows = Item.objects.filter(code=code, version__status="published").order_by("-version__number")
    found = next((item for item in rows if item.is_for(station.kind)), None)
    if found is None:
        raise bad_field("item", "unknown_item", _("没有这个检查项。"))
    return found


def visible_findings(user: User) -> FindingQuerySet:
    access.require(user, "findings.read")
    return (
        Finding.objects.visible_to(user)
        .select_related("station")
        .with_earlier_closing()
        .order_by("due_on", "id")
    )


def one_finding(user: User, pk: int) -> Finding:
    events = FindingEvent.objects.select_related("by").order_by("number")
    rows = visible_findings(user).select_related("item__version__checklist")
    return get_object_or_404(rows.prefetch_related(Prefetch("events", events)), pk=pk)


class FindingDetail(APIView):
    @extend_schema(responses=FindingDetailOutput)
    def get(self, request: Request, pk: int) -> Response:
        return Response(FindingDetailOutput(one_finding(person(request), pk)).data)


class Nothing(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)


class ReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class StartInput(serializers.Serializer[Any]):
    measure = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    person = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)


class SubmitRectification(serializers.Serializer[Any]):
    measure = serializers.CharField(max_length=2000)
    photos = serializers.ListField(child=serializers.UUIDField(), max_length=50, default=list)
    person = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)


class FixOnSite(serializers.Serializer[Any]):
    measure = serializers.CharField(max_length=2000)
    photos = serializers.ListField(child=serializers.UUIDField(), max_length=50, default=list)


class WaiveInput(ReasonInput):
    review_on = serializers.DateField()
    document = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)


class ExtensionInput(ReasonInput):
    due_on = serializers.DateField()


Verb = Callable[..., Finding]


class MoveView(APIView):
    """One verb on one finding in scope: parse, one service call, the finding as it is now."""

    service: Verb
    action: str
    input: type[serializers.Serializer[Any]] = Nothing

    def post(self, request: Request, pk: int) -> Response:
        by = person(request)
        finding = get_object_or_404(visible_findings(by), pk=pk)
        access.require(by, self.action)
        given = self.input(data=request.data)
        given.is_valid(raise_exception=True)
        type(self).service(finding=finding, by=by, now=now(), **given.validated_data)
        return Response(FindingDetailOutput(one_finding(by, pk)).data)


def now() -> dt.datetime:
    return timezone.now()


def move(service: Verb, action: str, given: type[serializers.Serializer[Any]]) -> type[MoveView]:
    view = type(
        f"Finding_{service.__module__.split('.')[-1]}_{service.__name__}",
        (MoveView,),
        {"service": staticmethod(service), "action": action, "input": given},
    )
    return extend_schema(request=given, responses=FindingDetailOutput)(view)


start = move(findings.start, "findings.rectify", StartInput)
submit = move(findings.submit, "findings.rectify", SubmitRectification)
fix_on_site = move(findings.fix_on_site, "findings.raise", FixOnSite)
close = move(findings.close, "findings.review", Nothing)
send_back = move(findings.send_back, "findings.review", ReasonInput)
reopen = move(findings.reopen, "findings.review", ReasonInput)
void = move(findings.void, "findings.rule", ReasonInput)
waive = move(findings.waive, "findings.rule", WaiveInput)
extension = move(extensions.ask, "findings.rectify", ExtensionInput)
grant = move(extensions.grant, "findings.extend", Nothing)
refuse = move(extensions.refuse, "findings.extend", ReasonInput)
