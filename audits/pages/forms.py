"""What the bureau's pages take in: parsed here, judged by the services."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audits.models import Round
from audits.queries import progress
from stations.models import Station, User
from stations.refusals import Refusal, bad_field

NUMBER = re.compile(r"[0-9]{1,18}")
MOST_TICKED = 1000


class TextInput(forms.TextInput):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "input"} | (attrs or {}))


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "input"} | (attrs or {}), format="%Y-%m-%d")


class Lines(forms.CharField):
    """Of a text area. A new line is one character, as the browser counts and one types it."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if value else value)


def refused(form: forms.Form, refusal: Refusal) -> None:
    """A service's no, beside the field it names."""
    if not refusal.errors:
        form.add_error(None, refusal.message)
    for error in refusal.errors:
        name = error["field"] if error["field"] in form.fields else None
        form.add_error(name, error["message"])


def cleaned(form: forms.Form) -> dict[str, Any]:
    """The form's values; a form without its own page refuses with its first error."""
    if form.is_valid():
        return form.cleaned_data
    field, [error, *_rest] = next(iter(form.errors.items()))
    label = form.fields[field].label if field in form.fields else ""
    raise bad_field(field, "invalid", about(label, error) if label else str(error))


def about(what: object, why: object) -> str:
    return gettext("%(what)s：%(why)s") % {"what": what, "why": why}


def ticked(request: HttpRequest, name: str) -> list[int]:
    """The rows ticked in a table, as far as these are numbers a row can have."""
    return [int(pk) for pk in request.POST.getlist(name) if NUMBER.fullmatch(pk)][:MOST_TICKED]


class RoundForm(forms.Form):
    name = forms.CharField(label=_("轮次名称"), max_length=60, widget=TextInput)
    starts_on = forms.DateField(label=_("开始日期"), widget=DayInput)
    ends_on = forms.DateField(label=_("结束日期"), widget=DayInput)


class NewRoundForm(RoundForm):
    kind = forms.ChoiceField(label=_("方式"), choices=Round.Kind.choices, required=False)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Round.Kind.FULL


class InspectorField(forms.ModelChoiceField):
    """A username; empty means that nobody is named."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(progress.inspectors(), to_field_name="username", required=False, **kwargs)


class AssignForm(forms.Form):
    """Stations of the asker's scope; none named means all that are not in the round yet."""

    stations = forms.ModelMultipleChoiceField(
        Station.objects.none(), to_field_name="code", required=False, label=_("服务站")
    )
    inspector = InspectorField(label=_("检查员"))
    due_on = forms.DateField(label=_("期限"), widget=DayInput)
    plan_from = forms.DateField(label=_("从哪天排起"), required=False, widget=DayInput)

    def __init__(self, *args: Any, by: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reachable = Station.objects.visible_to(by).real().open_on(today)
        self.fields["stations"].queryset = reachable.select_related("region").order_by(  # type: ignore[attr-defined]
            "region__path", "code"
        )


class DrawForm(AssignForm):
    """抽查: without stations or a region, everything in scope that is not in the round yet."""

    count = forms.IntegerField(label=_("抽取数"), min_value=1, max_value=5000)
    per_region = forms.BooleanField(required=False)
    seed = forms.CharField(label=_("种子"), max_length=40, required=False)
    region = forms.CharField(max_length=12, required=False)


class ReassignForm(forms.Form):
    inspector = InspectorField(label=_("检查员"))
    due_on = forms.DateField(label=_("期限"), required=False, widget=DayInput)
    plan_from = forms.DateField(label=_("从哪天排起"), required=False, widget=DayInput)
    is_balanced = forms.BooleanField(required=False)


class ReasonForm(forms.Form):
    reason = Lines(label=_("原因"), max_length=2000)


class WaiveForm(ReasonForm):
    review_on = forms.DateField(label=_("复核日期"), widget=DayInput)
    document = forms.CharField(label=_("依据文件"), max_length=200, required=False)


class LedgerForm(forms.Form):
    """The filters of the ledger: what is not understood is not applied."""

    q = forms.CharField(required=False, max_length=60)
    status = forms.CharField(required=False, max_length=12)
    region = forms.CharField(required=False, max_length=12)
    station = forms.CharField(required=False, max_length=24)
    severity = forms.CharField(required=False, max_length=8)
    round = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    item = forms.CharField(required=False, max_length=12)
    overdue = forms.BooleanField(required=False)
    repeat = forms.BooleanField(required=False)
