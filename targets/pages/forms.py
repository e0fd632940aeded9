"""What the pages of the target table take in: parsed here, judged by the services."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.pages.forms import DayInput, Lines, TextInput
from targets.models import Activity, Commendation, SurveyAnswer, TargetTable

Words = Any  # str, or one still to be translated
CENT = Decimal("0.000001")


class Number(TextInput):
    def __init__(self) -> None:
        super().__init__({"inputmode": "decimal", "class": "input input--narrow"})


class Area(forms.Textarea):
    def __init__(self, rows: int = 3) -> None:
        super().__init__({"class": "input input--area", "rows": rows})


def text(label: Words, limit: int, *, required: bool = True, hint: Words = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, required=required, help_text=hint, widget=TextInput
    )


def day(label: Words, *, required: bool = True, hint: Words = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=hint, widget=DayInput)


def wan(label: Words) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=12, decimal_places=6, min_value=CENT, widget=Number
    )


class RecordForm(forms.Form):
    """A change takes a reason besides; the reason is the last field."""

    def __init__(self, *args: Any, is_change: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_change:
            self.fields["reason"] = text(
                _("修改原因"), 200, hint=_("写进操作记录：为什么改，依据是什么。")
            )


def note() -> Lines:
    return Lines(label=_("备注"), max_length=500, required=False, widget=Area)


class ActivityForm(RecordForm):
    kind = forms.ChoiceField(label=_("类别"), choices=Activity.Kind)
    title = text(_("名称"), 80)
    planned_on = day(_("计划日期"))
    held_on = day(_("实际日期"), required=False, hint=_("办完以后填，同时写明地点和人数。"))
    place = text(_("地点"), 80, required=False)
    people = forms.IntegerField(
        label=_("人数"), min_value=0, max_value=1_000_000, required=False, widget=Number
    )
    note = note()

    def clean_people(self) -> int:
        return self.cleaned_data["people"] or 0


class PlanTaskForm(RecordForm):
    title = text(_("任务"), 120)
    owner = text(_("责任科室"), 40, required=False)
    due_on = day(_("计划完成"))
    done_on = day(_("实际完成"), required=False)
    note = note()


class BudgetForm(RecordForm):
    spent_on = day(_("支出日期"))
    amount = wan(_("金额（万元）"))
    purpose = text(_("用途"), 120)
    document = text(_("凭证号"), 60, required=False)
    note = note()


class CommendationForm(RecordForm):
    kind = forms.ChoiceField(label=_("对象"), choices=Commendation.Kind)
    recipient = text(_("受表彰者"), 80)
    title = text(_("称号"), 80)
    given_on = day(_("日期"))
    document = text(_("依据文件"), 120, required=False)
    note = note()


class SurveyForm(RecordForm):
    title = text(_("名称"), 80)
    opens_on = day(_("开始日期"))
    closes_on = day(_("结束日期"), hint=_("过了这一天，海报上的码就不再收答卷。"))
    note = note()


class VolunteerForm(RecordForm):
    code = text(_("编号"), 20)
    name = text(_("姓名"), 40)
    team = text(_("服务队"), 60, required=False)
    joined_on = day(_("加入日期"))
    left_on = day(_("退出日期"), required=False)


class ServiceForm(forms.Form):
    served_on = day(_("服务日期"))
    hours = forms.DecimalField(
        label=_("时长（小时）"), max_digits=4, decimal_places=1, widget=Number
    )
    what = text(_("服务内容"), 80)


class RedeemForm(forms.Form):
    points = forms.IntegerField(label=_("积分"), min_value=1, max_value=1_000_000, widget=Number)
    what = text(_("兑换什么"), 120)


class WhyForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class YearForm(forms.Form):
    year = forms.IntegerField(min_value=2000, max_value=2100)


class PhotoForm(forms.Form):
    file = forms.FileField(label=_("照片"))


class AnswerForm(forms.Form):
    step = forms.TypedChoiceField(coerce=int, choices=SurveyAnswer.Step)
    words = Lines(max_length=200, required=False)


class SignForm(forms.Form):
    sha256 = forms.CharField(max_length=64)


class ReasonWordsForm(forms.Form):
    words = Lines(max_length=1000, required=False, strip=True)


class TableForm(forms.Form):
    """The project's facts, and for every row that applies its target and weight."""

    FACTS = ("name", "department", "total_amount", "year_amount", "fiscal_amount", "other_amount")
    ROW = ("target_words", "lower", "upper", "weight")

    name = text(_("项目名称"), 120)
    department = text(_("主管单位"), 80)
    total_amount = wan(_("项目总金额（万元）"))
    year_amount = wan(_("本年度项目金额（万元）"))
    fiscal_amount = wan(_("财政拨款资金（万元）"))
    other_amount = wan(_("其他资金（万元）"))

    def __init__(self, *args: Any, table: TargetTable, **kwargs: Any) -> None:
        kwargs["initial"] = _facts(table)
        super().__init__(*args, **kwargs)
        for name in ("fiscal_amount", "other_amount"):
            self.fields[name].min_value = None  # type: ignore[attr-defined]
            self.fields[name].validators = []
        self.rows = [row for row in table.rows.all() if row.applies]
        for row in self.rows:
            self.fields[f"{row.key}-target_words"] = text(_("目标值"), 40)
            self.fields[f"{row.key}-lower"] = number(_("目标"))
            if row.upper is not None:
                self.fields[f"{row.key}-upper"] = number(_("上限"))
            self.fields[f"{row.key}-weight"] = number(_("分值"))
        self.fields["reason"] = text(_("修改原因"), 200)

    def by_row(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [
            (row, [self[name] for name in self.fields if name.startswith(f"{row.key}-")])
            for row in self.rows
        ]

    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FACTS]

    def values(self) -> dict[str, Any]:
        """As `change_table` takes them."""
        given = self.cleaned_data
        rows: dict[str, dict[str, Any]] = {row.key: {} for row in self.rows}
        for name, value in given.items():
            key, dash, column = name.partition("-")
            if dash:
                rows[key][column] = value
        return {
            "facts": {name: given[name] for name in self.FACTS},
            "rows": rows,
            "reason": given["reason"],
        }


def number(label: Words) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=7, decimal_places=2, widget=Number)


def _facts(table: TargetTable) -> dict[str, Any]:
    initial = {name: getattr(table, name) for name in TableForm.FACTS}
    for row in table.rows.all():
        initial |= {f"{row.key}-{name}": getattr(row, name) for name in TableForm.ROW}
    return initial
