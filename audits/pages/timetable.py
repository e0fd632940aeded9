"""日程: a round by days, month by month; the table behind it is what a phone shows."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audits import deadlines
from audits.models import Round
from audits.pages.people import person_who
from audits.pages.rounds import state
from audits.queries import progress, timetable
from stations.refusals import YEARS

PAGE, FILTERS = 100, ("inspector", "region")


@login_required
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The month; with `?day=` all of that day, page by page."""
    user = person_who(request, "assignments.write")
    round = get_object_or_404(Round, pk=pk)
    today = deadlines.local_day(timezone.now())
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    rows = timetable.dated(user, round, today, **chosen)
    told, day = timetable.totals(rows, today), _asked(request.GET.get("day", ""), "%Y-%m-%d")
    month = day or _asked(request.GET.get("month", ""), "%Y-%m") or _usual(told, round, today)
    first = month.replace(day=1)
    shown = timetable.month(rows, first, today)
    context: dict[str, Any] = {
        **told,
        "round": round,
        "state": state(round, today),
        "month": shown,
        "before": timetable.previous_month(first),
        "after": timetable.next_month(first),
        "chosen": chosen,
        "query": urlencode(chosen),
        "loads": progress.by_inspector(user, round),
        "regions": timetable.regions(user, round),
        "weekdays": [one.day for one in shown.days[:7]],
        **_agenda(request, rows, shown, day, today),
    }
    return render(request, "audits/desk/round_calendar.html", context)


def _agenda(
    request: HttpRequest, rows: QuerySet[Any], shown: timetable.Month,
    day: dt.date | None, today: dt.date,
) -> dict[str, Any]:  # fmt: skip
    """The list behind the calendar: the days of the month, or one day."""
    if day is None:
        return {"agenda": shown.busy}
    part = Paginator(rows.filter(day=day), PAGE).get_page(request.GET.get("page"))
    [alone] = [one for one in shown.days if one.day == day]
    alone.visits = timetable.visits(part.object_list, today)
    query = urlencode({"day": day, **{name: request.GET.get(name, "") for name in FILTERS}})
    return {"agenda": [alone] if alone.count else [], "page": part, "day_query": query}


def _asked(words: str, form: str) -> dt.date | None:
    try:
        day = dt.datetime.strptime(words, form).date()  # noqa: DTZ007
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _usual(told: dict[str, Any], round: Round, today: dt.date) -> dt.date:
    """This month where something is on, else the first with something."""
    return today if told["now"] else told["first"] or round.starts_on
