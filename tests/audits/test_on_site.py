"""立行立改: put right before the eyes of who saw it failing that day, and closed by somebody else."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from audits import deadlines
from audits.models import Finding
from audits.queries import cases, finding_photos, reviews, sightings
from audits.queries.bulk import uncontested
from audits.services import audits, findings
from stations.refusals import Refusal
from tests import make


@pytest.fixture
def finding(cast, task):
    make.submitted(task, A02="fail")
    return Finding.objects.get()


def fixed(finding, by, photos, now=None):
    return findings.fix_on_site(
        finding=finding, measure="当场扶正", photos=photos, by=by, now=now or timezone.now()
    )


def before_and_after(finding, by):
    make.photo(by, finding=finding, kind="before")
    return [make.photo(by, finding=finding, kind="after").pk]


def test_fixed_on_site_waits_for_a_second_person(cast, finding):
    done = fixed(finding, cast.inspector, before_and_after(finding, cast.inspector))

    assert (done.status, done.is_fixed_on_site, done.submitted_by) == (
        "submitted", True, cast.inspector,
    )  # fmt: skip
    with pytest.raises(Refusal) as own:
        findings.close(finding=done, by=cast.inspector, now=timezone.now())
    assert (own.value.code, own.value.status) == ("own_work", 403)
    assert findings.close(finding=done, by=cast.bureau, now=timezone.now()).status == "closed"


WAITING, DONE = "检查当天已改，等另一人复查", "<dd>检查当天已改</dd>"


def told(client, finding):
    """What the desk's facts, and the API, say of it."""
    page = client.get(reverse("desk-finding", args=[finding.pk])).content.decode()
    answer = client.get(f"/api/v1/findings/{finding.pk}/").json()
    return WAITING in page, DONE in page, answer["is_fixed_on_site"]


def test_fixed_on_site_is_told_while_that_hand_in_stands(cast, finding, client):
    client.force_login(cast.bureau)
    now = timezone.now()

    fixed(finding, cast.inspector, before_and_after(finding, cast.inspector))
    waiting = told(client, finding)
    findings.close(finding=finding, by=cast.bureau, now=now)
    closed = told(client, finding)
    findings.reopen(finding=finding, reason="又歪了", by=cast.bureau, now=now)
    again = told(client, finding)
    make.rectified(finding, cast.head)
    by_the_station = told(client, finding)

    assert waiting == (True, False, True)
    assert closed == (False, True, True)
    assert again == by_the_station == (False, False, False)


def test_fixed_on_site_and_sent_back_awaits_nobody(cast, finding, client):
    client.force_login(cast.bureau)
    fixed(finding, cast.inspector, before_and_after(finding, cast.inspector))
    findings.send_back(finding=finding, reason="仍歪", by=cast.bureau, now=timezone.now())

    assert told(client, finding) == (False, False, False)


def test_who_took_the_after_photo_does_not_close_whoever_handed_it_in(cast, finding):
    """Seen, photographed as put right, and then left to the station to hand in with that photo."""
    [photo] = before_and_after(finding, cast.inspector)
    findings.start(finding=finding, measure="扶正", person="", by=cast.head, now=timezone.now())
    done = findings.submit(
        finding=finding, measure="扶正", photos=[photo], by=cast.head, now=timezone.now()
    )

    assert cast.inspector.pk == done.photos.get(pk=photo).uploaded_by_id
    with pytest.raises(Refusal) as own:
        findings.close(finding=done, by=cast.inspector, now=timezone.now())
    assert (own.value.code, own.value.status) == ("own_work", 403)
    assert not uncontested(cast.inspector).exists()
    told = reviews.checks(cases.case(done), cast.inspector)
    assert [check.code for check in told if check.tone == "bad"] == ["own_work"]
    assert findings.close(finding=done, by=cast.bureau, now=timezone.now()).status == "closed"


def test_fixed_on_site_needs_before_and_after(cast, finding):
    after = [make.photo(cast.inspector, finding=finding, kind="after").pk]

    with pytest.raises(Refusal) as bare:
        fixed(finding, cast.inspector, after)
    make.photo(cast.inspector, finding=finding, kind="before")
    with pytest.raises(Refusal) as without_after:
        fixed(finding, cast.inspector, [])

    assert bare.value.errors[0]["code"] == "before_photo_required"
    assert without_after.value.errors[0]["code"] == "required"


def test_fixed_on_site_is_of_that_day_and_of_who_found_it(cast, finding):
    photos = before_and_after(finding, cast.inspector)

    with pytest.raises(Refusal) as late:
        fixed(finding, cast.inspector, photos, timezone.now() + dt.timedelta(days=1))
    with pytest.raises(Refusal) as other:
        fixed(finding, cast.bureau, photos)

    assert (late.value.code, late.value.status) == ("visit_over", 409)
    assert (other.value.code, other.value.status) == ("not_allowed", 403)


