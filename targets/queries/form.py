"""绩效自评表 as boxes on a grid of eight columns (practice §4.1): one for the page, Word and Excel.

Made from what was signed as well as from what computes now. Heads are in the reader's language,
what the form says is Chinese; papers are made in Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

COLUMNS = 8
NOT_APPLICABLE = "不适用"
Body = dict[str, Any]


@dataclass(frozen=True)
class Box:
    """`look`: head, kind, text (left), centre. What only a page has room for: `label`, the head of
    its column; `small`, a line below; `reason_of`, the row whose reason it says."""

    row: int
    column: int
    words: str
    look: str = "centre"
    rows: int = 1
    columns: int = 1
    label: str = ""
    small: str = ""
    reason_of: Body | None = None

    @property
    def is_head(self) -> bool:
        return self.look in ("head", "kind")


@dataclass
class Form:
    """`notes` stand below the grid, one line each."""

    title: str
    boxes: list[Box] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    row: int = 0

    def put(self, *boxes: tuple[int, str, str, int], **more: Any) -> None:
        """One row of (column, words, look, columns)."""
        for column, words, look, columns in boxes:
            self.boxes.append(Box(self.row, column, words, look, columns=columns, **more))
        self.row += 1

    def head(self, column: int, words: str, rows: int) -> None:
        """A head that reaches down from the row to come."""
        if rows:
            self.boxes.append(Box(self.row, column, words, "head", rows=rows))

    def by_row(self) -> list[list[Box]]:
        rows: list[list[Box]] = [[] for _row in range(self.row)]
        for box in self.boxes:
            rows[box.row].append(box)
        return [sorted(row, key=lambda box: box.column) for row in rows]


def form_of(body: Body) -> Form:
    form = Form(body["title"])
    _project(form, body)
    _funds(form, body)
    _goal(form, body)
    _indicators(form, body)
    _total(form, body)
    form.notes = _readings(body)
    return form


def _project(form: Form, body: Body) -> None:
    form.put((0, _("项目名称"), "head", 1), (1, body["name"], "centre", 7))
    form.put(
        (0, _("主管部门"), "head", 1), (1, body["department"], "centre", 3),
        (4, _("实施单位"), "head", 1), (5, body["unit"], "centre", 3),
    )  # fmt: skip


def _funds(form: Form, body: Body) -> None:
    """The execution rate stands here, its reason too where points were lost."""
    funds = body["funds"]
    heads = [
        _("年初预算数"), _("全年预算数(A)"), _("全年执行数(B)"), _("分值"), _("执行率(B/A)"), _("得分"),
    ]  # fmt: skip
    short = [row for row in body["rows"] if row["key"] == "execution" and row["is_short"]]
    form.head(0, _("项目资金（万元）"), len(funds["rows"]) + 1 + len(short))
    form.put(*((place, words, "head", 1) for place, words in enumerate(["", *heads], 1)))
    for number, row in enumerate(funds["rows"]):
        last = [funds["weight"], f"{funds['rate']}%", funds["points"]] if not number else ["—"] * 3
        values = [row["budget"], row["full_year"], row["spent"] or "—", *last]
        form.boxes.append(Box(form.row, 1, row["name"], "text"))
        form.boxes += [
            Box(form.row, place, words, label=heads[place - 2])
            for place, words in enumerate(values, 2)
        ]
        form.row += 1
    for row in short:
        form.boxes.append(Box(form.row, 1, _("执行率偏差原因"), "kind"))
        form.boxes.append(Box(form.row, 2, row["reason"], "text", columns=6, reason_of=row))
        form.row += 1


def _goal(form: Form, body: Body) -> None:
    form.head(0, _("年度总体目标"), 2)
    form.put((1, _("预期目标"), "head", 4), (5, _("实际完成情况"), "head", 3))
    form.boxes.append(Box(form.row, 1, body["goal"], "text", columns=4, label=_("预期目标")))
    form.put((5, body["achieved"], "text", 3), label=_("实际完成情况"))


def _indicators(form: Form, body: Body) -> None:
    heads = [
        _("一级指标"), _("二级指标"), _("三级指标"), _("年度指标值"), _("实际完成值"), _("分值"),
        _("得分"), _("偏差原因分析及改进措施"),
    ]  # fmt: skip
    form.put(*((place, words, "head", 1) for place, words in enumerate(heads)))
    for name, kinds in _groups():
        rows = [(words, row) for kind, words in kinds.items() for row in _rows_of(body, kind)]
        weight = sum((Decimal(row["weight"]) for _words, row in rows), Decimal(0))
        points = _("%(weight)s分") % {"weight": f"{weight.normalize():f}"}
        form.head(0, _("%(name)s（%(points)s）") % {"name": name, "points": points}, len(rows))
        for words, row in rows:
            _indicator(form, body, words, row, heads)


def _groups() -> tuple[tuple[str, dict[str, str]], ...]:
    """The form's own lines, whether or not the target table has such a row."""
    return (
        (
            _("产出指标"),
            {
                "数量": _("数量指标"), "质量": _("质量指标"),
                "时效": _("时效指标"), "成本": _("成本指标"),
            },
        ),
        (
            _("效益指标"),
            {
                "经济效益": _("经济效益指标"), "社会效益": _("社会效益指标"),
                "生态效益": _("生态效益指标"), "可持续影响": _("可持续影响指标"),
            },
        ),
        (_("满意度指标"), {"满意度": _("满意度指标")}),
    )  # fmt: skip


