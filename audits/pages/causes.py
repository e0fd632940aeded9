"""共性问题 at the desk: what fails everywhere, and what is handled together."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits import deadlines
from audits.pages.forms import DayInput, Lines, TextInput, refused
from audits.pages.people import person_who
from audits.queries import causes
from audits.services import causes as gathering
from stations import access
from stations.refusals import Refusal

PAGE = 50


class CauseForm(forms.Form):
    owner = forms.CharField(label=gettext_lazy("牵头"), max_length=60, widget=TextInput)
    note = Lines(
        label=gettext_lazy("处理办法"),
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "input input--area", "rows": 3}),
    )
    due_on = forms.DateField(label=gettext_lazy("期限"), widget=DayInput)


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "findings.review")
    request.nav_here = "ledger"  # type: ignore[attr-defined]
    today = deadlines.local_day(timezone.now())
    page = Paginator(causes.causes(user), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "today": today,
        "newcomers": causes.newcomers(user, page, today),
        "candidates": causes.candidates(user, today),
        "may_gather": access.may(user, "findings.rule"),
    }
    return render(request, "audits/desk/causes.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    user = person_who(request, "findings.rule")
    form = CauseForm(request.POST or None)
    if form.is_valid():
        try:
            gathering.gather(item_code=code, **form.cleaned_data, by=user, now=timezone.now())
            messages.success(request, _("已归为共性问题，各站的问题仍各自销号。"))
            return redirect("causes")
        except Refusal as refusal:
            if refusal.code == "nothing_open":  # another has gathered them meanwhile
                messages.error(request, refusal.message)
                return redirect("causes")
            refused(form, refusal)
    request.nav_here = "ledger"  # type: ignore[attr-defined]
    findings = causes.unsolved(user, code, deadlines.local_day(timezone.now()))
    page = Paginator(findings, PAGE).get_page(request.GET.get("page"))
    if not page.object_list:
        raise Http404
    context = {"form": form, "code": code, "page": page}
    return render(request, "audits/desk/cause_new.html", context)


@login_required
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_who(request, "findings.rule")
    cause = get_object_or_404(causes.causes(user), pk=pk)
    gathering.join(cause=cause, by=user, now=timezone.now())
    messages.success(request, _("已并入，各站的问题仍各自销号。"))
    return redirect("causes")
