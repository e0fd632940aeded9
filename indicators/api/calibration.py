"""GET indicators/calibration/: the same item, how differently inspectors judge it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.fields import person
from audits.queries import number
from audits.scoring import rounded
from indicators import calibration, queries
from indicators.api.params import PlaceQuery, asked
from indicators.calibration import Compared, Tally
from indicators.queries.calibration import InspectorLine, ItemLine
from stations import access
from stations.models import User


class TallyOutput(serializers.Serializer[Any]):
    """`failed` 不符合 or 部分符合 of `asked` results; `rate` in percent."""

    inspector = serializers.CharField()
    asked = serializers.IntegerField()
    failed = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)


class ComparedOutput(TallyOutput):
    """`gap` to all others together, in percentage points."""

    gap = serializers.FloatField()
    is_clear = serializers.BooleanField()


class ItemSpreadOutput(serializers.Serializer[Any]):
    """`compared` strictest first; `thin`: those with too few cases to be compared."""

    code = serializers.CharField()
    title = serializers.CharField()
    spread = serializers.FloatField()
    is_clear = serializers.BooleanField()
    compared = ComparedOutput(many=True)
    thin = TallyOutput(many=True)


class InspectorOutput(TallyOutput):
    """`stricter`, `milder`: items with a clear gap to the others."""

    audits = serializers.IntegerField()
    stricter = serializers.IntegerField()
    milder = serializers.IntegerField()


class CalibrationOutput(serializers.Serializer[Any]):
    """`items` the widest clear gap first; `uncompared` items with fewer than `enough` cases."""

    region = serializers.CharField()
    round = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    enough = serializers.IntegerField()
    uncompared = serializers.IntegerField()
    items = ItemSpreadOutput(many=True)
    inspectors = InspectorOutput(many=True)


class Calibration(APIView):
    @extend_schema(
        operation_id="indicators_calibration",
        parameters=[PlaceQuery],
        responses=CalibrationOutput,
    )
    def get(self, request: Request) -> Response:
        user = person(request)
        access.require(user, "indicators.compare")
        where = asked(request, user, PlaceQuery)
        region = where.region or queries.top_region(user)
        if region is None:
            raise Http404
        told = queries.calibrate(user, region=region, period=where.period)
        return Response(
            {
                "region": region.code,
                "round": where.period.round_id,
                "year": where.period.year,
                "enough": calibration.ENOUGH,
                "uncompared": told.uncompared,
                "items": [_item(line, told.people) for line in told.items],
                "inspectors": [_inspector(line) for line in told.inspectors],
            }
        )


def _item(line: ItemLine, people: dict[int, User]) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": line.title,
        "spread": _points(line.told.spread),
        "is_clear": line.told.is_clear,
        "compared": [_compared(one, people) for one in line.told.compared],
        "thin": [_tally(one, people[one.inspector]) for one in line.told.thin],
    }


def _compared(one: Compared, people: dict[int, User]) -> dict[str, Any]:
    tally = _tally(one.tally, people[one.tally.inspector])
    return tally | {"gap": _points(one.gap), "is_clear": one.is_clear}


def _inspector(line: InspectorLine) -> dict[str, Any]:
    told = {name: getattr(line, name) for name in ("audits", "stricter", "milder")}
    return _tally(line.tally, line.inspector) | told


def _tally(tally: Tally, inspector: User) -> dict[str, Any]:
    return {
        "inspector": inspector.username,
        "asked": tally.asked,
        "failed": tally.failed,
        "rate": _points(tally.rate) if tally.asked else None,
    }


def _points(value: Fraction) -> int | float | None:
    return number(rounded(value, 1))
