"""A slip of the keyboard in a day or a number: said in a sentence, and nothing is changed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Assignment, CalendarDay, CommonCause, Finding
from tests import make
from tests.conftest import Cast

ODD = ["0026-12-20", "1999-12-31", "2206-12-20", "9999-12-31"]


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


def said(client: Client, url: str, given: dict[str, Any]) -> list[str]:
    answer = client.post(url, given, follow=True)
    form = answer.context.get("form")
    errors = [one for field in form.errors.values() for one in field] if form else []
    return [str(one) for one in answer.context["messages"]] + errors


@pytest.mark.parametrize("day", ODD)
def test_year_nobody_means_is_asked_about(
    day: str, cast: Cast, task: Assignment, desk: Client
) -> None:
    make.submitted(task, A02="fail")
    finding = Finding.objects.get()
    waiting = make.assignment(cast.bureau, cast.inspector, cast.other_station, task.round)
    free = make.station()
    before = (finding.status, finding.due_on, waiting.due_on)
    round_url = {"args": [task.round_id]}

    answers = [
        said(desk, reverse("desk-round-assign", **round_url),
             {"stations": free.code, "due_on": day}),
        said(desk, reverse("desk-round-reassign", **round_url),
             {"assignments": waiting.pk, "due_on": day}),
        said(desk, reverse("desk-finding-rule", args=[finding.pk, "waive"]),
             {"reason": "产权", "review_on": day}),
        said(desk, reverse("causes-new", args=["A02"]),
             {"owner": "科室", "note": "采购", "due_on": day}),
        said(desk, reverse("calendar-set"), {"day": day, "is_working": "1"}),
    ]  # fmt: skip
    desk.force_login(cast.head)
    asked = {"due_on": day, "reason": "采购未完"}
    answers.append(said(desk, reverse("my-extension", args=[finding.pk]), asked))

    assert answers == [["年份不对，请核对日期。"]] * 6
    finding.refresh_from_db()
    waiting.refresh_from_db()
    assert (finding.status, finding.due_on, waiting.due_on) == before
    assert finding.extension_until is None
    assert Assignment.objects.count() == 2
    assert not CalendarDay.objects.exists()
    assert not CommonCause.objects.exists()


def test_plan_over_years_is_asked_about(cast: Cast, task: Assignment, desk: Client) -> None:
    """Working days are counted one by one: ninety years of them kept a worker busy for a minute."""
    free, start = make.station(), task.round.starts_on
    given = {"stations": free.code, "due_on": "2119-12-31", "plan_from": start}

    told = said(desk, reverse("desk-round-assign", args=[task.round_id]), given)

    assert told == ["排期最长一年，请核对期限。"]
    assert Assignment.objects.count() == 1


def test_task_is_not_due_before_its_round_begins(
    cast: Cast, task: Assignment, desk: Client
) -> None:
    due_on, ends_on = task.due_on, task.round.ends_on.replace(year=task.round.ends_on.year + 1)
    moved = {"name": task.round.name, "starts_on": ends_on, "ends_on": ends_on}

    answers = [
        said(desk, reverse("desk-round-reassign", args=[task.round_id]),
             {"assignments": task.pk, "due_on": "2020-01-01"}),
        said(desk, reverse("desk-round-change", args=[task.round_id]), moved),
    ]  # fmt: skip

    assert answers == [
        ["期限不能早于轮次开始日期。"], ["已有任务的期限早于这一天，请先改任务的期限。"]
    ]  # fmt: skip
    task.refresh_from_db()
    assert task.due_on == due_on


@pytest.mark.parametrize("number", ["abc", "-1", "", "9" * 20, "٣"])
def test_row_there_cannot_be_is_not_looked_for(
    number: str, cast: Cast, task: Assignment, desk: Client
) -> None:
    reassigned = said(desk, reverse("desk-round-reassign", args=[task.round_id]),
                      {"assignments": number, "due_on": "2030-01-01"})  # fmt: skip
    closed = said(desk, reverse("desk-review-close-together"), {"chosen": number})

    assert reassigned == ["请先在表里勾选服务站。"]
    assert closed == ["请先勾选问题。"]


def test_field_is_named_in_the_reader_s_language(
    cast: Cast, task: Assignment, desk: Client
) -> None:
    url = reverse("desk-round-change", args=[task.round_id])
    chinese = said(desk, url, {"name": ""})
    desk.cookies["django_language"] = "en"

    assert chinese == ["轮次名称：该字段是必填项。"]
    assert said(desk, url, {"name": ""}) == ["Name of the round: This field is required."]
