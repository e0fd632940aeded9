"""Moves that must not be: refused with the rule named, whichever door they are tried at."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits import store
from audits.models import Finding, Rectification
from stations.models import User
from tests import make

OWN_WORK = "提交整改的人不能复查自己的整改。"
OWN_STATION = "本站账号不能复查本站的问题。"


@pytest.fixture
def finding(cast, task):
    make.submitted(task, A02="fail")
    return Finding.objects.get()


@pytest.fixture
def promoted(cast, finding):
    """Who handed the problem in, an account of the bureau since then."""
    make.rectified(finding, cast.head)
    User.objects.filter(pk=cast.head.pk).update(role="bureau", is_staff=True, is_superuser=True)
    user = User.objects.get(pk=cast.head.pk)
    user.stations.clear()
    user.regions.set([make.region("440309")])
    return user


def at_desk(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def post(client, finding, name, **body):
    return client.post(f"/api/v1/findings/{finding.pk}/{name}/", body)


# ---- closing one's own work ----


@pytest.mark.parametrize("name", ["close", "send-back"])
def test_own_work_is_403_with_the_rule_by_api_and_page(finding, promoted, api, name):
    told = post(api(promoted), finding, name, reason="好了")
    page = at_desk(promoted).post(
        reverse(f"desk-review-{name}", args=[finding.pk]), {"reason": "好了"}
    )

    assert (told.status_code, told.data["code"], told.data["detail"]) == (403, "own_work", OWN_WORK)
    assert (page.status_code, OWN_WORK in page.content.decode()) == (403, True)
    finding.refresh_from_db()
    assert finding.status == "submitted"


def test_account_of_the_station_is_403_with_the_rule_by_api_and_page(cast, finding, api):
    make.rectified(finding, cast.head)
    cast.supervisor.stations.add(cast.station)

    told = post(api(cast.supervisor), finding, "close")
    page = at_desk(cast.supervisor).post(reverse("desk-review-close", args=[finding.pk]))

    assert (told.status_code, told.data["code"], told.data["detail"]) == (
        403, "own_station", OWN_STATION
    )  # fmt: skip
    assert (page.status_code, OWN_STATION in page.content.decode()) == (403, True)
    assert Finding.objects.get().status == "submitted"


def test_own_work_reopened_by_page_is_403_with_the_rule(cast, finding, promoted):
    finding.refresh_from_db()
    at_desk(cast.bureau).post(reverse("desk-review-close", args=[finding.pk]))

    page = at_desk(promoted).post(
        reverse("desk-finding-rule", args=[finding.pk, "reopen"]), {"reason": "再看"}
    )

    assert (page.status_code, OWN_WORK in page.content.decode()) == (403, True)
    assert Finding.objects.get().status == "closed"


@pytest.mark.parametrize("action", ["delete_selected", "close", ""])
def test_admin_and_its_bulk_actions_close_nothing(finding, promoted, action):
    desk = at_desk(promoted)
    row = {"status": "closed", "closed_by": promoted.pk, "closed_at_0": "2026-11-26"}
    shown = desk.get(reverse("admin:audits_finding_changelist"))

    bulk = desk.post(
        reverse("admin:audits_finding_changelist"),
        {"action": action, "_selected_action": [finding.pk], "form-0-status": "closed"},
    )
    one = desk.post(reverse("admin:audits_finding_change", args=[finding.pk]), row)

    assert (shown.status_code, b'name="action"' in shown.content) == (200, False)
    assert (bulk.status_code in {200, 302, 403}, one.status_code) == (True, 403)
    assert Finding.objects.get().status == "submitted"


# ---- photos ----


def test_submission_without_a_photo_says_so(cast, finding, api):
    make.brought_to(finding, "in_progress", cast)

    told = post(api(cast.head), finding, "submit", measure="已改", photos=[])

    assert (told.status_code, told.data["errors"]) == (
        400,
        [{"field": "photos", "code": "required", "message": "请先拍整改后照片，再提交复查。"}],
    )


def test_each_photo_that_will_not_do_is_named_with_its_reason(cast, finding, api):
    make.brought_to(finding, "in_progress", cast)
    good = make.photo(cast.head, finding=finding)
    of_visit = store.absolute(finding.audit.photos.get().path).read_bytes()
    stolen = make.photo(cast.head, finding=finding, content=of_visit)
    unknown = uuid.uuid4()

    told = post(
        api(cast.head), finding, "submit", measure="已改",
        photos=[str(good.pk), str(stolen.pk), str(unknown)],
    )  # fmt: skip

    assert (told.status_code, told.data["code"]) == (400, "photos_refused")
    assert [(error["field"], error["code"], error["message"]) for error in told.data["errors"]] == [
        (f"photos.{stolen.pk}", "already_evidence", "这张照片已在别处用过。"),
        (f"photos.{unknown}", "not_held", "服务器还没有收到这张照片。"),
    ]
    assert not Rectification.objects.exists()
    assert Finding.objects.get().status == "in_progress"


def test_picture_sent_twice_for_one_attempt_is_not_elsewhere(cast, finding, api):
    """Sent, the page reloaded, taken from the gallery again: the first copy hangs on nothing."""
    make.brought_to(finding, "in_progress", cast)
    copies = [make.photo(cast.head, finding=finding, content=make.picture(88)) for _ in "12"]

    told = post(api(cast.head), finding, "submit", measure="已改", photos=[str(copies[1].pk)])

    assert (told.status_code, told.data["status"]) == (200, "submitted")


# ---- the wrong state ----


@pytest.mark.parametrize(
    ("name", "status", "word"),
    [
        ("close", "closed", "已销号"), ("close", "in_progress", "整改中"),
        ("send-back", "closed", "已销号"), ("void", "closed", "已销号"),
        ("waive", "void", "作废"), ("reopen", "open", "待整改"),
    ],
)  # fmt: skip
def test_page_says_the_present_state(cast, finding, name, status, word):
    make.brought_to(finding, status, cast)
    url = (
        reverse(f"desk-review-{name}", args=[finding.pk])
        if name in {"close", "send-back"}
        else reverse("desk-finding-rule", args=[finding.pk, name])
    )

    answer = at_desk(cast.bureau).post(
        url, {"reason": "原因", "review_on": "2029-01-05"}, follow=True
    )

    assert said(answer) == [f"问题现在是“{word}”，不能做这一步。"]
    assert Finding.objects.get().status == status


def test_review_day_that_is_past_is_refused(cast, finding, api):
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    told = post(
        api(cast.bureau), finding, "waive", reason="待迁址", review_on=yesterday.isoformat()
    )

    assert (told.status_code, told.data["errors"][0]["code"]) == (400, "past")
    assert Finding.objects.get().status == "open"
