import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import mirror


class Command(BaseCommand):
    help = "Copies the photos to the S3-compatible store of S3_ENDPOINT."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="again and again")

    def handle(self, *, every: int | None, **options: Any) -> None:
        if not settings.S3["endpoint"]:
            raise CommandError("S3_ENDPOINT is not set")
        while True:
            self.once(is_last=every is None)
            if every is None:
                return
            time.sleep(every)

    def once(self, *, is_last: bool) -> None:
        try:
            sent, count = mirror.run()
        except (BotoCoreError, ClientError) as error:
            if is_last:
                raise CommandError(str(error)) from error
            self.stderr.write(str(error))
        else:
            self.stdout.write(f"{sent} sent, {count} there")
