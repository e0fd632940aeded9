"""The periods a page can be switched to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from audits.models import Round
from indicators.periods import Period
from indicators.queries.readings import period_name
from stations.statements import Statement

_ROUNDS = Statement(lambda: Round.objects.order_by("-starts_on", "-pk"))


@dataclass(frozen=True)
class PeriodChoice:
    key: str
    name: str
    is_running: bool


def all_rounds() -> list[Round]:
    """Newest first."""
    return _ROUNDS.made(_ROUNDS.read())


def period_choices(today: dt.date, rounds: list[Round] | None = None) -> list[PeriodChoice]:
    """Years first, newest first, then the rounds likewise."""
    rounds = all_rounds() if rounds is None else rounds
    years = sorted({today.year, *(round.starts_on.year for round in rounds)}, reverse=True)
    told = [Period.of_year(year) for year in years if year <= today.year]
    return [
        PeriodChoice(period.key, period_name(period), period.year == today.year) for period in told
    ] + [
        PeriodChoice(Period.of_round(round.pk).key, round.name, round.is_running(today))
        for round in rounds
    ]
