"""问题 raised at a submission and by hand: one active per item, observed, reopened, repeated (§3)."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from audits import deadlines
from audits.models import Finding, FindingEvent
from audits.services import findings
from indicators.models import StationRollup
from indicators.periods import Period
from indicators.queries.behind import findings_behind
from tests import make

DAY = dt.timedelta(days=1)
UNTOUCHED = ["status", "note", "severity", "due_on", "points_lost", "round", "raised_at"]


@pytest.fixture
def visit(cast):
    """`visit(days_ago, A02="fail")`: one round with one submitted audit of the station."""
    make.version()

    def made(days_ago: float, **results: str):
        when = timezone.now() - days_ago * DAY
        task = make.assignment(cast.bureau, cast.inspector, cast.station)
        return make.submitted(task, now=when, **results)

    return made


def close(cast, days_ago):
    when = timezone.now() - days_ago * DAY
    finding = make.rectified(Finding.objects.active().get(), cast.head, now=when)
    return findings.close(finding=finding, by=cast.inspector, now=when)


def told():
    return list(Finding.objects.order_by("pk").values_list("item_code", "status"))


def events(finding):
    return [(event.kind, event.from_status, event.to_status) for event in finding.events.all()]


def test_every_partial_and_fail_raises_one(cast, visit):
    audit = visit(0, A01="partial", A02="na", B01="fail", B02="unable")

    first, second = Finding.objects.order_by("item_code")
    assert told() == [("A01", "open"), ("B01", "open")]
    assert (first.severity, first.points_lost, first.note) == ("normal", 5, "现场情况")
    assert (second.severity, second.points_lost) == ("critical", 20)
    assert (first.audit, first.round, first.station) == (
        audit, audit.assignment.round, cast.station
    )  # fmt: skip
    assert events(first) == [("raised", "", "open")]


@pytest.mark.parametrize(
    ("results", "severity", "days"),
    [
        ({"A02": "partial"}, "normal", 30),
        ({"A02": "fail"}, "serious", 15),
        ({"B01": "partial"}, "critical", 7),
    ],
)
def test_due_date_follows_severity_and_falls_on_a_working_day(visit, results, severity, days):
    visit(0, **results)

    finding = Finding.objects.get()
    today = deadlines.local_day(timezone.now())
    assert finding.severity == severity
    assert finding.due_on == finding.original_due_on == deadlines.due_on(today, days)
    assert finding.due_on >= today + days * DAY
    assert deadlines.is_working_day(finding.due_on)


def test_failing_again_while_active_is_an_observation(visit):
    visit(40, A02="fail")
    again = visit(0, A02="partial")

    finding = Finding.objects.get()
    assert events(finding) == [("raised", "", "open"), ("observed", "open", "open")]
    assert finding.events.last().round == again.assignment.round
    assert finding.severity == "serious"


def test_failing_again_while_waived_is_an_observation(cast, visit):
    visit(40, A02="fail")
    findings.waive(
        finding=Finding.objects.get(), reason="等待迁址", review_on=timezone.localdate(),
        by=cast.bureau, now=timezone.now(),
    )  # fmt: skip
    visit(0, A02="fail")

    assert told() == [("A02", "waived")]


@pytest.mark.parametrize(("closed_ago", "statuses"), [(29.9, ["open"]), (30.1, ["closed", "open"])])
def test_failing_again_reopens_within_thirty_days_and_repeats_later(
    cast, visit, closed_ago, statuses
):
    visit(60, A02="fail")
    close(cast, closed_ago)
    again = visit(0, A02="fail")

    rows = list(Finding.objects.order_by("pk"))
    assert [row.status for row in rows] == statuses
    if statuses == ["open"]:
        assert (rows[0].closed_by, rows[0].closed_at) == (None, None)
        assert events(rows[0])[-1] == ("reopened", "closed", "open")
        assert rows[0].events.last().round == again.assignment.round
        assert rows[0].due_on >= deadlines.local_day(timezone.now())
    else:
        assert rows[1].repeat_of == rows[0]


def test_repeat_counts_within_twelve_months_only(cast, visit, api):
    visit(800, A02="fail")
    close(cast, 790)
    visit(400, A02="fail")
    close(cast, 390)
    visit(100, A02="fail")

    rows = api(cast.bureau).get("/api/v1/findings/").data["results"]
    assert {row["id"]: row["is_repeat"] for row in rows} == dict(
        zip(
            Finding.objects.order_by("pk").values_list("pk", flat=True),
            [False, False, True],
            strict=True,
        )
    )


def test_repeat_stays_one_when_the_earlier_is_reopened(cast, visit, api, client):
    """As the rate counts it, wherever it is told: API, list, filter and the figure behind."""
    visit(100, A02="fail")
    first = close(cast, 90)
    visit(40, A02="fail")
    close(cast, 1)
    findings.reopen(finding=first, reason="又坏", by=cast.bureau, now=timezone.now())
    make.figures()
    client.force_login(cast.bureau)

    told = api(cast.bureau).get("/api/v1/findings/").data["results"]
    listed = client.get(reverse("ledger"), {"repeat": "1"}).context["tally"].total
    year = f"y{timezone.localdate().year}"
    rate = StationRollup.objects.get(station=cast.station, period=year)
    behind = findings_behind(
        cast.bureau, region=None, period=Period.parse(year), part="repeat",
        today=timezone.localdate(),
    )  # fmt: skip

    assert {row["id"]: row["is_repeat"] for row in told} == {first.pk: False, first.pk + 1: True}
    assert (listed, rate.repeats, behind.count()) == (1, 1, 1)


def test_a_pass_closes_nothing(visit):
    visit(10, A02="fail")
    visit(0)

    assert told() == [("A02", "open")]


def test_events_chain_verifies(cast, visit):
    from audits.chain import GENESIS, link
    from audits.events import event_facts

    visit(20, A02="fail")
    finding = close(cast, 10)
    visit(0, A02="fail")

    previous = GENESIS
    for event in FindingEvent.objects.filter(finding=finding).order_by("number"):
        assert event.previous_hash == previous
        assert event.hash == link(previous, event_facts(event))
        previous = event.hash
    finding.refresh_from_db()
    assert (finding.event_count, finding.last_hash) == (5, previous)


def test_database_holds_one_active_per_station_and_item(visit):
    visit(0, A02="fail", B02="fail")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audits_finding SET item_code = 'A02'")


# ---- 随手拍 ----


def test_by_hand_outside_any_round(cast, task, api):
    answer = api(cast.inspector).post(
        "/api/v1/findings/", {"station": cast.station.code, "note": "门口堆物"}
    )

    assert answer.status_code == 201
    finding = Finding.objects.get()
    assert (finding.title, finding.item_code, finding.round, finding.audit) == (
        "门口堆物", "", None, None
    )  # fmt: skip
    assert answer.data["item"] is None
    assert answer.data["is_repeat"] is False
    assert finding.events.get().detail == {"ad_hoc": True}


@pytest.mark.parametrize("status", Finding.ACTIVE)
def test_by_hand_on_an_item_already_active_is_an_observation(cast, visit, status):
    item = visit(0, A02="fail").answers.get(item__code="A02").item
    finding = make.brought_to(Finding.objects.get(), status, cast)
    before = Finding.objects.values(*UNTOUCHED).get()

    noted = make.noted(cast.bureau, cast.station, "还是没有", item=item, severity="critical")

    event = noted.events.last()
    assert noted == finding
    assert Finding.objects.values(*UNTOUCHED).get() == before
    assert (event.kind, event.from_status, event.to_status) == ("observed", status, status)
    assert (event.by, event.reason, event.round) == (cast.bureau, "还是没有", None)
    assert event.detail == {"ad_hoc": True}


def test_by_hand_on_a_critical_item_is_critical_whatever_is_said(cast, visit):
    item = visit(0).answers.get(item__code="B01").item

    assert make.noted(cast.inspector, cast.station, item=item).severity == "critical"


def test_by_hand_without_an_item_may_stand_twice(cast, task):
    make.noted(cast.inspector, cast.station)
    make.noted(cast.inspector, cast.station)

    assert told() == [("", "open"), ("", "open")]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"note": "x"}, "station"),
        ({"station": "nowhere", "note": "x"}, "station"),
        ({"station": "OTHER", "note": "x"}, "station"),
        ({"station": "OWN"}, "note"),
        ({"station": "OWN", "note": "x", "severity": "huge"}, "severity"),
        ({"station": "OWN", "note": "x", "item": "Z99"}, "item"),
    ],
)
def test_by_hand_names_what_is_wrong(cast, task, api, body, field):
    codes = {"OWN": cast.station.code, "OTHER": cast.other_station.code}
    given = {name: codes.get(value, value) for name, value in body.items()}

    refused = api(cast.inspector).post("/api/v1/findings/", given)

    assert (refused.status_code, [error["field"] for error in refused.data["errors"]]) == (
        400, [field]
    )  # fmt: skip
    assert not Finding.objects.exists()
