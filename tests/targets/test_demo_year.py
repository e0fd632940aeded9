"""The demonstration's year, told on any day of it."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from audits.deadlines import SHANGHAI
from config.demo import year
from targets.models import TargetTable
from targets.queries.table import evaluate
from tests.conftest import Cast


def told(cast: Cast, day: dt.date) -> dict[str, tuple[str, str]]:
    now = dt.datetime.combine(day, dt.time(9), SHANGHAI)
    with time_machine.travel(now):
        call_command("load_targets", verbosity=0)
        year.tell(bureau=cast.bureau, stations=[cast.station, cast.other_station], now=now)
    table = TargetTable.objects.get(year=day.year)
    return {line.row.key: (line.printed, line.band) for line in evaluate(table, day).lines}


def test_late_in_november_every_record_row_has_a_value(cast: Cast) -> None:
    rows = told(cast, dt.date(2026, 11, 24))

    assert rows == {
        "execution": ("92.6", "running"),
        "quantity": ("4", "met"),
        "quality": ("91.7", "met"),
        "timeliness": ("91.2", "met"),
        "economic": ("", "na"),
        "social": ("", "no_audits"),
        "ecological": ("", "na"),
        "satisfaction": ("87.5", "met"),
    }


@pytest.mark.parametrize("day", [dt.date(2027, 1, 2), dt.date(2028, 2, 29), dt.date(2027, 12, 31)])
def test_any_day_can_be_told(cast: Cast, day: dt.date) -> None:
    assert len(told(cast, day)) == 8
