"""Splitting, merging and reopening a station."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from stations import forms
from stations.pages.doors import person_who
from stations.pages.places import _station
from stations.refusals import Refusal
from stations.services import lineage, places


@login_required
def split(request: HttpRequest, code: str) -> HttpResponse:
    station = _station(request, code)
    by = person_who(request, "stations.write")
    form = forms.SplitForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = lineage.split_station(
                station=station, **form.cleaned_data, by=by, now=timezone.now()
            )
        except Refusal as refusal:
            forms.refused(form, refusal)
        else:
            words = ngettext("已拆分为 %d 个站，请给新站指定站长。",
                             "已拆分为 %d 个站，请给新站指定站长。", len(made))  # fmt: skip
            messages.success(request, words % len(made))
            return redirect("desk-station", code=code)
    given = {"form": form, "station": station, "title": _("拆分"), "verb": _("拆分这个站")}
    return render(request, "stations/station_form.html", given)


@login_required
def merge(request: HttpRequest, code: str) -> HttpResponse:
    station = _station(request, code)
    by = person_who(request, "stations.write")
    today = timezone.localdate()
    form = forms.MergeForm(
        request.POST or None, by=by, station=station, today=today, initial={"on": today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            into = lineage.merge_stations(
                stations=[station, *form.cleaned_data["others"]],
                into=form.target(),
                on=form.cleaned_data["on"],
                by=by,
                now=timezone.now(),
            )
        except Refusal as refusal:
            forms.refused(form, refusal)
        else:
            messages.success(request, _("已合并到 %(name)s。") % {"name": into})
            return redirect("desk-station", code=into.code)
    given = {"form": form, "station": station, "groups": forms.picks(form["others"])}
    return render(request, "stations/station_merge.html", given)


@login_required
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    station = _station(request, code)
    by = person_who(request, "stations.write")
    places.reopen_station(station=station, by=by, now=timezone.now())
    messages.success(request, _("已恢复。"))
    return redirect("desk-station", code=code)
