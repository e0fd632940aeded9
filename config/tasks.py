from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.core.management import call_command
from django.utils import timezone
from knox.models import AuthToken

from config.models import Heartbeat


@shared_task
def heartbeat() -> None:
    """Proof for /readyz that scheduler, broker and worker together still move."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": timezone.now()})


@shared_task
def clear_sessions() -> None:
    """Sessions and tokens that have expired are of use only to a thief."""
    call_command("clearsessions")
    AuthToken.objects.filter(expiry__lt=timezone.now()).delete()


@worker_ready.connect
def first_heartbeat(**kwargs: Any) -> None:
    heartbeat()
