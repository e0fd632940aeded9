"""A look-up gives what the query set it was made of gives, and keeps nothing of the first answer."""

import uuid

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.models import Audit, EvidencePhoto, Finding
from audits.services import audits
from stations.lookups import Lookup
from stations.models import Region, Station
from tests import make

pytestmark = pytest.mark.django_db


def facts(one: Model) -> dict[str, object]:
    return {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}


def handed_in(cast, station: Station) -> Audit:
    make.version()
    results = dict.fromkeys(("A01", "A02", "B01"), "fail")
    return make.submitted(make.assignment(cast.bureau, cast.inspector, station), **results)


def test_lookup_gives_each_row_as_the_query_set_does(cast):
    first, second = (handed_in(cast, station) for station in (cast.station, cast.other_station))
    rows = Audit.objects.select_related("assignment__station", "assignment__version")
    lookup = Lookup(rows.all)

    for audit in (first, second, first):
        found, wanted = lookup.get(audit.pk), rows.get(pk=audit.pk)
        assert facts(found) == facts(wanted)
        with CaptureQueriesContext(connection) as statements:
            for path in ("assignment", "station", "version"):
                owner = found if path == "assignment" else found.assignment
                other = wanted if path == "assignment" else wanted.assignment
                assert facts(getattr(owner, path)) == facts(getattr(other, path))
        assert len(statements) == 0
    assert lookup.get(uuid.uuid4()) is None


def test_lookup_knows_that_a_related_row_is_absent(cast):
    nation = Region.objects.get(parent=None)
    lookup = Lookup(lambda: Region.objects.select_related("parent"), "code")

    assert lookup.get(cast.station.region.code).parent == cast.station.region.parent
    assert lookup.get(nation.code).parent is None


def test_lookup_keeps_order_and_what_is_left_out(cast):
    audit = handed_in(cast, cast.station)
    gone = Finding.objects.filter(audit=audit).order_by("pk").first()
    Finding.objects.filter(pk=gone.pk).update(status="void")
    rows = Finding.objects.exclude(status="void").order_by("-item_code")
    lookup = Lookup(rows.all, "station")

    for station in (cast.other_station, cast.station):
        assert list(lookup.all(station.pk)) == list(rows.filter(station=station))
    assert gone not in list(lookup.all(cast.station.pk))


def test_lookup_of_some_columns_reads_the_others_later(cast):
    audit = handed_in(cast, cast.station)
    audits.reopen_audit(audit=audit, reason="补拍", by=cast.bureau, now=timezone.now())
    photo = make.photo(cast.inspector, audit=Audit.objects.get(pk=audit.pk))
    lookup = Lookup(lambda: EvidencePhoto.objects.only("audit_id", "sha256"), "audit")

    found = next(one for one in lookup.all(audit.pk) if one.pk == photo.pk)

    assert found.get_deferred_fields() >= {"path", "size"}
    assert found.path == photo.path


@pytest.mark.django_db(transaction=True)
def test_lookup_that_locks_refuses_outside_a_transaction(cast):
    lookup = Lookup(Station.objects.select_for_update)

    with transaction.atomic():
        assert lookup.get(cast.station.pk) == cast.station

    with pytest.raises(transaction.TransactionManagementError):
        lookup.get(cast.station.pk)
