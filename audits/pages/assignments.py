"""任务: handing stations out, handing them over, taking them back."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from audits import deadlines
from audits.models import Assignment, Round
from audits.pages.forms import AssignForm, DrawForm, ReassignForm, cleaned, ticked
from audits.pages.people import person_who
from audits.pages.rounds import FILTERS
from audits.queries import timetable
from audits.queries.visits import RECHECK_DAYS
from audits.services import draws, rounds
from stations.refusals import bad_field


@login_required
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """The stations ticked, or with `all` every one of the scope that is not in the round yet."""
    user = person_who(request, "assignments.write")
    round = get_object_or_404(Round, pk=pk)
    now = timezone.now()
    form = AssignForm(request.POST, by=user, today=deadlines.local_day(now))
    given = cleaned(form)
    stations = list(given["stations"])
    if "all" in request.POST:
        stations = list(form.fields["stations"].queryset)  # type: ignore[attr-defined]
    elif "recheck" in request.POST:
        today = deadlines.local_day(now)
        stations = list(timetable.to_recheck(user, round, today, RECHECK_DAYS))
    if not stations:
        raise bad_field("stations", "required", _("请先选服务站。"))
    made = rounds.assign(
        round=round,
        stations=stations,
        inspector=given["inspector"],
        due_on=given["due_on"],
        plan_from=given["plan_from"],
        by=user,
        now=now,
    )
    messages.success(
        request, ngettext("已分派 %d 个单位。", "已分派 %d 个单位。", len(made)) % len(made)
    )
    return redirect("desk-round", pk=pk)


@login_required
@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """抽查: the lot falls on stations of the scope, or of one subdistrict."""
    user = person_who(request, "assignments.write")
    round = get_object_or_404(Round, pk=pk)
    now = timezone.now()
    form = DrawForm(request.POST, by=user, today=deadlines.local_day(now))
    given = cleaned(form)
    stations = form.fields["stations"].queryset  # type: ignore[attr-defined]
    if region := given.pop("region"):
        stations = stations.filter(region__code=region)
    given.pop("stations")
    made = draws.draw(round=round, stations=list(stations), **given, by=user, now=now)
    words = _("抽出 %(count)s 个单位，种子 %(seed)s。")
    messages.success(request, words % {"count": len(made.chosen), "seed": made.seed})
    return redirect("desk-round", pk=pk)


@login_required
@require_POST
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_who(request, "assignments.write")
    round = get_object_or_404(Round, pk=pk)
    rows = Assignment.objects.visible_to(user).filter(round=round)
    chosen = list(rows.filter(pk__in=ticked(request, "assignments")))
    if not chosen:
        raise bad_field("assignments", "required", _("请先在表里勾选服务站。"))
    given = cleaned(ReassignForm(request.POST))
    if given.pop("is_balanced"):
        given.pop("inspector")
        rounds.rebalance(assignments=chosen, **given, by=user, now=timezone.now())
    else:
        given.pop("plan_from")
        _refuse_no_change(given)
        rounds.reassign(assignments=chosen, **given, by=user, now=timezone.now())
    messages.success(
        request, ngettext("已改派 %d 个单位。", "已改派 %d 个单位。", len(chosen)) % len(chosen)
    )
    return redirect(f"{reverse('desk-round', args=[pk])}?{_kept_filters(request)}")


def _kept_filters(request: HttpRequest) -> str:
    """The table is shown again as it was."""
    kept = {name: request.POST.get(f"at_{name}", "") for name in FILTERS}
    return urlencode({name: value for name, value in kept.items() if value})


def _refuse_no_change(given: dict[str, object]) -> None:
    if not any(given.values()):
        raise bad_field("inspector", "required", _("请选检查员或新的期限。"))


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_who(request, "assignments.withdraw")
    rows = Assignment.objects.visible_to(user).select_related("station", "audit")
    assignment = get_object_or_404(rows, pk=pk)
    rounds.withdraw(assignment=assignment, by=user, now=timezone.now())
    messages.success(
        request, _("已撤回%(station)s的任务。") % {"station": assignment.station.short_name}
    )
    return redirect("desk-round", pk=assignment.round_id)
