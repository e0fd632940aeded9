"""A statement gives what the query set it was made of gives, whatever its values."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.test.utils import CaptureQueriesContext

from stations.models import Region, Station
from stations.statements import Statement
from tests import make
from tests.stations.test_lookups import facts

pytestmark = pytest.mark.django_db


def below(path, kind, region=0):
    is_own = ExpressionWrapper(Q(region=region), BooleanField())
    rows = Station.objects.filter(region__path__startswith=path, kind=kind)
    return rows.select_related("region").annotate(is_own=is_own).order_by("code")


def test_rows_are_those_of_the_query_set_for_any_values(cast):
    statement = Statement(below)
    places = [cast.station.region, cast.other_station.region, cast.station.region.parent]

    for place in places * 3:  # often enough for PostgreSQL to settle on one plan
        for kind in ("community", "centre"):
            values = place.path, kind, place.pk
            with CaptureQueriesContext(connection) as asked:
                found = statement.made(statement.read(*values))
            wanted = list(below(*values))
            assert len(asked) == 1
            assert [facts(one) for one in found] == [facts(one) for one in wanted]
            assert [one.is_own for one in found] == [one.is_own for one in wanted]
            with CaptureQueriesContext(connection) as asked:
                assert [one.region for one in found] == [one.region for one in wanted]
            assert len(asked) == 0


@pytest.mark.parametrize("path", ["%", "_", "000000_%", "\\", "'", "x%s", "%(x)s"])
def test_signs_of_a_pattern_are_letters_in_a_beginning(cast, path):
    statement = Statement(below)

    assert statement.read(path, "community") == []
    assert statement.made(statement.read("000000/", "community")) == list(
        below("000000/", "community")
    )


def test_days_and_any_number_of_them(cast):
    stations = [make.station(opened_on=dt.date(2020, 1, n)) for n in (1, 2, 3)]

    def opened(*days):
        return Station.objects.filter(opened_on__in=days).order_by("pk").values_list("pk", "code")

    statement = Statement(opened)

    for chosen in (stations[:1], stations, stations[1:], stations[2:]):
        read = statement.read(*[station.opened_on for station in chosen])
        assert statement.made(read) == [(station.pk, station.code) for station in chosen]
        assert statement.picked(read, "code") == [(station.code,) for station in chosen]


def test_nothing_of_an_answer_is_kept(cast):
    statement = Statement(lambda region: Region.objects.filter(pk=region))
    region = cast.station.region

    before = statement.read(region.pk)
    Region.objects.filter(pk=region.pk).update(name_zh="新名")
    after = statement.read(region.pk)

    assert before != after
    assert statement.made(after)[0].name_zh == "新名"
