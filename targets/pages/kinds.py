"""The kinds of record: what each is called, filled in with, and listed as."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from targets.models import (
    Activity,
    BudgetEntry,
    Commendation,
    PlanTask,
    Record,
    SatisfactionSurvey,
    TargetRow,
)
from targets.pages import forms
from targets.queries.measures import CAMPS, EVENTS

Words = str | Promise
Measure = TargetRow.Measure


@dataclass(frozen=True)
class Kind:
    """`groups` narrow the list: value, word, kinds of the record it holds."""

    slug: str
    model: type[Record]
    form: type[forms.RecordForm]
    title: Words
    add: Words
    icon: str
    empty: Words
    hint: Words
    groups: tuple[tuple[str, Words, tuple[str, ...]], ...] = ()

    @property
    def template(self) -> str:
        return f"targets/records/{self.slug}.html"


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "activities", Activity, forms.ActivityForm, _("活动"), _("新增活动"), "flag",
            _("还没有活动"), _("先把全年计划的活动排上日期，办完再填实际日期、地点、人数和照片。"),
            (
                ("quantity", _("宣讲团、红星志愿服务"), EVENTS),
                ("quality", _("接访调解训练营"), CAMPS),
                ("other", _("主题活动、评选"), ("theme", "selection")),
            ),
        ),
        Kind(
            "plan", PlanTask, forms.PlanTaskForm, _("年度计划任务"), _("新增任务"), "calendar",
            _("还没有计划任务"), _("把年度工作计划逐项录入，按期完成的比例就是“时效”。"),
        ),
        Kind(
            "budget", BudgetEntry, forms.BudgetForm, _("预算支出"), _("新增支出"), "table",
            _("还没有支出"), _("逐笔录入，合计不能超过本年度项目金额。"),
        ),
        Kind(
            "surveys", SatisfactionSurvey, forms.SurveyForm, _("满意度调查"), _("新增调查"), "people",
            _("还没有满意度调查"), _("定好起止日期，把海报贴到站里，扫码就能答。"),
        ),
        Kind(
            "commendations", Commendation, forms.CommendationForm, _("表彰"), _("新增表彰"), "clipboard",
            _("还没有表彰"), _("褒扬服务时间长、业绩突出的志愿者、服务队、项目和服务专干。"),
        ),
    )
}  # fmt: skip

# Where the records behind a measure are: kind, group.
BEHIND = {
    Measure.EXECUTION.value: ("budget", ""),
    Measure.EVENTS.value: ("activities", "quantity"),
    Measure.CAMPS.value: ("activities", "quality"),
    Measure.PLAN.value: ("plan", ""),
    Measure.SATISFACTION.value: ("surveys", ""),
}


def state(record: Any, today: dt.date) -> str:
    """The word beside a record; "" for kinds that have none."""
    if isinstance(record, Activity):
        if record.held_on:
            return "held"
        return "late" if record.planned_on < today else "planned"
    if isinstance(record, PlanTask):
        if record.done_on:
            return "on_time" if record.done_on <= record.due_on else "late_done"
        return "late" if record.due_on < today else "planned"
    if isinstance(record, SatisfactionSurvey):
        if today < record.opens_on:
            return "planned"
        return "open" if record.is_open(today) else "closed"
    return ""
