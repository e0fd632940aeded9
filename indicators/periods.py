"""A period is a round, "r<id>", or a calendar year in Shanghai, "y<year>"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from audits.deadlines import start_of_day

EARLIEST = dt.date(2000, 1, 1)  # no day before is asked for

_KEY = re.compile(r"(?:r(?P<round>[1-9]\d{0,9})|y(?P<year>(?:19|20|21)\d{2}))")


@dataclass(frozen=True)
class Period:
    """Exactly one of `round_id` and `year` is set."""

    round_id: int | None = None
    year: int | None = None

    @classmethod
    def of_round(cls, round_id: int) -> Period:
        return cls(round_id=round_id)

    @classmethod
    def of_year(cls, year: int) -> Period:
        return cls(year=year)

    @classmethod
    def parse(cls, key: str) -> Period:
        """Raises ValueError for anything that is no key."""
        found = _KEY.fullmatch(key)
        if found is None:
            raise ValueError(key)
        if found["round"]:
            return cls.of_round(int(found["round"]))
        return cls.of_year(int(found["year"]))

    @property
    def key(self) -> str:
        return round_key(self.round_id) if self.round_id else f"y{self.year}"

    def __str__(self) -> str:
        return self.key


def round_key(round_id: int | None) -> str:
    return f"r{round_id}"


def year_key(day: dt.date) -> str:
    return f"y{day.year}"


def year_bounds(year: int) -> tuple[dt.datetime, dt.datetime]:
    """First moment of the year in Shanghai, and of the next one."""
    return start_of_day(dt.date(year, 1, 1)), start_of_day(dt.date(year + 1, 1, 1))


def counting_day(year: int, today: dt.date) -> dt.date:
    """The day on which a year's stations are counted: today, or the last day of a past year."""
    return min(today, dt.date(year, 12, 31))
