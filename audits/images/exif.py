"""EXIF as hostile input: every field is checked, nothing raises, the answer is JSON-safe."""

import math
import re
import unicodedata
from datetime import datetime
from typing import Any, TypedDict

from PIL import ExifTags, Image

from audits.images.container import Container, Source, read_bytes
from audits.images.opening import open_container
from audits.images.refusals import PictureRefused

MAX_BYTES = 1 << 20
MAX_TEXT = 64

TIME = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
OFFSET = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d")


class Exif(TypedDict):
    """`taken_at` is the camera's own clock, ISO 8601; with an offset only where it gave one."""

    taken_at: str | None
    latitude: float | None
    longitude: float | None
    make: str | None
    model: str | None
    software: str | None


def read_exif(source: Source) -> Exif:
    try:
        return told(open_container(read_bytes(source)))
    except PictureRefused:
        return _told(Image.Exif())


def told(container: Container) -> Exif:
    return _told(_tags(container))


def _told(tags: Image.Exif) -> Exif:
    details = _ifd(tags, ExifTags.IFD.Exif)
    latitude, longitude = _position(_ifd(tags, ExifTags.IFD.GPSInfo))
    return Exif(
        taken_at=_taken_at(tags, details),
        latitude=latitude,
        longitude=longitude,
        make=_text(_get(tags, ExifTags.Base.Make)),
        model=_text(_get(tags, ExifTags.Base.Model)),
        software=_text(_get(tags, ExifTags.Base.Software)),
    )


def orientation(container: Container) -> int:
    """1 to 8; 1 for HEIC, which comes upright out of its decoder."""
    if container.format == "heic":
        return 1
    value = _get(_tags(container), ExifTags.Base.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _tags(container: Container) -> Image.Exif:
    tags = Image.Exif()
    if container.exif and len(container.exif) <= MAX_BYTES:
        try:
            tags.load(container.exif)
        except Exception:
            return Image.Exif()
    return tags


def _ifd(tags: Image.Exif, which: int) -> dict[int, Any]:
    try:
        return dict(tags.get_ifd(which))
    except Exception:
        return {}


def _get(tags: Image.Exif | dict[int, Any], tag: int) -> Any:
    try:
        return tags.get(tag)
    except Exception:
        return None


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        # Pillow reads every string as Latin-1; phones write UTF-8.
        value = value.encode("latin-1", "replace")
    if not isinstance(value, bytes):
        return None
    value = value.decode("utf-8", "replace")
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in value[:1000])
    return " ".join(unicodedata.normalize("NFC", shown).split())[:MAX_TEXT].strip() or None


def _taken_at(tags: Image.Exif, details: dict[int, Any]) -> str | None:
    for holder, tag, offset_tag in (
        (details, ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
        (details, ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
        (tags, ExifTags.Base.DateTime, ExifTags.Base.OffsetTime),
    ):
        if taken_at := _time(_text(_get(holder, tag))):
            offset = _text(_get(details, offset_tag)) or ""
            return taken_at + (offset if OFFSET.fullmatch(offset) else "")
    return None


def _time(text: str | None) -> str | None:
    parts = TIME.match(text or "")
    if not parts:
        return None
    try:
        return datetime(*map(int, parts.groups())).isoformat()  # type: ignore[arg-type]
    except ValueError:
        return None


def _position(gps: dict[int, Any]) -> tuple[float | None, float | None]:
    latitude = _degrees(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S", 90)
    longitude = _degrees(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W", 180)
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None, None
    return latitude, longitude


def _degrees(
    gps: dict[int, Any], tag: int, side_tag: int, negative: str, limit: int
) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[tag])
    except Exception:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not (math.isfinite(value) and min(degrees, minutes, seconds) >= 0 and value <= limit):
        return None
    side = _text(gps.get(side_tag)) or ""
    return round(-value if side.upper().startswith(negative) else value, 7)
