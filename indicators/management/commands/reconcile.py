"""manage.py reconcile [--repair]: rows, files, hashes, roll-ups, outbox; exit 1 on a difference."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from indicators import reconcile
from indicators.services import repair


class Command(BaseCommand):
    help = "Compare rows, files, hashes, roll-ups and outbox; exit 1 on any difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="put right what can be")

    def handle(self, *args: Any, **options: Any) -> None:
        found = reconcile.differences(timezone.now())
        for difference in found:
            self.stdout.write(difference.words)
        if found and options["repair"]:
            repair.repair(differences=found, now=timezone.now())
            found = reconcile.differences(timezone.now())
            for difference in found:
                self.stdout.write(f"still: {difference.words}")
        if found:
            raise CommandError(f"{len(found)} differences", returncode=1)
        self.stdout.write("0 differences")
