"""问题's moves: the whole table of them, who may, what guards them, and what is left behind (§3)."""

import datetime as dt
import re
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.models import EvidencePhoto, Finding, FindingEvent, OutboxRow, Rectification
from audits.services import findings
from audits.services.findings import MOVES
from stations.refusals import Refusal
from tests import make

WHO = {
    "findings.raise": "inspector",
    "findings.rectify": "head",
    "findings.review": "inspector",
    "findings.rule": "bureau",
}
REVIEW_ON = "2027-03-01"


@pytest.fixture
def finding(cast, task):
    make.submitted(task, A02="fail")
    return Finding.objects.get()


@pytest.fixture
def critical(cast, task):
    make.submitted(task, B01="fail")
    return Finding.objects.get()


def move(name, finding, client, **body):
    body = {"reason": "原因", "measure": "措施", "review_on": REVIEW_ON, "photos": []} | body
    return client.post(f"/api/v1/findings/{finding.pk}/{name}/", body)


def sent(name, status, finding, cast):
    """The photos the move needs, where the problem's state lets anyone send them."""
    if name == "submit" and status == "in_progress":
        return [str(make.photo(cast.head, finding=finding).pk)]
    if name == "fix-on-site" and status in MOVES[name].sources:
        make.noted(cast.inspector, cast.station, item=finding.item)  # seen again since they began
        make.photo(cast.inspector, finding=finding, kind="before")
        return [str(make.photo(cast.inspector, finding=finding, kind="after").pk)]
    return []


# ---- the table ----


@pytest.mark.parametrize("status", Finding.Status.values)
@pytest.mark.parametrize("name", MOVES)
def test_move_is_allowed_from_its_sources_only(cast, finding, api, name, status):
    make.brought_to(finding, status, cast)
    photos = sent(name, status, finding, cast)
    before = FindingEvent.objects.count()

    answer = move(name, finding, api(getattr(cast, WHO[MOVES[name].action])), photos=photos)

    finding.refresh_from_db()
    if status in MOVES[name].sources:
        assert (answer.status_code, answer.data["status"]) == (200, MOVES[name].target)
        assert finding.status == MOVES[name].target
        event = finding.events.last()
        assert (event.kind, event.from_status, event.to_status) == (
            MOVES[name].event, status, MOVES[name].target
        )  # fmt: skip
    else:
        assert (answer.status_code, answer.data["code"]) == (409, "illegal_move")
        assert answer.data["present_status"] == finding.status == status
        assert f"“{finding.get_status_display()}”" in answer.data["detail"]
        assert FindingEvent.objects.count() == before


SOURCE = {
    "start": "open",
    "fix-on-site": "open",
    "submit": "in_progress",
    "reopen": "closed",
} | dict.fromkeys(["close", "send-back", "void", "waive"], "submitted")


@pytest.mark.parametrize("name", [name for name, one in MOVES.items() if one.needs_reason])
@pytest.mark.parametrize("reason", ["", "   ", None])
def test_move_needs_its_reason(cast, finding, api, name, reason):
    make.brought_to(finding, SOURCE[name], cast)

    answer = move(name, finding, api(getattr(cast, WHO[MOVES[name].action])), reason=reason)

    assert (answer.status_code, answer.data["errors"][0]["field"]) == (400, "reason")
    with pytest.raises(Refusal) as refused:
        getattr(findings, name.replace("-", "_"))(
            finding=finding, reason=reason or "", by=getattr(cast, WHO[MOVES[name].action]),
            now=timezone.now(), **({"review_on": dt.date(2027, 3, 1)} if name == "waive" else {}),
        )  # fmt: skip
    assert refused.value.errors[0]["field"] == "reason"


def test_every_move_wakes_the_roll_up_of_the_station(cast, finding, api):
    OutboxRow.objects.all().delete()

    move("start", finding, api(cast.head))

    assert list(OutboxRow.objects.values_list("topic", "key")) == [
        ("station.changed", str(cast.station.pk))
    ]


def test_whole_life_is_told_in_events(cast, finding, api):
    make.brought_to(finding, "submitted", cast)
    first_after = EvidencePhoto.objects.get(kind="after")
    move("send-back", finding, api(cast.supervisor), reason="照片看不清")
    after = make.photo(cast.head, finding=finding)
    move("submit", finding, api(cast.head), measure="重拍", photos=[str(after.pk)])
    told = move("close", finding, api(cast.bureau), reason="").data

    assert [(e["kind"], e["by"], e["role"], e["reason"]) for e in told["events"]] == [
        ("raised", "inspector", "inspector", "现场情况"),
        ("started", "station", "station_head", ""),
        ("submitted", "station", "station_head", "已整改"),
        ("sent_back", "supervisor", "supervisor", "照片看不清"),
        ("submitted", "station", "station_head", "重拍"),
        ("closed", "bureau", "bureau", ""),
    ]
    assert told["events"][2]["photos"] == [
        {"id": str(first_after.pk), "sha256": first_after.sha256}
    ]
    assert told["events"][4]["photos"] == [{"id": str(after.pk), "sha256": after.sha256}]
    assert list(
        Rectification.objects.values_list("number", "outcome", "reviewed_by__username", "reason")
    ) == [(1, "returned", "supervisor", "照片看不清"), (2, "accepted", "bureau", "")]
    assert [photo["kind"] for photo in told["photos"]] == ["after", "after"]


