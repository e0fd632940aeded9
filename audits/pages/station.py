"""The station head's pages: what is to be put right, what waits, the score."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audits import deadlines
from audits.models import AuditRevision, Finding
from audits.pages.head_words import head_words
from audits.pages.people import person_who
from audits.queries import gaps, selfchecks, standing
from stations.models import Station, User

PAGE = 50


@login_required
@require_safe
def gap_list(request: HttpRequest) -> HttpResponse:
    return _page(request, "gaps")


@login_required
@require_safe
def waiting_list(request: HttpRequest) -> HttpResponse:
    """待复查, and what is behind: closed, set aside."""
    return _page(request, "waiting")


@login_required
@require_safe
def scores(request: HttpRequest) -> HttpResponse:
    return _page(request, "scores")


def _page(request: HttpRequest, tab: str) -> HttpResponse:
    user = person_who(request, "findings.rectify")
    stations = list(Station.objects.visible_to(user).order_by("code"))
    station = _chosen(request, stations)
    if station is None:
        return render(request, "audits/no_station.html")
    rows = gaps.station_gaps(user, station)
    scored = _scores(user, station, tab)
    today = deadlines.local_day(timezone.now())
    context = {
        "tab": tab,
        "station": station,
        "stations": stations,
        "gaps": gaps.tally(rows),
        "page": _listed(request, rows, tab, scored["standing"]),
        "query": urlencode({"station": station.code}),
        "today": today,
        "words": head_words(),
        "self_checks": list(selfchecks.ahead(station, today)) if tab == "gaps" else [],
        **scored,
    }
    return render(request, f"audits/{tab}.html", context)


GROUPS = {"gaps": gaps.TODO, "waiting": gaps.BEHIND}


def _listed(
    request: HttpRequest, rows: Any, tab: str, now: standing.Standing | None
) -> Page[Any] | None:
    if tab not in GROUPS:
        return None
    shown = Paginator(gaps.listed(rows, GROUPS[tab]), PAGE).get_page(request.GET.get("page"))
    shown.object_list = gaps.drawn(shown.object_list, now.codes if now else ())
    return shown


def _scores(user: User, station: Station, tab: str) -> dict[str, Any]:
    """Over all problems of the station, whatever the page shows."""
    revisions = standing.revisions_of(station)
    if not revisions:
        return {"standing": None, "history": []}
    return {
        "standing": standing.standing(revisions[0], standing.findings_of(station)),
        "history": [(one, standing.inspected(one)) for one in revisions],
        "deviation": _deviation(user, station, revisions[0]) if tab == "scores" else None,
    }


def _deviation(
    user: User, station: Station, revision: AuditRevision
) -> selfchecks.Deviation | None:
    """自评偏差 of the newest visit, where the station had looked for itself."""
    task = revision.audit.assignment
    task.station = station
    check = selfchecks.of_assignment(user, task)
    return selfchecks.deviation(check, revision, task) if check else None


def _chosen(request: HttpRequest, stations: list[Station]) -> Station | None:
    """The one asked for; without a question, the first that has something open."""
    if code := request.GET.get("station"):
        named = [station for station in stations if station.code == code]
        if not named:
            raise Http404
        return named[0]
    if len(stations) > 1:
        unsolved = Finding.objects.filter(station__in=stations, status__in=Finding.UNSOLVED)
        busy = set(unsolved.order_by().values_list("station_id", flat=True).distinct())
        stations = sorted(stations, key=lambda station: station.pk not in busy)
    return next(iter(stations), None)
