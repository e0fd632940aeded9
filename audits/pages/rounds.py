"""轮次: the list, one round with its progress, a new one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits import deadlines
from audits.models import Assignment, Round
from audits.pages.forms import NewRoundForm, ReassignForm, RoundForm, cleaned, refused
from audits.pages.people import person_who
from audits.queries import progress, timetable
from audits.queries.visits import RECHECK_DAYS
from audits.services import draws, rounds
from stations.access import may
from stations.models import Station, User
from stations.refusals import Refusal

PAGE = 100
USUAL_LENGTH = dt.timedelta(days=30)
FILTERS = ("region", "status", "inspector")
LIVE_SECONDS = 4


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "assignments.write")
    today = deadlines.local_day(timezone.now())
    rows = [
        (round, counted, state(round, today))
        for round, counted in progress.rounds_with_progress(user, today)
    ]
    context = {"rows": rows, "may_open": may(user, "rounds.write")}
    return render(request, "audits/desk/rounds.html", context)


def state(round: Round, today: dt.date) -> str:
    if today < round.starts_on:
        return "planned"
    return "running" if round.is_running(today) else "ended"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "rounds.write")
    now = timezone.now()
    today = deadlines.local_day(now)
    form = NewRoundForm(
        request.POST or None,
        initial={"starts_on": today, "ends_on": today + USUAL_LENGTH, "kind": Round.Kind.FULL},
    )
    if form.is_valid():
        try:
            made = rounds.open_round(**form.cleaned_data, by=user, now=now)
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已新建“%(name)s”。下一步：分派任务。") % {"name": made})
            return redirect("desk-round", pk=made.pk)
    status = 400 if form.is_bound else 200
    return render(request, "audits/desk/round_new.html", {"form": form}, status=status)


@login_required
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_who(request, "assignments.write")
    round = get_object_or_404(Round, pk=pk)
    today = deadlines.local_day(timezone.now())
    return render(
        request,
        "audits/desk/round.html",
        {
            "round": round,
            "state": state(round, today),
            **_standing(user, round, today),
            "draws": timetable.draws(user, round),
            "live_seconds": LIVE_SECONDS,
            "may_open": may(user, "rounds.write"),
            "may_withdraw": may(user, "assignments.withdraw"),
            "form": RoundForm(initial=vars(round)),
            "inspectors": progress.inspectors(),
            **_unassigned(user, round, today),
            **_tasks(request, user, round, today),
        },
    )


@login_required
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """What the round's page fetches anew every few seconds: its figures and its rows."""
    user = person_who(request, "assignments.write")
    round = get_object_or_404(Round, pk=pk)
    today = deadlines.local_day(timezone.now())
    context = {
        "round": round,
        "may_open": may(user, "rounds.write"),
        **_standing(user, round, today),
        **_tasks(request, user, round, today),
    }
    return render(request, "audits/desk/round_live.html", context)


def _standing(user: User, round: Round, today: dt.date) -> dict[str, Any]:
    return {
        "progress": progress.progress(user, round, today),
        "regions": progress.by_region(user, round, today),
        "loads": progress.by_inspector(user, round),
    }


def _unassigned(user: User, round: Round, today: dt.date) -> dict[str, Any]:
    """Who would get how many of the stations left, were they shared out now."""
    stations = progress.unassigned(user, round, today)
    if not stations:
        return {"unassigned": stations}
    recheck = list(timetable.to_recheck(user, round, today, RECHECK_DAYS))
    return {
        "unassigned": stations,
        "preview": _preview(round, stations),
        "recheck": recheck,
        "recheck_days": RECHECK_DAYS,
        "plan_from": max(today, round.starts_on),
        "draw_regions": list({one.region_id: one.region for one in stations}.values()),
        "seed": draws.new_seed(timezone.now()),
    }


def _preview(round: Round, stations: list[Station]) -> list[tuple[User, int]] | None:
    try:
        return list(Counter(rounds.balance(round=round, stations=stations)).items())
    except Refusal:  # nobody to give them to: the page says so
        return None


def _tasks(request: HttpRequest, user: User, round: Round, today: dt.date) -> dict[str, Any]:
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    if chosen["status"] not in {*Assignment.Status.values, "overdue"}:
        chosen["status"] = ""
    rows = progress.tasks(user, round, today=today, **chosen)
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "page": shown,
        "tasks": progress.as_tasks(shown.object_list, round, today),
        "chosen": chosen,
        "query": query.urlencode(),
        "statuses": Assignment.Status.choices,
        "reassign": ReassignForm(),
    }


@login_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_who(request, "rounds.write")
    round = get_object_or_404(Round, pk=pk)
    given = cleaned(RoundForm(request.POST))
    rounds.change_round(round=round, **given, by=user, now=timezone.now())
    messages.success(request, _("轮次已修改。"))
    return redirect("desk-round", pk=pk)
