"""How the target table is written and drawn: the short words of a row, and its bar."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.scoring import rounded
from targets.models import TargetRow
from targets.money import plain
from targets.queries.table import Line

register = template.Library()

TONES = {"met": "ok", "within": "warn", "below": "bad", "no_problems": "ok"}
# The document's own words, as a narrow table and an English reader need them.
LEVELS: dict[str, str | Promise] = {
    "年度绩效目标": gettext_lazy("执行"),
    "产出目标": gettext_lazy("产出"),
    "效果目标": gettext_lazy("效果"),
    "年度执行率": gettext_lazy("年度执行率"),
    "数量": gettext_lazy("数量"),
    "质量": gettext_lazy("质量"),
    "时效": gettext_lazy("时效"),
    "经济效益": gettext_lazy("经济效益"),
    "社会效益": gettext_lazy("社会效益"),
    "生态效益": gettext_lazy("生态效益"),
    "满意度": gettext_lazy("满意度"),
}
UNITS: dict[str, str | Promise] = {"场": gettext_lazy("场")}


@register.filter
def level(words: str) -> str:
    return str(LEVELS.get(words, words))


@register.filter
def part(row: TargetRow) -> str:
    """产出：数量 where the first level says more than the second."""
    if row.level1 == "产出目标":
        return _("%(level1)s：%(level2)s") % {
            "level1": level(row.level1), "level2": level(row.level2)
        }  # fmt: skip
    return level(row.level2)


@register.filter
def unit(row: TargetRow) -> str:
    """%, or a space and the word."""
    return "%" if row.is_percent else f" {UNITS.get(row.unit, row.unit)}"


@register.filter
def goal(row: TargetRow) -> str:
    """≥ 90%, 70–80%, ≥ 3 场, 100%."""
    if row.lower is None:
        return "—"
    lower = f"{row.lower.normalize():f}"
    if row.upper is not None:
        return f"{lower}–{row.upper.normalize():f}{unit(row)}"
    is_all = row.is_percent and row.lower == 100
    return f"{lower}{unit(row)}" if is_all else f"≥ {lower}{unit(row)}"


@register.filter
def wan(value: Decimal) -> str:
    """111.00"""
    return plain(value)


@register.inclusion_tag("targets/bar.html")
def targetbar(line: Line) -> dict[str, Any]:
    """Percent rows run to 100; counted ones a third beyond their target."""
    row, measured = line.row, line.measured
    assert measured is not None
    assert line.target is not None
    top = Fraction(100) if row.is_percent else line.target * Fraction(4, 3)
    value = Fraction(100) if measured.is_full else measured.value or Fraction(0)
    drawn: dict[str, Any] = {
        "value": _share(value, top),
        "target": _share(line.target, top),
        "tone": TONES.get(line.band, "none"),
    }
    if row.upper is not None and row.lower is not None:
        lower, upper = _share(Fraction(row.lower), top), _share(Fraction(row.upper), top)
        drawn |= {"lower": lower, "upper": upper, "width": upper - lower}
    return drawn


def _share(value: Fraction, top: Fraction) -> Decimal:
    return Decimal(rounded(min(Fraction(100), 100 * value / top), 2))
