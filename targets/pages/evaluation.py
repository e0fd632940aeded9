"""绩效自评表: the paper as it computes now, its reasons to edit, and the ones signed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits.deadlines import local_day
from audits.pages.forms import cleaned
from audits.pages.people import person_who
from targets.pages.forms import ReasonWordsForm, SignForm
from targets.pages.table import table_here
from targets.queries import evaluation
from targets.queries.form import form_of
from targets.services import evaluations, tables


@login_required
@require_safe
def page(request: HttpRequest, year: int) -> HttpResponse:
    table = table_here(request, year)
    today = local_day(timezone.now())
    paper = evaluation.body(table, today)
    signed = list(table.evaluations.select_related("signed_by"))
    sha256 = evaluation.content_hash(paper)
    context = {
        "table": table,
        "paper": paper,
        "form": form_of(paper),
        "sha256": sha256,
        "signed": signed,
        "is_signed": bool(signed) and signed[0].sha256 == sha256,
        "today": today,
    }
    return render(request, "targets/evaluation.html", context)


@login_required
@require_POST
def reason(request: HttpRequest, year: int, key: str) -> HttpResponse:
    table = table_here(request, year, "targets.write")
    row = get_object_or_404(table.rows, key=key)
    words = cleaned(ReasonWordsForm(request.POST))["words"]
    user = person_who(request, "targets.write")
    tables.write_reason(table=table, key=row.key, words=words, by=user, now=timezone.now())
    messages.success(request, _("偏差原因已保存。") if words else _("已换回按记录预填的原因。"))
    return redirect("target-evaluation", year=year)


@login_required
@require_POST
def sign(request: HttpRequest, year: int) -> HttpResponse:
    table = table_here(request, year, "targets.write")
    expected = cleaned(SignForm(request.POST))["sha256"]
    made = evaluations.sign_off(
        table=table, expected=expected, by=person_who(request, "targets.write"), now=timezone.now()
    )
    messages.success(request, _("已签署，第 %(number)s 号。") % {"number": made.number})
    return redirect("target-signed", year=year, number=made.number)


@login_required
@require_safe
def signed(request: HttpRequest, year: int, number: int) -> HttpResponse:
    table = table_here(request, year)
    rows = table.evaluations.select_related("signed_by")
    found = get_object_or_404(rows, number=number)
    newest = rows.first()
    context = {
        "table": table,
        "paper": found.body,
        "form": form_of(found.body),
        "found": found,
        "is_whole": evaluation.is_whole(found),
        "newer": newest if newest and newest.number != number else None,
    }
    return render(request, "targets/signed.html", context)
