"""延期: asked by the station, granted or refused by others; the original date is kept."""

import datetime as dt

import pytest
from django.utils import timezone

from audits.models import Finding
from audits.services import extensions, findings
from stations.refusals import Refusal
from tests import make


@pytest.fixture
def finding(cast, task):
    make.submitted(task, A02="fail")
    return Finding.objects.get()


@pytest.fixture
def later(finding):
    return finding.due_on + dt.timedelta(days=10)


def ask(client, finding, due_on, reason="材料未到"):
    body = {"due_on": due_on.isoformat(), "reason": reason}
    return client.post(f"/api/v1/findings/{finding.pk}/extension/", body)


def test_asked_and_granted_moves_the_due_date_only(cast, finding, later, api):
    original = finding.due_on

    asked = ask(api(cast.head), finding, later)
    granted = api(cast.supervisor).post(f"/api/v1/findings/{finding.pk}/extension/grant/", {})

    assert (asked.status_code, asked.data["extension_until"]) == (200, later.isoformat())
    assert asked.data["due_on"] == original.isoformat()
    assert granted.data["due_on"] == later.isoformat()
    assert granted.data["original_due_on"] == original.isoformat()
    assert granted.data["extension_until"] is None
    assert [(e["kind"], e["detail"]) for e in granted.data["events"][1:]] == [
        ("extension_asked", {"due_on": later.isoformat()}),
        ("extension_granted", {"due_on": later.isoformat()}),
    ]


def test_asked_and_refused_leaves_the_date(cast, finding, later, api):
    original = finding.due_on
    ask(api(cast.head), finding, later)

    refused = api(cast.bureau).post(
        f"/api/v1/findings/{finding.pk}/extension/refuse/", {"reason": "时间够"}
    )

    assert (refused.data["due_on"], refused.data["extension_until"]) == (
        original.isoformat(), None
    )  # fmt: skip
    assert refused.data["events"][-1]["reason"] == "时间够"


@pytest.mark.parametrize("days", [0, -1, -400])
def test_new_date_must_be_later(cast, finding, api, days):
    refused = ask(api(cast.head), finding, finding.due_on + dt.timedelta(days=days))

    assert (refused.status_code, refused.data["errors"][0]["code"]) == (400, "not_later")


def test_new_date_of_an_overdue_one_must_be_after_today(cast, finding, api):
    Finding.objects.update(due_on=dt.date(2026, 1, 5))

    refused = ask(api(cast.head), finding, timezone.localdate())

    assert refused.data["errors"][0]["code"] == "not_later"


def test_asking_needs_a_reason(cast, finding, later, api):
    blank = ask(api(cast.head), finding, later, reason=" ")

    assert (blank.status_code, blank.data["errors"][0]["field"]) == (400, "reason")
    with pytest.raises(Refusal) as refused:
        extensions.ask(finding=finding, due_on=later, reason=" ", by=cast.head, now=timezone.now())
    assert refused.value.errors[0]["field"] == "reason"


def test_refusing_needs_a_reason(cast, finding, later, api):
    ask(api(cast.head), finding, later)
    url = f"/api/v1/findings/{finding.pk}/extension/refuse/"

    blank = api(cast.bureau).post(url, {"reason": " "})

    assert (blank.status_code, blank.data["errors"][0]["field"]) == (400, "reason")
    with pytest.raises(Refusal) as refused:
        extensions.refuse(finding=finding, reason=" ", by=cast.bureau, now=timezone.now())
    assert refused.value.errors[0]["field"] == "reason"


@pytest.mark.parametrize("verb", ["grant", "refuse"])
def test_nothing_asked_is_409(cast, finding, api, verb):
    answer = api(cast.bureau).post(
        f"/api/v1/findings/{finding.pk}/extension/{verb}/", {"reason": "同意"}
    )

    assert (answer.status_code, answer.data["code"]) == (409, "no_extension_asked")
    assert answer.data["present_status"] == "open"


def test_void_finding_takes_no_extension(cast, finding, later, api):
    findings.void(finding=finding, reason="误判", by=cast.bureau, now=timezone.now())

    refused = ask(api(cast.head), finding, later)

    assert (refused.status_code, refused.data["code"]) == (409, "illegal_move")
    assert refused.data["present_status"] == "void"


@pytest.mark.parametrize(
    ("verb", "allowed"),
    [("", {"head"}), ("grant/", {"bureau", "supervisor"}), ("refuse/", {"bureau", "supervisor"})],
)
@pytest.mark.parametrize("who", ["head", "bureau", "supervisor", "inspector", "stranger"])
def test_each_part_is_for_its_people(cast, finding, later, api, verb, allowed, who):
    if verb:
        ask(api(cast.head), finding, later)
    answer = api(getattr(cast, who)).post(
        f"/api/v1/findings/{finding.pk}/extension/{verb}",
        {"due_on": later.isoformat(), "reason": "原因"},
    )

    expected = 200 if who in allowed else 404 if who == "stranger" else 403
    assert answer.status_code == expected


def test_reopened_problem_starts_without_the_old_question(cast, finding, later, api):
    """Granted after all, the day of the earlier life would come before the new one's."""
    ask(api(cast.head), finding, later)
    findings.close(
        finding=make.rectified(finding, cast.head), by=cast.inspector, now=timezone.now()
    )
    findings.reopen(finding=finding, reason="又坏了", by=cast.bureau, now=timezone.now())

    refused = api(cast.bureau).post(f"/api/v1/findings/{finding.pk}/extension/grant/", {})

    assert (refused.status_code, refused.data["code"]) == (409, "no_extension_asked")
