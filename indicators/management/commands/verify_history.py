"""manage.py verify_history: the chain of 操作记录 and those of all findings; exit 1 on any break."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.checks import chains
from stations.services import history


class Command(BaseCommand):
    help = "Check the hash chains of the history and of every finding; exit 1 on any break."

    def handle(self, *args: Any, **options: Any) -> None:
        breaks = [*history.verify(), *(found.words for found in chains.differences())]
        for words in breaks:
            self.stdout.write(words)
        if breaks:
            raise CommandError(f"{len(breaks)} breaks", returncode=1)
        self.stdout.write("0 breaks")
