"""What a photo brings along, and what it may be evidence of before and after the submission."""

import uuid

import pytest
from django.utils import timezone

from audits import outbox
from audits.models import Audit, EvidencePhoto, Finding
from audits.services import evidence, findings
from tests import make
from tests.audits.uploads import NOW, files, nothing_left, put


@pytest.fixture
def audit(task):
    return make.audit(task)


@pytest.fixture
def client(cast, api):
    return api(cast.inspector)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (("22.65432149", "114.0"), ("22.65432", "114.00000")),
        (("0", "0"), (None, None)),
        (("22.6", ""), (None, None)),
        (("NaN", "114"), (None, None)),
        (("1e400", "114"), (None, None)),
        (("91", "114"), (None, None)),
        (("north", "east"), (None, None)),
    ],
)
def test_position_is_kept_where_it_can_be(audit, client, said, kept):
    latitude, longitude = said

    sent = put(
        client, uuid.uuid4(), audit=audit.pk, latitude=latitude, longitude=longitude,
        accuracy="-5e99999",
    )  # fmt: skip

    photo = EvidencePhoto.objects.get()
    shown = [None if one is None else str(one) for one in (photo.latitude, photo.longitude)]
    assert (sent.status_code, tuple(shown), photo.accuracy) == (201, kept, None)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('{"make": "HUAWEI"}', {"make": "HUAWEI"}),
        ('{"make": "\\ud83d"}', {"make": "�"}),
        ('{"make": "a\\u0000b"}', {"make": "ab"}),
        ('{"size": NaN}', {}),
        ('{"size": 1e400}', {}),
        ("[1]", {}),
        ("[" * 5000, {}),
        ("{" * 9000, {}),
        ("no json", {}),
    ],
)
def test_exif_is_kept_where_it_can_be(audit, client, said, kept):
    sent = put(client, uuid.uuid4(), audit=audit.pk, exif=said)

    assert (sent.status_code, EvidencePhoto.objects.get().exif) == (201, kept)


@pytest.mark.parametrize("taken_at", ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00+08:00"])
def test_wrong_clock_is_kept_and_flagged_later(audit, client, taken_at):
    sent = put(client, uuid.uuid4(), audit=audit.pk, taken_at=taken_at)
    outbox.drain()

    told = client.get(f"/api/v1/photos/{sent.data['id']}/").data
    assert [flag["kind"] for flag in told["flags"]] == [
        "taken_early" if taken_at < "2000" else "clock_skew"
    ]


# ---- before and after submission ----


def test_photo_before_its_audit_is_404_then_201(task, client):
    audit_id, photo_id = uuid.uuid4(), uuid.uuid4()

    early = put(client, photo_id, audit=audit_id, item_code="A01")
    client.put(f"/api/v1/audits/{audit_id}/", {"assignment": task.pk, "started_at": NOW})
    later = put(client, photo_id, audit=audit_id, item_code="A01")

    assert (early.status_code, later.status_code) == (404, 201)


def test_declared_photo_after_submission_completes_the_audit(audit, client):
    make.answers(audit, A01="pass", A02="pass", B01="pass", B02="pass")
    declared = [uuid.uuid4(), uuid.uuid4()]
    receipt = client.post(f"/api/v1/audits/{audit.pk}/submit/", {"photos": map(str, declared)})

    states = [receipt.data["state"]]
    for seed, photo_id in enumerate(declared):
        sent = put(client, photo_id, make.picture(seed), audit=audit.pk, item_code="A01")
        assert sent.status_code == 201
        states.append(Audit.objects.get().state)
    undeclared = put(client, uuid.uuid4(), make.picture(9), audit=audit.pk, item_code="A01")

    assert states == ["submitted", "submitted", "complete"]
    assert (undeclared.status_code, undeclared.data["code"]) == (409, "audit_submitted")
    assert undeclared.data["state"] == "complete"
    assert len(files()) == 2


def test_photo_is_refused_when_its_audit_was_handed_in_meanwhile(cast, audit, client):
    """The row read at the door may be old: the rule is asked again under the audit's lock."""
    make.answers(audit, A01="na", A02="pass", B01="pass", B02="pass")
    at_the_door = Audit.objects.select_related("assignment__station").get()
    client.post(f"/api/v1/audits/{audit.pk}/submit/", {"photos": []})

    with pytest.raises(evidence.Refusal) as refused:
        make.photo(cast.inspector, audit=at_the_door)

    assert refused.value.code == "audit_submitted"
    assert nothing_left()


@pytest.mark.parametrize(
    ("who", "kind", "status"),
    [
        ("head", "after", 201),
        ("head", "before", 403),
        ("head", "site", 403),
        ("inspector", "before", 201),
        ("inspector", "site", 201),
        ("inspector", "after", 201),  # who found it, that day: 立行立改
        ("bureau", "after", 403),
        ("supervisor", "site", 201),
        ("supervisor", "before", 403),
        ("bureau", "site", 201),
        ("bureau", "signature", 400),
        ("inspector2", "site", 404),
        ("stranger", "after", 404),
        ("sysadmin", "site", 404),
    ],
)
def test_finding_s_photos_are_for_their_people(cast, task, api, who, kind, status):
    make.submitted(task, A02="fail")

    sent = put(api(getattr(cast, who)), uuid.uuid4(), finding=Finding.objects.get().pk, kind=kind)

    assert sent.status_code == status


def test_closed_finding_takes_no_photo(cast, task, api):
    make.submitted(task, A02="fail")
    finding = make.rectified(Finding.objects.get(), cast.head)
    findings.close(finding=finding, by=cast.inspector, now=timezone.now())

    refused = put(api(cast.head), uuid.uuid4(), finding=finding.pk, kind="after")

    assert (refused.status_code, refused.data["code"]) == (409, "illegal_move")
    assert refused.data["present_status"] == "closed"
