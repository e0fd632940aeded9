"""Small pieces of the target table's API: the table of a year, exact amounts as JSON numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from audits.api.fields import person
from audits.queries import number
from stations import access
from stations.refusals import Refusal
from targets.models import TargetTable
from targets.queries import table as tables_read


class WanField(serializers.DecimalField):
    """万元 to the 分; a JSON number going out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=6, min_value=Decimal("0.000001"), **options)

    def to_representation(self, value: Any) -> Any:
        return number(value)


def table_asked(request: Request, year: int, action: str = "targets.read") -> TargetTable:
    """404 says which year could be copied."""
    user = person(request)
    access.require(user, action)
    table = tables_read.table_of(user, year)
    if table is None:
        source = tables_read.latest_before(user, year)
        raise Refusal(
            "no_table",
            _("%(year)s 年度还没有绩效目标表。") % {"year": year},
            status=404,
            may_copy_from=source.year if source else None,
        )
    return table
