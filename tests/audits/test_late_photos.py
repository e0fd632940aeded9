"""Photos and the submission come in any order, and at once: the audit still ends complete."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from audits import queries
from audits.models import Audit, AuditEvent
from audits.services import audits
from tests import make

ALL_PASS = {"A01": "pass", "A02": "pass", "B01": "pass", "B02": "pass"}


def submit_declaring(audit: Audit, photo_ids: list[uuid.UUID]) -> Audit:
    return audits.submit_audit(
        audit=audit, photos=[queries.Declared(id) for id in photo_ids], by=audit.started_by,
        now=timezone.now(),
    )  # fmt: skip


def test_photo_completes_an_audit_submitted_while_it_was_received(task):
    seen_by_upload = make.audit(task)
    make.answers(seen_by_upload, **ALL_PASS)
    photo_id = uuid.uuid4()
    submit_declaring(Audit.objects.get(pk=seen_by_upload.pk), [photo_id])

    make.photo(seen_by_upload.started_by, audit=seen_by_upload, item_code="A01", id=photo_id)

    assert Audit.objects.get(pk=seen_by_upload.pk).state == "complete"


@pytest.mark.django_db(transaction=True)
def test_last_photos_all_at_once_complete_the_audit_once(task):
    audit = make.audit(task)
    make.answers(audit, **ALL_PASS)
    ids = [uuid.uuid4() for _ in range(6)]
    submitted = submit_declaring(audit, ids)

    def send(id: uuid.UUID) -> None:
        try:
            make.photo(audit.started_by, audit=submitted, item_code="A01", id=id)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, ids))

    completed = AuditEvent.objects.filter(audit=audit, kind=AuditEvent.Kind.COMPLETED)
    assert Audit.objects.get(pk=audit.pk).state == "complete"
    assert completed.count() == 1
