"""The QR code on a station's door: where it leads, and the poster that carries it."""

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from audits import deadlines
from audits.models import Assignment
from audits.pages.people import person, person_who
from audits.queries import visits
from stations.models import Station, User


@login_required
@require_safe
def door(request: HttpRequest, code: str) -> HttpResponse:
    """Everyone lands where their work with this station is."""
    user = person(request)
    station = get_object_or_404(Station.objects.visible_to(user), code=code)
    if user.role == User.Role.STATION_HEAD:
        return redirect(f"{reverse('gaps')}?station={station.code}")
    if user.role != User.Role.INSPECTOR:
        return redirect("station-score", code=station.code)
    if visits.recheck_task(user, station, deadlines.local_day(timezone.now())):
        return redirect("visit", code=station.code)
    newest = Assignment.objects.visible_to(user).filter(station=station, inspector=user)
    assignment = newest.order_by("-round__starts_on", "-pk").first()
    if assignment is None:
        return render(request, "audits/no_task.html", {"station": station})
    return redirect("sheet", pk=assignment.pk)


@login_required
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    user = person_who(request, "assignments.write")
    rows = Station.objects.visible_to(user).select_related("region")
    station = get_object_or_404(rows, code=code)
    return _posters(request, [station])


@login_required
@require_safe
def posters(request: HttpRequest) -> HttpResponse:
    """One A4 page per station in scope, for one print run; `?region=` narrows it."""
    user = person_who(request, "assignments.write")
    rows = Station.objects.visible_to(user).real().filter(closed_on__isnull=True)
    if region := request.GET.get("region"):
        rows = rows.filter(region__path__contains=f"{region}/")
    return _posters(request, list(rows.select_related("region").order_by("region__path", "code")))


def _posters(request: HttpRequest, stations: list[Station]) -> HttpResponse:
    pages = [(station, *_lines(station), *_code(request, station)) for station in stations]
    return render(request, "audits/posters.html", {"pages": pages})


def _lines(station: Station) -> tuple[str, str]:
    """The name on two lines, broken where its division ends."""
    before, division, rest = station.name.partition(station.region.name)
    return (before + division, rest) if rest else ("", station.name)


def _code(request: HttpRequest, station: Station) -> tuple[str, SafeString]:
    """The address and its code; a quarter of it may be torn off or written over."""
    address = request.build_absolute_uri(reverse("door", args=[station.code]))
    code = segno.make(address, error="q", micro=False)
    drawn = code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
    return address, mark_safe(drawn)  # noqa: S308
