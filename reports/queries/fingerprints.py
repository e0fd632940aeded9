"""Has anything changed? One hash over the marks every change leaves, in a fixed number of queries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Max, Q

from audits.models import Audit, AuditEvent, EvidencePhoto, FindingEvent, Round
from indicators.models import RegionRollup, StationRollup
from indicators.queries import lines
from reports.queries import evaluation
from reports.queries.subject import Subject
from stations.models import User

SOURCES = {".py", ".typ", ".html"}


@cache
def edition(root: Path) -> str:
    """Of the code in force below `root`: what an earlier release made is not given again."""
    folders = [Path(app.path) for app in apps.get_app_configs()]
    return digest_of(one for one in folders if one.parent == root)


def digest_of(folders: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for folder in sorted(folders):
        for path in sorted(one for one in folder.rglob("*") if one.suffix in SOURCES):
            name = path.relative_to(folder.parent).as_posix()
            digest.update(f"{name} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()


def fingerprint(subject: Subject, kind: str) -> str:
    """Changes with the day too: what is overdue is another thing tomorrow."""
    marks = [
        edition(settings.BASE_DIR), repr(lines()), kind, subject.period.key, subject.region.code,
        subject.report.origin, subject.station.code if subject.station else "",
        subject.today.isoformat(),
        _places(subject), _names(subject), _events(subject), _photos(subject), _rollups(subject),
        evaluation.mark(subject) if kind == "self-evaluation" else "",
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(marks, default=str).encode()).hexdigest()


def _inside(subject: Subject, station: str) -> Q:
    if subject.station:
        return Q(**{station: subject.station.pk})
    return Q(**{f"{station}__region__path__startswith": subject.region.path})


def _places(subject: Subject) -> str:
    digest = hashlib.sha256()
    rows = subject.stations().values_list(
        "code",
        "name_zh",
        "community_zh",
        "kind",
        "phone",
        "address",
        "closed_on",
        "region__name_zh",
    )
    for row in rows.iterator():
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _names(subject: Subject) -> str:
    """Of rounds and people, as papers print them: of heads those of the stations it is about."""
    digest = hashlib.sha256()
    rounds = Round.objects.order_by("pk").values_list("pk", "name", "starts_on", "ends_on")
    heads = User.objects.filter(stations__in=subject.stations().order_by().values("pk"))
    people = User.objects.filter(~Q(role=User.Role.STATION_HEAD) | Q(pk__in=heads.values("pk")))
    for row in (*rounds, *people.order_by("pk").values_list("pk", "display_name")):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _events(subject: Subject) -> list[Any]:
    moved = FindingEvent.objects.filter(_inside(subject, "finding__station"))
    seen = AuditEvent.objects.filter(_inside(subject, "audit__assignment__station"))
    begun = Audit.objects.filter(_inside(subject, "assignment__station"))
    return [
        *moved.aggregate(Max("pk"), Count("pk")).values(),
        *seen.aggregate(Max("pk"), Count("pk")).values(),
        begun.count(),
    ]


def _photos(subject: Subject) -> list[int]:
    rows = EvidencePhoto.objects.filter(_inside(subject, "station")).order_by()
    told = rows.aggregate(n=Count("pk"), done=Count("pk", filter=~Q(thumbnail_path="")))
    return [told["n"], told["done"]]


def _rollups(subject: Subject) -> list[Any]:
    stations = StationRollup.objects.filter(
        _inside(subject, "station"), period=subject.period.key
    ).aggregate(Max("computed_at"), Count("pk"))
    regions = RegionRollup.objects.filter(
        region__path__startswith=subject.region.path, period=subject.period.key
    ).aggregate(Max("computed_at"), Count("pk"))
    return [*stations.values(), *regions.values()]
