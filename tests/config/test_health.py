import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from config import health
from config.models import Heartbeat


@pytest.fixture
def broker_answers(monkeypatch):
    monkeypatch.setattr(health.broker, "answers", lambda url: True)


@pytest.fixture
def worker_seen(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def seen(ago: timedelta) -> None:
        Heartbeat.objects.update_or_create(
            name="worker", defaults={"seen_at": timezone.now() - ago}
        )

    return seen


def test_healthz_answers_without_the_database(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")


def test_readyz_is_200_when_every_part_answers(client, worker_seen, broker_answers):
    worker_seen(timedelta(seconds=10))

    answer = client.get("/readyz")

    parts = ("database", "broker", "worker", "storage", "disk")
    assert (answer.status_code, answer.json()) == (200, dict.fromkeys(parts, "ok"))


def test_readyz_names_a_silent_worker(client, worker_seen, broker_answers):
    worker_seen(timedelta(minutes=5))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["worker"] == "silent for 300 s"


@pytest.mark.django_db(transaction=True)
def test_readyz_names_a_worker_never_seen_and_a_broker_that_is_away(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["worker"] == "never seen"
    assert answer.json()["broker"] == "no answer"


def test_readyz_names_lost_storage_and_a_full_disk(
    client, worker_seen, broker_answers, settings, monkeypatch, tmp_path
):
    worker_seen(timedelta(0))
    monkeypatch.setattr(health, "DISK_RESERVE", 2**62)
    settings.MEDIA_ROOT = tmp_path / "away"
    lost = client.get("/readyz").json()
    settings.MEDIA_ROOT = tmp_path
    full = client.get("/readyz").json()

    assert lost["storage"] == "FileNotFoundError"
    assert full["storage"] == "ok"
    assert full["disk"].endswith("MB free")
    assert list(Path(tmp_path).iterdir()) == []


def test_readyz_answers_within_its_limit_when_a_part_hangs(client, worker_seen, monkeypatch):
    worker_seen(timedelta(0))
    monkeypatch.setattr(health, "LIMIT", 0.2)
    release = threading.Event()
    monkeypatch.setattr(health.broker, "answers", lambda url: release.wait(10))

    started = datetime.now(UTC)
    answer = client.get("/readyz")
    took = datetime.now(UTC) - started
    release.set()

    assert answer.json()["broker"] == "slow"
    assert took < timedelta(seconds=1)
