"""Demonstration data for an empty installation: two rounds on the real stations, marked 演示."""

from __future__ import annotations

import secrets
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from audits.models import Round
from config.demo import people, story
from stations.models import User


class Command(BaseCommand):
    help = "Creates the demonstration rounds and accounts where there is no work yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", help="of every demonstration account; random when absent")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or secrets.token_urlsafe(9)
        if Round.objects.exists() or User.objects.exists():
            people.keep_password(password)
            return
        story.tell(password=password, now=timezone.now(), progress=self._progress)
        if not options["password"]:
            self.stdout.write(f"\n演示账号密码 demonstration password: {password}")

    def _progress(self, what: str, done: int, of: int) -> None:
        if sys.stdout.isatty():
            self.stdout.write(f"\r演示数据 {what} {done}/{of} ", ending="")
            self.stdout.flush()
        elif done == of:
            self.stdout.write(f"演示数据 {what} {done}/{of}")