def test_after_photo_is_the_head_s_or_the_finder_s(cast, finding):
    with pytest.raises(Refusal) as refused:
        make.photo(cast.bureau, finding=finding, kind="after")

    assert refused.value.status == 403


def test_finder_s_after_photo_is_of_that_day_and_before_anyone_started(cast, task):
    make.submitted(task, timezone.now() - dt.timedelta(days=1), A02="fail")
    old = Finding.objects.get()
    make.submitted(again(cast), A02="pass", B02="fail")
    started = Finding.objects.get(item_code="B02")
    findings.start(finding=started, measure="", person="", by=cast.head, now=timezone.now())

    for finding in (old, started):
        with pytest.raises(Refusal) as refused:
            make.photo(cast.inspector, finding=finding, kind="after")
        assert refused.value.status == 403


# ---- an older problem, seen again today ----


def again(cast):
    """A later round's visit of the same station by the same inspector."""
    return make.assignment(cast.bureau, cast.inspector, cast.station)


@pytest.fixture
def old(cast, task):
    """Found a month ago, the station has begun, and has it still."""
    make.submitted(task, timezone.now() - dt.timedelta(days=30), A01="fail")
    found = Finding.objects.get()
    begun = timezone.now() - dt.timedelta(days=20)
    findings.start(finding=found, measure="", person="", by=cast.head, now=begun)
    return found


def after(finding, by):
    return [make.photo(by, finding=finding, kind="after").pk]


def test_found_failing_at_today_s_visit_it_may_be_put_right_there(cast, old):
    with pytest.raises(Refusal) as unseen:
        make.photo(cast.inspector, finding=old, kind="after")
    make.submitted(again(cast), A01="fail")  # with its picture on the sheet

    done = fixed(old, cast.inspector, after(old, cast.inspector))

    assert unseen.value.status == 403
    assert (done.status, done.is_fixed_on_site, done.submitted_by) == (
        "submitted", True, cast.inspector,
    )  # fmt: skip
    assert old.rectifications.get().submitted_by == cast.inspector
    pictures = set(finding_photos(done).values_list("audit__assignment__round", "kind"))
    assert len(pictures) == 3, "of either visit, and after"


def test_picture_of_the_first_visit_does_not_stand_for_today(cast, task):
    make.submitted(task, timezone.now() - dt.timedelta(days=30), A01="fail")
    found = Finding.objects.get()
    make.noted(cast.inspector, cast.station, item=found.item)
    photos = after(found, cast.inspector)

    with pytest.raises(Refusal) as refused:
        fixed(found, cast.inspector, photos)
    make.photo(cast.inspector, finding=found, kind="before")

    assert refused.value.errors[0]["code"] == "before_photo_required"
    assert fixed(found, cast.inspector, photos).status == "submitted"


def test_sent_back_on_the_spot_it_may_be_put_right_there_and_a_third_closes(cast, old):
    sent = make.photo(cast.head, finding=old)
    findings.submit(
        finding=old, measure="已改", photos=[sent.pk], by=cast.head, now=timezone.now()
    )  # fmt: skip
    make.photo(cast.inspector, finding=old, kind="site")
    findings.send_back(finding=old, reason="仍歪", by=cast.inspector, now=timezone.now())

    done = fixed(old, cast.inspector, after(old, cast.inspector))

    for by in (cast.inspector, cast.head):
        with pytest.raises(Refusal) as own:
            findings.close(finding=done, by=by, now=timezone.now())
        assert own.value.status == 403
    assert findings.close(finding=done, by=cast.supervisor, now=timezone.now()).status == "closed"


def test_what_a_desk_sent_back_or_reopened_was_not_seen(cast, old):
    sent = make.photo(cast.head, finding=old)
    findings.submit(
        finding=old, measure="已改", photos=[sent.pk], by=cast.head, now=timezone.now()
    )  # fmt: skip
    findings.send_back(finding=old, reason="看不清", by=cast.bureau, now=timezone.now())

    with pytest.raises(Refusal) as refused:
        fixed(old, cast.bureau, [])

    assert (refused.value.code, refused.value.status) == ("not_allowed", 403)


def test_critical_item_put_right_on_site_is_closed_with_the_closer_s_own_picture(cast, task):
    make.submitted(task, timezone.now() - dt.timedelta(days=30), B01="fail")
    found = Finding.objects.get()
    make.submitted(again(cast), B01="fail")
    done = fixed(found, cast.inspector, before_and_after(found, cast.inspector))

    with pytest.raises(Refusal) as bare:
        findings.close(finding=done, by=cast.bureau, now=timezone.now())
    make.photo(cast.bureau, finding=found, kind="site")

    assert bare.value.errors[0]["code"] == "on_site_photo_required"
    assert findings.close(finding=done, by=cast.bureau, now=timezone.now()).status == "closed"


