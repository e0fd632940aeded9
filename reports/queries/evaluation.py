"""绩效自评表 as boxes on a grid of eight columns (practice §4.1), for Word and Excel alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from audits.deadlines import local_day
from reports.queries.subject import Subject
from stations.refusals import bad_field
from targets.models import SelfEvaluation, TargetTable
from targets.queries import evaluation

COLUMNS = 8
NOT_APPLICABLE = "不适用"
GROUPS = (
    ("产出指标", ("数量", "质量", "时效", "成本")),
    ("效益指标", ("经济效益", "社会效益", "生态效益", "可持续影响")),
    ("满意度指标", ("满意度",)),
)
MODES = {"upper": "上限", "lower": "下限"}
Body = dict[str, Any]


@dataclass(frozen=True)
class Box:
    """`look`: head, text (left), centre."""

    row: int
    column: int
    words: str
    look: str = "centre"
    rows: int = 1
    columns: int = 1


@dataclass
class Form:
    """`notes` stand below the grid, one line each."""

    title: str
    boxes: list[Box] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    row: int = 0

    def put(self, *boxes: tuple[int, str, str, int]) -> None:
        """One row of (column, words, look, columns)."""
        for column, words, look, columns in boxes:
            self.boxes.append(Box(self.row, column, words, look, columns=columns))
        self.row += 1


def form_of(subject: Subject) -> Form:
    """The one signed last; before any is signed, a draft of how it stands."""
    body, signed = _body(subject)
    form = Form(body["title"])
    _project(form, body)
    _funds(form, body["funds"])
    _goal(form, body)
    _indicators(form, body)
    _total(form, body)
    form.notes = [*_readings(body), _seal(signed)]
    return form


def mark(subject: Subject) -> str:
    """Changes with what the form would say."""
    body, signed = _body(subject)
    return f"{signed.number if signed else 0}:{evaluation.content_hash(body)}"


def _body(subject: Subject) -> tuple[Body, SelfEvaluation | None]:
    table = _table(subject)
    signed = table.evaluations.order_by("-number").first()
    return (signed.body if signed else evaluation.body(table, subject.today)), signed


def _table(subject: Subject) -> TargetTable:
    rows = TargetTable.objects.visible_to(subject.user).filter(year=subject.period.year or 0)
    table = rows.filter(region=subject.region).first() or rows.first()
    if table is None:
        raise bad_field("year", "no_table", _("这一年度还没有绩效目标表。"))
    return table


def _project(form: Form, body: Body) -> None:
    form.put((0, "项目名称", "head", 1), (1, body["name"], "centre", 7))
    form.put(
        (0, "主管部门", "head", 1), (1, body["department"], "centre", 3),
        (4, "实施单位", "head", 1), (5, body["unit"], "centre", 3),
    )  # fmt: skip


def _funds(form: Form, funds: Body) -> None:
    heads = ["", "年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率(B/A)", "得分"]
    form.boxes.append(Box(form.row, 0, "项目资金（万元）", "head", rows=len(funds["rows"]) + 1))
    form.put(*((place, words, "head", 1) for place, words in enumerate(heads, 1)))
    for number, row in enumerate(funds["rows"]):
        last = [funds["weight"], f"{funds['rate']}%", funds["points"]] if not number else ["—"] * 3
        values = [row["budget"], row["full_year"], row["spent"] or "—", *last]
        form.put(
            (1, row["name"], "text", 1),
            *((place, words, "centre", 1) for place, words in enumerate(values, 2)),
        )


def _goal(form: Form, body: Body) -> None:
    form.boxes.append(Box(form.row, 0, "年度总体目标", "head", rows=2))
    form.put((1, "预期目标", "head", 4), (5, "实际完成情况", "head", 3))
    form.put((1, body["goal"], "text", 4), (5, body["achieved"], "text", 3))


def _indicators(form: Form, body: Body) -> None:
    heads = [
        "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分",
        "偏差原因分析及改进措施",
    ]  # fmt: skip
    form.put(*((place, words, "head", 1) for place, words in enumerate(heads)))
    for name, kinds in GROUPS:
        rows = [(kind, row) for kind in kinds for row in _rows_of(body, kind)]
        weight = sum((Decimal(row["weight"]) for _kind, row in rows), Decimal(0))
        words = f"{name}（{weight.normalize():f}分）"
        form.boxes.append(Box(form.row, 0, words, "head", rows=len(rows)))
        for kind, row in rows:
            form.put(*_indicator(kind, row))


def _rows_of(body: Body, kind: str) -> Iterator[Body]:
    """The table's rows of that kind; one of 不适用 where the form has it and the table has not."""
    found = [row for row in body["rows"] if row["level2"].removesuffix("指标") == kind]
    yield from found or [dict.fromkeys(("content", "target", "actual"), NOT_APPLICABLE) | EMPTY]


EMPTY = {"weight": "0", "points": None, "reason": ""}


def _indicator(kind: str, row: Body) -> Sequence[tuple[int, str, str, int]]:
    is_scored = row["points"] is not None
    return [
        (1, f"{kind}指标", "centre", 1),
        (2, row["content"], "text", 1),
        (3, row["target"], "centre", 1),
        (4, row["actual"], "centre", 1),
        (5, row["weight"] if is_scored else "—", "centre", 1),
        (6, row["points"] if is_scored else "—", "centre", 1),
        (7, row["reason"], "text", 1),
    ]


def _total(form: Form, body: Body) -> None:
    weights = [Decimal(row["weight"]) for row in body["rows"] if row["points"] is not None]
    form.put(
        (0, "总分", "head", 5), (5, f"{sum(weights, Decimal(0)).normalize():f}", "centre", 1),
        (6, body["total"], "centre", 1), (7, f"自评等级：{body['grade_name']}", "centre", 1),
    )  # fmt: skip


def _readings(body: Body) -> list[str]:
    """完成70-80%以上问题 has two readings: which one counts, and what the other would give."""
    if not body["mode"]:
        return []
    other = "lower" if body["mode"] == "upper" else "upper"
    return [
        f"注：社会效益按{MODES[body['mode']]} {body[body['mode']]}% 计分；按{MODES[other]} "
        f"{body[other]}% 计，总分为 {body['other_total']}（{body['other_grade_name']}）。"
    ]


def _seal(signed: SelfEvaluation | None) -> str:
    if signed is None:
        return "草稿：本表尚未签署，数据随记录变化。"
    day = local_day(signed.signed_at)
    return (
        f"第 {signed.number} 号，{day.year}年{day.month}月{day.day}日签署，"
        f"内容校验码（SHA-256）：{signed.sha256}"
    )
