"""检查员校准: the same item, how differently inspectors judge it; opens down to the visits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.pages.people import person_who
from indicators import calibration, queries
from indicators.pages.lens import Lens, lens_of
from indicators.queries.calibration import Calibration, ItemLine

PAGE = 50


class OpenedForm(forms.Form):
    item = forms.CharField(required=False, max_length=12)
    inspector = forms.IntegerField(required=False, min_value=1, max_value=2**62)


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "indicators.compare")
    lens = lens_of(request, user)
    told = queries.calibrate(user, region=lens.region, period=lens.period)
    context = {
        "lens": lens,
        "told": told,
        "enough": calibration.ENOUGH,
        "clear": sum(line.told.is_clear for line in told.items),
        **_opened(request, lens, told),
    }
    return render(request, "indicators/calibration.html", context)


def _opened(request: HttpRequest, lens: Lens, told: Calibration) -> dict[str, Any]:
    """The item asked for, else the first; of it one inspector's visits where one is asked for."""
    form = OpenedForm(request.GET)
    form.is_valid()
    code, inspector = form.cleaned_data.get("item"), form.cleaned_data.get("inspector")
    item = _item(told, code or "")
    if item is None or inspector is None:
        return {"item": item, "person": None}
    if inspector not in told.people:
        raise Http404
    rows = queries.answers_behind(
        lens.user, region=lens.region, period=lens.period, item_code=item.code, inspector=inspector
    )
    return {
        "item": item,
        "person": told.people[inspector],
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "query": lens.query(as_of="", reading="", item=item.code, inspector=inspector),
    }


def _item(told: Calibration, code: str) -> ItemLine | None:
    if not code:
        return told.items[0] if told.items else None
    for line in told.items:
        if line.code == code:
            return line
    raise Http404
