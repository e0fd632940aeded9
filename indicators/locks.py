"""Who waits for whom when roll-ups are written: one station, one region, or everything.

Always taken in the order station → region → its parent …, so that no two wait for each other.
SQLite needs none: its write transactions (IMMEDIATE) run one after the other.
"""

from __future__ import annotations

from django.db import connection

STATION, REGION, ALL = 7301, 7302, 7303


def one_station(station_id: int) -> None:
    beside_everything()
    _take("pg_advisory_xact_lock", STATION, station_id)


def beside_everything() -> None:
    """Not while everything is written anew; beside other single ones."""
    _take("pg_advisory_xact_lock_shared", ALL, 0)


def region(region_id: int) -> None:
    _take("pg_advisory_xact_lock", REGION, region_id)


def everything() -> None:
    """Waits for all that are at it, and keeps new ones out until commit."""
    _take("pg_advisory_xact_lock", ALL, 0)


def _take(function: str, what: int, key: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [what, key])
