"""`/healthz`: this process lives. `/readyz`: everything it needs answers, each within a second."""

import shutil
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config import broker
from config.models import Heartbeat

LIMIT = 1.0  # seconds for all checks together
WORKER_SILENCE = timedelta(seconds=45)  # three heartbeats of the schedule
DISK_RESERVE = 500 * 1024 * 1024

# A check that hangs keeps its thread; when all are taken the answer is "slow", which is true.
_pool = ThreadPoolExecutor(max_workers=10, thread_name_prefix="readyz")


def _with_own_connection(check: Callable[[], str]) -> str:
    try:
        return check()
    finally:
        connection.close()


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    return "ok" if broker.answers(settings.CELERY_BROKER_URL) else "no answer"


def _worker() -> str:
    seen_at = Heartbeat.objects.filter(name="worker").values_list("seen_at", flat=True).first()
    if seen_at is None:
        return "never seen"
    silence = timezone.now() - seen_at
    return "ok" if silence <= WORKER_SILENCE else f"silent for {silence.total_seconds():.0f} s"


def _storage() -> str:
    probe = Path(settings.MEDIA_ROOT) / f".readyz-{uuid.uuid4().hex}"
    try:
        probe.write_bytes(b"1")
    finally:
        probe.unlink(missing_ok=True)
    return "ok"


def _disk() -> str:
    free = min(shutil.disk_usage(place).free for place in (settings.MEDIA_ROOT, settings.DATA_DIR))
    return "ok" if free >= DISK_RESERVE else f"{free // 1024**2} MB free"


CHECKS = {
    "database": _database,
    "broker": _broker,
    "worker": _worker,
    "storage": _storage,
    "disk": _disk,
}


def report() -> dict[str, str]:
    """The state of each part: "ok", or in a few words what is wrong."""
    asked = {name: _pool.submit(_with_own_connection, check) for name, check in CHECKS.items()}
    deadline = timezone.now() + timedelta(seconds=LIMIT)
    states = {}
    for name, answer in asked.items():
        try:
            left = (deadline - timezone.now()).total_seconds()
            states[name] = answer.result(timeout=max(0.0, left))
        except TooSlow:
            states[name] = "slow"
        except Exception as error:  # whatever is wrong with a part, the others are still told
            states[name] = type(error).__name__
    return states


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    states = report()
    return JsonResponse(states, status=200 if set(states.values()) == {"ok"} else 503)
