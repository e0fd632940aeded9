"""满意度: the poster, the address on it, and the one page a passer-by sees. No sign-in here."""

from __future__ import annotations

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from audits.deadlines import local_day
from audits.pages.people import person_who
from stations.clients import client_ip
from stations.models import Station
from stations.refusals import Refusal
from targets.models import SurveyAnswer
from targets.pages.forms import AnswerForm
from targets.queries import surveys as read
from targets.services import surveys


@never_cache
@require_safe
def at(request: HttpRequest, code: str) -> HttpResponse:
    """The poster's address: a token of one's own, then straight to the question."""
    station = get_object_or_404(Station.objects.real().select_related("region"), code=code)
    try:
        token = surveys.mint_token(station=station, address=client_ip(request), now=timezone.now())
    except Refusal as refusal:
        return _kindly(request, refusal, station)
    return redirect("survey", token=token)


@never_cache
@csrf_exempt  # no session to ride on: the single-use token in the address is the permission
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    row = read.token_row(token)
    station = row.station if row else None
    now = timezone.now()
    problem = surveys.refusal_of(row, now)
    if problem:
        return _kindly(request, problem, station)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        try:
            surveys.answer_survey(token=token, **form.cleaned_data, now=now)
        except Refusal as refusal:
            return _kindly(request, refusal, station)
        return redirect("survey-thanks")
    context = {
        "station": station,
        "survey": row.survey if row else None,
        "steps": SurveyAnswer.Step.choices,
        "form": form,
    }
    return render(request, "targets/survey.html", context, status=400 if form.is_bound else 200)


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "targets/survey_thanks.html")


def _kindly(request: HttpRequest, refusal: Refusal, station: Station | None) -> HttpResponse:
    context = {
        "words": refusal.message,
        "code": refusal.code,
        "station": station,
        "may_retry": station is not None and refusal.code != "survey_closed",
    }
    return render(request, "targets/survey_kindly.html", context, status=refusal.status)


@login_required
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    user = person_who(request, "targets.read")
    rows = Station.objects.visible_to(user).select_related("region")
    return _posters(request, [get_object_or_404(rows, code=code)])


@login_required
@require_safe
def posters(request: HttpRequest) -> HttpResponse:
    """One A4 page per open station in scope, for one print run; `?region=` narrows it."""
    user = person_who(request, "targets.read")
    rows = Station.objects.visible_to(user).real().open_on(local_day(timezone.now()))
    if region := request.GET.get("region"):
        rows = rows.filter(region__path__contains=f"{region}/")
    return _posters(request, list(rows.select_related("region").order_by("region__path", "code")))


def _posters(request: HttpRequest, stations: list[Station]) -> HttpResponse:
    pages = [(station, *_code(request, station)) for station in stations]
    return render(request, "targets/survey_posters.html", {"pages": pages})


def _code(request: HttpRequest, station: Station) -> tuple[str, SafeString]:
    address = request.build_absolute_uri(reverse("survey-at", args=[station.code]))
    code = segno.make(address, error="q", micro=False)
    drawn = code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
    return address, mark_safe(drawn)  # noqa: S308
