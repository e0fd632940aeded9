from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from audits.deadlines import local_day
from stations.models import Region
from targets.models import TargetTable
from targets.services import tables

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Loads the target tables of the documents, and this year's as a copy of the latest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, default=sorted(DATA.glob("*.yaml")))

    @transaction.atomic
    def handle(self, *, files: list[Path], **options: Any) -> None:
        now = timezone.now()
        for path in files:
            document = yaml.safe_load(path.read_text(encoding="utf-8"))
            table, created = self.load(path, document)
            self.stdout.write(f"{path.name}: {'loaded' if created else 'already there'}")
            self.copy_to(local_day(now).year, table)

    def load(self, path: Path, document: dict[str, Any]) -> tuple[TargetTable, bool]:
        region = Region.objects.filter(code=document.pop("region")).first()
        if region is None:
            raise CommandError(f"{path.name}: its region is not loaded; run load_stations first")
        rows: list[Mapping[str, Any]] = document.pop("rows")
        return tables.load_table(facts=document, rows=rows, region=region, now=timezone.now())

    def copy_to(self, year: int, table: TargetTable) -> None:
        of_region = TargetTable.objects.filter(region=table.region)
        if not of_region.filter(year=year).exists():
            latest = of_region.filter(year__lt=year).order_by("-year").first()
            if latest:
                tables.copy_table(source=latest, year=year, by=None, now=timezone.now())
                self.stdout.write(f"{year}: copied from {latest.year}")
