from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.local import firstrun


class Command(BaseCommand):
    help = (
        "Before a (new) version serves: checks, migrations, and at first stations and checklists."
    )

    def handle(self, **options: Any) -> None:
        call_command("check", deploy=True, tags=["security"], fail_level="ERROR")
        firstrun.migrate(self.stdout.write)
        firstrun.load(self.stdout.write, password=None)
