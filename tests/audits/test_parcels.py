"""待传包: what a stuck phone exported, handed in at a desk for its owner."""

import hashlib
import io
import json
import uuid
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audits.models import Answer, Assignment, Audit, EvidencePhoto, Finding
from audits.queries import bulk, carriage, cases, reviews
from stations.models import HistoryEntry
from tests import make
from tests.conftest import Cast

MOMENT = "2026-11-23T02:00:00+00:00"


def parcel(task: Assignment, contents: list[bytes], **change: Any) -> bytes:
    audit = str(uuid.uuid4())
    answer = {"item_code": "A02", "result": "fail", "note": "灯坏了", "answered_at": MOMENT}
    photos = [
        {
            "id": str(uuid.uuid4()), "audit": audit, "item_code": "A01", "kind": "site",
            "sha256": hashlib.sha256(content).hexdigest(), "size": len(content),
            "taken_at": MOMENT, "exif": "{}", "marks": "[]",
        }
        for content in contents
    ]  # fmt: skip
    told = {
        "version": 1, "person": "inspector", "device": "d1", "exported_at": MOMENT,
        "audits": [{"id": audit, "assignment": task.pk, "started_at": MOMENT,
                    "answers": [{**answer, "base_version": None}]}],
        "photos": photos, **change,
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("parcel.json", json.dumps(told))
        for photo, content in zip(told["photos"], contents, strict=True):
            file.writestr(f"photos/{photo['id']}", content)
    return out.getvalue()


def send(client: Client, content: bytes) -> Any:
    return client.post("/api/v1/photos/import/", {"file": SimpleUploadedFile("p.zip", content)})


@pytest.mark.parametrize("who", ["bureau", "supervisor"])
def test_parcel_is_handed_in_as_its_owners(
    client: Client, cast: Cast, task: Assignment, who: str
) -> None:
    client.force_login(getattr(cast, who))
    content = parcel(task, [make.picture(1), make.picture(2)])

    told = [send(client, content).json() for _ in range(2)]

    assert [[line["status"] for line in one["lines"]] for one in told] == [
        ["new", "new", "new"], ["new", "held", "held"],
    ]  # fmt: skip
    audit = Audit.objects.get(assignment=task)
    assert {photo.uploaded_by for photo in EvidencePhoto.objects.all()} == {cast.inspector}
    assert Answer.objects.get(audit=audit).answered_by == cast.inspector
    carried = HistoryEntry.objects.filter(action="photo.import")
    assert {(one.actor, one.detail["owner"]) for one in carried} == {
        (getattr(cast, who), "inspector")
    }
    assert HistoryEntry.objects.filter(action="parcel.import").count() == 2


def test_one_bad_photo_does_not_stop_the_rest(client: Client, cast: Cast, task: Assignment) -> None:
    client.force_login(cast.bureau)

    lines = send(client, parcel(task, [b"no photo", make.picture(3)])).json()["lines"]

    assert [(line["what"], line["status"]) for line in lines] == [
        ("answer", "new"), ("photo", "refused"), ("photo", "new"),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["inspector", "head", "stranger", "sysadmin", "auditor"])
def test_parcels_are_for_the_desk(client: Client, cast: Cast, task: Assignment, who: str) -> None:
    client.force_login(getattr(cast, who))

    assert send(client, parcel(task, [])).status_code == 403
    assert client.get("/bureau/parcels/").status_code == 403


def test_parcel_of_a_station_elsewhere_brings_nothing(client: Client, cast: Cast) -> None:
    make.version()
    task = make.assignment(cast.bureau, cast.inspector, cast.other_station)
    client.force_login(cast.supervisor)

    lines = send(client, parcel(task, [make.picture(4)])).json()["lines"]

    assert [line["status"] for line in lines] == ["refused", "refused"]
    assert not Audit.objects.exists()
    assert not EvidencePhoto.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" + b"\0" * 50]
)
def test_what_is_no_parcel_is_refused_in_words(client: Client, cast: Cast, content: bytes) -> None:
    client.force_login(cast.bureau)

    assert send(client, content).status_code == 400


@pytest.mark.parametrize("change", [{"version": 2}, {"person": "head"}, {"audits": 7}])
def test_odd_manifests_are_refused(
    client: Client, cast: Cast, task: Assignment, change: dict[str, Any]
) -> None:
    client.force_login(cast.bureau)

    assert send(client, parcel(task, [], **change)).status_code == 400


def test_page_counts_what_came(client: Client, cast: Cast, task: Assignment) -> None:
    client.force_login(cast.bureau)
    file = SimpleUploadedFile("p.zip", parcel(task, [make.picture(5)]))

    text = client.post("/bureau/parcels/", {"file": file}).content.decode()

    assert "收下 2，原来就有 0，没有收下 0" in text


def heads_parcel(
    task: Assignment,
    finding: Finding,
    content: bytes,
    *,
    measure: str = "补挂两幅",
    photo_id: str = "",
) -> bytes:
    """What the station head's phone exports: an after-photo and what was to be handed in."""
    photo = {
        "id": photo_id or str(uuid.uuid4()), "finding": str(finding.pk), "kind": "after",
        "sha256": hashlib.sha256(content).hexdigest(), "size": len(content),
        "taken_at": MOMENT, "exif": "{}", "marks": "[]",
    }  # fmt: skip
    wish = {
        "finding": finding.pk, "measure": measure, "person": "李工", "photos": [photo["id"]],
    }  # fmt: skip
    return parcel(
        task, [content], person="station", audits=[], photos=[photo], rectifications=[wish]
    )


