"""Follow-up work: never lost, never twice in effect, whatever becomes of broker and worker."""

import datetime as dt
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator

import kombu.transport.redis  # noqa: F401 - read once per process, not within an upload
import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from audits import outbox, store
from audits.models import EvidencePhoto, OutboxRow, PhotoFlag
from tests import make
from tests.audits.uploads import put

NOW = timezone.now


@pytest.fixture
def work() -> Iterator[Callable[[Callable[[str], None]], str]]:
    """`work(function)` → the topic it does. The table of handlers is as before afterwards."""
    before = dict(outbox._handlers)

    def register(function: Callable[[str], None]) -> str:
        topic = f"test.{uuid.uuid4().hex[:8]}"
        outbox.handler(topic)(function)
        return topic

    yield register
    outbox._handlers.clear()
    outbox._handlers.update(before)


def queued(topic: str, *keys: object) -> list[OutboxRow]:
    with transaction.atomic(), outbox.held():
        outbox.queue(topic, keys or ["1"], now=NOW())
    return list(OutboxRow.objects.filter(topic=topic).order_by("pk"))


def age(**since: float) -> None:
    """Let time pass for every row: what waited waits longer, what was claimed runs out."""
    past = dt.timedelta(**since)
    for row in OutboxRow.objects.all():
        row.created_at -= past
        row.claimed_until = row.claimed_until and row.claimed_until - past
        row.save()


# ---- a broker that is dead, or worse ----


