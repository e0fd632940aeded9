"""催办与升级: who is told what on which day, once; nothing personal leaves the house."""

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audits import notices, outbox, tasks
from audits.models import CalendarDay, Finding, Notice, NoticeLine
from audits.services import extensions, findings
from tests import make

DUE = dt.date(2026, 11, 20)  # a Friday


@pytest.fixture
def finding(cast, task):
    make.submitted(task, A02="fail")
    found = Finding.objects.get()
    Finding.objects.filter(pk=found.pk).update(due_on=DUE, original_due_on=DUE)
    found.refresh_from_db()
    return found


def at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(8, 40)))


def told():
    rows = NoticeLine.objects.order_by("pk").values_list("user__username", "step", "notice__day")
    return {(name, step, f"{day:%m-%d}") for name, step, day in rows}


def test_each_step_is_told_once_on_working_days_and_climbs(cast, finding):
    """17th to 30th, thrice a day: nothing on the two weekends, the third day after is a Monday."""
    for days in range(14):
        for _ in range(3):
            notices.remind(now=at(dt.date(2026, 11, 17) + dt.timedelta(days=days)))

    assert told() == {
        ("station", "soon", "11-17"),
        ("station", "today", "11-20"),
        ("station", "late3", "11-23"),
        ("supervisor", "late3", "11-23"),
        ("station", "late7", "11-27"),
        ("supervisor", "late7", "11-27"),
        ("bureau", "late7", "11-27"),
    }


def test_day_the_table_calls_free_waits_for_the_next(cast, finding):
    CalendarDay.objects.create(day=DUE, is_working=False, note="台风")
    CalendarDay.objects.create(day=DUE + dt.timedelta(days=1), is_working=True, note="补班")

    for days in range(2):
        notices.remind(now=at(DUE + dt.timedelta(days=days)))

    assert told() == {("station", "today", "11-21")}


def test_after_an_outage_only_the_last_step_is_told(cast, finding):
    notices.remind(now=at(dt.date(2026, 12, 1)))

    assert {step for _, step, _ in told()} == {"late7"}


def test_extension_starts_anew(cast, finding):
    notices.remind(now=at(DUE))
    later = DUE + dt.timedelta(days=10)
    extensions.ask(finding=finding, due_on=later, reason="缺料", by=cast.head, now=at(DUE))
    extensions.grant(finding=finding, by=cast.bureau, now=at(DUE))

    notices.remind(now=at(later))

    assert told() == {("station", "today", "11-20"), ("station", "today", "11-30")}


def test_nothing_is_told_of_what_waits_for_others_or_is_practice(cast, finding, task):
    make.rectified(finding, cast.head)
    assert notices.remind(now=at(DUE)) == 0

    Finding.objects.update(status="open")
    assert notices.remind(now=at(DUE)) == 1

    NoticeLine.objects.all().delete()
    cast.station.is_practice = True
    cast.station.save(update_fields=["is_practice"])
    assert notices.remind(now=at(DUE)) == 0


def test_one_digest_a_day_and_one_mail_without_names(cast, task, settings):
    settings.NOTICE_MAIL = True
    make.submitted(task, A02="fail", B02="partial")
    Finding.objects.update(due_on=DUE)
    cast.head.email = "head@example.org"
    cast.head.save(update_fields=["email"])

    for _ in range(2):
        notices.remind(now=at(DUE))
        outbox.drain()
    tasks.mail_notice(str(Notice.objects.get().pk))

    assert (Notice.objects.count(), NoticeLine.objects.count()) == (1, 2)
    [sent] = mail.outbox
    assert sent.to == ["head@example.org"]
    assert "2" in sent.body
    for private in (cast.station.name_zh, cast.head.username, "A02", str(cast.station.code)):
        assert private not in sent.subject + sent.body


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_tell_once(cast, finding):
    def run() -> None:
        notices.remind(now=at(DUE))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Notice.objects.count(), NoticeLine.objects.count()) == (1, 1)


@pytest.mark.parametrize("who", ["head", "supervisor", "bureau"])
def test_page_lists_them_until_read(cast, finding, client, who):
    notices.remind(now=at(dt.date(2026, 11, 27)))
    client.force_login(getattr(cast, who))

    page = client.get(reverse("my-notices")).content.decode()
    client.post(reverse("my-notices-read"))
    read = client.get(reverse("my-notices")).content.decode()

    assert "1 条未读" in page
    assert "检查项A02" in page
    assert "条未读" not in read
    assert Notice.objects.filter(read_at__isnull=True).count() == 2


def test_mine_tells_how_many_are_unread(cast, finding, client):
    notices.remind(now=at(DUE))
    client.force_login(cast.head)

    assert "1 条未读" in client.get(reverse("mine")).content.decode()


def test_api_tells_and_marks_read(cast, finding, api):
    notices.remind(now=at(DUE))
    head = api(cast.head)

    before = head.get("/api/v1/notices/").data
    after = head.post("/api/v1/notices/read/").data

    assert (before["unread"], after["unread"]) == (1, 0)
    assert before["results"][0]["lines"] == [
        {"finding": finding.pk, "step": "today", "due_on": DUE.isoformat()}
    ]
    assert api(cast.stranger).get("/api/v1/notices/").data == {"unread": 0, "results": []}


def test_closed_ones_are_left_alone(cast, finding):
    findings.close(
        finding=make.rectified(finding, cast.head), by=cast.inspector, now=timezone.now()
    )

    assert notices.remind(now=at(DUE)) == 0
