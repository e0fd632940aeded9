"""共性问题: one owner, note and due date for all; each problem keeps its own life."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from audits.models import CommonCause, Finding
from audits.queries import causes
from audits.services import causes as gathering
from audits.services import findings
from stations.refusals import Refusal
from tests import make


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


def test_candidates_are_named_in_the_readers_language(cast, three):
    item = three[0].item
    with translation.override("en"):
        assert [(one["item_code"], one["title"]) for one in causes.candidates(cast.bureau)] == [
            ("A02", item.title)
        ]
        assert item.title != three[0].title
