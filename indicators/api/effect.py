"""GET indicators/effect/: the effect indicator of a region, or of the account's own stations."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.fields import person
from audits.queries import number
from indicators import queries
from indicators.api.params import Asked, EffectQuery, asked
from indicators.effect import Other, Rate, Reading
from stations import access
from stations.models import Region, User

BANDS = ["met", "within", "below", "no_problems", "no_audits"]
REGIONAL = {User.Role.BUREAU, User.Role.SUPERVISOR}


class RateOutput(serializers.Serializer[Any]):
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)


class CoverageOutput(serializers.Serializer[Any]):
    audited = serializers.IntegerField()
    total = serializers.IntegerField()


class OtherOutput(serializers.Serializer[Any]):
    mode = serializers.ChoiceField(choices=["lower", "upper"])
    target = serializers.IntegerField()
    is_reached = serializers.BooleanField()
    short = serializers.IntegerField()
    over = serializers.IntegerField()


class EffectOutput(serializers.Serializer[Any]):
    """`rate` is null without any finding; `band` says why."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    band = serializers.ChoiceField(choices=BANDS)
    target_mode = serializers.ChoiceField(choices=["lower", "upper"])
    target = serializers.CharField()
    lower = serializers.IntegerField()
    upper = serializers.IntegerField()
    to_lower = serializers.IntegerField()
    to_upper = serializers.IntegerField()
    other_reading = OtherOutput()
    submitted = serializers.IntegerField()
    open = serializers.IntegerField()
    waived = serializers.IntegerField()
    voided = serializers.IntegerField()
    coverage = CoverageOutput()
    on_time_rate = RateOutput()
    first_pass_rate = RateOutput()
    repeat_rate = RateOutput()
    stations_closed_rate = RateOutput()
    region = serializers.CharField(allow_null=True)
    round = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    as_of = serializers.DateField()
    formula = serializers.CharField()
    rule_version = serializers.IntegerField()


class Effect(APIView):
    @extend_schema(
        operation_id="indicators_effect", parameters=[EffectQuery], responses=EffectOutput
    )
    def get(self, request: Request) -> Response:
        user = person(request)
        access.require(user, "indicators.read")
        told = asked(request, user, EffectQuery)
        region, reading = _reading(user, told)
        return Response(
            {
                **payload(reading),
                "region": region.code if region else None,
                "round": told.period.round_id,
                "year": told.period.year,
                "as_of": told.as_of or told.today,
            }
        )


def _reading(user: User, told: Asked) -> tuple[Region | None, Reading]:
    if user.role not in REGIONAL:
        return told.region, queries.own_reading(
            user=user, period=told.period, today=told.today, region=told.region, as_of=told.as_of
        )
    region = told.region or queries.top_region(user)
    if region is None:
        raise Http404
    return region, queries.region_reading(
        region=region, period=told.period, today=told.today, as_of=told.as_of
    )


def payload(reading: Reading) -> dict[str, Any]:
    return {
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "rate": number(reading.printed),
        "band": reading.band,
        "target_mode": reading.target_mode,
        "target": _("完成 %(target)s%% 以上问题") % {"target": reading.target},
        "lower": reading.lower,
        "upper": reading.upper,
        "to_lower": reading.to_lower,
        "to_upper": reading.to_upper,
        "other_reading": _other(reading.other),
        "submitted": reading.submitted,
        "open": reading.open,
        "waived": reading.waived,
        "voided": reading.voided,
        "coverage": {"audited": reading.coverage.audited, "total": reading.coverage.total},
        "on_time_rate": rate(reading.on_time),
        "first_pass_rate": rate(reading.first_pass),
        "repeat_rate": rate(reading.repeat),
        "stations_closed_rate": rate(reading.stations_closed),
        "formula": _("已销号 ÷ 本期发现的问题（待复查、挂账、未到期的都留在分母，作废的不计）"),
        "rule_version": reading.rule_version,
    }


def _other(other: Other) -> dict[str, Any]:
    return {
        "mode": other.mode,
        "target": other.target,
        "is_reached": other.is_reached,
        "short": other.short,
        "over": other.over,
    }


def rate(told: Rate) -> dict[str, Any]:
    return {
        "numerator": told.numerator,
        "denominator": told.denominator,
        "rate": number(told.printed),
    }
