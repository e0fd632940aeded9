"""How good each station is, and where stations usually fail. The dice are seeded by names."""

from __future__ import annotations

import random

from checklists.models import Item
from stations.models import Station

BY_SUBDISTRICT = {
    "440309001": 0.90,
    "440309002": 0.82,
    "440309003": 0.84,
    "440309004": 0.84,
    "440309005": 0.70,
    "440309006": 0.80,
    "440309": 0.90,
}
HARD = {
    "Q09": 0.38, "T02": 0.30, "Q11": 0.27, "Q04": 0.22, "K01": 0.18, "R02": 0.16, "T03": 0.12,
    "Q02": 0.12, "Q12": 0.12, "A17": 0.3, "D06": 0.3, "B03": 0.2,
}  # fmt: skip
CLOSED_SHARE = {
    "440309001": 0.84,
    "440309002": 0.74,
    "440309003": 0.79,
    "440309004": 0.80,
    "440309005": 0.66,
    "440309006": 0.73,
    "440309": 0.85,
}


def dice(*names: object) -> random.Random:
    return random.Random(":".join(str(name) for name in names))  # noqa: S311


def quality(station: Station) -> float:
    base = BY_SUBDISTRICT[station.region.code]
    return min(0.99, max(0.5, dice("quality", station.code).gauss(base, 0.07)))


def result(item: Item, station: Station, visit: int, roll: random.Random) -> str:
    """One result; a second visit finds a somewhat better station."""
    if item.is_critical:
        return "partial" if roll.random() < 0.015 * (1 - quality(station)) * 10 else "pass"
    fails = (1 - quality(station)) * 0.9 + HARD.get(item.code, 0) * 0.6
    if roll.random() >= fails * (0.75 if visit else 1):
        return "na" if roll.random() < 0.012 else "pass"
    return "partial" if roll.random() < 0.55 else "fail"
