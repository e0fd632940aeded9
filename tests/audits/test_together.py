"""Closing several at once: only what nobody questions, each with an event of its own."""

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import Finding, FindingEvent, PhotoFlag
from audits.queries import bulk, cases, reviews
from audits.services import findings
from tests import make

ITEMS = [("A", f"N{n:02d}", "10", "none", n == 0) for n in range(6)]


@pytest.fixture
def waiting(cast):
    """Five problems handed in: critical, heavy, and three plain ones."""
    make.version(items=ITEMS)
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(task, N00="partial", N01="fail", N02="partial", N03="partial", N04="partial")
    for finding in Finding.objects.order_by("item_code"):
        make.rectified(finding, cast.head)
    return {finding.item_code: finding for finding in Finding.objects.all()}


def codes(rows):
    return sorted(one.item_code for one in rows)


def test_only_what_nobody_questions_is_offered(cast, waiting):
    photo = waiting["N03"].photos.get()
    PhotoFlag.objects.create(photo=photo, kind="edited", raised_at=timezone.now())
    findings.send_back(finding=waiting["N04"], reason="看不清", by=cast.bureau, now=timezone.now())
    again = make.photo(cast.head, finding=waiting["N04"])
    findings.submit(
        finding=waiting["N04"], measure="重拍", photos=[again.pk], by=cast.head, now=timezone.now()
    )

    assert codes(bulk.uncontested(cast.bureau)) == ["N02"]
    assert codes(bulk.uncontested(cast.stranger)) == []


def test_what_was_seen_again_since_is_looked_at_alone(cast, waiting):
    make.noted(cast.inspector, cast.station, "还是歪的", item=waiting["N02"].item)

    assert codes(bulk.uncontested(cast.bureau)) == ["N03", "N04"]
    [check] = [
        one
        for one in reviews.checks(cases.case(waiting["N02"]), cast.bureau)
        if "还是歪的" in one.words
    ]
    assert check.tone == "warn"


@pytest.mark.parametrize(
    ("role", "is_theirs", "words"),
    [
        ("bureau", False, "提交整改的人不能复查自己的整改"),
        ("inspector", True, "本站账号不能复查本站的问题"),
    ],
)
def test_own_work_is_refused_together_as_alone_and_the_rule_is_named(
    cast, waiting, client, role, is_theirs, words
):
    own = cast.head
    own.role = role
    own.save()
    own.regions.set([make.region("440309")])
    if is_theirs:
        own = cast.inspector
        own.stations.add(cast.station)
    else:
        own.stations.clear()
    client.force_login(own)

    answer = client.post(
        reverse("desk-review-close-together"), {"chosen": [waiting["N02"].pk]}, follow=True
    )

    assert words in answer.content.decode()
    assert not Finding.objects.filter(status="closed").exists()


def test_each_is_closed_with_its_own_event_and_one_no_stops_nothing(cast, waiting, client):
    client.force_login(cast.bureau)
    page = client.get(reverse("desk-review-together")).content.decode()
    chosen = [waiting[code].pk for code in ("N01", "N02", "N03")]

    answer = client.post(
        reverse("desk-review-close-together"), {"chosen": chosen}, follow=True
    ).content.decode()

    assert f'value="{waiting["N02"].pk}"' in page
    assert f'value="{waiting["N01"].pk}"' not in page
    assert codes(Finding.objects.filter(status="closed")) == ["N02", "N03"]
    assert FindingEvent.objects.filter(kind="closed", by=cast.bureau).count() == 2
    assert "已销号 2 项" in answer
    assert "这一项要单独复查" in answer


def test_closed_already_is_said_to_be_closed(cast, waiting, client):
    client.force_login(cast.bureau)
    url, given = reverse("desk-review-close-together"), {"chosen": [waiting["N02"].pk]}
    client.post(url, given, follow=True)

    told = client.post(url, given, follow=True).context["messages"]

    why = "问题现在是“已销号”，不能做这一步。"
    assert [str(one) for one in told] == [f"{waiting['N02']}：{why}"]


def test_station_s_own_people_close_nothing_together(cast, waiting, client):
    client.force_login(cast.head)

    answer = client.post(reverse("desk-review-close-together"), {"chosen": [waiting["N02"].pk]})

    assert answer.status_code == 403
    assert not Finding.objects.filter(status="closed").exists()


def test_critical_ones_are_looked_at_first(cast, waiting):
    Finding.objects.filter(item_code="N00").update(submitted_at=timezone.now())
    queue = list(reviews.queue(cast.bureau))

    assert [one.item_code for one in queue] == ["N00", "N01", "N02", "N03", "N04"]
    assert reviews.following(cast.bureau, queue[0]).item_code == "N01"
    assert reviews.following(cast.bureau, queue[4]).item_code == "N00"
