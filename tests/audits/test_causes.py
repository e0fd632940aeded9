"""共性问题: one owner, note and due date for all; each problem keeps its own life."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from audits import deadlines, reopening
from audits.models import CommonCause, Finding
from audits.queries import causes
from audits.services import causes as gathering
from audits.services import extensions, findings
from stations.models import HistoryEntry
from stations.refusals import Refusal
from tests import make

DAY = dt.timedelta(days=1)


@pytest.fixture
def three(cast, task):
    """The same item open at three stations of two subdistricts."""
    make.submitted(task, A02="fail")
    for station in (cast.other_station, make.station(region=cast.station.region)):
        other = make.assignment(cast.bureau, cast.inspector, station, task.round)
        make.submitted(other, A02="fail")
    return list(Finding.objects.order_by("pk"))


def gathered(by, due_on, code="A02"):
    return gathering.gather(
        item_code=code, owner="综合科", note="统一采购", due_on=due_on, by=by, now=timezone.now()
    )


def test_all_open_ones_get_the_later_deadline_and_none_an_earlier(cast, three):
    due = three[0].due_on + dt.timedelta(days=20)
    late = due + dt.timedelta(days=5)
    Finding.objects.filter(pk=three[1].pk).update(due_on=late)

    cause = gathered(cast.bureau, due)

    assert list(Finding.objects.order_by("pk").values_list("due_on", flat=True)) == [due, late, due]
    assert cause.findings.count() == 3
    event = three[0].events.last()
    assert (event.kind, event.reason, event.detail) == (
        "extension_granted", "统一采购", {"due_on": due.isoformat(), "cause": cause.pk}
    )  # fmt: skip
    assert three[1].events.last().kind == "raised"
    three[0].refresh_from_db()
    assert three[0].original_due_on < due


def test_each_is_closed_on_its_own(cast, three):
    gathered(cast.bureau, three[0].due_on + dt.timedelta(days=20))

    findings.close(
        finding=make.rectified(three[0], cast.head), by=cast.inspector, now=timezone.now()
    )

    [seen] = causes.causes(cast.bureau)
    assert (seen.total, seen.closed) == (3, 1)
    [near] = causes.causes(cast.supervisor)
    assert (near.total, near.closed) == (2, 1)


def test_gathering_is_refused_when_past_or_nothing_is_open(cast, three):
    with pytest.raises(Refusal) as past:
        gathered(cast.bureau, timezone.localdate() - dt.timedelta(days=1))
    with pytest.raises(Refusal) as nothing:
        gathered(cast.bureau, timezone.localdate(), code="B01")
    with pytest.raises(Refusal) as supervisor:
        gathered(cast.supervisor, timezone.localdate())

    assert past.value.errors[0]["code"] == "past"
    assert (nothing.value.code, supervisor.value.status) == ("nothing_open", 403)
    assert not CommonCause.objects.exists()


def test_page_leads_from_what_fails_everywhere_to_one_cause(cast, three, client):
    client.force_login(cast.bureau)
    due = three[0].due_on + dt.timedelta(days=20)

    before = client.get(reverse("causes")).content.decode()
    form = client.get(reverse("causes-new", args=["A02"])).content.decode()
    client.post(
        reverse("causes-new", args=["A02"]),
        {"owner": "综合科", "note": "统一采购", "due_on": due.isoformat()},
    )
    after = client.get(reverse("causes")).content.decode()
    one = client.get(reverse("desk-finding", args=[three[0].pk])).content.decode()

    assert "归为共性问题" in before
    assert "3 个站" in form
    assert "综合科" in after
    assert "没有三个站以上都有的问题" in after
    assert "统一采购" in one


def test_who_comes_second_to_gather_is_told_so(cast, three, client):
    gathered(cast.bureau, three[0].due_on + dt.timedelta(days=20))
    client.force_login(cast.bureau)

    told = client.post(
        reverse("causes-new", args=["A02"]),
        {"owner": "综合科", "note": "统一采购", "due_on": timezone.localdate().isoformat()},
        follow=True,
    )

    assert told.redirect_chain == [(reverse("causes"), 302)]
    assert "这一项没有待整改的问题。" in told.content.decode()


# ---- what opens again, what comes up new ----


def closed(cast, finding):
    handed_in = make.rectified(finding, cast.head)
    return findings.close(finding=handed_in, by=cast.bureau, now=timezone.now())


@pytest.fixture
def far(three):
    """A day that no severity reaches by itself."""
    return max(one.due_on for one in three) + dt.timedelta(days=40)


@pytest.mark.parametrize("way", ["desk", "visit", "seen", "lapse"])
def test_what_opens_again_belongs_to_its_running_cause(cast, three, far, way):
    cause = gathered(cast.bureau, far)
    now = timezone.now()
    if way == "lapse":
        day = timezone.localdate()
        findings.waive(finding=three[0], reason="等迁址", review_on=day, by=cast.bureau, now=now)
    else:
        closed(cast, three[0])

    if way == "desk":
        findings.reopen(finding=three[0], reason="又坏", by=cast.bureau, now=now)
    elif way == "visit":
        make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station), A02="fail")
    elif way == "seen":
        make.noted(cast.inspector, cast.station, item=three[0].item)
    else:
        reopening.reopen_lapsed(now=now)

    three[0].refresh_from_db()
    event = three[0].events.last()
    assert (three[0].status, three[0].due_on) == ("open", far)
    assert (event.kind, event.detail["due_on"]) == ("reopened", far.isoformat())
    [seen] = causes.causes(cast.bureau)
    assert (seen, seen.total, seen.closed) == (cause, 3, 0)
    assert not causes.unhandled(cast.bureau, timezone.localdate()).exists()


def test_what_opens_again_after_its_cause_s_day_is_gathered_anew(cast, three):
    day = timezone.localdate()
    gathered(cast.bureau, day)
    closed(cast, three[0])
    CommonCause.objects.update(due_on=day - dt.timedelta(days=1))

    again = findings.reopen(
        finding=three[0], reason="又坏", by=cast.bureau, now=timezone.now()
    )  # fmt: skip
    offered = causes.candidates(cast.bureau, day)
    new = gathered(cast.bureau, again.due_on + dt.timedelta(days=9))

    assert again.due_on == reopening.due_day(again.severity, timezone.now())
    assert [(one["item_code"], one["stations"]) for one in offered] == [("A02", 3)]
    assert new.findings.count() == 3


def test_new_problem_of_the_item_has_its_own_day_until_somebody_joins_it(cast, three, far, client):
    cause = gathered(cast.bureau, far)
    station = make.station(region=cast.other_station.region)
    make.submitted(make.assignment(cast.bureau, cast.inspector, station), A02="fail")
    new = Finding.objects.get(station=station)
    client.force_login(cast.bureau)
    before = client.get(reverse("causes")).content.decode()

    client.post(reverse("causes-join", args=[cause.pk]))
    after = client.get(reverse("causes")).content.decode()

    assert new.due_on == reopening.due_day(new.severity, timezone.now())
    assert ("又有 1 个站" in before, "又有" in after) == (True, False)
    new.refresh_from_db()
    event = new.events.last()
    assert new.due_on == far
    assert (event.kind, event.by, event.detail["cause"]) == (
        "extension_granted", cast.bureau, cause.pk
    )  # fmt: skip
    assert cause.findings.count() == 4
    assert HistoryEntry.objects.filter(action="finding.join").count() == 1


def test_joining_is_the_bureau_s_and_of_a_running_cause(cast, three, far, client):
    cause = gathered(cast.bureau, far)
    refused = []
    for by in (cast.supervisor, cast.bureau):
        with pytest.raises(Refusal) as told:
            gathering.join(cause=cause, by=by, now=timezone.now())
        refused.append(told.value.code)
    with pytest.raises(Refusal) as late:
        gathering.join(cause=cause, by=cast.bureau, now=deadlines.end_of_day(far) + DAY)

    assert refused == ["not_allowed", "nothing_open"]
    assert (late.value.code, late.value.status) == ("cause_over", 409)


# ---- a request for more time that waits for its answer ----


@pytest.mark.parametrize(("asked", "is_left"), [(5, False), (20, False), (21, True)])
def test_request_is_answered_by_the_common_day_or_stays_asked(cast, three, asked, is_left):
    due = three[0].due_on + dt.timedelta(days=20)
    until = three[0].due_on + dt.timedelta(days=asked)
    extensions.ask(
        finding=three[0], due_on=until, reason="等货", by=cast.head, now=timezone.now()
    )  # fmt: skip

    gathered(cast.bureau, due)

    three[0].refresh_from_db()
    assert three[0].due_on == due
    assert three[0].extension_until == (until if is_left else None)
    if is_left:
        granted = extensions.grant(finding=three[0], by=cast.bureau, now=timezone.now())
        assert granted.due_on == until


def test_page_tells_the_requests_before_the_day_is_set(cast, three, client):
    until = three[0].due_on + dt.timedelta(days=30)
    extensions.ask(
        finding=three[0], due_on=until, reason="等货", by=cast.head, now=timezone.now()
    )  # fmt: skip
    client.force_login(cast.bureau)

    form = client.get(reverse("causes-new", args=["A02"])).content.decode()

    assert form.count("申请延期到") == 1


@pytest.mark.parametrize("more", [0, 60])
def test_page_costs_the_same_for_any_number_of_causes(
    cast, three, far, client, more, django_assert_num_queries
):
    gathered(cast.bureau, far)
    for number in range(more):
        cause = CommonCause.objects.create(
            item_code=f"Z{number}", title="门牌", owner="综合科", note="统一采购", due_on=far,
            created_at=timezone.now(), created_by=cast.bureau,
        )  # fmt: skip
        cause.findings.set(three)
    client.force_login(cast.bureau)
    client.get(reverse("causes"))

    # Session, account, its regions, the page and its count, newcomers, candidates, notices.
    with django_assert_num_queries(8):
        page = client.get(reverse("causes")).content.decode()

    assert page.count(">综合科</td>") == min(more + 1, 50)


def test_candidates_are_named_in_the_readers_language(cast, three):
    item = three[0].item
    with translation.override("en"):
        offered = causes.candidates(cast.bureau, timezone.localdate())
        assert [(one["item_code"], one["title"]) for one in offered] == [("A02", item.title)]
        assert item.title != three[0].title


def test_causes_are_named_in_the_readers_language(cast, three, far, client):
    gathered(cast.bureau, far)
    item = three[0].item
    client.force_login(cast.bureau)

    told = {}
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        told[language] = client.get(reverse("causes")).content.decode()

    assert f"<b>A02 {item.title_zh}</b>" in told["zh-hans"]
    assert f"<b>A02 {item.title_en}</b>" in told["en"]
    assert item.title_zh != item.title_en


def test_stations_of_an_item_are_paged(cast, three, far, client, monkeypatch):
    monkeypatch.setattr("audits.pages.causes.PAGE", 2)
    client.force_login(cast.bureau)
    way = reverse("causes-new", args=["A02"])

    first, second = (client.get(way, {"page": number}).content.decode() for number in (1, 2))

    shown = [page.count('<td><a href="/bureau/findings/') for page in (first, second)]
    assert (shown, "3 个站" in first, "3 个站" in second) == ([2, 1], True, True)
    assert 'href="?page=2"' in first
    client.post(f"{way}?page=2", {"owner": "综合科", "note": "统一采购", "due_on": far.isoformat()})
    assert CommonCause.objects.get().findings.count() == 3


def test_cause_whose_problems_are_all_void_hides_nothing(cast, three, far):
    gathered(cast.bureau, far)
    for one in three:
        findings.void(finding=one, reason="误判", by=cast.bureau, now=timezone.now())
    for station in {one.station for one in three}:
        make.submitted(make.assignment(cast.bureau, cast.inspector, station), A02="fail")

    offered = causes.candidates(cast.bureau, timezone.localdate())

    assert [(one["item_code"], one["stations"]) for one in offered] == [("A02", 3)]


def test_of_two_gathering_at_once_only_the_first_takes_the_problems(cast, three, far):
    """The second has asked what is open, and waits for the rows while the first takes them."""
    asked, taken = [], []

    def between(execute, sql, params, many, context):
        if asked and not taken:
            taken.append(True)
            taken.append(gathered(cast.bureau, far))
        answer = execute(sql, params, many, context)
        if "audits_commoncause" in sql:
            asked.append(sql)
        return answer

    with connection.execute_wrapper(between), pytest.raises(Refusal) as late:
        gathered(cast.bureau, far)

    assert (late.value.code, taken[1].item_code) == ("nothing_open", "A02")