@pytest.fixture
def finding(task: Assignment) -> Finding:
    make.submitted(task, B02="fail")
    return Finding.objects.get()


def test_station_heads_parcel_hands_in_the_problem_once(
    client: Client, cast: Cast, task: Assignment, finding: Finding
) -> None:
    client.force_login(cast.supervisor)
    content = heads_parcel(task, finding, make.picture(6))

    told = [send(client, content).json() for _ in range(2)]

    assert [[(line["what"], line["status"]) for line in one["lines"]] for one in told] == [
        [("photo", "new"), ("rectification", "new")],
        [("photo", "held"), ("rectification", "held")],
    ]
    finding.refresh_from_db()
    attempt = finding.rectifications.get()
    assert (finding.status, finding.submitted_by) == ("submitted", cast.head)
    assert (attempt.measure, attempt.person) == ("补挂两幅", "李工")
    assert attempt.photos.get().uploaded_by == cast.head


def test_other_words_are_not_called_held_when_only_their_photo_is(
    client: Client, cast: Cast, task: Assignment, finding: Finding
) -> None:
    client.force_login(cast.supervisor)
    photo, picture = str(uuid.uuid4()), make.picture(9)

    told = [
        send(client, heads_parcel(task, finding, picture, measure=words, photo_id=photo)).json()
        for words in ("补挂两幅", "补挂三幅")
    ]

    assert [line["status"] for one in told for line in one["lines"]] == [
        "new", "new", "held", "refused",
    ]  # fmt: skip
    assert finding.rectifications.get().measure == "补挂两幅"


def test_who_brought_a_parcel_in_never_judges_what_it_handed_in(
    client: Client, cast: Cast, task: Assignment, finding: Finding
) -> None:
    Finding.objects.update(severity="normal")
    client.force_login(cast.supervisor)
    send(client, heads_parcel(task, finding, make.picture(8)))
    finding.refresh_from_db()
    doors = {"close": {}, "send-back": {"reason": "看不清"}}

    told = [
        client.post(f"/api/v1/findings/{finding.pk}/{name}/", body, content_type="application/json")
        for name, body in doors.items()
    ]
    shown = reviews.checks(cases.case(finding), cast.supervisor)

    assert {(answer.status_code, answer.json()["code"]) for answer in told} == {
        (403, "own_carriage")
    }
    assert ("bad", "own_work") in {(check.tone, check.code) for check in shown}
    assert not bulk.uncontested(cast.supervisor).exists()
    assert bulk.uncontested(cast.bureau).get() == finding
    assert [event.detail.get("carried_by") for event in finding.events.all()] == [
        None, cast.supervisor.username, cast.supervisor.username,
    ]  # fmt: skip
    entry = HistoryEntry.objects.get(action="rectification.import")
    assert (entry.actor, entry.subject) == (cast.supervisor, f"finding:{finding.pk}")


def test_station_heads_parcel_of_another_station_brings_nothing(
    client: Client, cast: Cast, task: Assignment, finding: Finding
) -> None:
    cast.head.stations.set([cast.other_station])
    client.force_login(cast.bureau)

    lines = send(client, heads_parcel(task, finding, make.picture(7))).json()["lines"]

    assert [line["status"] for line in lines] == ["refused", "refused"]
    assert not EvidencePhoto.objects.filter(kind="after").exists()
    finding.refresh_from_db()
    assert finding.status == "open"


def test_station_heads_parcel_without_its_photo_hands_in_nothing(
    client: Client, cast: Cast, task: Assignment, finding: Finding
) -> None:
    client.force_login(cast.bureau)

    lines = send(client, heads_parcel(task, finding, b"no photo")).json()["lines"]

    assert [line["status"] for line in lines] == ["refused", "refused"]
    assert not finding.rectifications.exists()
    finding.refresh_from_db()
    assert finding.status == "open"


def test_timeline_says_who_brought_it_in_on_every_page_that_tells_names(
    client: Client, cast: Cast, finding: Finding
) -> None:
    cast.supervisor.display_name = "观湖督导"
    cast.supervisor.save()
    make.rectified(finding, cast.head, carried_by=cast.supervisor.username)
    words = "由 观湖督导 代为导入"
    pages = [
        (cast.head, "my-finding"),
        (cast.bureau, "desk-finding"),
        (cast.bureau, "desk-review-one"),
    ]

    told = []
    for who, name in pages:
        client.force_login(who)
        told.append(client.get(reverse(name, args=[finding.pk])).content.decode().count(words))

    assert told == [1, 1, 1]


def test_who_brought_it_in_is_asked_for_in_one_query(
    cast: Cast, finding: Finding, django_assert_num_queries: Any
) -> None:
    make.rectified(finding, cast.head, carried_by=cast.supervisor.username)
    events = finding.events.all()

    with django_assert_num_queries(2):
        carriers = [event.carrier for event in carriage.carriers_named(events)]

    assert carriers == [None, None, cast.supervisor]
