"""GET regions/{code}/summary/ and stations/{code}/summary/: scores in both readings."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.fields import person
from audits.queries import number
from audits.scoring import printed
from indicators import queries
from indicators.api.effect import BANDS, REGIONAL, CoverageOutput
from indicators.api.params import PeriodQuery, asked, visible_region
from indicators.effect import Reading
from indicators.queries.scores import Cell, Centre, Spread
from indicators.queries.summaries import ChildSummary, SectionSpread
from stations import access
from stations.models import Station
from stations.refusals import Refusal

LINES = (70, 80, 90)


class SpreadOutput(serializers.Serializer[Any]):
    mean = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    minimum = serializers.FloatField(allow_null=True)


class SectionSpreadOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    n = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    minimum = serializers.FloatField(allow_null=True)
    mean_today = serializers.FloatField(allow_null=True)
    minimum_today = serializers.FloatField(allow_null=True)


class ShortEffectOutput(serializers.Serializer[Any]):
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    band = serializers.ChoiceField(choices=BANDS)
    coverage = CoverageOutput()


class ChildOutput(SpreadOutput):
    """Mean, median and minimum as inspected 检查得分; `today` as of today 现状得分."""

    code = serializers.CharField()
    name = serializers.CharField()
    n = serializers.IntegerField()
    total = serializers.IntegerField()
    today = SpreadOutput()
    effect = ShortEffectOutput()


class CellOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    score_today = serializers.FloatField(allow_null=True)


class CentreOutput(serializers.Serializer[Any]):
    station = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    score_today = serializers.FloatField(allow_null=True)
    grade = serializers.CharField(allow_blank=True)
    critical_failed = serializers.BooleanField()
    sections = CellOutput(many=True)


class RegionSummaryOutput(ChildOutput):
    round = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    centre = CentreOutput(allow_null=True)
    sections = SectionSpreadOutput(many=True)
    children = ChildOutput(many=True)


class StationSummaryOutput(CentreOutput):
    round = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    audit = serializers.UUIDField(allow_null=True)
    is_complete = serializers.BooleanField()
    failing = serializers.ListField(child=serializers.CharField())
    effect = ShortEffectOutput()


class RegionSummary(APIView):
    @extend_schema(
        operation_id="regions_summary", parameters=[PeriodQuery], responses=RegionSummaryOutput
    )
    def get(self, request: Request, code: str) -> Response:
        user = person(request)
        access.require(user, "indicators.read")
        region = visible_region(user, code)
        if user.role not in REGIONAL:
            raise Refusal("not_allowed", _("您只能查看自己的服务站。"), status=403)
        told = asked(request, user)
        summary = queries.region_summary(region=region, period=told.period, today=told.today)
        return Response(
            {
                "code": region.code,
                "name": region.name,
                "round": told.period.round_id,
                "year": told.period.year,
                **_spreads(summary.scores, summary.scores_today),
                "effect": _effect(summary.reading),
                "centre": _centre(summary.centre) if summary.centre else None,
                "sections": [_section(section) for section in summary.sections],
                "children": [_child(child) for child in summary.children],
            }
        )


class StationSummary(APIView):
    @extend_schema(
        operation_id="stations_summary", parameters=[PeriodQuery], responses=StationSummaryOutput
    )
    def get(self, request: Request, code: str) -> Response:
        user = person(request)
        access.require(user, "indicators.read")
        station = get_object_or_404(Station.objects.visible_to(user), code=code)
        period = asked(request, user).period
        summary = queries.station_summary(station=station, period=period)
        return Response(
            {
                "station": station.code,
                "round": period.round_id,
                "year": period.year,
                "audit": summary.audit_id,
                "score": score(summary.total),
                "score_today": score(summary.total_today),
                "grade": summary.grade,
                "critical_failed": summary.critical_failed,
                "is_complete": summary.is_complete,
                "sections": [_cell(cell) for cell in summary.sections],
                "failing": [item_code for item_code, _title in summary.failing],
                "effect": _effect(summary.reading),
            }
        )


def score(value: Fraction | None) -> int | float | None:
    return number(printed(value, LINES))


def _spreads(inspected: Spread, today: Spread) -> dict[str, Any]:
    return {
        **_spread(inspected),
        "n": inspected.n,
        "total": inspected.total,
        "today": _spread(today),
    }


def _spread(told: Spread) -> dict[str, Any]:
    return {
        "mean": score(told.mean),
        "median": score(told.median),
        "minimum": score(told.minimum),
    }


def _effect(reading: Reading) -> dict[str, Any]:
    return {
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "rate": number(reading.printed),
        "band": reading.band,
        "coverage": {"audited": reading.coverage.audited, "total": reading.coverage.total},
    }


def _centre(centre: Centre) -> dict[str, Any]:
    return {
        "station": centre.station_code,
        "score": score(centre.score),
        "score_today": score(centre.score_today),
        "grade": centre.grade,
        "critical_failed": centre.critical_failed,
        "sections": [_cell(cell) for cell in centre.sections],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "code": cell.code,
        "title": cell.title,
        "score": score(cell.value),
        "score_today": score(cell.value_today),
    }


def _section(section: SectionSpread) -> dict[str, Any]:
    return {
        "code": section.code,
        "title": section.title,
        "n": section.n,
        "mean": score(section.mean),
        "minimum": score(section.minimum),
        "mean_today": score(section.mean_today),
        "minimum_today": score(section.minimum_today),
    }


def _child(child: ChildSummary) -> dict[str, Any]:
    return {
        "code": child.code,
        "name": child.name,
        **_spreads(child.scores, child.scores_today),
        "effect": _effect(child.reading),
    }
