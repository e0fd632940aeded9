"""What the worker does for the figures. Ids in, nothing out, safe to run twice."""

from __future__ import annotations

import datetime as dt
import logging

from celery import shared_task
from django.utils import timezone

from audits import outbox
from indicators import reconcile, rollups, snapshots
from stations import changes

log = logging.getLogger(__name__)


@outbox.handler("station.changed")
def recompute_station(station_id: str) -> None:
    rollups.recompute_station(int(station_id), now=timezone.now())


@changes.on_station_change
def queue_stations(station_ids: list[int], now: dt.datetime) -> None:
    outbox.queue("station.changed", station_ids, now=now)


@outbox.handler("region.left")
def recompute_region(region_id: str) -> None:
    rollups.recompute_upwards(int(region_id), now=timezone.now())


@changes.on_region_left
def queue_region(region_id: int, now: dt.datetime) -> None:
    outbox.queue("region.left", [region_id], now=now)


@shared_task(name="indicators.rebuild")
def rebuild() -> None:
    """Soon after midnight: a new day may open or close stations, and every day is a proof."""
    if differing := rollups.rebuild(now=timezone.now()):
        log.warning("rebuild changed %s roll-ups", differing)


@shared_task(name="indicators.snapshots")
def take_snapshots() -> None:
    snapshots.fill(now=timezone.now())


@shared_task(name="indicators.reconcile", soft_time_limit=780, time_limit=840)
def reconcile_nightly() -> None:
    for difference in reconcile.differences(timezone.now()):
        log.error("reconcile: %s", difference.words)
