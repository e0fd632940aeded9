"""报告 of a station's own: three papers, one tap each."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from audits.pages.head_words import head_words
from audits.pages.people import person_who
from reports import kinds
from reports.models import Report
from reports.queries import own
from reports.services import reports
from stations.models import Station, User

SHOWN = 10
WHAT = {
    Report.Kind.STATION: _("本站得分、问题和整改情况，可打印盖章"),
    Report.Kind.NOTICE: _("需要整改的问题清单"),
    Report.Kind.CLOSE_OUT: _("已整改的问题，附整改前后照片"),
}


class OwnForm(forms.Form):
    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in WHAT])
    station = forms.CharField(max_length=24, required=False)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "reports.create")
    if user.role != User.Role.STATION_HEAD:
        return redirect("desk-reports")
    stations = Station.objects.visible_to(user).select_related("region").order_by("code")
    form = OwnForm(request.POST or request.GET)
    form.is_valid()
    code = form.cleaned_data.get("station") or ""
    station = get_object_or_404(stations, code=code) if code else stations.first()
    if station is None:
        return render(request, "audits/no_station.html")
    if request.method == "POST":
        return _ask(request, form, user, station)
    now = timezone.now()
    rows = own.listed(user).filter(station=station)[:SHOWN]
    context = {
        "station": station,
        "stations": stations,
        "kinds": [(kind.value, kind.label, words) for kind, words in WHAT.items()],
        "rows": [(one, one.is_expired(now), one.is_at_hand(now)) for one in rows],
        "words": head_words(),
        "is_waiting": any(one.is_under_way for one in rows),
    }
    return render(request, "reports/mine.html", context)


def _ask(request: HttpRequest, form: OwnForm, user: User, station: Station) -> HttpResponse:
    kind = form.cleaned_data.get("kind")
    if kind not in kinds.for_role(user.role):
        raise Http404
    reports.request_report(
        wanted=reports.Wanted(kind=kind, station=station),
        origin=request.build_absolute_uri("/"), by=user, now=timezone.now(),
    )  # fmt: skip
    return redirect(f"{request.path}?station={station.code}")
