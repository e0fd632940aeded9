from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from knox.models import AuthToken

from config import tasks
from config.celery import app
from config.models import Heartbeat
from stations.models import User


def test_every_scheduled_task_exists_and_none_piles_up():
    app.loader.import_default_modules()

    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks
        is_often = isinstance(entry["schedule"], timedelta)
        assert entry["options"]["expires"] <= (60 if is_often else 12 * 3600)


def test_no_task_may_outlast_the_visibility_timeout():
    app.loader.import_default_modules()
    limit = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]

    assert [name for name, task in app.tasks.items() if (task.time_limit or 0) >= limit] == []


def test_lost_work_is_swept_well_within_two_minutes():
    assert settings.CELERY_BEAT_SCHEDULE["sweep"]["schedule"] <= timedelta(seconds=30)


@pytest.mark.django_db
def test_heartbeat_keeps_one_row():
    tasks.heartbeat()
    tasks.heartbeat()

    row = Heartbeat.objects.get(name="worker")
    assert timezone.now() - row.seen_at < timedelta(seconds=5)


@pytest.mark.django_db
def test_expired_tokens_are_removed_and_living_ones_kept():
    user = User.objects.create(username="bureau", role="bureau")
    kept, _ = AuthToken.objects.create(user=user, expiry=timedelta(hours=1))
    AuthToken.objects.create(user=user, expiry=timedelta(hours=-1))

    tasks.clear_sessions()

    assert list(AuthToken.objects.all()) == [kept]
