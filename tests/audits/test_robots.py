"""Reminders into group chats: the real messages of the three robots, to an end on this machine."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from django.db import connection
from django.utils import timezone

from audits import notices, outbox, robots
from audits.models import Finding, NoticeLine, OutboxRow, RobotNotice
from config import checks
from tests import make

DUE = dt.date(2026, 11, 20)  # a Friday
ROBOTS = {
    "wecom": "wecombot://3f2a-group-key",
    "ding": "dingtalk://a1b2c3d4e5f6a7b8",
    "feishu": "feishu://f00dbabe-1234",
}


class Group:
    """The robots' other end. `answer` is what it says; it keeps every message."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.answer = 200
        group = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if group.answer == 200:
                    group.told.append((self.path, body))
                self.send_response(group.answer)
                self.end_headers()
                self.wfile.write(b'{"errcode": 0, "code": 0, "msg": "success"}')

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def group(monkeypatch, settings) -> Iterator[Group]:
    there = Group()
    monkeypatch.setattr(NotifyWeComBot, "notify_url", there.address + "/wecom?key={key}")
    monkeypatch.setattr(NotifyDingTalk, "notify_url", there.address + "/ding?access_token={token}")
    monkeypatch.setattr(NotifyFeishu, "notify_url", there.address + "/feishu/{token}/")
    settings.NOTICE_ROBOTS = ROBOTS
    yield there
    there.server.shutdown()
    there.server.server_close()


@pytest.fixture
def due(cast, task):
    make.submitted(task, A02="fail", B02="partial")
    Finding.objects.update(due_on=DUE, original_due_on=DUE)
    OutboxRow.objects.update(done_at=timezone.now())


def at(day: dt.date, hour: int = 8) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, 40)))


def remind(day: dt.date, hour: int = 8) -> None:
    with time_machine.travel(at(day, hour), tick=False):
        notices.remind(now=timezone.now())
        outbox.drain()


def test_each_group_is_told_once_in_numbers_only(cast, due, group):
    for hour in (8, 9, 10):
        remind(DUE, hour)

    paths = sorted(path.split("?")[0] for path, _ in group.told)
    assert paths == ["/ding", "/feishu/f00dbabe-1234/", "/wecom"]
    for _, body in group.told:
        words = json.dumps(json.loads(body), ensure_ascii=False)
        assert "到期 2 项" in words
        for private in (
            cast.station.name_zh, cast.station.code, cast.head.username, "A02", "检查项", "现场情况"
        ):  # fmt: skip
            assert private not in words


def test_problem_told_to_three_people_is_one_in_the_group(cast, due, group):
    remind(DUE + dt.timedelta(days=7))

    assert NoticeLine.objects.values("user").distinct().count() == 3
    assert all("逾期 7 天以上 2 项" in json.dumps(json.loads(body), ensure_ascii=False) for _, body in group.told)  # fmt: skip


def test_day_with_nothing_to_tell_is_silent(cast, due, group):
    remind(DUE - dt.timedelta(days=4))

    assert group.told == []
    assert RobotNotice.objects.count() == 0


def test_end_that_is_down_is_tried_again_the_next_hour(cast, due, group):
    group.answer = 503
    remind(DUE, 8)
    waiting = RobotNotice.objects.filter(sent_at__isnull=True).count()
    group.answer = 200
    remind(DUE, 9)
    remind(DUE, 10)

    assert waiting == 3
    assert len(group.told) == 3
    assert not RobotNotice.objects.filter(sent_at__isnull=True).exists()
    assert not OutboxRow.objects.filter(quarantined_at__isnull=False).exists()


def test_without_any_broker_the_sweep_tells_them(cast, due, group):
    with time_machine.travel(at(DUE), tick=False):
        notices.remind(now=timezone.now())
    assert group.told == []

    with time_machine.travel(at(DUE) + dt.timedelta(minutes=1), tick=False):
        outbox.sweep()

    assert len(group.told) == 3


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_one_message(cast, due, group, settings):
    settings.NOTICE_ROBOTS = {"wecom": ROBOTS["wecom"]}
    with time_machine.travel(at(DUE), tick=False):
        notices.remind(now=timezone.now())
    notice = RobotNotice.objects.get()

    def tell() -> None:
        notices.tell_robot(notice.pk, now=at(DUE))
        connection.close()

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(group.told) == 1


def test_robot_taken_out_of_the_settings_is_left_alone(cast, due, group, settings):
    with time_machine.travel(at(DUE), tick=False):
        notices.remind(now=timezone.now())
        settings.NOTICE_ROBOTS = {}
        outbox.drain()

    assert group.told == []


def test_address_of_no_channel_stops_the_start(settings):
    settings.NOTICE_ROBOTS = {"wecom": ROBOTS["wecom"], "typo": "wecombott://x", "empty": ""}

    faults = checks.robots_have_addresses(None)

    assert [fault.msg.split("“")[1] for fault in faults] == ["typo”", "empty”"]
    assert all(robots.is_known(url) for url in ROBOTS.values())


def test_bar_tells_the_desk_how_many_are_unread(cast, due, client):
    client.force_login(cast.bureau)
    remind(DUE + dt.timedelta(days=7))
    unread = client.get("/bureau/rounds/").content.decode()
    client.post("/notices/read/")
    read = client.get("/bureau/rounds/").content.decode()

    assert 'aria-label="我的通知 1 条未读"' in unread
    assert 'aria-label="我的通知"' in read


def test_bar_of_those_without_notices_has_no_bell(cast, client):
    client.force_login(cast.sysadmin)

    assert "topbar__bell" not in client.get("/bureau/people/").content.decode()
