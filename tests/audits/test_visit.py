"""One visit through the API: start, answer, photograph, submit, and what follows."""

import hashlib
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from audits import outbox
from audits.models import Finding
from tests import make

NOW = "2026-11-23T10:00:00+08:00"


def photo_form(content: bytes, **fields: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("p.jpg", content, "image/jpeg")
    sha256 = hashlib.sha256(content).hexdigest()
    return {"file": file, "sha256": sha256, "taken_at": NOW, **fields}


def test_visit_from_start_to_complete(cast, task, api):
    client, audit_id, photo_id = api(cast.inspector), uuid.uuid4(), uuid.uuid4()
    base = f"/api/v1/audits/{audit_id}/"

    started = client.put(base, {"assignment": task.pk, "started_at": NOW})
    again = client.put(base, {"assignment": task.pk, "started_at": NOW})
    given = [
        {"item_code": "A01", "result": "pass", "note": "", "answered_at": NOW},
        {"item_code": "A02", "result": "partial", "note": "缺两项", "answered_at": NOW},
        {"item_code": "B01", "result": "pass", "note": "", "answered_at": NOW},
        {"item_code": "B02", "result": "fail", "note": "", "answered_at": NOW},
    ]
    first = client.post(f"{base}answers/", {"answers": given})
    fixed = client.put(
        f"{base}answers/B02/", {"result": "fail", "note": "没有", "answered_at": NOW}
    )
    early = client.post(f"{base}submit/", {"photos": []})
    receipt = client.post(f"{base}submit/", {"photos": [str(photo_id)]})
    form = photo_form(make.picture(7), audit=str(audit_id), item_code="A01", kind="site")
    sent = client.put(f"/api/v1/photos/{photo_id}/", form, format="multipart")
    done = client.post(f"{base}submit/", {"photos": [str(photo_id)]})

    assert (started.status_code, again.status_code) == (201, 200)
    assert [one["status"] for one in first.data["answers"]] == [201, 201, 201, 400]
    assert (fixed.status_code, fixed.data["version"]) == (201, 1)
    assert early.status_code == 409
    assert early.data["missing"] == [{"item_code": "A01", "reason": "photo"}]
    assert receipt.data["state"] == "submitted"
    assert receipt.data["missing"] == [str(photo_id)]
    assert sent.status_code == 201
    assert sent.data["sha256"] == form["sha256"]
    assert (done.data["state"], done.data["complete"]) == ("complete", True)
    assert done.data["score"]["total"] == 70
    assert done.data["score"]["earned"] == 35
    assert done.data["score"]["grade"] == "合格"
    raised = Finding.objects.order_by("item_code").values_list("item_code", "severity", "status")
    assert list(raised) == [("A02", "normal", "open"), ("B02", "serious", "open")]


def test_photo_process_makes_copies(cast, task, api):
    audit = make.submitted(task, A02="fail")
    outbox.drain()

    photo = audit.photos.get()
    page = api(cast.bureau).get(f"/api/v1/photos/{photo.pk}/thumbnail/")
    foreign = api(cast.stranger).get(f"/api/v1/photos/{photo.pk}/thumbnail/")

    assert photo.state == "processed"
    assert len(photo.perceptual_hash) == 16
    assert (page.status_code, page["Content-Type"]) == (200, "image/jpeg")
    assert foreign.status_code == 404


def test_finding_from_open_to_closed(cast, task, api):
    make.submitted(task, A02="fail")
    finding = Finding.objects.get()
    url = f"/api/v1/findings/{finding.pk}/"
    head, inspector = api(cast.head), api(cast.inspector)

    started = head.post(f"{url}start/", {"measure": "补齐", "person": "站长"})
    bare = head.post(f"{url}submit/", {"measure": "已补", "photos": []})
    photo_id = uuid.uuid4()
    form = photo_form(make.picture(9), finding=finding.pk, kind="after")
    head.put(f"/api/v1/photos/{photo_id}/", form, format="multipart")
    handed_in = head.post(f"{url}submit/", {"measure": "已补", "photos": [str(photo_id)]})
    own = head.post(f"{url}close/", {})
    closed = inspector.post(f"{url}close/", {})
    twice = inspector.post(f"{url}close/", {})

    assert started.data["status"] == "in_progress"
    assert bare.status_code == 400
    assert handed_in.data["status"] == "submitted"
    assert own.status_code == 403
    assert closed.data["status"] == "closed"
    assert (twice.status_code, twice.data["present_status"]) == (409, "closed")
    assert [event["kind"] for event in closed.data["events"]] == [
        "raised", "started", "submitted", "closed"
    ]  # fmt: skip
