"""红星志愿者: the list, one of them with hours and points, a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.pages.forms import cleaned, refused
from audits.pages.people import person_who
from indicators.queries import top_region
from stations.models import Region, User
from stations.refusals import Refusal
from targets.models import ServiceEntry, Volunteer
from targets.pages.forms import RedeemForm, ServiceForm, VolunteerForm, WhyForm
from targets.queries.history import told
from targets.queries.records import Standing, standings
from targets.services import volunteers

PAGE = 50
LINES = 50


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "targets.read")
    words = request.GET.get("q", "").strip()[:40]
    rows = Volunteer.objects.visible_to(user)
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(code__icontains=words) | Q(team__icontains=words)
        )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    known = standings(list(page.object_list))
    context = {
        "page": page,
        "rows": [(one, known[one.pk]) for one in page.object_list],
        "words": words,
        "query": f"q={words}" if words else "",
    }
    return render(request, "targets/volunteers.html", context)


def _home(user: User) -> Region:
    region = top_region(user)
    if region is None:
        raise Http404
    return region


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "targets.write")
    form = VolunteerForm(request.POST or None)
    if form.is_valid():
        try:
            made = volunteers.add_volunteer(
                region=_home(user), values=form.cleaned_data, by=user, now=timezone.now()
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已添加“%(name)s”。") % {"name": made})
            return redirect("target-volunteer", pk=made.pk)
    status = 400 if form.is_bound else 200
    return render(request, "targets/volunteer_new.html", {"form": form}, status=status)


def _volunteer(request: HttpRequest, pk: int, action: str) -> Volunteer:
    return get_object_or_404(Volunteer.objects.visible_to(person_who(request, action)), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    volunteer = _volunteer(request, pk, "targets.read")
    initial = {name: getattr(volunteer, name) for name in VolunteerForm.base_fields}
    form = VolunteerForm(request.POST or None, initial=initial, is_change=True)
    if form.is_valid() and _changed(request, volunteer, form):
        messages.success(request, _("已修改。"))
        return redirect("target-volunteer", pk=pk)
    standing: Standing = standings([volunteer])[pk]
    context = {
        "volunteer": volunteer,
        "standing": standing,
        "form": form,
        "service_form": ServiceForm(),
        "redeem_form": RedeemForm(),
        "services": volunteer.services.filter(withdrawn_at__isnull=True)[:LINES],
        "ledger": volunteer.points.order_by("-number").select_related("by")[:LINES],
        "history": told(volunteer.subject, VolunteerForm.base_fields),
    }
    status = 400 if form.is_bound else 200
    return render(request, "targets/volunteer.html", context, status=status)


def _changed(request: HttpRequest, volunteer: Volunteer, form: Any) -> bool:
    values = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
    try:
        volunteers.change_volunteer(
            volunteer=volunteer, values=values, reason=form.cleaned_data["reason"],
            by=person_who(request, "targets.write"), now=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        refused(form, refusal)
        return False
    return True


@login_required
@require_POST
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    volunteer = _volunteer(request, pk, "targets.write")
    volunteers.add_service(
        volunteer=volunteer, **cleaned(ServiceForm(request.POST)),
        by=person_who(request, "targets.write"), now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("服务时长已登记，积分已入账。"))
    return redirect("target-volunteer", pk=pk)


@login_required
@require_POST
def unserve(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    volunteer = _volunteer(request, pk, "targets.write")
    found = get_object_or_404(ServiceEntry, pk=entry, volunteer=volunteer)
    volunteers.withdraw_service(
        entry=found, **cleaned(WhyForm(request.POST)), by=person_who(request, "targets.write"),
        now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("已撤销，积分同时冲回。"))
    return redirect("target-volunteer", pk=pk)


@login_required
@require_POST
def redeem(request: HttpRequest, pk: int) -> HttpResponse:
    volunteer = _volunteer(request, pk, "targets.write")
    volunteers.redeem(
        volunteer=volunteer, **cleaned(RedeemForm(request.POST)),
        by=person_who(request, "targets.write"), now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("积分已兑换。"))
    return redirect("target-volunteer", pk=pk)
