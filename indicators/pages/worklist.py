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
from indicators.pages.lens import lens_of

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
    """Always of today: what is left to do cannot be done on a past day."""
    user = person_who(request, "indicators.compare")
    lens = lens_of(request, user)
    asked = _asked(request)
    here: dict[str, Any] = {"region": lens.region, "period": lens.period, "today": lens.today}
    reading = queries.region_reading(**here)
    sheet = queries.work_sheet(user, **here, reading=reading)
    rows = queries.cheapest_first(queries.unsolved(user, **(here | asked)), sheet.groups)
    shown = Paginator(rows.select_related("item", "station__region"), PAGE)
    context = {
        "lens": lens,
        "reading": reading,
        "sheet": sheet,
        "page": shown.get_page(request.GET.get("page")),
        "asked": asked,
        "parts": PARTS,
        "is_whole": not any(asked.values()),
        "query": lens.query(as_of="", reading="", **asked),
    }
    return render(request, "indicators/worklist.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    form = NarrowForm(request.GET)
    form.is_valid()
    return {name: form.cleaned_data.get(name) or "" for name in ("part", "item")}
