"""报告 at the desk: ask for a paper, see how far it is, fetch it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.deadlines import local_day
from audits.pages.people import person_who
from reports.kinds import PICTURES_UP_TO
from reports.pages.forms import ReportForm
from reports.queries import own
from reports.services import reports
from stations.models import User
from stations.refusals import Refusal

PAGE = 30


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "reports.create")
    if user.role == User.Role.STATION_HEAD:
        return redirect("my-reports")
    now = timezone.now()
    form = ReportForm(user, local_day(now), request.POST or None, initial=_asked(request))
    if request.method == "POST" and form.is_valid() and _requested(request, form, user):
        return redirect("desk-reports")
    rows = Paginator(own.listed(user), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": rows,
        "rows": [(one, one.is_expired(now), one.is_at_hand(now)) for one in rows],
        "is_waiting": any(one.is_under_way for one in rows),
        "query": "",
        "pictures_up_to": PICTURES_UP_TO,
    }
    return render(request, "reports/desk.html", context, status=400 if form.errors else 200)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What another page's button has chosen already."""
    names = ("paper", "period", "region", "station")
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _requested(request: HttpRequest, form: ReportForm, user: User) -> bool:
    try:
        report = reports.request_report(
            wanted=form.wanted(), origin=request.build_absolute_uri("/"), by=user,
            now=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        for error in refusal.errors:
            field = error["field"] if error["field"] in form.fields else None
            form.add_error(field, error["message"])
        if not refusal.errors:
            form.add_error(None, refusal.message)
        return False
    if not report.is_under_way:
        messages.success(request, _("数据没有变化，直接用上次生成的文件。"))
    return True
