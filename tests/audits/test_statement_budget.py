"""What one call costs in SQL, BEGIN and COMMIT included, token and scope check included.

The budget: a photo 10, a batch of answers 12, a submission 20, whatever the numbers around it.
"""

import hashlib
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from audits.models import Assignment, Audit, EvidencePhoto
from checklists.queries import items_for
from stations.models import Station
from tests import make

NOW = "2026-11-23T10:00:00+08:00"
ITEMS = [
    (f"S{n % 5}", f"N{n:02d}", "2.5", "required" if n < 5 else "none", n < 2) for n in range(40)
]
SIZES = pytest.mark.parametrize(("photos", "stations"), [(5, 57), (500, 6_400)])


class Phone:
    """One inspector's phone in the middle of one audit, counting what each call costs."""

    def __init__(self, assignment: Assignment) -> None:
        _, token = AuthToken.objects.create(assignment.inspector)
        self.client = APIClient(headers={"Authorization": f"Token {token}"})
        self.assignment, self.audit = assignment, uuid.uuid4()
        self.photos: list[str] = []

    def call(self, method: str, path: str, body: Any, **more: Any) -> tuple[int, Any]:
        with CaptureQueriesContext(connection) as statements:
            answer = getattr(self.client, method)(f"/api/v1/{path}", body, **more)
        assert answer.status_code in {200, 201}, answer.data
        return len(statements), answer.data

    def start(self) -> int:
        body = {"assignment": self.assignment.pk, "started_at": NOW}
        return self.call("put", f"audits/{self.audit}/", body)[0]

    def answer(self, **results: str) -> int:
        given = [
            {"item_code": code, "result": results.get(code, "pass"), "note": "现场情况",
             "answered_at": NOW}
            for _, code, *_ in ITEMS
        ]  # fmt: skip
        return self.call("post", f"audits/{self.audit}/answers/", {"answers": given})[0]

    def photograph(self, id: uuid.UUID | None = None, item_code: str = "N00") -> int:
        id, content = id or uuid.uuid4(), make.picture(len(self.photos))
        self.photos.append(str(id))
        form = {
            "file": SimpleUploadedFile("p.jpg", content, "image/jpeg"),
            "sha256": hashlib.sha256(content).hexdigest(),
            "audit": str(self.audit),
            "item_code": item_code,
            "taken_at": NOW,
        }
        return self.call("put", f"photos/{id}/", form, format="multipart")[0]

    def submit(self, *later: uuid.UUID) -> tuple[int, Any]:
        photos = [*self.photos, *map(str, later)]
        return self.call("post", f"audits/{self.audit}/submit/", {"photos": photos})


@pytest.fixture
def phone(cast, stations: int) -> Phone:
    """A phone of an inspector with half of `stations` assigned; each process is warm."""
    version = make.version(items=ITEMS)
    items_for(version, "community")
    first = make.assignment(cast.bureau, cast.inspector, cast.station)
    others = Station.objects.bulk_create(
        Station(code=f"N{n:05d}", name_zh=f"站{n}", kind="community", region=cast.station.region)
        for n in range(stations - 2)
    )
    Assignment.objects.bulk_create(
        Assignment(round=first.round, station=station, version=version, due_on=first.due_on,
                   inspector=(cast.inspector, cast.inspector2)[n % 2], item_count=40)
        for n, station in enumerate(others)
    )  # fmt: skip
    return Phone(first)


def held_photos(audit: Audit, number: int) -> list[str]:
    """Rows as if `number` photos had been sent before."""
    item = items_for(audit.assignment.version, "community")[0]
    made = EvidencePhoto.objects.bulk_create(
        EvidencePhoto(id=uuid.uuid4(), station=audit.assignment.station, audit=audit, item=item,
                      sha256=f"{n:064x}", size=1, mime="image/jpeg", width=640, height=480,
                      path=f"evidence/{n}", received_at=timezone.now(), uploaded_by=audit.started_by)
        for n in range(number)
    )  # fmt: skip
    return [str(photo.pk) for photo in made]


@SIZES
@pytest.mark.django_db(transaction=True)
def test_visit_costs_the_same_statements_at_any_size(phone, photos):
    fails = {code: "fail" for _, code, *_ in ITEMS[:30]}

    started, answered = phone.start(), phone.answer(**fails)
    phone.photos += held_photos(Audit.objects.get(pk=phone.audit), photos - 5)
    photographed = [phone.photograph(item_code=f"N0{n}") for n in range(5)]
    submitted, receipt = phone.submit()
    again, _ = phone.submit()

    assert (started, answered) == (7, 8)
    assert photographed == [9] * 5
    assert (submitted, again) == (19, 8)
    assert (receipt["state"], receipt["photos_verified"]) == ("complete", photos)
    assert receipt["findings"] == 30


@SIZES
@pytest.mark.django_db(transaction=True)
def test_photos_after_the_submission_cost_no_more(phone, photos):
    late = [uuid.uuid4(), uuid.uuid4()]
    phone.start()
    phone.answer()
    phone.photos += held_photos(Audit.objects.get(pk=phone.audit), photos - 5)
    for n in range(3):
        phone.photograph(item_code=f"N0{n}")
    _, before = phone.submit(*late)

    first = phone.photograph(late[0], item_code="N03")
    last = phone.photograph(late[1], item_code="N04")  # completes: event and roll-up besides

    assert before["state"] == "submitted"
    assert (first, last) == (10, 12)
    assert Audit.objects.get(pk=phone.audit).state == "complete"
    assert Decimal(str(phone.submit()[1]["score"]["total"])) == 100


@pytest.mark.parametrize("stations", [57])
@pytest.mark.django_db(transaction=True)
def test_next_round_finds_old_and_new_within_the_budget(phone, cast):
    phone.start()
    phone.answer(N10="fail", N11="partial")
    phone.submit(*(uuid.uuid4() for _ in range(5)))
    following = Phone(make.assignment(cast.bureau, cast.inspector, cast.station))

    following.start()
    following.answer(N10="fail", N12="fail")
    submitted, receipt = following.submit(*(uuid.uuid4() for _ in range(5)))

    assert submitted == 20
    assert receipt["findings"] == 1


@pytest.mark.parametrize("stations", [57])
@pytest.mark.django_db(transaction=True)
def test_token_is_read_once_however_many_there_are(phone):
    AuthToken.objects.create(phone.assignment.inspector)
    AuthToken.objects.create(phone.assignment.inspector)

    assert phone.start() == 7
