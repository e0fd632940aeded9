"""The query of a figure: `round`, `region`, `as_of`; an empty one counts as not given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from audits.models import Round
from indicators.periods import EARLIEST, Period
from stations.models import Region, User
from stations.refusals import bad_field


class PeriodQuery(serializers.Serializer[Any]):
    round = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=gettext_lazy("轮次编号；不给时按自然年"),
    )


class PlaceQuery(PeriodQuery):
    region = serializers.CharField(
        required=False, max_length=12, help_text=gettext_lazy("行政区划代码；不给时为您的最上级")
    )


class EffectQuery(PlaceQuery):
    as_of = serializers.DateField(
        required=False, help_text=gettext_lazy("截至哪一天结束时；不给时为现在")
    )


@dataclass(frozen=True)
class Asked:
    period: Period
    region: Region | None
    as_of: dt.date | None
    today: dt.date


def asked(request: Request, user: User, query: type[PeriodQuery] = PeriodQuery) -> Asked:
    """Raises 400 naming the field, 404 for a round or region that is not there for this user."""
    given = query(data={name: value for name, value in request.query_params.items() if value})
    given.is_valid(raise_exception=True)
    words = given.validated_data
    today, as_of = timezone.localdate(), words.get("as_of")
    if as_of and as_of > today:
        raise bad_field("as_of", "in_future", _("不能查询将来的日期。"))
    if as_of and as_of < EARLIEST:
        raise bad_field("as_of", "too_early", _("这一天早于任何记录。"))
    return Asked(
        period=_period(words.get("round"), as_of or today),
        region=visible_region(user, words["region"]) if "region" in words else None,
        as_of=as_of,
        today=today,
    )


def _period(round_id: int | None, day: dt.date) -> Period:
    if round_id is None:
        return Period.of_year(day.year)
    return Period.of_round(get_object_or_404(Round, pk=round_id).pk)


def visible_region(user: User, code: str) -> Region:
    return get_object_or_404(Region.objects.visible_to(user), code=code)
