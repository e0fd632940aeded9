"""提交: what stops it, what it freezes, when it is complete; the same again changes nothing."""

import threading
import uuid

import pytest
from django.db import connection

from audits.chain import content_hash
from audits.models import Audit, AuditEvent, AuditRevision, Finding, OutboxRow
from tests import make

NOW = "2026-11-23T10:00:00+08:00"


@pytest.fixture
def client(cast, api):
    return api(cast.inspector)


def submit(client, audit, *photos):
    return client.post(f"/api/v1/audits/{audit.pk}/submit/", {"photos": list(photos)})


def answered(task, **results):
    audit = make.audit(task)
    sheet = dict.fromkeys(["A01", "A02", "B01", "B02"], "pass")
    make.answers(audit, **(sheet | results))
    return audit


def test_submission_names_what_is_missing_in_the_sheet_s_order(task, client):
    audit = make.audit(task)
    make.answers(audit, A01="pass", B01="pass")

    refused = submit(client, audit)

    assert (refused.status_code, refused.data["code"]) == (409, "audit_incomplete")
    assert refused.data["missing"] == [
        {"item_code": "A01", "reason": "photo"},
        {"item_code": "A02", "reason": "answer"},
        {"item_code": "B02", "reason": "answer"},
    ]
    assert Audit.objects.get().state == "started"
    assert not AuditRevision.objects.exists()


@pytest.mark.parametrize("result", ["na", "unable"])
def test_item_out_of_the_score_needs_no_photo(task, client, result):
    receipt = submit(client, answered(task, A01=result))

    assert receipt.status_code == 200


@pytest.mark.parametrize("result", ["pass", "partial", "fail"])
def test_scored_item_needs_its_photo(task, client, result):
    assert submit(client, answered(task, A01=result)).status_code == 409


def test_photo_named_for_another_item_does_not_count(task, client):
    audit, photo_id = answered(task), str(uuid.uuid4())

    other = submit(client, audit, {"id": photo_id, "item_code": "B02"})
    right = submit(client, audit, {"id": photo_id, "item_code": "A01"})

    assert (other.status_code, right.status_code) == (409, 200)


def test_receipt_is_the_server_s_own_count(cast, task, client):
    audit, expected = answered(task, A02="partial", B02="unable"), str(uuid.uuid4())
    held = make.photo(cast.inspector, audit=audit, item_code="A01")

    receipt = submit(client, audit, str(held.pk), expected).data

    finding = Finding.objects.get()
    for clock in ("submitted_at", "counted_at"):
        assert receipt.pop(clock) is not None
    assert receipt == {
        "state": "submitted",
        "items": 4,
        "answered": 4,
        "photos_declared": 2,
        "photos_verified": 1,
        "complete": False,
        "missing": [expected],
        "unable": ["B02"],
        "results": {"pass": 2, "partial": 1, "fail": 0, "na": 0, "unable": 1},
        "findings": 1,
        "earliest_due_on": finding.due_on,
        "completed_at": None,
        "score": {
            "total": 87.5,
            "earned": 35,
            "applicable": 40,
            "critical_failed": False,
            "grade": "良好",
            "grade_code": "good",
            "revision": 1,
            "sections": [
                {"code": "A", "title": "大项A", "score": 75, "earned": 15, "applicable": 20},
                {"code": "B", "title": "大项B", "score": 100, "earned": 20, "applicable": 20},
            ],
        },
    }


def test_same_submission_again_changes_nothing(cast, task, client):
    audit = answered(task, A02="fail")
    photo = make.photo(cast.inspector, audit=audit, item_code="A01")

    first, again = submit(client, audit, str(photo.pk)), submit(client, audit)

    counted = [one.data.pop("counted_at") for one in (first, again)]
    assert counted[0] <= counted[1]
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.data == again.data
    assert AuditRevision.objects.count() == Finding.objects.count() == 1
    assert list(AuditEvent.objects.values_list("kind", "revision")) == [
        ("submitted", 1), ("completed", 1)
    ]  # fmt: skip


