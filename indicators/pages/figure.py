"""A number opened up: formula → list → item or station → photo; who and when at every step."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.pages.people import person_who
from indicators import queries
from indicators.pages import drill
from indicators.pages.kinds import KINDS, formula
from indicators.pages.lens import Lens, lens_of
from indicators.queries.behind import ItemLine, StationLine


@login_required
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    if name not in KINDS:
        raise Http404
    user = person_who(request, "indicators.compare")
    lens, kind = lens_of(request, user), KINDS[name]
    told = queries.overview(
        region=lens.region,
        period=lens.period,
        today=lens.today,
        as_of=lens.as_of,
        rounds=lens.rounds,
    )
    item = _item(told, request.GET.get("item", "")) if name == "failing" else None
    context = {
        "name": name,
        "kind": kind,
        "lens": lens,
        "told": told,
        "reading": told.reading,
        "item": item,
        "formula": formula(name, told, is_today=lens.is_today, item=item),
    }
    if kind.part:
        context |= drill.findings(request, lens, kind.part)
    else:
        context |= _stations(request, lens, name, item)
    return render(request, "indicators/figure.html", context)


def _item(told: queries.Overview, code: str) -> ItemLine:
    for line in queries.items_of(told.own):
        if line.code == code:
            return line
    raise Http404


def _stations(request: HttpRequest, lens: Lens, name: str, item: ItemLine | None) -> dict[str, Any]:
    lines = _lines(lens, name, item)
    if name == "coverage":
        lines.sort(key=lambda line: line.is_complete)
    if name == "scores":
        lines.sort(key=lambda line: (_score(line, lens) is None, _score(line, lens)))
    asked = request.GET.get("station", "")
    chosen = next((line for line in lines if line.code == asked), lines[0] if lines else None)
    return {
        "stations": lines,
        "is_chosen": bool(asked),
        "chosen": drill.station(lens, chosen, item) if chosen else None,
    }


def _lines(lens: Lens, name: str, item: ItemLine | None) -> list[StationLine]:
    asked: dict[str, Any] = {"region": lens.region, "period": lens.period}
    which = KINDS[name].which
    if lens.as_of:
        code = item.code if item else ""
        return queries.stations_on(lens.user, **asked, which=which, day=lens.as_of, item=code)
    if item:
        return queries.stations_failing(lens.user, **asked, item_code=item.code)
    return queries.stations_behind(lens.user, **asked, which=which, today=lens.today)


def _score(line: StationLine, lens: Lens) -> Any:
    return line.total_today if lens.is_today else line.total
