"""距目标工作单: the distance to the target as a list of problems, cheapest first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audits.pages.people import person_who
from indicators import queries
from indicators.effect import Reading
from indicators.pages.lens import Lens, lens_of
from indicators.queries.worklist import WorkSheet

PAGE = 50
PARTS = [
    ("", _("全部未销号")),
    ("submitted", _("待复查")),
    ("open", _("未整改")),
    ("overdue", _("逾期")),
]


class NarrowForm(forms.Form):
    part = forms.ChoiceField(required=False, choices=PARTS)
    item = forms.CharField(required=False, max_length=12)


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "indicators.compare")
    lens = lens_of(request, user)
    asked = _asked(request)
    reading = queries.region_reading(
        region=lens.region, period=lens.period, today=lens.today, as_of=lens.as_of
    )
    sheet, rows = (_on_past_day if lens.as_of else _now)(lens, reading, asked)
    context = {
        "lens": lens,
        "reading": reading,
        "sheet": sheet,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "parts": PARTS,
        "is_whole": not any(asked.values()),
        "query": lens.query(reading="", **asked),
    }
    return render(request, "indicators/worklist.html", context)


def _now(lens: Lens, reading: Reading, asked: dict[str, str]) -> tuple[WorkSheet, Any]:
    here: dict[str, Any] = {"region": lens.region, "period": lens.period, "today": lens.today}
    sheet = queries.work_sheet(lens.user, **here, reading=reading)
    rows = queries.cheapest_first(queries.unsolved(lens.user, **(here | asked)), sheet.groups)
    return sheet, rows.select_related("item", "station__region")


def _on_past_day(lens: Lens, reading: Reading, asked: dict[str, str]) -> tuple[WorkSheet, Any]:
    """What there was left to do: another day's list is looked at, not worked off."""
    everything = queries.unsolved_on(
        lens.user, region=lens.region, period=lens.period, day=lens.day
    )
    sheet = queries.work_sheet_on(reading, everything, lens.day)
    rows = queries.narrowed(everything, lens.day, asked["part"] or "all", asked["item"])
    return sheet, queries.Stood(queries.cheapest_first_on(rows, sheet.groups))


def _asked(request: HttpRequest) -> dict[str, str]:
    form = NarrowForm(request.GET)
    form.is_valid()
    return {name: form.cleaned_data.get(name) or "" for name in ("part", "item")}
