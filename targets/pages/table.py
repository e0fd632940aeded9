"""绩效目标表: every row alive, the self-evaluation beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.deadlines import local_day
from audits.pages.forms import cleaned, refused
from audits.pages.people import person_who
from stations.models import User
from stations.refusals import Refusal
from targets.models import TargetTable
from targets.pages.forms import TableForm, YearForm
from targets.pages.kinds import BEHIND
from targets.queries import overall
from targets.queries import table as tables_read
from targets.queries.table import Line, evaluate
from targets.services import tables


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "targets.read")
    today = local_day(timezone.now())
    form = YearForm(request.GET)
    year = form.cleaned_data["year"] if form.is_valid() else today.year
    table = tables_read.table_of(user, year)
    context: dict[str, Any] = {"year": year, "years": _years(user, year), "today": today}
    if table is None:
        context["source"] = tables_read.latest_before(user, year)
        return render(request, "targets/no_table.html", context)
    told = evaluate(table, today)
    context |= {
        "table": table,
        "told": told,
        "lines": [(line, _behind(line, table)) for line in told.lines],
        "signed": table.evaluations.select_related("signed_by").first(),
        "others": overall.others(table),
    }
    return render(request, "targets/table.html", context)


def _years(user: User, year: int) -> list[int]:
    """Those with a table, the one asked for, and the year after the newest."""
    known = tables_read.years(user)
    following = [known[0] + 1] if known else []
    return sorted({*known, year, *following}, reverse=True)


def _behind(line: Line, table: TargetTable) -> str:
    if line.row.measure in BEHIND:
        slug, group = BEHIND[line.row.measure]
        url = reverse("target-records", args=[table.year, slug])
        return f"{url}?group={group}" if group else url
    if line.row.measure:
        return f"{reverse('figure', args=['rate'])}?period=y{table.year}"
    return ""


def table_here(request: HttpRequest, year: int, action: str = "targets.read") -> TargetTable:
    """The year's table as the caller reaches it."""
    table = tables_read.table_of(person_who(request, action), year)
    if table is None:
        raise Http404
    return table


@login_required
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "targets.write")
    year = cleaned(YearForm(request.POST))["year"]
    source = tables_read.latest_before(user, year)
    if source is None:
        raise Http404
    tables.copy_table(source=source, year=year, by=user, now=timezone.now())
    messages.success(request, _("已建好 %(year)s 年度的绩效目标表。") % {"year": year})
    return redirect(f"{reverse('targets')}?year={year}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, year: int) -> HttpResponse:
    table = table_here(request, year, "targets.write")
    form = TableForm(request.POST or None, table=table)
    if form.is_valid():
        try:
            tables.change_table(
                table=table, **form.values(), by=person_who(request, "targets.write"),
                now=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("绩效目标表已修改。"))
            return redirect(f"{reverse('targets')}?year={year}")
    status = 400 if form.is_bound else 200
    return render(request, "targets/change.html", {"table": table, "form": form}, status=status)


@login_required
@require_safe
def document(request: HttpRequest, year: int) -> HttpResponse:
    """The project as the document has it, word for word."""
    return render(request, "targets/document.html", {"table": table_here(request, year)})
