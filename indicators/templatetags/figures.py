"""How figures are picked and linked: addresses that carry the lens along."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from django import template
from django.urls import get_script_prefix, reverse

from audits.scoring import printed, rounded

register = template.Library()

READ = ("value", "total", "mean", "score", "scores")


@register.simple_tag
def address(route: str, lens: Any, *args: Any, anchor: str = "", **changes: Any) -> str:
    """{% address "figure" lens "rate" part="closed" %}: the page, looking at the same thing."""
    query = lens.query(**changes)
    page = _page(get_script_prefix(), route, args)
    return page + (f"?{query}" if query else "") + (anchor and f"#{anchor}")


@lru_cache(maxsize=4096)  # a board links to the same stations as the one before it
def _page(prefix: str, route: str, args: tuple[Any, ...]) -> str:
    return reverse(route, args=args)


@register.filter
def by(told: Any, lens: Any) -> Any:
    """The score as inspected or as of today, whichever the page reads."""
    name = next(name for name in READ if hasattr(told, name))
    return getattr(told, f"{name}_today" if lens.is_today else name)


@register.filter
def floored(value: Fraction | None) -> str:
    """A whole number that never crosses a line: 79.9 stays 79."""
    return "—" if value is None else str(int(value))


@register.filter
def mark(value: Fraction | None) -> str:
    """A score near grade and band lines: more decimals until it stands on its own side."""
    return "—" if value is None else str(printed(value, (60, 70, 80, 90)))


@register.filter
def tenth(value: Fraction | None) -> str:
    return "—" if value is None else rounded(value, 1)


@register.filter
def brief(column: Any) -> str:
    """A column's head for a narrow table: 条件 for 有条件办事; the code where that is no shorter."""
    words: str = column.title.removeprefix("有").removeprefix("具体").removeprefix("工作")
    words = words.removesuffix("办事")
    return words if len(words) <= 3 else column.code


@register.filter
def brief_name(row: Any) -> str:
    """A station's name in a narrow table, under the head of its subdistrict: 白石龙, 街道站."""
    if row.kind == "subdistrict" and row.name.endswith("街道站"):
        return "街道站"
    name: str = row.name.split(" (")[0]
    for suffix in ("社区", " Community", " Subdistrict"):
        name = name.removesuffix(suffix)
    return name or row.name


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def signed(value: Fraction) -> str:
    """A difference with its sign: +12.5, −3.0."""
    shown = rounded(abs(value), 1)
    return f"+{shown}" if value > 0 else f"−{shown}" if value < 0 else shown
