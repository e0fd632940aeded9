import threading
from datetime import UTC, datetime, timedelta

import pytest
from celery.beat import ScheduleEntry
from celery.schedules import crontab, schedule
from django.db import connection

from config import beat, lease
from config.models import Heartbeat

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_lease_is_given_once_in_a_period():
    given = [
        lease.take("sweep", period=MINUTE, now=NOW + timedelta(seconds=seconds))
        for seconds in (0, 1, 59, 60, 61, 119, 120)
    ]

    assert given == [True, False, False, True, False, False, True]


@pytest.mark.django_db
def test_leases_of_different_names_do_not_meet():
    assert lease.take("sweep", period=MINUTE, now=NOW)
    assert lease.take("reconcile", period=MINUTE, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_first", [True, False])
def test_of_eight_that_ask_at_once_one_gets_the_lease(is_first):
    if not is_first:
        Heartbeat.objects.create(name="sweep", seen_at=NOW - MINUTE)
    start, given = threading.Barrier(8), []

    def ask() -> None:
        start.wait()
        given.append(lease.take("sweep", period=MINUTE, now=NOW))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(given) == [False] * 7 + [True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rhythm", [schedule(timedelta(seconds=15)), crontab(hour="3", minute="0")])
def test_two_schedulers_send_each_entry_once(rhythm):
    first, second = (ScheduleEntry(name="work", task="t", schedule=rhythm) for _ in range(2))

    assert [beat.may_send(first), beat.may_send(second)] == [True, False]
