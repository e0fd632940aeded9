"""问题台账 and one problem: what was found, what was done, and the bureau's own rulings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from audits import deadlines
from audits.models import Finding
from audits.pages.forms import LedgerForm, Lines, ReasonForm, WaiveForm, cleaned
from audits.pages.people import person_who
from audits.queries import cases, ledger
from audits.services import extensions, findings
from stations import access
from stations.models import User

PAGE = 50


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "findings.read")
    today = deadlines.local_day(timezone.now())
    form = LedgerForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) or "" for name in form.fields}
    rows = ledger.listed(ledger.findings(user, today, **asked))
    context = {
        "asked": asked,
        "today": today,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "tally": ledger.tally(user, today, **asked),
        "query": _query(request, "page"),
        "bare_query": _query(request, "page", "status", "overdue"),
        "is_narrowed": any(asked.values()),
        "may_raise": access.may(user, "findings.raise"),
        "may_export": access.may(user, "reports.create"),
        **_choices(user, asked),
    }
    return render(request, "audits/desk/ledger.html", context)


def _query(request: HttpRequest, *without: str) -> str:
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return query.urlencode()


def _choices(user: User, asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "regions": ledger.regions(user),
        "rounds": ledger.rounds(),
        "severities": Finding.Severity.choices,
        "statuses": Finding.Status.choices,
    }


@login_required
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_who(request, "findings.read")
    finding = get_object_or_404(cases.findings_for_case(user), pk=pk)
    today = deadlines.local_day(timezone.now())
    context = {
        "case": cases.case(finding),
        "finding": finding,
        "is_overdue": finding.is_overdue(today),
        "today": today,
        **rulings(user, finding),
    }
    return render(request, "audits/desk/finding.html", context)


def rulings(user: User, finding: Finding) -> dict[str, bool]:
    """Which forms to show; the services decide again."""
    status, asked = finding.status, finding.extension_until is not None
    may_rule = access.may(user, "findings.rule")
    may_review = access.may(user, "findings.review")
    return {
        "may_void": may_rule and status in findings.MOVES["void"].sources,
        "may_waive": may_rule and status in findings.MOVES["waive"].sources,
        "may_review": may_review and status == Finding.Status.SUBMITTED,
        "may_reopen": may_review and status == Finding.Status.CLOSED,
        "may_answer": access.may(user, "findings.extend") and asked and status in Finding.UNSOLVED,
    }


class Ruling(NamedTuple):
    service: Callable[..., Finding]
    action: str
    form: type[forms.Form]
    done: str | Promise


class OptionalReason(forms.Form):
    reason = Lines(required=False, max_length=2000)


RULINGS = {
    "void": Ruling(findings.void, "findings.rule", ReasonForm, _("已作废。")),
    "waive": Ruling(findings.waive, "findings.rule", WaiveForm, _("已挂账。")),
    "reopen": Ruling(findings.reopen, "findings.review", ReasonForm, _("已重启，站里会看到原因。")),
    "grant": Ruling(extensions.grant, "findings.extend", OptionalReason, _("已同意延期。")),
    "refuse": Ruling(extensions.refuse, "findings.extend", ReasonForm, _("已答复：不予延期。")),
}


@login_required
@require_POST
def rule(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    if name not in RULINGS:
        raise Http404
    ruling = RULINGS[name]
    user = person_who(request, "findings.read")
    finding = get_object_or_404(Finding.objects.visible_to(user), pk=pk)
    access.require(user, ruling.action)
    given = cleaned(ruling.form(request.POST))
    ruling.service(finding=finding, **given, by=user, now=timezone.now())
    messages.success(request, str(ruling.done))
    return redirect("desk-finding", pk=pk)
