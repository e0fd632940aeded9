from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.models import Heartbeat

ROWS = {"worker": "worker", "beat": "beat:heartbeat"}
SILENCE = timedelta(seconds=60)


class Command(BaseCommand):
    help = "Fails when the worker or the scheduler has not been heard of for a minute."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", choices=sorted(ROWS))

    def handle(self, *, who: str, **options: Any) -> None:
        heard = Heartbeat.objects.filter(name=ROWS[who], seen_at__gt=timezone.now() - SILENCE)
        if not heard.exists():
            raise CommandError(f"no sign of the {who} for {SILENCE.seconds} s")