def test_nothing_applicable_scores_nothing(task, client):
    receipt = submit(client, answered(task, A01="na", A02="na", B01="na", B02="na")).data

    assert receipt["score"]["total"] is None
    assert [section["score"] for section in receipt["score"]["sections"]] == [None, None]
    assert receipt["score"]["grade"] == ""
    assert receipt["complete"] is True


def test_unable_is_submitted_never_complete(cast, task, client):
    audit = answered(task, B02="unable")
    photo = make.photo(cast.inspector, audit=audit, item_code="A01")

    receipt = submit(client, audit, str(photo.pk)).data

    assert (receipt["state"], receipt["missing"], receipt["unable"]) == ("submitted", [], ["B02"])


def test_critical_item_not_passed_caps_the_grade(cast, task, client):
    audit = answered(task, B01="partial")
    make.photo(cast.inspector, audit=audit, item_code="A01")

    score = submit(client, audit).data["score"]

    assert (score["total"], score["critical_failed"]) == (80, True)
    assert (score["grade"], score["grade_code"]) == ("不合格", "unqualified")


def test_revision_freezes_the_tree_under_its_hash(cast, task, client):
    audit = answered(task, A02="partial")
    photo = make.photo(cast.inspector, audit=audit, item_code="A01")
    submit(client, audit, str(photo.pk))

    revision = AuditRevision.objects.get()
    told = client.get(f"/api/v1/audits/{audit.pk}/").data

    assert revision.content_hash == content_hash(revision.tree) == told["content_hash"]
    assert revision.losses == {"A02": "5"}
    assert [section["items"] for section in revision.sections] == [["A01", "A02"], ["B01", "B02"]]
    assert told["tree"] == revision.tree
    first = revision.tree["items"][0]
    assert (first["code"], first["result"], first["earned"]) == ("A01", "pass", "10")
    assert first["photos"] == [{"id": str(photo.pk), "sha256": photo.sha256}]
    assert revision.tree["declared"] == [str(photo.pk)]


def test_submission_queues_the_station_s_roll_up_in_its_own_transaction(cast, task, client):
    audit = answered(task)
    make.photo(cast.inspector, audit=audit, item_code="A01")
    OutboxRow.objects.all().delete()

    submit(client, audit)
    submit(client, audit)

    assert list(OutboxRow.objects.values_list("topic", "key")) == [
        ("station.changed", str(cast.station.pk))
    ]


def test_station_sees_nothing_before_submission(cast, task, api):
    audit, head = answered(task, A02="fail"), api(cast.head)
    photo = make.photo(cast.inspector, audit=audit, item_code="A01")
    places = [
        f"/api/v1/audits/{audit.pk}/",
        f"/api/v1/audits/{audit.pk}/receipt/",
        f"/api/v1/photos/{photo.pk}/",
    ]

    before = [head.get(place).status_code for place in places]
    submit(api(cast.inspector), audit)
    after = [head.get(place).status_code for place in places]

    assert (before, after) == ([404, 404, 404], [200, 200, 200])


def test_station_never_sees_the_draft_in_its_sheet(cast, task, api):
    answered(task, A02="fail")

    sheet = api(cast.head).get(f"/api/v1/assignments/{task.pk}/sheet/")

    assert (sheet.status_code, sheet.data["audit"]) == (200, None)


@pytest.mark.parametrize(
    "photos", [None, "abc", ["abc"], [None], [{"item_code": "A01"}], {"id": "x"}, [[]]]
)
def test_wrong_list_of_photos_is_400(task, client, photos):
    refused = client.post(f"/api/v1/audits/{answered(task).pk}/submit/", {"photos": photos})

    assert (refused.status_code, refused.data["code"]) == (400, "invalid")
    assert refused.data["errors"][0]["field"].startswith("photos")


@pytest.mark.django_db(transaction=True)
def test_eight_submissions_at_once_make_one_revision(cast, task, api):
    audit = answered(task, A02="fail")
    photo = make.photo(cast.inspector, audit=audit, item_code="A01")
    states = []

    def send():
        states.append(submit(api(cast.inspector), audit, str(photo.pk)).data["state"])
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert states == ["complete"] * 8
    assert AuditRevision.objects.count() == Finding.objects.count() == 1
