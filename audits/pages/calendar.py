"""工作日调整 at the desk: days that are worked or not, over the published calendar."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from audits.models import CalendarDay
from audits.pages.forms import DayInput, TextInput, cleaned
from audits.pages.people import person_who
from audits.services import calendar

WORKED = [("0", gettext_lazy("放假")), ("1", gettext_lazy("上班"))]


class DayForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("日期"), widget=DayInput)
    is_working = forms.TypedChoiceField(
        label=gettext_lazy("当天"), choices=WORKED, coerce=lambda value: value == "1"
    )
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=60, required=False, widget=TextInput
    )


class WhichForm(forms.Form):
    day = forms.DateField()


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    person_who(request, "rounds.write")
    request.nav_here = "desk-rounds"  # type: ignore[attr-defined]
    context = {"days": CalendarDay.objects.order_by("-day"), "form": DayForm()}
    return render(request, "audits/desk/calendar.html", context)


@login_required
@require_POST
def set_day(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "rounds.write")
    calendar.set_day(**cleaned(DayForm(request.POST)), by=user, now=timezone.now())
    messages.success(request, _("已设定，之后的期限和催办按它算。"))
    return redirect("calendar")


@login_required
@require_POST
def forget_day(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "rounds.write")
    day: dt.date = cleaned(WhichForm(request.POST))["day"]
    calendar.forget_day(day=day, by=user, now=timezone.now())
    messages.success(request, _("已移除，这一天按公布的放假安排算。"))
    return redirect("calendar")
