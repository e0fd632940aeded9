"""What a person should look at twice: the same picture elsewhere, the wrong moment or place, edited.

Nothing here blocks. What a phone or a camera does not tell is no oddity: most strip it.
"""

from __future__ import annotations

import datetime as dt
from math import asin, cos, isfinite, radians, sin, sqrt
from typing import Any

from django.utils import timezone

from audits import twins
from audits.deadlines import SHANGHAI
from audits.models import EvidencePhoto, PhotoFlag

EARLY = dt.timedelta(hours=12)
SKEW = dt.timedelta(minutes=10)
FAR_METRES, APART_METRES = 300, 500
EDITORS = ("photoshop", "lightroom", "snapseed", "meitu", "美图", "picsart", "gimp", "pixelmator")
EARTH_METRES = 6_371_000

Kind = PhotoFlag.Kind
Position = tuple[float, float]
Oddities = dict[str, dict[str, Any]]  # a kind of flag and what it tells


def raise_flags(photo: EvidencePhoto) -> None:
    """Run twice or side by side it gives the same. Of two alike both are flagged, in one order for
    everyone, so that two workers never wait for each other."""
    odd = _moment(photo) | _place(photo) | _software(photo)
    flags = [PhotoFlag(photo=photo, kind=kind, detail=told) for kind, told in odd.items()]
    flags += [*_of_pairs(photo, Kind.EXACT_REUSE, twins.exact(photo))]
    flags += [*_of_pairs(photo, Kind.NEAR_REUSE, twins.near(photo))]
    _raise(flags)


def raise_near(photo: EvidencePhoto) -> None:
    _raise(_of_pairs(photo, Kind.NEAR_REUSE, twins.near(photo)))


def _raise(flags: list[PhotoFlag]) -> None:
    now = timezone.now()
    for flag in flags:
        flag.raised_at = now
    flags.sort(key=lambda flag: (flag.photo_id, flag.kind, str(flag.other_id)))
    PhotoFlag.objects.bulk_create(flags, ignore_conflicts=True)


def _of_pairs(photo: EvidencePhoto, kind: str, others: list[EvidencePhoto]) -> list[PhotoFlag]:
    return [
        PhotoFlag(photo=one, kind=kind, other=other)
        for twin in others
        for one, other in ((photo, twin), (twin, photo))
    ]


def _moment(photo: EvidencePhoto) -> Oddities:
    """By the phone's clock, and by the camera's where it left its time in the picture."""
    told = [one for one in (photo.taken_at, _camera_clock(photo.exif)) if one]
    if not told:
        return {}
    began = photo.audit.received_at if photo.audit else photo.received_at
    ahead, before = max(told) - photo.received_at, began - min(told)
    found: Oddities = {}
    if ahead > SKEW:
        found[Kind.CLOCK_SKEW] = {"seconds": int(ahead.total_seconds())}
    if before > EARLY:
        found[Kind.TAKEN_EARLY] = {"seconds": int(before.total_seconds())}
    return found


def _camera_clock(exif: dict[str, Any]) -> dt.datetime | None:
    """Cameras write local time, and the zone only sometimes: here it is China's."""
    try:
        moment = dt.datetime.fromisoformat(exif["taken_at"])
    except (KeyError, TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _place(photo: EvidencePhoto) -> Oddities:
    phone = _position(photo.latitude, photo.longitude)
    camera = _position(photo.exif.get("latitude"), photo.exif.get("longitude"))
    station = _position(photo.station.latitude, photo.station.longitude)
    spread = float(photo.accuracy or 0)
    found: Oddities = {}
    if phone and camera and (apart := metres(*phone, *camera)) > APART_METRES + spread:
        found[Kind.PLACES_APART] = {"metres": round(apart)}
    taken = phone or camera
    if taken and station and (away := metres(*taken, *station)) > FAR_METRES + spread:
        found[Kind.FAR_AWAY] = {"metres": round(away)}
    return found


def _position(latitude: Any, longitude: Any) -> Position | None:
    """(0, 0) is what a phone says that knows nothing."""
    try:
        place = float(latitude), float(longitude)
    except (TypeError, ValueError, OverflowError):
        return None
    is_place = all(map(isfinite, place)) and abs(place[0]) <= 90 and abs(place[1]) <= 180
    return place if is_place and any(place) else None


def metres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance; positions in degrees."""
    a, b = radians(lat1), radians(lat2)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, half)))


def _software(photo: EvidencePhoto) -> Oddities:
    software = str(photo.exif.get("software") or "").lower()
    if any(editor in software for editor in EDITORS):
        return {Kind.EDITED: {"software": software[:60]}}
    return {}