def _rows_of(body: Body, kind: str) -> Iterator[Body]:
    """The table's rows of that kind; one of 不适用 where the form has it and the table has not."""
    found = [row for row in body["rows"] if row["level2"].removesuffix("指标") == kind]
    yield from found or [EMPTY]


EMPTY = dict.fromkeys(("content", "target", "actual"), NOT_APPLICABLE) | {
    "weight": "0", "points": None, "reason": "", "is_short": False,
}  # fmt: skip


def _indicator(form: Form, body: Body, kind: str, row: Body, heads: list[str]) -> None:
    is_scored = row["points"] is not None
    values = [
        (kind, "kind", {}),
        (row["content"], "text", {}),
        (row["target"], "centre", {}),
        (row["actual"], "centre", {"small": row.get("from", "")}),
        (row["weight"] if is_scored else "—", "centre", {}),
        (row["points"] if is_scored else "—", "centre", {"small": _other_reading(body, row)}),
        (row["reason"], "text", {"reason_of": row if row["is_short"] else None}),
    ]
    for place, (words, look, more) in enumerate(values, 1):
        form.boxes.append(Box(form.row, place, words, look, label=heads[place], **more))
    form.row += 1


def _other_reading(body: Body, row: Body) -> str:
    if not row.get("other_points"):
        return ""
    line = body["lower"] if body["mode"] == "upper" else body["upper"]
    return _("按 %(line)s%%：%(points)s") % {"line": line, "points": row["other_points"]}


def _total(form: Form, body: Body) -> None:
    weights = [Decimal(row["weight"]) for row in body["rows"] if row["points"] is not None]
    grade = _("自评等级：%(grade)s") % {"grade": body["grade_name"]}
    form.boxes.append(Box(form.row, 0, _("总分"), "head", columns=5))
    form.boxes += [
        Box(form.row, 5, f"{sum(weights, Decimal(0)).normalize():f}", label=_("分值")),
        Box(form.row, 6, body["total"], label=_("得分")),
    ]
    form.put((7, grade, "centre", 1))


def _readings(body: Body) -> list[str]:
    """完成70-80%以上问题 has two readings: which one counts, and what the other would give."""
    if not body["mode"]:
        return []
    words = {
        "upper": _(
            "注：社会效益按上限 %(upper)s%% 计分；按下限 %(lower)s%% 计，总分为 %(total)s（%(grade)s）。"
        ),
        "lower": _(
            "注：社会效益按下限 %(lower)s%% 计分；按上限 %(upper)s%% 计，总分为 %(total)s（%(grade)s）。"
        ),
    }
    named = {key: body[key] for key in ("upper", "lower")}
    return [
        words[body["mode"]]
        % {**named, "total": body["other_total"], "grade": body["other_grade_name"]}
    ]
