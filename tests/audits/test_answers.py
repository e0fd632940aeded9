"""检查结果: every refusal, every repeat, and what the database itself holds (semantics §1)."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audits.models import Answer, Audit
from audits.services import audits
from stations.models import HistoryEntry
from stations.refusals import Refusal
from tests import make

NOW = "2026-11-23T10:00:00+08:00"


@pytest.fixture
def audit(task):
    return make.audit(task)


@pytest.fixture
def client(cast, api):
    return api(cast.inspector)


def given(code="A02", result="pass", note="", **fields):
    return {"item_code": code, "result": result, "note": note, "answered_at": NOW, **fields}


def send(client, audit, *answers):
    response = client.post(f"/api/v1/audits/{audit.pk}/answers/", {"answers": list(answers)})
    return response.data["answers"]


def put(client, audit, code="A02", result="pass", note="", **fields):
    body = {"result": result, "note": note, "answered_at": NOW, **fields}
    return client.put(f"/api/v1/audits/{audit.pk}/answers/{code}/", body)


def test_start_twice_gives_the_same_audit(cast, task, client):
    body = {"assignment": task.pk, "started_at": NOW}
    url = f"/api/v1/audits/{uuid.uuid4()}/"

    first, again = client.put(url, body), client.put(url, body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data == again.data
    assert Audit.objects.count() == 1


def test_start_under_another_id_names_the_audit_there_is(audit, task, client):
    answer = client.put(
        f"/api/v1/audits/{uuid.uuid4()}/", {"assignment": task.pk, "started_at": NOW}
    )

    assert (answer.status_code, answer.data["code"]) == (409, "already_started")
    assert answer.data["audit"] == str(audit.pk)


def test_start_under_an_id_used_elsewhere_is_refused(cast, audit, client):
    other = make.assignment(cast.bureau, cast.inspector, cast.other_station)

    answer = client.put(f"/api/v1/audits/{audit.pk}/", {"assignment": other.pk, "started_at": NOW})

    assert (answer.status_code, answer.data["code"]) == (409, "id_taken")


def test_start_of_a_task_handed_to_a_colleague_is_refused(cast, task):
    now = timezone.now()

    with pytest.raises(Refusal) as refused:
        audits.start_audit(
            id=uuid.uuid4(), assignment=task, started_at=now, by=cast.inspector2, now=now
        )

    assert (refused.value.code, refused.value.status) == ("not_allowed", 403)


def test_first_answer_is_201_and_the_same_again_200(audit, client):
    first, again = put(client, audit), put(client, audit)

    assert (first.status_code, first.data) == (201, {"item_code": "A02", "version": 1})
    assert (again.status_code, again.data) == (200, {"item_code": "A02", "version": 1})
    assert HistoryEntry.objects.filter(action="audit.answer").count() == 1


def test_another_first_answer_is_409_with_the_server_s(cast, audit, client):
    put(client, audit, result="fail", note="没有")

    refused = put(client, audit)

    assert (refused.status_code, refused.data["code"]) == (409, "stale_answer")
    assert refused.data["answer"] == {
        "result": "fail",
        "note": "没有",
        "version": 1,
        "answered_at": "2026-11-23T02:00:00+00:00",
        "answered_by": "inspector",
    }
    assert audit.answers.get().result == "fail"


def test_change_from_the_version_seen_is_200(audit, client):
    put(client, audit)

    changed = put(client, audit, result="partial", note="缺两项", base_version=1)
    stale = put(client, audit, result="fail", note="没有", base_version=1)

    assert (changed.status_code, changed.data["version"]) == (200, 2)
    assert (stale.status_code, stale.data["answer"]["version"]) == (409, 2)


def test_answer_based_on_a_version_that_never_was_is_409_without_an_answer(audit, client):
    refused = put(client, audit, base_version=3)

    assert (refused.status_code, refused.data["answer"]) == (409, None)
    assert not audit.answers.exists()


def test_lost_receipt_of_a_change_is_200_again(audit, client):
    put(client, audit)
    put(client, audit, result="fail", note="没有", base_version=1)

    again = put(client, audit, result="fail", note="没有", base_version=1)

    assert (again.status_code, again.data["version"]) == (200, 2)


def test_same_item_twice_in_one_batch_is_a_conflict_of_its_own(audit, client):
    outcomes = send(client, audit, given(), given(), given(result="fail", note="没有"))

    assert [one["status"] for one in outcomes] == [201, 200, 409]
    assert audit.answers.get().result == "pass"


def test_one_bad_answer_does_not_stop_the_rest(audit, client):
    outcomes = send(
        client,
        audit,
        given("A01"),
        given("Z99"),
        given("A02", "perfect"),
        given("B01", "fail"),
        "nonsense",
        {"item_code": "B02"},
        given("B02"),
    )

    assert [(one["item_code"], one["status"], one.get("code")) for one in outcomes] == [
        ("A01", 201, None),
        ("Z99", 400, "unknown_item"),
        ("A02", 400, "invalid"),
        ("B01", 400, "note_required"),
        (None, 400, "invalid"),
        ("B02", 400, "invalid"),
        ("B02", 201, None),
    ]
    assert [error["field"] for error in outcomes[5]["errors"]] == ["result", "answered_at"]
    assert sorted(audit.answers.values_list("item__code", flat=True)) == ["A01", "B02"]


def test_answer_to_an_item_not_on_the_sheet_is_404(audit, client):
    refused = put(client, audit, "Z99")

    assert (refused.status_code, refused.data["code"]) == (404, "unknown_item")


@pytest.mark.parametrize("result", ["partial", "fail", "na", "unable"])
@pytest.mark.parametrize("note", ["", "  \n", None])
def test_anything_but_a_pass_needs_words(audit, client, result, note):
    refused = put(client, audit, result=result, note=note)

    assert (refused.status_code, refused.data["errors"]) == (
        400,
        [
            {
                "field": "note",
                "code": "note_required",
                "message": "这个结果须写明原因或情况。",
            }
        ],
    )


@pytest.mark.parametrize(
    ("result", "earned"),
    [("pass", "10"), ("partial", "5"), ("fail", "0"), ("na", None), ("unable", None)],
)
def test_earned_is_points_times_ratio(audit, client, result, earned):
    put(client, audit, result=result, note="说明")

    assert audit.answers.get().earned == (None if earned is None else int(earned))


def test_late_answer_after_submission_is_409_and_a_repeat_still_200(cast, task, client):
    audit = make.submitted(task, A02="fail")

    changed = put(client, audit, base_version=1)
    again = put(client, audit, result="fail", note="现场情况")

    assert (changed.status_code, changed.data["code"]) == (409, "audit_submitted")
    assert changed.data["answer"]["result"] == "fail"
    assert (again.status_code, again.data["version"]) == (200, 1)


def test_colleague_may_not_answer(cast, audit, api):
    refused = put(api(cast.inspector2), audit)

    assert (refused.status_code, refused.data["code"]) == (404, "not_found")


def test_colleague_with_an_earlier_task_at_the_station_may_read_but_not_answer(cast, audit, api):
    make.assignment(cast.bureau, cast.inspector2, cast.station)

    refused = put(api(cast.inspector2), audit)

    assert (refused.status_code, refused.data["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("result", ["na", "unable"])
def test_database_refuses_points_without_a_ratio(audit, client, result):
    put(client, audit, result=result, note="门锁着")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audits_answer SET earned = 5")
    assert audit.answers.get().earned is None


@pytest.mark.parametrize(
    "change",
    ["earned = NULL", "result = 'fail'", "result = 'na', note = 'x'", "result = 'good'"],
)
def test_database_refuses_a_scored_answer_without_points_or_reason(audit, client, change):
    put(client, audit)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audits_answer SET {change}")


@pytest.mark.parametrize(
    "answered_at", ["1970-01-01T00:00:00Z", "2031-01-01T00:00:00+08:00", "2026-11-20T09:00:00"]
)
def test_phone_s_wrong_clock_is_kept_never_refused(audit, client, answered_at):
    kept = put(client, audit, answered_at=answered_at)

    assert kept.status_code == 201
    answer = audit.answers.get()
    assert answer.answered_at == dt.datetime.fromisoformat(answered_at).astimezone()
    assert abs((answer.received_at - timezone.now()).total_seconds()) < 60


@pytest.mark.django_db(transaction=True)
def test_eight_editors_overwrite_nothing_silently(cast, task, api):
    audit = make.audit(task)
    make.answers(audit, A02="pass")
    accepted, lock = [], threading.Lock()

    def edit(name):
        client = api(cast.inspector)
        for turn in range(5):
            seen = Answer.objects.get(audit=audit)
            body = {"result": "fail", "note": f"{name}-{turn}", "base_version": seen.version}
            answer = client.put(
                f"/api/v1/audits/{audit.pk}/answers/A02/", {**body, "answered_at": NOW}
            )
            assert answer.status_code in {200, 409}
            if answer.status_code == 200:
                with lock:
                    accepted.append((answer.data["version"], body["note"]))
        connection.close()

    threads = [threading.Thread(target=edit, args=[name]) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = Answer.objects.get()
    assert sorted(version for version, _ in accepted) == list(range(2, len(accepted) + 2))
    assert (kept.version, kept.note) == max(accepted)
