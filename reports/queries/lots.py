"""抽查 of a year: which drawings touched the places a paper is about."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from audits.deadlines import local_day
from audits.models import Draw
from reports.queries.subject import Subject


class Lot(NamedTuple):
    """`frame` and `chosen`: how many of the paper's own stations could be drawn, and were."""

    round: str
    seed: str
    drawn_on: dt.date
    frame: int
    chosen: int


def lots(subject: Subject) -> list[Lot]:
    own = set(subject.stations().values_list("code", flat=True))
    rows = Draw.objects.filter(round__starts_on__year=subject.period.year).select_related("round")
    told = [
        Lot(
            row.round.name, row.seed, local_day(row.at),
            len(own.intersection(row.frame)), len(own.intersection(row.chosen)),
        )
        for row in rows.order_by("at")
    ]  # fmt: skip
    return [one for one in told if one.frame]
