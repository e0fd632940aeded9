"""得分表: the heat table as one list to sort and filter; the address says how."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audits.pages.people import person_who
from indicators import queries
from indicators.pages.lens import Lens, lens_of
from indicators.queries.heat import Heat, HeatGroup, HeatRow

LEVELS = [
    ("", _("全部得分")),
    ("90", _("有低于 90 的")),
    ("80", _("有低于 80 的")),
    ("70", _("有低于 70 的")),
]


class ListForm(forms.Form):
    sort = forms.CharField(required=False, max_length=20)
    search = forms.CharField(required=False, max_length=60)
    below = forms.ChoiceField(required=False, choices=LEVELS)


@dataclass(frozen=True)
class Listed:
    row: HeatRow
    group: HeatGroup


@dataclass(frozen=True)
class Head:
    """`sort` is what a click asks for; `order` as aria-sort has it."""

    code: str
    title: str
    sort: str
    order: str


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "indicators.compare")
    lens = lens_of(request, user)
    asked = _asked(request)
    heat = (
        queries.heat_table_on(lens.as_of, lens.region, lens.period)
        if lens.as_of
        else queries.heat_table(region=lens.region, period=lens.period)
    )
    everything = [Listed(row, group) for group in heat.groups for row in group.rows]
    rows = [one for one in everything if _fits(one, asked, lens)]
    context = {
        "lens": lens,
        "heat": heat,
        "rows": _sorted(rows, asked["sort"], lens),
        "total": len(everything),
        "asked": asked,
        "levels": LEVELS,
        "heads": _heads(heat, asked["sort"]),
    }
    return render(request, "indicators/heat_list.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    form = ListForm(request.GET)
    form.is_valid()
    return {name: form.cleaned_data.get(name) or "" for name in ("sort", "search", "below")}


def _scores(row: HeatRow, lens: Lens) -> dict[str, Fraction | None]:
    """{column code: score} in the reading looked at; the total under "total"."""
    scores = {cell.code: cell.value_today if lens.is_today else cell.value for cell in row.cells}
    return scores | {"total": row.total_today if lens.is_today else row.total}


def _fits(one: Listed, asked: dict[str, str], lens: Lens) -> bool:
    if asked["search"] and asked["search"].casefold() not in _words(one).casefold():
        return False
    line = int(asked["below"] or 0)
    scores = _scores(one.row, lens).values()
    return not line or any(score is not None and score < line for score in scores)


def _words(one: Listed) -> str:
    return f"{one.row.name} {one.row.code} {one.group.name}"


def _sorted(rows: list[Listed], sort: str, lens: Lens) -> list[Listed]:
    """Without a score comes last either way; the table's own order without `sort`."""
    column, is_down = sort.removeprefix("-"), sort.startswith("-")
    if column == "name":
        return sorted(rows, key=lambda one: one.row.name, reverse=is_down)
    told = [(one, _scores(one.row, lens).get(column)) for one in rows]
    scored = [(one, score) for one, score in told if score is not None]
    if not scored:
        return rows
    scored.sort(key=lambda pair: pair[1], reverse=is_down)
    return [one for one, _score in scored] + [one for one, score in told if score is None]


def _heads(heat: Heat, sort: str) -> list[Head]:
    """Lowest first at the first click: what is missing is looked for."""
    columns: list[tuple[str, Any]] = [("name", _("单位")), ("total", _("得分"))]
    columns += [(column.code, column.title) for column in heat.columns]
    return [_head(code, title, sort) for code, title in columns]


def _head(code: str, title: Any, sort: str) -> Head:
    order = "ascending" if sort == code else "descending" if sort == f"-{code}" else "none"
    return Head(code, title, f"-{code}" if sort == code else code, order)
