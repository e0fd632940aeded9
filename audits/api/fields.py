"""Small pieces the API modules share: the caller, whole-number ids, lenient positions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from stations.models import Region, User
from stations.refusals import bad_field

LARGEST_ID = 2**63 - 1


class IdField(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **options)


class IdFilter(filters.Filter):
    """A whole number the database can hold; anything else is 400, not an overflow."""

    field_class = IdField


class MomentField(serializers.DateTimeField):
    """A client's time, any that can be told in UTC: 0001-01-01 in Shanghai cannot."""

    def to_internal_value(self, value: Any) -> dt.datetime:
        try:
            return super().to_internal_value(value).astimezone(dt.UTC)
        except OverflowError:
            self.fail("overflow")


class PositionField(serializers.Field[Any, Any, Any, Any]):
    """What a phone says of its place. What cannot be is taken as not said: a photo never waits
    for a position."""

    def __init__(self, *, largest: int, places: int, **options: Any) -> None:
        super().__init__(required=False, allow_null=True, default=None, **options)
        self.largest, self.places = largest, places

    def to_internal_value(self, data: Any) -> Decimal | None:
        try:
            value = Decimal(str(data).strip())
            if not value.is_finite() or abs(value) > self.largest:
                return None
            return round(value, self.places)
        except (InvalidOperation, ValueError):
            return None

    def to_representation(self, value: Any) -> Any:
        return value


def person(request: Any) -> User:
    """The signed-in account: every route here needs one."""
    user: User = request.user
    return user


def rows_within(rows: Any, code: str) -> Any:
    """Those whose station lies in the region of that code, or anywhere below it."""
    region = Region.objects.filter(code=code).first()
    if region is None:
        raise bad_field("region", "unknown", _("没有这个区划代码。"))
    return rows.filter(station__region__path__startswith=region.path)
