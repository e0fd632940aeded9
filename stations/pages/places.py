"""服务站: the register, one station with its past, and what may happen to it."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stations import access, forms
from stations.models import Region, Station, StationLink, User
from stations.models.places import StationQuerySet
from stations.pages.doors import person_who
from stations.refusals import Refusal
from stations.services import places

PER_PAGE = 100


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "stations.read")
    reached = Station.objects.visible_to(user).real()
    shown, query = _filtered(reached, request)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    grouped = groupby(page.object_list, key=lambda station: station.region)
    return render(
        request,
        "stations/stations.html",
        {
            "page": page,
            "groups": [(region, list(stations)) for region, stations in grouped],
            "counts": _counts(reached),
            "chosen": query,
            "query": urlencode(query),
            "regions": Region.objects.visible_to(user).order_by("path"),
            "kinds": Station.Kind.choices,
            "may_write": access.may(user, "stations.write"),
            "may_export": access.may(user, "stations.export"),
        },
    )


def _filtered(
    stations: StationQuerySet, request: HttpRequest
) -> tuple[QuerySet[Station], dict[str, str]]:
    form = forms.StationsFilter(request.GET)
    form.is_valid()
    query = {name: value for name, value in form.cleaned_data.items() if value}
    if not query.get("closed"):
        stations = stations.open_on(timezone.localdate())
    if region := Region.objects.filter(code=query.get("region", "")).first():
        stations = stations.within(region)
    if "kind" in query:
        stations = stations.filter(kind=query["kind"])
    if "q" in query:
        stations = stations.matching(query["q"])
    heads = User.objects.filter(is_active=True, role=User.Role.STATION_HEAD)
    shown = stations.select_related("region").prefetch_related(Prefetch("heads", heads))
    return shown.order_by("region__path", "code"), query


def _counts(reached: StationQuerySet) -> dict[str, int]:
    kinds = {kind: Count("pk", distinct=True, filter=Q(kind=kind)) for kind in Station.Kind.values}
    return reached.open_on(timezone.localdate()).aggregate(
        total=Count("pk", distinct=True), **kinds
    )


@login_required
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    user = person_who(request, "stations.read")
    station = _station(request, code)
    return render(
        request,
        "stations/station.html",
        {
            "station": station,
            "names": sorted(station.former_names.all(), key=lambda n: n.until_on, reverse=True),
            "heads": station.heads.filter(is_active=True).order_by("username"),
            "is_open": station.closed_on is None,
            "may_write": access.may(user, "stations.write") and not station.is_practice,
            "may_contact": access.may(user, "stations.contact"),
            "may_see_people": access.may(user, "users.read"),
        },
    )


def _station(request: HttpRequest, code: str) -> Station:
    reached = (
        Station.objects.visible_to(person_who(request, "stations.read"))
        .select_related("region")
        .prefetch_related(
            "former_names",
            Prefetch("links_back", StationLink.objects.select_related("predecessor")),
            Prefetch("links_onward", StationLink.objects.select_related("successor")),
        )
    )
    return get_object_or_404(reached, code=code)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    by = person_who(request, "stations.write")
    today = timezone.localdate()
    form = forms.OpenForm(request.POST or None, by=by, initial={"opened_on": today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            station = places.open_station(
                new=form.new_station(),
                kind=given["kind"],
                region=given["region"],
                opened_on=given["opened_on"],
                by=by,
                now=timezone.now(),
            )
        except Refusal as refusal:
            forms.refused(form, refusal)
        else:
            messages.success(request, _("已设立 %(name)s。") % {"name": station})
            return redirect("desk-station", code=station.code)
    return _form_page(request, form, _("新设服务站"), _("设立"))


@login_required
def contact(request: HttpRequest, code: str) -> HttpResponse:
    station = _station(request, code)
    by = person_who(request, "stations.contact")
    initial = {name: getattr(station, name) for name in places.CONTACT}
    form = forms.ContactForm(request.POST or None, initial=initial)

    def change(given: dict[str, Any]) -> None:
        places.update_contact(station=station, contact=given, by=by, now=timezone.now())

    if _done(request, form, change, _("联系方式已保存。")):
        return redirect("desk-station", code=code)
    return _form_page(request, form, _("联系方式"), _("保存"), station)


@login_required
def rename(request: HttpRequest, code: str) -> HttpResponse:
    station = _station(request, code)
    by = person_who(request, "stations.write")
    names = ("name_zh", "name_en", "community_zh")
    initial = {name: getattr(station, name) for name in names} | {"on": timezone.localdate()}
    form = forms.RenameForm(request.POST or None, initial=initial)

    def change(given: dict[str, Any]) -> None:
        places.rename_station(station=station, **given, by=by, now=timezone.now())

    if _done(request, form, change, _("已更名，原名称留在沿革里。")):
        return redirect("desk-station", code=code)
    return _form_page(request, form, _("更名"), _("更名"), station)


@login_required
def close(request: HttpRequest, code: str) -> HttpResponse:
    station = _station(request, code)
    by = person_who(request, "stations.write")
    form = forms.CloseForm(request.POST or None, initial={"on": timezone.localdate()})

    def change(given: dict[str, Any]) -> None:
        places.close_station(station=station, on=given["on"], by=by, now=timezone.now())

    if _done(request, form, change, _("已撤销。以前的检查和问题都还在。")):
        return redirect("desk-station", code=code)
    return _form_page(request, form, _("撤销"), _("撤销这个站"), station)


def _done(request: HttpRequest, form: Any, change: Any, words: str) -> bool:
    """Whether the form was sent, sound, and not refused."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        change(form.cleaned_data)
    except Refusal as refusal:
        forms.refused(form, refusal)
        return False
    messages.success(request, words)
    return True


def _form_page(
    request: HttpRequest, form: Any, title: str, verb: str, station: Station | None = None
) -> HttpResponse:
    given = {"form": form, "title": title, "verb": verb, "station": station}
    return render(request, "stations/station_form.html", given)
