"""The figures of overview and wall, drawn anew only when a row they are read from has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from indicators import queries
from indicators.pages.chart import draw
from indicators.pages.lens import Lens
from indicators.queries.overview import LISTED
from indicators.templatetags.kept import drawn

Context = dict[str, Any]


def nothing_more(told: queries.Overview, lens: Lens) -> Context:
    return {}


def board(
    template: str, lens: Lens, *, failing_limit: int = LISTED, may_open: bool = False,
    more: Callable[[queries.Overview, Lens], Context] = nothing_more,
) -> SafeString:  # fmt: skip
    """`more` is what the template takes besides, of the same figures.

    A past day is replayed from events, a place without roll-ups is counted: drawn each time.
    """
    read = queries.overview_rows(
        region=lens.region, period=lens.period, today=lens.day, rounds=lens.rounds
    )

    def context() -> Context:
        told = _told(lens, read, failing_limit)
        return {"lens": lens, "may_open": may_open, **_figures(told, lens), **more(told, lens)}

    if lens.as_of or not read.is_stored:
        return render_to_string(template, context())
    shown = (lens, read, queries.lines(), failing_limit, may_open)
    return drawn(template, shown, context)


def _told(lens: Lens, read: queries.Rows, failing_limit: int) -> queries.Overview:
    return queries.overview(
        region=lens.region, period=lens.period, today=lens.today, as_of=lens.as_of,
        failing_limit=failing_limit, rounds=lens.rounds, read=read,
    )  # fmt: skip


def _figures(told: queries.Overview, lens: Lens) -> Context:
    reading = told.reading
    return {
        "told": told,
        "minute": told.computed_at and told.computed_at.replace(second=0, microsecond=0),
        "reading": reading,
        "effect": vars(reading),
        "chart": draw(told.trend, reading.lower, reading.upper),
        "spread": told.scores_today if lens.is_today else told.scores,
        "has_audits": bool(told.scores.n or reading.denominator or reading.coverage.audited)
        or bool(told.centre and told.centre.audit_id),
    }
