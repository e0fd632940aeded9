"""Lists and pages of one thing cost the same statements with one row and with three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits import outbox
from audits.models import Finding
from stations.models import User
from tests import make


@pytest.fixture
def visit(cast):
    """Once more: a station in a place of its own, with a round, a visit, findings and photos."""
    places = iter(["440309001", "440309002", "440309003", "440309004", "440309005"])

    def once_more(station=None):
        station = station or make.station(region=make.region(next(places)))
        version = make.version()
        task = make.assignment(cast.bureau, cast.inspector, station)
        audit = make.submitted(task, A02="fail", B02="partial")
        for finding in Finding.objects.filter(station=station):
            make.photo(cast.inspector, finding=finding, kind="before")
        make.user("station_head", stations=[station])
        outbox.drain()
        return {"audit": audit, "task": task, "version": version}

    return once_more


LISTS = {
    "regions/": 3,
    "stations/": 3,
    "users/": 5,
    "checklists/": 3,
    "rounds/": 2,
    "assignments/": 3,
    "findings/": 3,
}


def statements(api, person: User, path: str) -> tuple[int, int]:
    """Statements and rows, the account's own scope read anew as by every request."""
    client = api(User.objects.get(pk=person.pk))
    with CaptureQueriesContext(connection) as told:
        answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200
    return len(told), answer.data.get("count", 1)


@pytest.mark.parametrize("path", LISTS)
def test_list_costs_the_same_with_one_row_and_with_three(cast, visit, api, path):
    visit()
    one, rows_before = statements(api, cast.bureau, path)
    visit()
    visit()
    three, rows_after = statements(api, cast.bureau, path)

    assert rows_after > rows_before > 0
    assert (one, three) == (LISTS[path], LISTS[path])


def test_finding_costs_the_same_with_more_events_and_photos(cast, visit, api):
    visit()
    finding = Finding.objects.order_by("pk").first()
    path = f"findings/{finding.pk}/"

    one, _ = statements(api, cast.bureau, path)
    make.rectified(finding, finding.station.heads.get())
    for _ in range(2):
        make.photo(cast.bureau, finding=finding, kind="site")
    more, _ = statements(api, cast.bureau, path)

    assert (one, more) == (4, 4)


def test_sheet_costs_the_same_with_more_answers_and_photos(cast, task, api):
    make.answers(make.audit(task), A01="pass")
    audit = task.audit
    make.photo(cast.inspector, audit=audit, item_code="A01")
    path = f"assignments/{task.pk}/sheet/"

    one, _ = statements(api, cast.inspector, path)
    make.answers(audit, A02="fail", B01="pass", B02="na")
    for code in ("A02", "B01"):
        make.photo(cast.inspector, audit=audit, item_code=code)
    more, _ = statements(api, cast.inspector, path)

    assert (one, more) == (5, 5)


def test_audit_costs_the_same_whatever_stands_in_it(cast, visit, api):
    first = visit()["audit"]

    one, _ = statements(api, cast.bureau, f"audits/{first.pk}/")
    for _ in range(2):
        visit()
    more, _ = statements(api, cast.bureau, f"audits/{first.pk}/")

    assert (one, more) == (4, 4)
