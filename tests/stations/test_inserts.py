"""A kept INSERT makes the row that `save()` makes, and fails as it does."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stations.inserts import Insert
from stations.models import HistoryEntry, Region

AT = dt.datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=dt.UTC)


def entry(**changes):
    told = {"at": AT, "action": "audit.start", "subject": "audit:1", "detail": {"话": [1, None]}}
    return HistoryEntry(**told | changes)


def test_row_is_the_one_that_save_makes(cast):
    kept = Insert(HistoryEntry)
    first, second = (kept.add(entry(actor=cast.bureau, station=cast.station)) for _ in "12")
    third = entry(actor=cast.bureau, station=cast.station)
    third.save()

    def values(one):
        held = HistoryEntry.objects.filter(pk=one.pk).values().get()
        return {name: value for name, value in held.items() if name != "id"}

    assert first.pk < second.pk < third.pk
    assert values(first) == values(second) == values(third)
    assert not first._state.adding


def test_one_statement_each(cast):
    kept = Insert(HistoryEntry)
    kept.add(entry())

    with CaptureQueriesContext(connection) as asked:
        kept.add(entry(subject="audit:2"))

    assert [one["sql"].split()[0] for one in asked] == ["INSERT"]


@pytest.mark.django_db
def test_a_refused_row_is_refused_as_by_save():
    kept = Insert(Region)

    def region():
        return Region(code="44", name_zh="省", name_en="P", level="province", path="44/")

    kept.add(region())

    with pytest.raises(IntegrityError), transaction.atomic():
        kept.add(region())
    assert Region.objects.filter(code="44").count() == 1
