"""轮次与任务: open a round, hand its stations out, hand them over, take them back."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audits.models import Assignment, Audit, Round
from tests import make
from tests.conftest import Cast


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


def test_new_round_leads_to_its_page(cast: Cast, desk: Client) -> None:
    form = {"name": "第一轮", "starts_on": "2026-11-01", "ends_on": "2026-11-30"}

    answer = desk.post(reverse("desk-round-new"), form, follow=True)

    made = Round.objects.get()
    assert answer.redirect_chain == [(reverse("desk-round", args=[made.pk]), 302)]
    assert (made.name, made.starts_on, made.created_by) == (
        "第一轮", dt.date(2026, 11, 1), cast.bureau
    )  # fmt: skip
    assert answer.context["unassigned"] == [cast.station, cast.other_station]


def test_new_round_shows_each_fault_beside_its_field(desk: Client, cast: Cast) -> None:
    make.round_(cast.bureau, "第一轮")
    twice = {"name": "第一轮", "starts_on": "2026-11-01", "ends_on": "2026-11-30"}

    taken = desk.post(reverse("desk-round-new"), twice)
    upside_down = desk.post(
        reverse("desk-round-new"), {**twice, "name": "第二轮", "ends_on": "2026-10-01"}
    )
    empty = desk.post(reverse("desk-round-new"), {"name": ""})

    assert [taken.status_code, upside_down.status_code, empty.status_code] == [400, 400, 400]
    assert list(taken.context["form"].errors) == ["name"]
    assert list(upside_down.context["form"].errors) == ["ends_on"]
    assert set(empty.context["form"].errors) == {"name", "starts_on", "ends_on"}
    assert Round.objects.count() == 1


def test_preview_says_who_gets_how_many_and_all_are_assigned_so(cast: Cast, desk: Client) -> None:
    make.version()
    round = make.round_(cast.bureau)
    page = desk.get(reverse("desk-round", args=[round.pk]))

    answer = desk.post(
        reverse("desk-round-assign", args=[round.pk]), {"all": "1", "due_on": round.ends_on}
    )

    assert answer.status_code == 302
    shares = dict(page.context["preview"])
    assert shares == {cast.inspector: 1, cast.inspector2: 1}
    assert {task.inspector: 1 for task in Assignment.objects.all()} == shares


def test_ticked_stations_go_to_the_inspector_named(cast: Cast, desk: Client) -> None:
    make.version()
    round = make.round_(cast.bureau)

    desk.post(
        reverse("desk-round-assign", args=[round.pk]),
        {"stations": [cast.station.code], "inspector": "inspector2", "due_on": round.ends_on},
    )

    made = Assignment.objects.get()
    assert (made.station, made.inspector, made.due_on) == (
        cast.station, cast.inspector2, round.ends_on
    )  # fmt: skip


def test_supervisor_assigns_only_where_they_are(cast: Cast, client: Client) -> None:
    make.version()
    round = make.round_(cast.bureau)
    client.force_login(cast.supervisor)
    url = reverse("desk-round-assign", args=[round.pk])

    foreign = client.post(
        url, {"stations": [cast.other_station.code], "due_on": round.ends_on}, follow=True
    )
    client.post(url, {"all": "1", "due_on": round.ends_on})

    assert [str(one.level_tag) for one in foreign.context["messages"]] == ["error"]
    assert [task.station for task in Assignment.objects.all()] == [cast.station]


def test_nothing_ticked_is_said_and_changes_nothing(cast: Cast, desk: Client) -> None:
    make.version()
    round = make.round_(cast.bureau)
    back = reverse("desk-round", args=[round.pk])

    answer = desk.post(
        reverse("desk-round-assign", args=[round.pk]),
        {"due_on": round.ends_on},
        headers={"referer": f"http://testserver{back}"},
        follow=True,
    )

    assert answer.redirect_chain == [(back, 302)]
    assert [str(one) for one in answer.context["messages"]] == ["请先选服务站。"]
    assert not Assignment.objects.exists()


def test_reassign_changes_hand_and_date_and_keeps_the_filter(
    cast: Cast, task: Assignment, desk: Client
) -> None:
    due = task.round.ends_on - dt.timedelta(days=3)

    answer = desk.post(
        reverse("desk-round-reassign", args=[task.round_id]),
        {
            "assignments": [task.pk],
            "inspector": "inspector2",
            "due_on": due,
            "at_region": "440309001",
        },
    )

    task.refresh_from_db()
    assert (task.inspector, task.due_on) == (cast.inspector2, due)
    assert answer.headers["Location"].endswith(f"/{task.round_id}/?region=440309001")


def test_balanced_reassignment_shares_the_ticked_out_anew(cast: Cast, desk: Client) -> None:
    make.version()
    round = make.round_(cast.bureau)
    for station in (cast.station, cast.other_station):
        make.assignment(cast.bureau, cast.inspector, station, round)

    desk.post(
        reverse("desk-round-reassign", args=[round.pk]),
        {"assignments": [task.pk for task in round.assignments.all()], "is_balanced": "1"},
    )

    people = sorted(task.inspector.username for task in round.assignments.all())
    assert people == ["inspector", "inspector2"]


def test_reassign_refuses_what_was_handed_in(cast: Cast, task: Assignment, desk: Client) -> None:
    make.submitted(task)

    answer = desk.post(
        reverse("desk-round-reassign", args=[task.round_id]),
        {"assignments": [task.pk], "inspector": "inspector2"},
        follow=True,
    )

    task.refresh_from_db()
    assert task.inspector == cast.inspector
    assert [str(one) for one in answer.context["messages"]] == ["已提交的任务不能改派。"]


def test_withdraw_takes_the_station_out_only_before_it_begins(
    cast: Cast, task: Assignment, desk: Client
) -> None:
    other = make.assignment(cast.bureau, cast.inspector, cast.other_station, task.round)
    make.audit(other)

    desk.post(reverse("desk-withdraw", args=[task.pk]))
    desk.post(reverse("desk-withdraw", args=[other.pk]))

    assert list(Assignment.objects.all()) == [other]


def test_progress_counts_each_task_once(cast: Cast, task: Assignment, desk: Client) -> None:
    late = make.station(region=cast.station.region)
    [overdue] = [make.assignment(cast.bureau, cast.inspector, late, task.round)]
    Assignment.objects.filter(pk=overdue.pk).update(due_on=timezone.localdate() - dt.timedelta(1))
    started = make.assignment(cast.bureau, cast.inspector, cast.other_station, task.round)
    make.audit(started)
    make.submitted(task)

    page = desk.get(reverse("desk-round", args=[task.round_id]))

    told = page.context["progress"]
    assert vars(told) == {
        "total": 3, "complete": 1, "submitted": 0, "started": 1, "waiting": 0, "overdue": 1
    }  # fmt: skip
    assert [(row.region.code, row.progress.total) for row in page.context["regions"]] == [
        ("440309001", 2), ("440309002", 1)
    ]  # fmt: skip
    assert [(load.inspector, load.total, load.done) for load in page.context["loads"]] == [
        (cast.inspector, 3, 1)
    ]


def test_tasks_are_narrowed_by_the_address(cast: Cast, task: Assignment, desk: Client) -> None:
    make.assignment(cast.bureau, cast.inspector2, cast.other_station, task.round)
    url = reverse("desk-round", args=[task.round_id])

    def shown(**asked: str) -> list[Assignment]:
        return [one.assignment for one in desk.get(url, asked).context["tasks"]]

    assert len(shown()) == 2
    assert shown(region="440309001") == [task]
    assert shown(inspector="inspector") == [task]
    assert shown(status="started") == []
    assert len(shown(status="nonsense")) == 2


@pytest.mark.parametrize("stations", [1, 3])
def test_round_page_costs_the_same_for_one_and_three(
    stations: int, cast: Cast, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.version()
    round = make.round_(cast.bureau)
    for _number in range(stations):
        make.assignment(cast.bureau, cast.inspector, make.station(), round)
    make.submitted(round.assignments.first())

    with django_assert_num_queries(20):
        desk.get(reverse("desk-round", args=[round.pk]))
    with django_assert_num_queries(6):
        desk.get(reverse("desk-rounds"))


def test_last_round_stands_beside_each_station(cast: Cast, desk: Client) -> None:
    make.version()
    before = make.round_(cast.bureau, starts_on=timezone.localdate() - dt.timedelta(days=60))
    make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station, before), A02="fail")
    now = make.assignment(cast.bureau, cast.inspector, cast.station)

    page = desk.get(reverse("desk-round", args=[now.round_id]))

    assert [one.last_total for one in page.context["tasks"]] == ["80.0"]
    assert Audit.objects.count() == 1
