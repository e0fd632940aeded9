"""What §3 asks beside the moves by hand: 挂账 that lapses, 随手拍 that reopens, 更正."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from audits import deadlines, outbox, reopening, tasks
from audits.models import Audit, CalendarDay, Finding
from audits.services import corrections, findings
from indicators import recount
from tests import make


@pytest.fixture
def finding(cast, task):
    make.submitted(task, A02="fail")
    return Finding.objects.get()


def waived(finding, cast, review_on):
    return findings.waive(
        finding=finding, reason="等迁址", document="会议纪要", review_on=review_on, by=cast.bureau,
        now=timezone.now(),
    )  # fmt: skip


def test_waived_opens_again_on_its_review_day_and_not_before(cast, finding):
    today = timezone.localdate()
    waived(finding, cast, today + dt.timedelta(days=2))

    early = reopening.reopen_lapsed(now=timezone.now())
    then = timezone.now() + dt.timedelta(days=2)
    counts = [reopening.reopen_lapsed(now=then) for _ in range(3)]

    finding.refresh_from_db()
    event = finding.events.last()
    assert (early, counts) == (0, [1, 0, 0])
    assert (finding.status, finding.due_on) == ("open", reopening.due_day(finding.severity, then))
    assert (event.kind, event.from_status, event.by, event.detail) == (
        "reopened", "waived", None, {"due_on": finding.due_on.isoformat()}
    )  # fmt: skip


def test_lapse_is_the_worker_s_hourly_task(cast, finding, settings):
    waived(finding, cast, timezone.localdate())

    tasks.reopen_lapsed()

    finding.refresh_from_db()
    assert finding.status == "open"
    assert settings.CELERY_BEAT_SCHEDULE["reopen-lapsed"]["task"] == "audits.reopen_lapsed"


# ---- 随手拍 ----


def ad_hoc(finding, by, now):
    return make.noted(by, finding.station, "又缺了", now, item=finding.item)


@pytest.mark.parametrize(("days", "is_same"), [(30, True), (31, False)])
def test_seen_again_by_hand_within_thirty_days_reopens(cast, finding, days, is_same):
    findings.close(
        finding=make.rectified(finding, cast.head), by=cast.inspector, now=timezone.now()
    )
    finding.refresh_from_db()

    made = ad_hoc(finding, cast.inspector, finding.closed_at + dt.timedelta(days=days))

    assert (made.pk == finding.pk) is is_same
    assert made.status == "open"
    assert made.repeat_of_id == (None if is_same else finding.pk)
    assert made.events.last().kind == ("reopened" if is_same else "raised")
    assert made.events.last().detail["ad_hoc"] is True


# ---- 更正 ----


def wrong_at(station):
    found = recount.differences(timezone.localdate())
    return [one for one in found if station.code in one.subject]


def corrected(audit, by, **results):
    given = [
        corrections.Correction(code, result, "" if result == "pass" else "复核后更正")
        for code, result in results.items()
    ]
    return corrections.correct(
        audit=audit, corrections=given, reason="看错了", by=by, now=timezone.now()
    )


def test_correction_adds_a_revision_and_findings_follow(cast, task):
    audit = make.submitted(task, A02="fail", B02="pass")
    outbox.drain()

    revision = corrected(audit, cast.bureau, A02="pass", B02="partial")
    outbox.drain()

    audit = Audit.objects.get()
    first, second = audit.revisions.order_by("number")
    assert (audit.state, audit.revision, second) == ("complete", 2, revision)
    assert (first.earned, second.earned, second.reason) == (40, 45, "看错了")
    assert second.submitted_at == first.submitted_at == audit.submitted_at
    assert dict(Finding.objects.values_list("item_code", "status")) == {
        "A02": "void",
        "B02": "open",
    }
    assert list(audit.events.values_list("kind", flat=True)) == [
        "submitted", "completed", "corrected", "completed",
    ]  # fmt: skip
    assert wrong_at(cast.station) == []


def test_correction_is_refused_without_reason_change_or_photo(cast, task, api):
    audit = make.submitted(task, A02="fail")
    path = f"/api/v1/audits/{audit.pk}/correct/"
    bureau = api(cast.bureau)

    def said(code, result, note="说明", reason="看错了"):
        results = [{"item_code": code, "result": result, "note": note}]
        answer = bureau.post(path, {"reason": reason, "results": results})
        faults = answer.data.get("errors") or [{}]
        return answer.status_code, faults[0].get("code")

    assert said("A02", "fail", note="现场情况") == (400, "nothing_changed")
    assert said("A02", "unable") == (400, "not_by_correction")
    assert said("A02", "na", note="") == (400, "note_required")
    assert said("Z99", "pass") == (400, "unknown_item")
    assert said("A02", "pass", reason=" ") == (400, "blank")
    assert said("A02", "pass", note="") == (200, None)


def test_closed_since_the_visit_stays_closed_and_counts_today(cast, task):
    audit = make.submitted(task, A02="fail", B02="fail")
    closed = Finding.objects.get(item_code="A02")
    findings.close(finding=make.rectified(closed, cast.head), by=cast.inspector, now=timezone.now())

    corrected(audit, cast.bureau, B02="partial")
    outbox.drain()

    closed.refresh_from_db()
    assert closed.status == "closed"
    assert wrong_at(cast.station) == []


def test_page_corrects_one_result(cast, task, client):
    audit = make.submitted(task, A02="fail")
    client.force_login(cast.bureau)

    page = client.get(reverse("desk-audit", args=[audit.pk])).content.decode()
    client.post(
        reverse("desk-audit-correct", args=[audit.pk]),
        {"item_code": "A02", "result": "pass", "note": "", "reason": "看错了"},
    )

    assert "更正一项结果" in page
    assert Finding.objects.get().status == "void"


# ---- 工作日 ----


def test_day_the_table_names_counts_before_the_calendar():
    monday = dt.date(2026, 11, 23)

    assert deadlines.due_on(monday, 0) == monday
    assert deadlines.due_on(monday, 0, {monday: False}) == dt.date(2026, 11, 24)
    assert deadlines.due_on(dt.date(2026, 11, 21), 0, {dt.date(2026, 11, 21): True}) == dt.date(
        2026, 11, 21
    )


def test_new_finding_is_due_by_the_table(cast, task):
    plain = reopening.due_day("serious", timezone.now())
    CalendarDay.objects.create(day=plain, is_working=False, note="台风")

    make.submitted(task, A02="fail")

    assert Finding.objects.get().due_on > plain


def test_bureau_sets_a_day_and_takes_it_back(cast, client):
    client.force_login(cast.bureau)

    client.post(
        reverse("calendar-set"), {"day": "2026-11-24", "is_working": "0", "note": "台风停工"}
    )
    page = client.get(reverse("calendar")).content.decode()
    held = CalendarDay.objects.table()
    told = client.post(reverse("calendar-forget"), {"day": "2026-11-24"}, follow=True)

    assert "台风停工" in page
    assert "已移除，这一天按公布的放假安排算。" in told.content.decode()
    assert held == {dt.date(2026, 11, 24): False}
    assert CalendarDay.objects.table() == {}


def test_only_the_bureau_sets_days(cast, client):
    for who in (cast.supervisor, cast.inspector, cast.head):
        client.force_login(who)
        answer = client.post(reverse("calendar-set"), {"day": "2026-11-24", "is_working": "0"})
        assert answer.status_code == 403
    assert not CalendarDay.objects.exists()
