"""The records of a year: list, add, change, withdraw. One set of pages for every kind."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.deadlines import local_day
from audits.pages.forms import cleaned, refused
from audits.pages.people import person_who
from stations.refusals import Refusal
from targets.models import Activity, BudgetEntry, Record, SatisfactionSurvey, TargetTable
from targets.pages.forms import PhotoForm, WhyForm
from targets.pages.kinds import KINDS, Kind, state
from targets.pages.table import table_here
from targets.queries import records as read
from targets.queries import surveys
from targets.queries.history import told
from targets.services import records

PAGE = 50


def kind_of(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


@login_required
@require_safe
def listing(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    kind, table = kind_of(slug), table_here(request, year)
    rows = kind.model.objects.of(table)
    group = request.GET.get("group", "")
    chosen = next((kinds for value, _word, kinds in kind.groups if value == group), None)
    if chosen:
        rows = rows.filter(kind__in=chosen)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "table": table,
        "page": page,
        "group": group if chosen else "",
        "query": f"group={group}" if chosen else "",
        "today": local_day(timezone.now()),
        **_sums(kind, table, page.object_list),
    }
    return render(request, "targets/records.html", context)


def _sums(kind: Kind, table: TargetTable, shown: Any) -> dict[str, Any]:
    today = local_day(timezone.now())
    rows = [(record, state(record, today)) for record in shown]
    if kind.model is BudgetEntry:
        spent = read.spent(table)
        return {"rows": rows, "spent": spent, "left": table.year_amount - spent}
    if kind.model is SatisfactionSurvey:
        counted = surveys.tallies(record for record, _state in rows)
        none = surveys.Tally(0, 0)
        return {"rows": [(one, word, counted.get(one.pk, none)) for one, word in rows]}
    return {"rows": rows}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    kind, table = kind_of(slug), table_here(request, year, "targets.write")
    user, now = person_who(request, "targets.write"), timezone.now()
    form = kind.form(request.POST or None)
    if form.is_valid():
        try:
            made = records.add(
                model=kind.model, table=table, values=form.cleaned_data, by=user, now=now
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已添加“%(name)s”。") % {"name": made})
            if isinstance(made, Activity | SatisfactionSurvey):
                return redirect("target-record", year=year, slug=slug, pk=made.pk)
            return redirect("target-records", year=year, slug=slug)
    context = {"kind": kind, "table": table, "form": form}
    return render(request, "targets/new.html", context, status=400 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, year: int, slug: str, pk: int) -> HttpResponse:
    kind = kind_of(slug)
    record = record_here(request, year, kind, pk)
    initial = {name: getattr(record, name) for name in kind.form.base_fields}
    form = kind.form(request.POST or None, initial=initial, is_change=True)
    if form.is_valid() and _changed(request, record, form.cleaned_data, form):
        messages.success(request, _("已修改。"))
        return redirect("target-record", year=year, slug=slug, pk=pk)
    context = {
        "kind": kind,
        "table": record.table,
        "record": record,
        "form": form,
        "history": told(record.subject, kind.form.base_fields),
        **_beside(record),
    }
    return render(request, "targets/record.html", context, status=400 if form.is_bound else 200)


def _changed(request: HttpRequest, record: Record, given: dict[str, Any], form: Any) -> bool:
    user = person_who(request, "targets.write")
    values = {name: value for name, value in given.items() if name != "reason"}
    try:
        records.change(
            record=record, values=values, reason=given["reason"], by=user, now=timezone.now()
        )
    except Refusal as refusal:
        refused(form, refusal)
        return False
    return True


def _beside(record: Record) -> dict[str, Any]:
    if isinstance(record, Activity):
        return {"photos": list(record.photos.all()), "photo_form": PhotoForm()}
    if isinstance(record, SatisfactionSurvey):
        return {
            "steps": surveys.steps(record),
            "tally": surveys.tallies([record]).get(record.pk, surveys.Tally(0, 0)),
            "stations": surveys.by_station(record),
            "comments": surveys.comments(record),
            "state": state(record, local_day(timezone.now())),
        }
    return {}


def record_here(request: HttpRequest, year: int, kind: Kind, pk: int) -> Any:
    user = person_who(request, "targets.read")
    rows = kind.model.objects.visible_to(user).select_related("table__region")
    return get_object_or_404(rows, table__year=year, pk=pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, year: int, slug: str, pk: int) -> HttpResponse:
    user = person_who(request, "targets.write")
    record = record_here(request, year, kind_of(slug), pk)
    reason = cleaned(WhyForm(request.POST))["reason"]
    records.withdraw(record=record, reason=reason, by=user, now=timezone.now())
    messages.success(request, _("已撤销，不再计入。"))
    return redirect("target-records", year=year, slug=slug)
