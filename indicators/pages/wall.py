"""大屏: the same figures for a screen on a wall, board after board; no names of persons, no links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audits.pages.people import person_who
from indicators import queries
from indicators.pages.board import board as drawn
from indicators.pages.lens import Lens, lens_of

FAILING = 12
SLIDES = [
    ("whole", _("全区")),
    ("regions", _("街道")),
    ("items", _("检查项")),
    ("trend", _("走势")),
]


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    lens = _lens(request)
    told = {"lens": lens, "slides": SLIDES, "board": _board(lens)}
    return render(request, "indicators/wall.html", told)


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What the screen puts in place of what it shows, every few seconds."""
    return HttpResponse(_board(_lens(request)))


def _lens(request: HttpRequest) -> Lens:
    """Of today, whatever day the address names: the screen is live."""
    return replace(lens_of(request, person_who(request, "indicators.compare")), as_of=None)


def _board(lens: Lens) -> SafeString:
    return drawn("indicators/wall_board.html", lens, failing_limit=FAILING, more=_by_place)


def _by_place(told: queries.Overview, lens: Lens) -> dict[str, Any]:
    """A subdistrict's own station bears the subdistrict's code: its rate is not the subdistrict's."""
    lines = (line for line in told.comparison if line.kind == "region")
    spread = "mean_today" if lens.is_today else "mean"
    return {
        "rates": {line.code: line.reading for line in lines},
        "means": {group.code: getattr(group, spread) for group in told.heat.groups},
    }
