"""全区总览: are we there, how far, and where it is missing."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.pages.people import person_who
from indicators.pages.board import board
from indicators.pages.lens import lens_of
from stations.access import may


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "indicators.compare")
    lens = lens_of(request, user)
    shown = board("indicators/overview_board.html", lens, may_open=may(user, "rounds.write"))
    return render(request, "indicators/overview.html", {"lens": lens, "board": shown})
