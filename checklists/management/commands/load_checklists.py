from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from checklists.models import Checklist
from checklists.services import loading, publishing
from stations.refusals import Refusal

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Loads and publishes the given checklists; one that is there already is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, default=sorted(DATA.glob("*.yaml")))

    def handle(self, *, files: list[Path], **options: Any) -> None:
        for path in files:
            try:
                self.load(path)
            except Refusal as refusal:
                table = [f"{e.get('sheet')}:{e.get('row')}: {e['field']}: {e['message']}"
                         for e in refusal.errors]  # fmt: skip
                raise CommandError("\n".join([refusal.message, *table])) from None

    def load(self, path: Path) -> None:
        content = path.read_bytes()
        slug = loading.read(content, path.name).slug
        if Checklist.objects.filter(slug=slug).exists():
            self.stdout.write(f"{slug}: already there")
            return
        now = timezone.now()
        draft = loading.load_yaml(content=content, filename=path.name, by=None, now=now)
        version = publishing.publish_version(version=draft, by=None, now=now)
        self.stdout.write(f"{slug}: version {version.number}, {version.content_hash[:12]}")
