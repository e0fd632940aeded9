"""更正: a result changed afterwards takes severity, deadline and mistaken reopenings along."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from audits import deadlines, outbox
from audits.checks import chains
from audits.models import Audit, Finding
from audits.services import audits, corrections, extensions, findings
from indicators import recount, replay
from indicators.periods import Period
from stations.models import Station
from tests import make

DAY = dt.timedelta(days=1)


def correct(cast, audit, now=None, **results):
    given = [
        corrections.Correction(code, result, "" if result == "pass" else "复核后更正")
        for code, result in results.items()
    ]
    corrections.correct(
        audit=Audit.objects.get(pk=audit.pk), corrections=given, reason="看错了", by=cast.bureau,
        now=now or timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "severity", "days"),
    [("fail", "partial", "normal", 30), ("partial", "fail", "serious", 15)],
)
def test_severity_and_deadline_follow_the_result(cast, task, before, after, severity, days):
    audit = make.submitted(task, A02=before)
    finding = Finding.objects.get()
    original = finding.due_on

    correct(cast, audit, A02=after)

    finding.refresh_from_db()
    due = deadlines.due_on(deadlines.local_day(finding.raised_at), days, {})
    assert (finding.severity, finding.due_on, finding.original_due_on) == (severity, due, original)
    event = finding.events.last()
    assert (event.kind, event.detail) == (
        "corrected", {"severity": severity, "due_on": due.isoformat()}
    )  # fmt: skip


def test_stricter_deadline_in_the_past_counts_from_the_correction(cast, task):
    audit = make.submitted(task, now=timezone.now() - 20 * DAY, A02="partial")

    correct(cast, audit, A02="fail")

    assert Finding.objects.get().due_on == deadlines.due_on(timezone.localdate(), 15, {})


def test_day_people_have_moved_is_not_brought_forward(cast, task):
    audit = make.submitted(task, A02="partial")
    finding = Finding.objects.get()
    later = finding.due_on + 20 * DAY
    extensions.ask(finding=finding, due_on=later, reason="缺料", by=cast.head, now=timezone.now())
    extensions.grant(finding=finding, by=cast.bureau, now=timezone.now())

    correct(cast, audit, A02="fail")

    assert (Finding.objects.get().severity, Finding.objects.get().due_on) == ("serious", later)


def test_critical_item_stays_critical(cast, task):
    audit = make.submitted(task, B01="fail")
    due = Finding.objects.get().due_on

    correct(cast, audit, B01="partial")

    assert (Finding.objects.get().severity, Finding.objects.get().due_on) == ("critical", due)


@pytest.fixture
def reopened(cast, task):
    """Closed by the inspector, then found again by mistake in the next round."""
    make.submitted(task, now=timezone.now() - 20 * DAY, A02="fail")
    finding = Finding.objects.get()
    then = timezone.now() - 10 * DAY
    findings.close(
        finding=make.rectified(finding, cast.head, then), by=cast.inspector, now=then + DAY / 24
    )
    finding.refresh_from_db()
    second = make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station), A02="fail")
    return finding, second


def test_mistaken_reopening_is_taken_back(cast, reopened):
    was, audit = reopened
    outbox.drain()

    correct(cast, audit, A02="pass")
    outbox.drain()

    now = Finding.objects.get()
    kept = ("status", "closed_by_id", "closed_at", "due_on")
    assert [getattr(now, name) for name in kept] == [getattr(was, name) for name in kept]
    assert now.events.last().kind == "corrected"
    wrong = [
        one for one in recount.differences(timezone.localdate()) if cast.station.code in one.subject
    ]
    assert wrong == []
    assert list(chains.differences()) == []


def test_reopened_audit_handed_in_right_does_the_same(cast, reopened):
    _, audit = reopened
    now = timezone.now()
    audits.reopen_audit(audit=audit, reason="看错了", by=cast.bureau, now=now)
    audit = Audit.objects.get(pk=audit.pk)
    version = audit.answers.get(item__code="A02").version
    answer = audits.AnswerInput("A02", "pass", "", now, version)
    audits.record_answers(audit=audit, answers=[answer], by=cast.inspector, now=now)
    audits.submit_audit(audit=audit, photos=[], by=cast.inspector, now=now)

    assert Finding.objects.get().status == "closed"


def test_what_was_handed_in_since_is_for_a_person_to_judge(cast, reopened):
    finding, audit = reopened
    make.rectified(Finding.objects.get(), cast.head)

    correct(cast, audit, A02="pass")

    finding.refresh_from_db()
    assert finding.status == "submitted"


def test_reopening_by_a_person_is_left_alone(cast, task):
    make.submitted(task, A02="fail")
    finding = Finding.objects.get()
    findings.close(
        finding=make.rectified(finding, cast.head), by=cast.inspector, now=timezone.now()
    )
    second = make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station))
    findings.reopen(finding=finding, reason="又掉了", by=cast.bureau, now=timezone.now())

    correct(cast, second, A02="na")

    finding.refresh_from_db()
    assert finding.status == "open"


def test_any_past_day_still_reads_as_it_stood(cast, reopened):
    """Closed, reopened by mistake, taken back: the days in between keep their own reading."""
    finding, audit = reopened
    now = timezone.now()
    with time_machine.travel(now + 3 * DAY, tick=False):
        correct(cast, audit, A02="pass", now=now + 3 * DAY)

    def closed_on(days: int) -> tuple[int, int]:
        period = Period.of_year(finding.raised_at.year)
        day = timezone.localdate() + days * DAY
        counts = replay.counts_on(day, period, Station.objects.real())
        return counts.closed, counts.cohort

    assert [closed_on(days) for days in (-11, -9, 0, 3)] == [(0, 1), (1, 1), (0, 1), (1, 1)]
