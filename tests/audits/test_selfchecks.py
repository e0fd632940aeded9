"""自查: filled by the station before the visit, compared after it, and in no figure ever."""

import json
import threading
import uuid
from fractions import Fraction

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.urls import reverse

from audits import outbox, queries
from audits.models import Audit
from audits.models.selfchecks import SelfAnswer, SelfCheck
from audits.queries import selfchecks as reading
from audits.services import audits, rounds, selfchecks
from stations.refusals import Refusal
from tests import make

NOW = "2026-11-23T10:00:00+08:00"
FIGURES = ("StationRollup", "RegionRollup", "Snapshot")


@pytest.fixture
def head(cast, api):
    return api(cast.head)


def begin(client, task, id_=None):
    body = {"assignment": task.pk, "started_at": NOW}
    return client.put(f"/api/v1/selfchecks/{id_ or uuid.uuid4()}/", body)


def say(client, check_id, code, result, note="", base_version=None):
    body = {"result": result, "note": note, "answered_at": NOW, "base_version": base_version}
    return client.put(f"/api/v1/selfchecks/{check_id}/answers/{code}/", body)


def deviation(check, task):
    audit = Audit.objects.get(assignment=task)
    return reading.deviation(check, queries.revision_in_force(audit), task)


def test_started_twice_is_one_and_under_another_id_names_the_first(task, head):
    id_ = uuid.uuid4()

    statuses = [begin(head, task, id_).status_code for _ in range(2)]
    other = begin(head, task)

    assert statuses == [201, 200]
    assert (other.status_code, other.json()["self_check"]) == (409, str(id_))
    assert SelfCheck.objects.count() == 1


def test_id_of_another_task_is_refused(cast, task, head):
    second = make.assignment(cast.bureau, cast.inspector, cast.station)
    id_ = begin(head, task).json()["id"]

    assert begin(head, second, id_).json()["code"] == "id_taken"


def test_answer_again_is_200_and_a_change_names_what_it_was_based_on(task, head):
    id_ = begin(head, task).json()["id"]

    first = say(head, id_, "A01", "pass")
    again = say(head, id_, "A01", "pass")
    blind = say(head, id_, "A01", "fail")
    change = say(head, id_, "A01", "fail", "缺两幅", base_version=1)

    assert [one.status_code for one in (first, again, blind, change)] == [201, 200, 409, 200]
    assert blind.json()["answer"] == {"result": "pass", "note": "", "version": 1}
    answer = SelfAnswer.objects.get()
    assert (answer.result, answer.note, answer.version) == ("fail", "缺两幅", 2)


@pytest.mark.parametrize(
    ("code", "result", "status", "reason"),
    [("Z99", "pass", 400, "unknown_item"), ("A01", "unable", 400, "invalid_choice")],
)
def test_what_the_sheet_does_not_know_is_refused(task, head, code, result, status, reason):
    refused = say(head, begin(head, task).json()["id"], code, result)

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (status, reason)


def test_same_sheet_as_the_inspector_s(cast, task, head, api):
    check = make.self_checked(task, cast.head, A02="partial")

    told = head.get(f"/api/v1/assignments/{task.pk}/self-check/").json()
    sheet = api(cast.inspector).get(f"/api/v1/assignments/{task.pk}/sheet/").json()

    def codes(payload):
        return [item["code"] for section in payload["sections"] for item in section["items"]]

    assert codes(told) == codes(sheet)
    assert (told["id"], told["items"], told["answered"], told["is_open"]) == (
        str(check.pk), 4, 1, True
    )  # fmt: skip
    assert told["deviation"] is None


def test_closed_by_the_submission_of_the_inspection(cast, task, head):
    check = make.self_checked(task, cast.head, A01="pass")
    make.submitted(task, A02="fail")

    late = say(head, check.pk, "A02", "pass")
    lost_receipt = say(head, check.pk, "A01", "pass")
    second = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(second)

    assert (late.status_code, late.json()["code"]) == (409, "inspection_submitted")
    assert lost_receipt.status_code == 200
    assert begin(head, second).json()["code"] == "inspection_submitted"


def test_reopened_inspection_leaves_it_closed(cast, task, head):
    check = make.self_checked(task, cast.head, A01="pass")
    audit = make.submitted(task)
    audits.reopen_audit(audit=audit, reason="补拍", by=cast.bureau, now=audit.submitted_at)

    assert say(head, check.pk, "A02", "pass").json()["code"] == "inspection_submitted"


def test_inspector_sees_it_after_the_visit_only(cast, task, api):
    make.self_checked(task, cast.head, A02="pass")
    inspector, path = api(cast.inspector), f"/api/v1/assignments/{task.pk}/self-check/"

    before = inspector.get(path)
    make.submitted(task, A02="fail")
    after = inspector.get(path).json()

    assert before.status_code == 404
    assert api(cast.bureau).get(path).json()["deviation"] == after["deviation"]
    assert after["deviation"]["differing"] == [
        {
            "item_code": "A02", "title": "检查项A02", "own": "pass", "own_note": "",
            "inspected": "fail", "inspected_note": "现场情况",
        }
    ]  # fmt: skip


def test_deviation_is_the_difference_of_two_scores(cast, task):
    """A 10+10, B 20+10. Own 40 of 50 = 80.0; found 25 of 50 = 50.0."""
    check = make.self_checked(task, cast.head, A01="pass", A02="fail", B01="pass", B02="pass")
    make.submitted(task, A01="fail", A02="partial", B02="fail")

    found = deviation(check, task)

    assert (found.own, found.found, found.difference) == (80, 50, 30)
    assert (found.compared, found.printed) == (4, "+30.0")
    assert [(one.code, one.tone) for one in found.differing] == [
        ("A01", "warn"), ("A02", "info"), ("B02", "warn")
    ]  # fmt: skip