# ---- after-photos ----


def test_rectification_needs_a_photo_the_server_holds(cast, finding, api):
    make.brought_to(finding, "in_progress", cast)
    missing = str(uuid.uuid4())

    none = move("submit", finding, api(cast.head))
    unknown = move("submit", finding, api(cast.head), photos=[missing])

    assert (none.status_code, none.data["errors"][0]["code"]) == (400, "required")
    assert (unknown.status_code, unknown.data["code"]) == (400, "photos_refused")
    assert [(e["field"], e["code"]) for e in unknown.data["errors"]] == [
        (f"photos.{missing}", "not_held")
    ]


def test_photo_of_another_finding_is_not_held_here(cast, finding, api):
    make.brought_to(finding, "in_progress", cast)
    elsewhere = make.photo(cast.head, finding=_another(cast))

    refused = move("submit", finding, api(cast.head), photos=[str(elsewhere.pk)])

    assert refused.data["errors"][0]["code"] == "not_held"


def test_before_photo_is_no_after_photo(cast, finding, api):
    make.brought_to(finding, "in_progress", cast)
    before = make.photo(cast.inspector, finding=finding, kind="before")

    refused = move("submit", finding, api(cast.head), photos=[str(before.pk)])

    assert refused.data["errors"][0]["code"] == "not_held"


def test_bytes_that_are_evidence_elsewhere_are_refused(cast, finding, api):
    make.brought_to(finding, "in_progress", cast)
    copy = make.picture(77)
    make.photo(cast.head, finding=_another(cast), content=copy)
    after = make.photo(cast.head, finding=finding, content=copy)

    refused = move("submit", finding, api(cast.head), photos=[str(after.pk)])

    assert (refused.status_code, refused.data["errors"][0]["code"]) == (400, "already_evidence")
    finding.refresh_from_db()
    assert finding.status == "in_progress"
    assert not Rectification.objects.exists()


def test_photo_of_a_returned_attempt_is_not_new(cast, finding, api):
    make.brought_to(finding, "submitted", cast)
    used = EvidencePhoto.objects.get(kind="after")
    move("send-back", finding, api(cast.supervisor))

    refused = move("submit", finding, api(cast.head), photos=[str(used.pk)])

    assert refused.data["errors"][0]["code"] == "already_evidence"


def _another(cast):
    return make.noted(cast.inspector, cast.station)


# ---- the second person ----


@pytest.mark.parametrize("name", ["close", "send-back", "reopen"])
def test_who_submitted_never_reviews_even_in_another_role(cast, finding, api, name):
    make.brought_to(finding, "closed" if name == "reopen" else "submitted", cast)
    cast.head.role = "bureau"
    cast.head.save()
    cast.head.regions.set([make.region("440309")])
    cast.head.stations.clear()

    refused = move(name, finding, api(cast.head))

    assert (refused.status_code, refused.data["code"]) == (403, "own_work")


@pytest.mark.parametrize("role", ["bureau", "supervisor", "inspector"])
def test_account_of_the_station_never_closes_whatever_its_role(cast, finding, api, role):
    make.brought_to(finding, "submitted", cast)
    person = getattr(cast, role)
    person.stations.add(cast.station)

    refused = move("close", finding, api(person))

    assert (refused.status_code, refused.data["code"]) == (403, "own_station")


def test_submitter_of_an_earlier_attempt_never_closes(cast, finding, api):
    make.brought_to(finding, "submitted", cast)
    move("send-back", finding, api(cast.supervisor))
    second = make.user("station_head", stations=[cast.station])
    after = make.photo(second, finding=finding)
    move("submit", finding, api(second), photos=[str(after.pk)])
    cast.head.role = "bureau"
    cast.head.save()
    cast.head.regions.set([make.region("440309")])
    cast.head.stations.clear()

    assert move("close", finding, api(cast.head)).data["code"] == "own_work"


def test_database_refuses_the_submitter_as_closer(cast, finding):
    make.brought_to(finding, "submitted", cast)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audits_finding SET status = 'closed', closed_by_id = submitted_by_id,"
            " closed_at = submitted_at"
        )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audits_rectification SET reviewed_by_id = submitted_by_id")


@pytest.mark.parametrize(
    "change",
    [
        "status = 'closed'",
        "status = 'closed', closed_at = raised_at",
        "closed_by_id = raised_by_id",
        "status = 'submitted', submitted_by_id = NULL",
    ],
)
def test_database_refuses_a_closure_without_its_people(cast, finding, change):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audits_finding SET {change}")


