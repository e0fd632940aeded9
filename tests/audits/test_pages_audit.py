"""One audit opened up, and sent back; one photo as evidence."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audits.models import Assignment, Audit, Finding, PhotoFlag
from audits.services import audits
from tests import make
from tests.conftest import Cast


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


def test_frozen_score_opens_to_items_photos_and_problems(
    task: Assignment, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = make.submitted(task, A02="fail", B02="na")

    with django_assert_num_queries(13):
        page = desk.get(reverse("desk-audit", args=[audit.pk]))

    tree = page.context["tree"]
    assert (tree.total, tree.earned, tree.applicable) == (75, 30, 40)
    assert [(part.code, part.score.value, part.lost) for part in tree.parts] == [
        ("A", 50, 1), ("B", 100, 0)
    ]  # fmt: skip
    lines = {line.code: line for part in tree.parts for line in part.lines}
    assert [line.result for line in lines.values()] == ["pass", "fail", "pass", "na"]
    assert lines["A02"].problem == Finding.objects.get()
    assert lines["A01"].problem is None
    assert lines["A01"].photos == [audit.photos.get()]


def test_audit_under_way_has_progress_and_no_score(task: Assignment, desk: Client) -> None:
    audit = make.audit(task)
    make.answers(audit, A01="pass", B01="fail")

    page = desk.get(reverse("desk-audit", args=[audit.pk]))

    assert page.context["tree"] is None
    assert [(part.code, len(part.lines)) for part in page.context["parts"]] == [("A", 1), ("B", 1)]
    assert "已检 2/4 项" in page.content.decode()
    assert "part__score" not in page.content.decode()


def test_reopening_keeps_every_revision_readable(
    cast: Cast, task: Assignment, desk: Client
) -> None:
    audit = make.submitted(task, A02="fail")
    url = reverse("desk-audit", args=[audit.pk])

    desk.post(reverse("desk-audit-reopen", args=[audit.pk]), {"reason": "A02 判错"})

    audit.refresh_from_db()
    opened = desk.get(url)
    assert (audit.state, opened.context["shown"].number) == ("started", 1)
    assert opened.context["events"][0].reason == "A02 判错"
    held = audit.answers.get(item__code="A02")
    audits.record_answers(
        audit=audit, by=cast.inspector, now=timezone.now(),
        answers=[audits.AnswerInput("A02", "pass", "", timezone.now(), held.version)],
    )  # fmt: skip
    audits.submit_audit(audit=audit, photos=[], by=cast.inspector, now=timezone.now())
    newest, first = desk.get(url), desk.get(url, {"revision": "1"})
    assert (newest.context["tree"].total, first.context["tree"].total) == (100, 80)
    assert [one.number for one in newest.context["revisions"]] == [2, 1]


def test_reopening_is_the_bureaus_and_needs_a_reason(
    cast: Cast, task: Assignment, client: Client
) -> None:
    audit = make.submitted(task)
    url = reverse("desk-audit-reopen", args=[audit.pk])
    seen = []

    for person in (cast.supervisor, cast.inspector, cast.head, cast.stranger, cast.bureau):
        client.force_login(person)
        seen.append(client.post(url, {"reason": ""}).status_code)

    assert seen == [403, 403, 403, 404, 302]
    assert Audit.objects.get().state == "complete"


def test_photo_page_names_its_evidence(
    task: Assignment, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = make.submitted(task)
    photo = audit.photos.get()

    with django_assert_num_queries(6):
        page = desk.get(reverse("desk-photo", args=[photo.pk]))

    text = page.content.decode()
    assert photo.sha256[:4] + " " + photo.sha256[4:8] in text
    assert f"{photo.width}×{photo.height}" in text
    assert reverse("photo-original", args=[photo.pk]) in text


def test_flags_are_grouped_and_never_show_a_strangers_photo(
    cast: Cast, task: Assignment, client: Client
) -> None:
    audit = make.submitted(task)
    photo = audit.photos.get()
    foreign = make.submitted(
        make.assignment(cast.bureau, cast.inspector2, cast.other_station, task.round)
    ).photos.get()
    for other in (foreign, None):
        PhotoFlag.objects.create(
            photo=photo, kind="near_reuse", other=other, raised_at=timezone.now()
        )
    url = reverse("desk-photo", args=[photo.pk])

    def twins(person: object) -> list[list[object]]:
        client.force_login(person)  # type: ignore[arg-type]
        return [group.twins for group in client.get(url).context["flags"]]

    assert twins(cast.bureau) == [[foreign]]
    assert twins(cast.supervisor) == [[]]


@pytest.mark.parametrize("stations", [1, 3])
def test_suspicious_photos_cost_the_same_for_one_and_three(
    stations: int, cast: Cast, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.version()
    round = make.round_(cast.bureau)
    for _number in range(stations):
        audit = make.submitted(make.assignment(cast.bureau, cast.inspector, make.station(), round))
        PhotoFlag.objects.create(
            photo=audit.photos.get(), kind="far_away", detail={"metres": 900},
            raised_at=timezone.now(),
        )  # fmt: skip

    with django_assert_num_queries(8):
        page = desk.get(reverse("desk-photos"))

    assert len(page.context["page"]) == stations
