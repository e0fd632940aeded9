"""问题台账 and one problem: filters, what is shown, and the bureau's rulings."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from audits.models import Assignment, Finding
from audits.services import extensions, findings
from tests import make
from tests.conftest import Cast


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


@pytest.fixture
def two(cast: Cast, task: Assignment) -> list[Finding]:
    """A02 at the station, critical B01 at the other one, which is overdue."""
    other = make.assignment(cast.bureau, cast.inspector, cast.other_station, task.round)
    make.submitted(task, A02="fail")
    make.submitted(other, B01="partial")
    late = Finding.objects.get(item_code="B01")
    late.due_on = timezone.localdate() - dt.timedelta(days=4)
    late.save()
    return [Finding.objects.get(item_code="A02"), late]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, ["B01", "A02"]),
        ({"status": "open"}, ["B01", "A02"]),
        ({"status": "closed"}, []),
        ({"region": "440309001"}, ["A02"]),
        ({"severity": "critical"}, ["B01"]),
        ({"overdue": "1"}, ["B01"]),
        ({"item": "a02"}, ["A02"]),
        ({"q": "项B01"}, ["B01"]),
        ({"round": "99"}, []),
        ({"round": "nonsense"}, ["B01", "A02"]),
        ({"repeat": "1"}, []),
    ],
)
def test_ledger_shows_what_is_asked(
    asked: dict[str, str], codes: list[str], two: list[Finding], desk: Client
) -> None:
    page = desk.get(reverse("ledger"), asked)

    assert [finding.item_code for finding in page.context["page"]] == codes


def test_tabs_count_under_the_other_filters(two: list[Finding], desk: Client) -> None:
    tally = desk.get(reverse("ledger"), {"status": "closed"}).context["tally"]
    here = desk.get(reverse("ledger"), {"region": "440309001"}).context["tally"]

    assert (tally.total, tally.overdue, tally.by_status["open"]) == (2, 1, 2)
    assert (here.total, here.overdue) == (1, 0)


def test_practice_is_counted_where_it_is_asked_for_only(
    two: list[Finding], desk: Client, cast: Cast
) -> None:
    practice = make.station(is_practice=True, region=cast.station.region)
    make.submitted(make.assignment(cast.bureau, cast.inspector, practice), A02="fail")
    api = APIClient()
    api.force_authenticate(cast.bureau)

    def told(**asked: str) -> tuple[int, int]:
        tally = desk.get(reverse("ledger"), asked).context["tally"]
        return tally.total, api.get("/api/v1/findings/", asked).data["count"]

    assert (told(), told(station=practice.code)) == ((2, 2), (1, 1))


def test_ledger_and_api_tell_the_same(two: list[Finding], desk: Client, cast: Cast) -> None:
    api = APIClient()
    api.force_authenticate(cast.bureau)

    page = desk.get(reverse("ledger"), {"overdue": "1"})
    told = api.get("/api/v1/findings/", {"overdue": "true"}).data

    assert [finding.pk for finding in page.context["page"]] == [
        row["id"] for row in told["results"]
    ]  # fmt: skip
    assert page.context["tally"].overdue == told["count"]


@pytest.mark.parametrize("stations", [1, 3])
def test_ledger_costs_the_same_for_one_and_three(
    stations: int, cast: Cast, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.version()
    round = make.round_(cast.bureau)
    for _number in range(stations):
        make.submitted(
            make.assignment(cast.bureau, cast.inspector, make.station(), round), A02="fail"
        )

    with django_assert_num_queries(9):
        desk.get(reverse("ledger"))


def test_problem_shows_every_try_and_its_answer(
    cast: Cast, two: list[Finding], desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    finding = make.rectified(two[0], cast.head)
    findings.send_back(finding=finding, reason="仍歪斜", by=cast.bureau, now=timezone.now())
    after = make.photo(cast.head, finding=finding)
    findings.submit(
        finding=finding, measure="已扶正", photos=[after.pk], by=cast.head, now=timezone.now()
    )

    with django_assert_num_queries(10):
        page = desk.get(reverse("desk-finding", args=[finding.pk]))

    case = page.context["case"]
    assert [(one.rectification.outcome, len(one.photos)) for one in case.attempts] == [
        ("returned", 1), ("waiting", 1)
    ]  # fmt: skip
    assert case.returned.reason == "仍歪斜"
    assert [event.kind for event in case.events] == [
        "submitted", "sent_back", "submitted", "started", "raised"
    ]  # fmt: skip
    assert page.context["may_review"] is True


def test_void_waive_and_reopen_are_written_down(
    cast: Cast, two: list[Finding], desk: Client
) -> None:
    review_on = timezone.localdate() + dt.timedelta(days=90)

    desk.post(reverse("desk-finding-rule", args=[two[0].pk, "void"]), {"reason": "误判"})
    desk.post(
        reverse("desk-finding-rule", args=[two[1].pk, "waive"]),
        {"reason": "产权", "review_on": review_on, "document": "纪要 12 号"},
    )

    void, waived = Finding.objects.get(pk=two[0].pk), Finding.objects.get(pk=two[1].pk)
    assert void.status == "void"
    assert (waived.status, waived.review_on) == ("waived", review_on)
    assert waived.events.order_by("-number")[0].detail["document"] == "纪要 12 号"


def test_ruling_without_its_fields_changes_nothing(two: list[Finding], desk: Client) -> None:
    url = reverse("desk-finding-rule", args=[two[0].pk, "waive"])

    answer = desk.post(url, {"reason": "产权"}, follow=True)
    unknown = desk.post(reverse("desk-finding-rule", args=[two[0].pk, "forget"]))

    assert [str(one) for one in answer.context["messages"]] == ["复核日期：该字段是必填项。"]
    assert unknown.status_code == 404
    assert Finding.objects.get(pk=two[0].pk).status == "open"


@pytest.mark.parametrize(("verb", "moved"), [("grant", True), ("refuse", False)])
def test_extension_is_answered(
    verb: str, moved: bool, cast: Cast, two: list[Finding], client: Client
) -> None:
    finding, until = two[0], two[0].due_on + dt.timedelta(days=20)
    extensions.ask(
        finding=finding, due_on=until, reason="采购未完", by=cast.head, now=timezone.now()
    )
    client.force_login(cast.supervisor)
    page = client.get(reverse("desk-finding", args=[finding.pk]))

    client.post(reverse("desk-finding-rule", args=[finding.pk, verb]), {"reason": "按期完成"})

    finding.refresh_from_db()
    assert page.context["may_answer"] is True
    assert (finding.due_on == until, finding.extension_until) == (moved, None)


def test_closed_problem_can_be_reopened(cast: Cast, two: list[Finding], desk: Client) -> None:
    finding = make.rectified(two[0], cast.head)
    findings.close(finding=finding, by=cast.inspector, now=timezone.now())

    desk.post(reverse("desk-finding-rule", args=[finding.pk, "reopen"]), {"reason": "又坏了"})

    finding.refresh_from_db()
    assert (finding.status, finding.closed_by) == ("open", None)


def test_reader_is_offered_nothing(cast: Cast, two: list[Finding], client: Client) -> None:
    client.force_login(cast.head)

    page = client.get(reverse("desk-finding", args=[two[0].pk]))

    names = ("may_void", "may_waive", "may_review", "may_reopen", "may_answer")
    assert not any(page.context[name] for name in names)
