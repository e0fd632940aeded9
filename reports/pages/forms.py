"""What is asked for on the desk's page: one form for every kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from audits.models import Round
from indicators.periods import Period
from indicators.queries import period_choices
from reports import kinds
from reports.models import Report
from reports.services.reports import Wanted
from stations.models import Region, Station, User


class ReportForm(forms.Form):
    """`paper` is kind and format in one: "ledger.xlsx"."""

    paper = forms.ChoiceField(label=_("报告"))
    period = forms.ChoiceField(label=_("年度或轮次"))
    region = forms.ModelChoiceField(
        Region.objects.none(),
        label=_("范围"),
        required=False,
        to_field_name="code",
        empty_label=_("我的全部范围"),
    )
    station = forms.ModelChoiceField(
        Station.objects.none(),
        label=_("服务站"),
        required=False,
        to_field_name="code",
        empty_label=_("不限"),
    )

    def __init__(self, user: User, today: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["paper"].choices = papers(user)  # type: ignore[attr-defined]
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (one.key, one.name) for one in period_choices(today)
        ]
        levels = ["city", "district", "subdistrict"]
        regions = Region.objects.visible_to(user).filter(level__in=levels)
        self.fields["region"].queryset = regions.order_by("path")  # type: ignore[attr-defined]
        stations = Station.objects.visible_to(user).real().order_by("region__path", "code")
        self.fields["station"].queryset = stations  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        told = self.cleaned_data
        kind, _dot, format_ = told["paper"].partition(".")
        period = Period.parse(told["period"])
        return Wanted(
            kind=kind,
            format=format_,
            round=get_object_or_404(Round, pk=period.round_id) if period.round_id else None,
            year=period.year,
            region=told.get("region"),
            station=told.get("station"),
        )


def papers(user: User) -> list[tuple[str, str]]:
    """(value, words), a line per kind and format the role may have."""
    words = dict(Report.Kind.choices)
    formats = dict(Report.Format.choices)
    return [
        (f"{kind}.{one}", f"{words[Report.Kind(kind)]}（{formats[Report.Format(one)]}）")
        for kind in kinds.for_role(user.role)
        for one in kinds.KINDS[kind].formats
    ]