def test_what_one_side_did_not_score_is_compared_in_words_only(cast, task):
    check = make.self_checked(task, cast.head, A01="na", A02="pass")
    make.submitted(task, A02="partial", B01="fail")

    found = deviation(check, task)

    assert (found.compared, found.own, found.found) == (1, 100, Fraction(50))
    assert [(one.code, one.tone) for one in found.differing] == [("A01", "none"), ("A02", "warn")]


def test_nothing_to_compare_is_no_difference(cast, task):
    check = make.self_checked(task, cast.head, A01="na")
    make.submitted(task)

    assert (deviation(check, task).difference, deviation(check, task).printed) == (None, "—")


def figures() -> str:
    """Every row of every figure, and every answer of the API and page that tells one."""
    rows = [row for name in FIGURES for row in apps.get_model("indicators", name).objects.all()]
    fields = serializers.serialize("python", rows)
    for row in fields:
        row["fields"].pop("computed_at")
    return json.dumps(fields, default=str, ensure_ascii=False, sort_keys=True)


ASKED = (
    "indicators/effect/", "indicators/effect/?round={round}",
    "regions/440309/summary/?round={round}", "stations/{station}/summary/", "findings/",
    "audits/{audit}/",
)  # fmt: skip


def told(api, cast, task) -> list[bytes]:
    values = {"round": task.round_id, "station": cast.station.code, "audit": task.audit.pk}
    client = api(cast.bureau)
    return [client.get(f"/api/v1/{path.format(**values)}").content for path in ASKED]


def test_figures_are_the_same_to_the_byte_with_and_without(cast, task, api):
    check = make.self_checked(task, cast.head, A01="fail", A02="fail", B01="fail", B02="na")
    audit = make.submitted(task, A02="partial")
    outbox.drain()
    with_check, answers = figures(), told(api, cast, task)
    hashed = queries.revision_in_force(audit).content_hash

    without_guard()
    check.delete()
    outbox.queue("station.changed", [cast.station.pk], now=audit.submitted_at)
    outbox.drain()

    assert SelfAnswer.objects.count() == 0
    assert figures() == with_check
    assert told(api, cast, task) == answers
    assert queries.revision_in_force(audit).content_hash == hashed


def without_guard() -> None:
    """What the database rightly refuses, possible all the same: only to compare."""
    for table in ("audits_selfcheck", "audits_selfanswer"):
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {table}_guard_delete{on}")


def test_withdrawn_task_takes_its_self_check_along(cast, task):
    make.self_checked(task, cast.head, A01="pass")

    rounds.withdraw(assignment=task, by=cast.bureau, now=task.round.created_at)

    assert SelfCheck.objects.count() == 0


def test_another_station_s_head_finds_nothing(cast, task, api, client):
    check = make.self_checked(task, cast.head, A01="pass")
    stranger = api(cast.stranger)

    assert begin(stranger, task).status_code == 404
    assert say(stranger, check.pk, "A02", "pass").status_code == 404
    client.force_login(cast.stranger)
    assert client.get(reverse("my-self-check", args=[task.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_eight_taps_at_once_leave_one_answer_and_name_the_rest(cast, task):
    check = make.self_checked(task, cast.head)
    outcomes = []

    def tap(number: int) -> None:
        given = audits.AnswerInput("A01", "fail", f"第{number}次", check.started_at)
        try:
            selfchecks.record(check=check, given=given, by=cast.head, now=check.started_at)
            outcomes.append("kept")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=tap, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["kept", *["stale_answer"] * 7]
    assert SelfAnswer.objects.get().version == 1


# ---- pages ----


def test_gaps_lead_to_the_sheet_until_the_visit(cast, task, client):
    client.force_login(cast.head)
    make.self_checked(task, cast.head, A01="pass")

    before = client.get("/my/").content.decode()
    page = client.get(reverse("my-self-check", args=[task.pk])).content.decode()
    make.submitted(task)
    after = client.get("/my/").content.decode()

    assert "已填 1/4 项" in before
    assert page.count('aria-pressed="true"') == 1
    assert "已填" not in after


def test_pages_show_the_deviation_to_head_inspector_and_bureau(cast, task, client):
    make.self_checked(task, cast.head, A01="pass", A02="pass", B01="pass", B02="pass")
    audit = make.submitted(task, A02="fail")

    pages = {
        "head": [reverse("my-scores"), reverse("my-self-check", args=[task.pk])],
        "inspector": [reverse("desk-audit", args=[audit.pk])],
        "bureau": [reverse("desk-audit", args=[audit.pk])],
    }

    for who, paths in pages.items():
        client.force_login(getattr(cast, who))
        for path in paths:
            assert "+20.0" in client.get(path).content.decode(), (who, path)


def test_visit_without_a_self_check_has_no_deviation(cast, task, client):
    audit = make.submitted(task)
    client.force_login(cast.bureau)

    assert "自评偏差" not in client.get(reverse("desk-audit", args=[audit.pk])).content.decode()
    client.force_login(cast.head)
    assert client.get(reverse("my-self-check", args=[task.pk])).status_code == 404


@pytest.mark.parametrize(
    "answered", [{}, {"A01": "pass"}, {"A01": "fail", "A02": "na", "B01": "pass"}]
)
def test_self_check_costs_the_same_whatever_stands_in_it(
    cast, task, head, answered, django_assert_num_queries
):
    make.self_checked(task, cast.head, **answered)
    path = f"/api/v1/assignments/{task.pk}/self-check/"
    head.get(path)

    with django_assert_num_queries(4):
        head.get(path)
