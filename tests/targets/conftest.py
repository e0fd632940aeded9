import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.core.management import call_command

from targets.models import TargetTable
from tests.conftest import Cast

NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)  # noon in Shanghai


@pytest.fixture(autouse=True)
def _noon_in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def table(cast: Cast) -> TargetTable:
    """This year's table, a copy of the real one of 2021, which is there too."""
    call_command("load_targets", verbosity=0)
    return TargetTable.objects.get(year=2026)
