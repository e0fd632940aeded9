"""重新打开: a wrong submission goes back; what was frozen stays, findings follow the newest."""

import datetime as dt

import pytest
from django.utils import timezone

from audits.models import AuditEvent, AuditRevision, Finding, FindingEvent
from audits.services import audits, findings
from stations.refusals import Refusal
from tests import make


def reopen(audit, cast, reason="结果填错"):
    return audits.reopen_audit(audit=audit, reason=reason, by=cast.bureau, now=timezone.now())


def correct(audit, **results):
    """Change the answers named and hand in again."""
    held = {answer.item.code: answer for answer in audit.answers.select_related("item")}
    now = timezone.now()
    given = [
        audits.AnswerInput(
            code, result, "" if result == "pass" else "更正", now, held[code].version
        )
        for code, result in results.items()
    ]
    outcomes = audits.record_answers(audit=audit, answers=given, by=audit.started_by, now=now)
    assert {one["status"] for one in outcomes} <= {200}
    return audits.submit_audit(audit=audit, photos=[], by=audit.started_by, now=now)


def states():
    return list(Finding.objects.order_by("pk").values_list("item_code", "status"))


def test_reopening_keeps_what_was_frozen_and_adds_to_it(cast, task, api):
    audit = make.submitted(task, A02="fail")
    frozen = AuditRevision.objects.values().get()

    reopen(audit, cast)
    correct(audit, A02="pass")

    earlier, newest = AuditRevision.objects.values()
    assert earlier == frozen
    assert (newest["number"], newest["earned"]) == (2, 50)
    assert list(AuditEvent.objects.values_list("kind", "revision", "reason")) == [
        ("submitted", 1, ""),
        ("completed", 1, ""),
        ("reopened", 1, "结果填错"),
        ("submitted", 2, ""),
        ("completed", 2, ""),
    ]
    told = api(cast.head).get(f"/api/v1/audits/{audit.pk}/").data
    assert (told["revision"], told["score"]["total"], told["score"]["revision"]) == (2, 100, 2)


def test_reopened_audit_shows_its_last_score_until_handed_in_again(cast, task, api):
    audit = make.submitted(task, A02="fail")

    reopen(audit, cast)

    told = api(cast.head).get(f"/api/v1/audits/{audit.pk}/").data
    assert (told["state"], told["score"]["total"], told["answers"]) == ("started", 80, None)


def test_reopening_needs_a_submission(cast, task):
    audit = make.audit(task)

    with pytest.raises(Refusal) as refused:
        reopen(audit, cast)

    assert (refused.value.code, refused.value.status) == ("not_submitted", 409)
    assert refused.value.extra == {"state": "started"}


def test_reopening_needs_a_reason(cast, task, api):
    audit = make.submitted(task)

    with pytest.raises(Refusal) as refused:
        reopen(audit, cast, reason="  ")
    blank = api(cast.bureau).post(f"/api/v1/audits/{audit.pk}/reopen/", {"reason": " "})

    assert refused.value.errors[0]["field"] == "reason"
    assert (blank.status_code, blank.data["errors"][0]["field"]) == (400, "reason")


@pytest.mark.parametrize("role", ["supervisor", "inspector", "head"])
def test_only_the_bureau_reopens(cast, task, api, role):
    audit = make.submitted(task)

    refused = api(getattr(cast, role)).post(
        f"/api/v1/audits/{audit.pk}/reopen/", {"reason": "想改"}
    )

    assert (refused.status_code, refused.data["code"]) == (403, "not_allowed")
    assert AuditEvent.objects.filter(kind="reopened").count() == 0


def test_corrected_to_pass_voids_what_this_audit_raised(cast, task):
    audit = make.submitted(task, A02="fail", B02="fail")

    reopen(audit, cast)
    correct(audit, A02="pass")

    assert states() == [("A02", "void"), ("B02", "open")]
    last = FindingEvent.objects.filter(finding__item_code="A02").last()
    assert (last.kind, last.from_status, last.to_status) == ("voided", "open", "void")


def test_corrected_words_and_result_are_noted_on_the_finding(cast, task):
    audit = make.submitted(task, A02="fail")

    reopen(audit, cast)
    correct(audit, A02="partial")

    finding = Finding.objects.get()
    assert (finding.status, finding.note, finding.points_lost) == ("open", "更正", 5)
    assert [event.kind for event in finding.events.all()] == ["raised", "corrected"]


def test_corrected_to_fail_raises_what_was_missed(cast, task):
    audit = make.submitted(task)

    reopen(audit, cast)
    correct(audit, A02="fail")

    assert states() == [("A02", "open")]


def test_pass_corrected_twice_raises_anew(cast, task):
    audit = make.submitted(task, A02="fail")
    reopen(audit, cast)
    correct(audit, A02="pass")
    reopen(audit, cast)
    correct(audit, A02="fail")

    assert states() == [("A02", "void"), ("A02", "open")]


def test_what_was_closed_meanwhile_stays_closed(cast, task):
    audit = make.submitted(task, A02="fail", B02="fail")
    mended = make.rectified(Finding.objects.get(item_code="A02"), cast.head)
    findings.close(finding=mended, by=cast.inspector, now=timezone.now())

    reopen(audit, cast)
    correct(audit, B02="pass")

    assert states() == [("A02", "closed"), ("B02", "void")]


def test_what_was_closed_long_ago_is_not_raised_again(cast, task):
    long_ago = timezone.now() - dt.timedelta(days=90)
    audit = make.submitted(task, now=long_ago, A02="fail", B02="fail")
    closed_at = long_ago + dt.timedelta(days=5)
    mended = make.rectified(Finding.objects.get(item_code="A02"), cast.head, now=closed_at)
    findings.close(finding=mended, by=cast.inspector, now=closed_at)

    reopen(audit, cast)
    correct(audit, B02="pass")

    assert states() == [("A02", "closed"), ("B02", "void")]


def test_what_the_bureau_voided_stays_void(cast, task):
    audit = make.submitted(task, A02="fail", B02="fail")
    findings.void(
        finding=Finding.objects.get(item_code="A02"), reason="误判", by=cast.bureau,
        now=timezone.now(),
    )  # fmt: skip

    reopen(audit, cast)
    correct(audit, B02="pass")

    assert states() == [("A02", "void"), ("B02", "void")]


def test_pass_corrected_in_a_later_audit_closes_nothing_of_an_earlier_one(cast, task):
    make.submitted(task, A02="fail")
    later = make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station), A02="fail")

    reopen(later, cast)
    correct(later, A02="pass")

    assert states() == [("A02", "open")]