def test_critical_item_closes_only_with_the_closer_s_own_photo_from_the_site(cast, critical, api):
    make.photo(cast.inspector, finding=critical, kind="site")
    make.brought_to(critical, "submitted", cast)
    station_s_own = make.picture(78)
    make.photo(cast.inspector, finding=critical, kind="site", content=station_s_own)
    make.photo(cast.inspector, finding=_another(cast), kind="site", content=station_s_own)
    make.photo(cast.supervisor, finding=critical, kind="site")

    without = move("close", critical, api(cast.inspector))
    on_site = make.photo(cast.inspector, finding=critical, kind="site")
    closed = move("close", critical, api(cast.inspector))

    assert (without.status_code, without.data["errors"][0]["code"]) == (
        400, "on_site_photo_required"
    )  # fmt: skip
    assert closed.data["status"] == "closed"
    assert closed.data["events"][-1]["photos"] == [
        {"id": str(on_site.pk), "sha256": on_site.sha256}
    ]


def test_reopening_by_hand_gives_a_new_due_date_and_forgets_the_closer(cast, finding, api):
    make.brought_to(finding, "closed", cast)
    Finding.objects.update(due_on=dt.date(2026, 1, 5))

    told = move("reopen", finding, api(cast.bureau)).data

    finding.refresh_from_db()
    assert (told["status"], told["closed_at"]) == ("open", None)
    assert finding.due_on > timezone.localdate()
    assert finding.closed_by is None
    assert finding.events.last().detail == {"due_on": finding.due_on.isoformat()}


def test_reopening_locks_the_station_first_as_a_submission_does(cast, finding):
    """The other way round the two would wait for each other."""
    make.brought_to(finding, "closed", cast)

    with CaptureQueriesContext(connection) as asked:
        findings.reopen(finding=finding, reason="又坏", by=cast.bureau, now=timezone.now())

    tables = [re.search(r'FROM "(\w+)"', one["sql"]) for one in asked if "FROM" in one["sql"]]
    read = [found[1] for found in tables if found]
    assert read.index("stations_station") < read.index("audits_finding")


def test_reopening_is_refused_while_the_item_has_another_active_one(cast, finding, api):
    make.brought_to(finding, "closed", cast)
    later = timezone.now() + dt.timedelta(days=31)
    active = make.noted(cast.inspector, cast.station, now=later, item=finding.item)

    refused = move("reopen", finding, api(cast.bureau))

    assert (refused.status_code, refused.data["code"]) == (409, "active_finding")
    assert refused.data["finding"] == active.pk


def test_waiving_keeps_reason_document_and_review_date(cast, finding, api):
    told = move("waive", finding, api(cast.bureau), reason="待迁址", document="深龙退〔2026〕8号")

    assert (told.data["status"], told.data["review_on"]) == ("waived", REVIEW_ON)
    assert finding.events.last().detail == {
        "document": "深龙退〔2026〕8号", "review_on": REVIEW_ON
    }  # fmt: skip


def test_list_of_a_year_s_counted_problems_is_its_cohort(cast, finding, api):
    """What `records` of the target table's row leads to: as many rows as the figure counts."""
    client = api(cast.bureau)
    other = make.assignment(cast.bureau, cast.inspector, cast.other_station)
    make.submitted(other, A02="fail")
    gone = Finding.objects.get(station=cast.other_station)
    findings.void(finding=gone, reason="误判", by=cast.bureau, now=timezone.now())
    year = timezone.localtime(finding.raised_at).year

    def ids(**query):
        return [row["id"] for row in client.get("/api/v1/findings/", query).data["results"]]

    assert ids(year=year, counted="true") == [finding.pk]
    assert ids(year=year, counted="false") == [gone.pk]
    assert ids(year=year - 1) == ids(year=year + 1) == []
    assert client.get("/api/v1/findings/", {"year": "1999"}).status_code == 400


def test_list_is_filtered_by_status_station_round_region_and_lateness(cast, finding, api):
    other = make.assignment(cast.bureau, cast.inspector, cast.other_station)
    make.submitted(other, A02="fail")
    late = Finding.objects.get(station=cast.other_station)
    Finding.objects.filter(pk=late.pk).update(due_on=dt.date(2026, 1, 5))
    client = api(cast.bureau)

    def ids(**query):
        return [row["id"] for row in client.get("/api/v1/findings/", query).data["results"]]

    here = finding.pk
    assert ids() == [late.pk, here]
    assert ids(overdue="true") == [late.pk]
    assert ids(overdue="false") == [here]
    assert ids(station=cast.station.code) == [here]
    assert ids(round=finding.round_id) == [here]
    assert ids(region="440309002") == [late.pk]
    assert ids(region="440309") == [late.pk, here]
    assert ids(status="closed") == []
    assert ids(status=["open", "closed"]) == [late.pk, here]
    assert client.get("/api/v1/findings/", {"region": "9001"}).status_code == 400
    assert client.get("/api/v1/findings/", {"status": "odd"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_one_closes(cast, finding, api):
    make.brought_to(finding, "submitted", cast)
    seen = []

    def close(person):
        seen.append(move("close", finding, api(person), reason="").status_code)
        connection.close()

    people = [cast.inspector, cast.supervisor, cast.bureau] * 2
    threads = [threading.Thread(target=close, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == [200, 409, 409, 409, 409, 409]
    assert FindingEvent.objects.filter(kind="closed").count() == 1
