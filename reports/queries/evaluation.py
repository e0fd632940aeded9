"""绩效自评表 as a paper of its own: the year's form, with what it is sealed by below."""

from __future__ import annotations

from django.utils.translation import gettext as _

from audits.deadlines import local_day
from reports.queries.subject import Subject
from stations.refusals import bad_field
from targets.models import SelfEvaluation, TargetTable
from targets.queries import evaluation, form


def form_of(subject: Subject) -> form.Form:
    """The one signed last; before any is signed, a draft of how it stands."""
    body, signed = _body(subject)
    told = form.form_of(body)
    told.notes.append(_seal(signed))
    return told


def mark(subject: Subject) -> str:
    """Changes with what the form would say."""
    body, signed = _body(subject)
    return f"{signed.number if signed else 0}:{evaluation.content_hash(body)}"


def _body(subject: Subject) -> tuple[evaluation.Body, SelfEvaluation | None]:
    table = _table(subject)
    signed = table.evaluations.order_by("-number").first()
    return (signed.body if signed else evaluation.body(table, subject.today)), signed


def _table(subject: Subject) -> TargetTable:
    rows = TargetTable.objects.visible_to(subject.user).filter(year=subject.period.year or 0)
    table = rows.filter(region=subject.region).first() or rows.first()
    if table is None:
        raise bad_field("year", "no_table", _("这一年度还没有绩效目标表。"))
    return table


def _seal(signed: SelfEvaluation | None) -> str:
    if signed is None:
        return "草稿：本表尚未签署，数据随记录变化。"
    day = local_day(signed.signed_at)
    return (
        f"第 {signed.number} 号，{day.year}年{day.month}月{day.day}日签署，"
        f"内容校验码（SHA-256）：{signed.sha256}"
    )
