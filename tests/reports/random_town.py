"""A small district with a random year: visits, answers, and what became of the problems."""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone

from audits.models import Finding
from audits.services import findings
from stations.models import Station, User
from tests import make
from tests.conftest import Cast

ITEMS = [
    ("A", "A01", "10", "none", False), ("A", "A02", "7", "none", False),
    ("B", "B01", "20", "none", True), ("B", "B02", "3", "none", False),
    ("C", "C01", "1.5", "none", False), ("C", "C02", "9", "none", False),
]  # fmt: skip
RESULTS = ["pass", "pass", "pass", "partial", "fail", "na"]


def build(cast: Cast, seed: int) -> list[Station]:
    """Two rounds, one long past; every station may be missed, every problem may end anywhere."""
    dice = random.Random(seed)  # noqa: S311
    make.version(items=ITEMS)
    stations = [cast.station, cast.other_station]
    stations += [
        make.station(region=make.region(code, name)) for code, name in PLACES for _n in "123"
    ]
    stations += [make.station(kind="centre", region=make.region("440309"), code="440309")]
    heads = {station.pk: make.user("station_head", stations=[station]) for station in stations}
    for days in (70, 2):
        _round(cast, dice, stations, timezone.now() - dt.timedelta(days=days))
        for finding in Finding.objects.filter(status="open").order_by("pk"):
            _fate(cast, dice, finding, heads[finding.station_id])
    make.figures()
    return stations


PLACES = [("440309001", "观湖街道"), ("440309002", "民治街道"), ("440309003", "龙华街道")]


def _round(cast: Cast, dice: random.Random, stations: list[Station], at: dt.datetime) -> None:
    opened = make.round_(cast.bureau, starts_on=timezone.localdate(at))
    for station in stations:
        inspector = dice.choice([cast.inspector, cast.inspector2])
        task = make.assignment(cast.bureau, inspector, station, opened)
        if dice.random() < 0.85:
            results = {code: dice.choice(RESULTS) for _part, code, *_rest in ITEMS}
            make.submitted(task, at, **results)


def _fate(cast: Cast, dice: random.Random, finding: Finding, head: User) -> None:
    now, by, fate = timezone.now(), cast.bureau, dice.random()
    if fate < 0.05:
        findings.void(finding=finding, reason="重复", by=by, now=now)
    elif fate < 0.1:
        day = timezone.localdate() + dt.timedelta(days=90)
        findings.waive(
            finding=finding, reason="待搬迁", document="会议纪要", review_on=day, by=by, now=now
        )
    elif fate < 0.2:
        findings.start(finding=finding, measure="", person="", by=head, now=now)
    elif fate < 0.9:
        _reviewed(cast, dice, make.rectified(finding, head))


def _reviewed(cast: Cast, dice: random.Random, finding: Finding) -> None:
    now, by = timezone.now(), cast.bureau
    if dice.random() < 0.2:
        findings.send_back(finding=finding, reason="看不清", by=by, now=now)
    elif dice.random() < 0.85 and finding.severity != "critical":
        findings.close(finding=finding, by=by, now=now)