def test_pages_lead_from_seeing_it_again_to_what_is_still_missing(cast, old, client):
    client.force_login(cast.inspector)
    own, stop = reverse("visit-finding", args=[old.pk]), reverse("visit", args=[cast.station.code])

    def shown():
        one, all_ = (client.get(path).content.decode() for path in (own, stop))
        snap = f"{reverse('snap-at', args=[cast.station.code])}?item=A01" in one
        return 'data-mode="fix"' in one, snap, "您今天看到的 1" in all_

    before = shown()
    make.noted(cast.inspector, cast.station, item=old.item)
    seen = shown()
    make.photo(cast.inspector, finding=old, kind="before")

    assert (before, seen, shown()) == (
        (False, True, False), (True, True, True), (True, False, True)
    )  # fmt: skip
    asked = client.get(reverse("snap-at", args=[cast.station.code]), {"item": "A01"})
    assert '<option value="A01" selected>' in asked.content.decode()


# ---- what a desk does afterwards is no second look ----


def at(hour):
    return deadlines.start_of_day(timezone.localdate()) + dt.timedelta(hours=hour)


def test_handed_in_since_it_was_seen_and_sent_back_from_a_desk_it_is_the_station_s(cast, old):
    today = timezone.localdate()
    make.noted(cast.inspector, cast.station, item=old.item, now=at(9))
    make.photo(cast.inspector, finding=old, kind="before")
    noted = sightings.may_be_fixed(old, cast.inspector, today)
    sent = make.photo(cast.head, finding=old)

    findings.submit(finding=old, measure="已改", photos=[sent.pk], by=cast.head, now=at(10))
    findings.send_back(finding=old, reason="看不清", by=cast.bureau, now=at(11))

    assert (noted, sightings.may_be_fixed(old, cast.inspector, today)) == (True, False)


def test_closed_since_it_was_seen_and_reopened_from_a_desk_wants_a_new_look(cast, finding):
    now = timezone.now()
    photos = before_and_after(finding, cast.inspector)
    findings.close(finding=make.rectified(finding, cast.head), by=cast.bureau, now=now)
    findings.reopen(finding=finding, reason="又坏", by=cast.bureau, now=now)

    with pytest.raises(Refusal) as refused:
        fixed(finding, cast.inspector, photos)
    make.noted(cast.inspector, cast.station, item=finding.item)

    assert refused.value.code == "visit_over"
    assert fixed(finding, cast.inspector, photos).status == "submitted"


@pytest.fixture
def from_home(cast, old):
    """Met again ten days ago, and handed in a second time today with one more problem."""
    then, now = timezone.now() - dt.timedelta(days=10), timezone.now()
    visit = make.audit(again(cast), then)
    make.answers(visit, then, A01="fail", A02="pass", B01="pass", B02="pass")
    make.photo(cast.inspector, audit=visit, item_code="A01", now=then)
    audits.submit_audit(audit=visit, photos=[], by=cast.inspector, now=then)
    visit = audits.reopen_audit(audit=visit, reason="漏了一项", by=cast.bureau, now=now)
    more = audits.AnswerInput("B02", "fail", "现场情况", now, base_version=1)
    audits.record_answers(audit=visit, answers=[more], by=cast.inspector, now=now)
    return audits.submit_audit(audit=visit, photos=[], by=cast.inspector, now=now)


def test_sheet_handed_in_again_is_no_second_look_at_anything_on_it(cast, old, from_home):
    today = timezone.localdate()
    found = Finding.objects.get(item_code="B02")
    seen = [sightings.may_be_fixed(one, cast.inspector, today) for one in (old, found)]
    make.noted(cast.inspector, cast.station, item=old.item)

    assert from_home.revision == 2
    assert seen == [False, False]
    assert sightings.may_be_fixed(old, cast.inspector, today)
    assert not sightings.shown_before(old, cast.inspector, today)
    make.photo(cast.inspector, finding=old, kind="before")
    assert sightings.shown_before(old, cast.inspector, today)


def test_who_may_judge_but_not_raise_is_not_offered_it(cast, old, client):
    sent = make.photo(cast.head, finding=old)
    findings.submit(
        finding=old, measure="已改", photos=[sent.pk], by=cast.head, now=timezone.now()
    )  # fmt: skip
    make.photo(cast.supervisor, finding=old, kind="site")
    findings.send_back(finding=old, reason="仍歪", by=cast.supervisor, now=timezone.now())
    client.force_login(cast.supervisor)

    page = client.get(reverse("visit-finding", args=[old.pk])).content.decode()
    stop = client.get(reverse("visit", args=[cast.station.code])).content.decode()

    assert ('data-mode="read"' in page, 'data-mode="fix"' in page) == (True, False)
    assert "您今天看到的" not in stop