@pytest.fixture(params=["dead", "hung"])
def bad_broker(request) -> Iterator[str]:
    """An address where nobody listens, or somebody who never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "hung":
            listener.listen(64)
        address = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        before = current_app.conf.broker_url, current_app.conf.broker_write_url
        current_app.conf.broker_url = current_app.conf.broker_write_url = address
        current_app.conf.broker_read_url = address
        _forget_connections()
        yield request.param
        current_app.conf.broker_url, current_app.conf.broker_write_url = before
        current_app.conf.broker_read_url = before[0]
        _forget_connections()


def _forget_connections() -> None:
    current_app.close()
    current_app.amqp.__dict__.pop("_producer_pool", None)
    current_app._pool = None


@pytest.mark.django_db(transaction=True)
def test_upload_is_201_in_under_a_second_without_a_broker(cast, task, api, bad_broker):
    audit, client = make.audit(task), api(cast.inspector)
    client.get("/api/v1/me/")  # what a process does once is not what an upload costs
    OutboxRow.objects.all().delete()

    took = []
    for seed in range(3):
        started = time.monotonic()
        sent = put(client, uuid.uuid4(), make.picture(seed), audit=audit.pk)
        took.append(time.monotonic() - started)
        assert sent.status_code == 201

    assert min(took) < 1, took  # a busy machine only adds
    assert OutboxRow.objects.waiting().filter(topic="photo.process").count() == 3


@pytest.mark.django_db(transaction=True)
def test_photo_that_completes_its_audit_is_as_quick(cast, task, api, bad_broker):
    """Two kinds of work follow it: the broker is waited for once."""
    audit, client, last = make.audit(task), api(cast.inspector), uuid.uuid4()
    make.answers(audit, A01="pass", A02="pass", B01="pass", B02="pass")
    client.post(f"/api/v1/audits/{audit.pk}/submit/", {"photos": [str(last)]})

    started = time.monotonic()
    sent = put(client, last, audit=audit.pk, item_code="A01")
    took = time.monotonic() - started

    audit.refresh_from_db()
    assert (sent.status_code, audit.state) == (201, "complete")
    assert took < 1, took


@pytest.mark.django_db(transaction=True)
def test_sweep_does_what_no_broker_delivered(cast, task, bad_broker):
    photo = make.photo(cast.inspector, audit=make.audit(task))

    early = outbox.sweep()
    age(seconds=11)
    found = outbox.sweep()

    photo.refresh_from_db()
    assert (early, photo.state) == (0, "processed")
    assert found >= 1
    assert not OutboxRow.objects.waiting().filter(topic="photo.process").exists()


# ---- one row ----


def test_work_rolled_back_with_its_change_never_was(db, work):
    topic = work(lambda key: None)

    with transaction.atomic():
        outbox.queue(topic, ["1"], now=NOW())
        transaction.set_rollback(True)

    assert not OutboxRow.objects.exists()


def test_run_does_every_waiting_row_of_the_same_key_at_once(db, work):
    done = []
    topic = work(done.append)
    rows = [*queued(topic, "7", "7", "7"), *queued(topic, "8")[3:]]

    outbox.run(rows[0].pk)

    assert done == ["7"]
    assert list(OutboxRow.objects.waiting().values_list("key", flat=True)) == ["8"]


def test_run_of_done_claimed_or_unknown_row_does_nothing(db, work):
    done = []
    topic = work(done.append)
    finished, claimed = queued(topic, "1", "2")
    outbox.run(finished.pk)
    OutboxRow.objects.filter(pk=claimed.pk).update(claimed_until=NOW() + outbox.CLAIM)

    for row_id in (finished.pk, claimed.pk, 10**12):
        outbox.run(row_id)

    assert done == ["1"]


def test_row_queued_while_its_key_is_being_done_stays_for_another_run(db, work):
    seen = []

    def slow(key):
        seen.append(key)
        if len(seen) == 1:
            queued(topic, key)

    topic = work(slow)
    [first] = queued(topic, "1")

    outbox.run(first.pk)

    assert OutboxRow.objects.waiting().count() == 1
    outbox.drain()
    assert (seen, OutboxRow.objects.waiting().count()) == (["1", "1"], 0)


def test_worker_that_died_is_followed_by_another(db, work):
    done = []
    topic = work(done.append)
    [row] = queued(topic)
    OutboxRow.objects.update(claimed_until=NOW() + outbox.CLAIM, attempts=1)

    age(seconds=60)
    during = outbox.sweep()
    age(minutes=6)
    after = outbox.sweep()

    row.refresh_from_db()
    assert (during, after, done) == (0, 1, ["1"])
    assert (row.attempts, row.done_at is not None) == (2, True)


def test_poison_is_set_aside_after_three_tries_and_stops_nobody(db, work):
    tried, done = [], []

    def poison(key):
        tried.append(key)
        raise RuntimeError("bad picture " + "x" * 600)

    [bad] = queued(work(poison))
    queued(work(done.append))
    for _ in range(5):
        age(minutes=5)
        outbox.sweep()

    bad.refresh_from_db()
    assert (len(tried), done) == (3, ["1"])
    assert (bad.attempts, bad.done_at, bad.quarantined_at is not None) == (3, None, True)
    assert bad.error.startswith("RuntimeError: bad picture xx")
    assert len(bad.error) == 500


def test_work_that_kills_its_worker_is_set_aside_after_three_tries(db, work):
    done = []
    [row] = queued(work(done.append))
    OutboxRow.objects.update(claimed_until=NOW() + outbox.CLAIM, attempts=3)

    age(minutes=7)
    outbox.sweep()

    row.refresh_from_db()
    assert (done, row.done_at, row.quarantined_at is not None) == ([], None, True)
    assert row.error == "no worker lived to finish it"


def test_failed_row_waits_longer_each_time(db, work):
    def fail(key):
        raise RuntimeError

    [row] = queued(work(fail))
    pauses = []
    for _ in range(2):
        outbox.run(row.pk)
        row.refresh_from_db()
        pauses.append(round((row.claimed_until - NOW()).total_seconds() / 10) * 10)
        age(minutes=5)

    assert pauses == [20, 40]


def test_unknown_topic_is_set_aside_not_lost(db):
    [row] = queued("no.such.topic")
    for _ in range(4):
        age(minutes=5)
        outbox.sweep()

    row.refresh_from_db()
    assert row.quarantined_at is not None
    assert row.error == "KeyError: 'no.such.topic'"


def test_purge_forgets_only_what_is_done_and_old(db, work):
    topic = work(lambda key: None)
    old, fresh, waiting = queued(topic, "1", "2", "3")
    outbox.run(old.pk)
    OutboxRow.objects.update(done_at=None)
    OutboxRow.objects.filter(pk=old.pk).update(done_at=NOW() - dt.timedelta(days=8))
    OutboxRow.objects.filter(pk=fresh.pk).update(done_at=NOW())

    outbox.purge(before=NOW() - dt.timedelta(days=7))

    assert list(OutboxRow.objects.order_by("pk")) == [fresh, waiting]


# ---- the photo's follow-up ----


def state_of(photo: EvidencePhoto) -> dict[str, object]:
    photo.refresh_from_db()
    copies = {
        name: store.sha256_of(name) for name in (photo.display_path, photo.thumbnail_path)
    }  # fmt: skip
    facts = EvidencePhoto.objects.filter(pk=photo.pk).values().get()
    flags = list(PhotoFlag.objects.filter(photo=photo).values("kind", "other", "detail"))
    return {"facts": facts, "copies": copies, "flags": flags}


@pytest.mark.django_db(transaction=True)
def test_photo_processed_three_times_and_in_parallel_is_the_same(cast, task):
    audit, content = make.audit(task), make.picture(3)
    make.photo(cast.inspector, audit=audit, content=content)
    later = make.photo(cast.inspector, audit=audit, content=content)
    outbox.drain()
    once = state_of(later)

    def again():
        with outbox.held():
            outbox.queue("photo.process", [later.pk], now=NOW())
        outbox.drain()
        connection.close()

    for _ in range(2):
        again()
    threads = [threading.Thread(target=again) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [flag["kind"] for flag in once["flags"]] == ["exact_reuse"]
    assert state_of(later) == once
    assert not list(store.root().rglob("*.part"))


@pytest.mark.django_db(transaction=True)
def test_row_raced_for_by_eight_workers_is_done_once(work):
    done, gate = [], threading.Barrier(8)
    [row] = queued(work(lambda key: (done.append(key), time.sleep(0.2))))

    def worker():
        gate.wait()
        outbox.run(row.pk)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done == ["1"]


def test_photo_no_copy_can_be_drawn_from_is_kept_and_said(cast, task):
    photo = make.photo(cast.inspector, audit=make.audit(task))
    store.absolute(photo.path).write_bytes(b"%PDF-1.7")

    outbox.drain()

    photo.refresh_from_db()
    assert (photo.state, photo.display_path) == ("quarantined", "")
    assert not OutboxRow.objects.waiting().filter(topic="photo.process").exists()
