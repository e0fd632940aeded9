import csv
import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from stations.models import Region, Station
from stations.refusals import Refusal
from stations.services import places, transfer

DATA = Path(__file__).resolve().parents[2] / "data"
PRACTICE = places.NewStation(
    code="440309-YL01",
    name_zh="演练站（不计入任何统计）",
    name_en="Practice Station (never counted)",
)
PRACTICE_REGION = "440309"


class Command(BaseCommand):
    help = "Loads the regions and stations; what is there already is left as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--regions", type=Path, default=DATA / "regions.csv")
        parser.add_argument("--stations", type=Path, default=DATA / "stations.csv")

    @transaction.atomic
    def handle(self, *, regions: Path, stations: Path, **options: Any) -> None:
        now = timezone.now()
        try:
            made = self.load_regions(regions, now)
            outcome = transfer.import_stations(
                content=stations.read_bytes(),
                filename=stations.name,
                dry_run=False,
                by=None,
                now=now,
                keep_existing=True,
            )
            self.practice_station(now)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        if outcome.errors:
            table = [f"{e['sheet']}:{e['row']}: {e['column']}: {e['reason']}"
                     for e in outcome.errors]  # fmt: skip
            raise CommandError("\n".join(table))
        self.stdout.write(f"regions: {made} new; stations: {len(outcome.created)} new")

    def load_regions(self, path: Path, now: dt.datetime) -> int:
        known = {region.code: region for region in Region.objects.all()}
        before = len(known)
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                parent = known.get(row.pop("parent_code"))
                if row["code"] not in known:
                    known[row["code"]] = places.save_region(**row, parent=parent, by=None, now=now)
        return len(known) - before

    def practice_station(self, now: dt.datetime) -> None:
        region = Region.objects.filter(code=PRACTICE_REGION).first()
        if region and not Station.objects.filter(is_practice=True).exists():
            places.open_station(
                new=PRACTICE,
                kind=Station.Kind.COMMUNITY,
                region=region,
                opened_on=transfer.OPENED,
                is_practice=True,
                by=None,
                now=now,
            )
