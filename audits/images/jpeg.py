"""JPEG by its markers: size, scan count and metadata, and a copy that holds only what decodes."""

import re
import struct
from dataclasses import dataclass, field

from audits.images.container import Container
from audits.images.refusals import PictureRefused

# A camera writes at most a dozen scans; each one costs a pass over every block of the picture.
MAX_SCANS = 32
MAX_SEGMENTS = 4_000
MAX_PADDING = 65_536

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
APP0, APP1, APP2, APP14, APP15, COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
FRAME_STARTS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

MARKER = re.compile(rb"\xff([\x02-\xcf\xd8-\xfe])")


@dataclass
class _Walk:
    data: bytes
    at: int = 2
    segments: int = 0
    scans: int = 0
    first_scan: int = 0
    end: int = 0
    frame: bytes = b""
    exif: bytes | None = None
    icc: list[bytes] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)


def read(data: bytes) -> Container:
    walk = _Walk(data)
    while not walk.end and (found := MARKER.search(data, walk.at, _horizon(walk))):
        _step(walk, found.start(), found[1][0])
    if len(walk.frame) < 5 or not walk.scans:
        raise PictureRefused("undecodable" if walk.end else "truncated")
    height, width = struct.unpack_from(">HH", walk.frame, 1)
    return Container(
        format="jpeg",
        width=width,
        height=height,
        clean=b"".join((b"\xff\xd8", *walk.kept, data[walk.first_scan : walk.end or len(data)])),
        exif=walk.exif,
        icc=_profile(walk.icc),
        is_whole=bool(walk.end),
    )


def _horizon(walk: _Walk) -> int:
    return len(walk.data) if walk.first_scan else walk.at + MAX_PADDING


def _step(walk: _Walk, start: int, marker: int) -> None:
    if marker == EOI:
        walk.end = start + 2
        return
    walk.segments += 1
    if walk.segments > MAX_SEGMENTS:
        raise PictureRefused("undecodable")
    if marker == SOI:
        walk.at = start + 2
        return
    length = int.from_bytes(walk.data[start + 2 : start + 4], "big")
    walk.at = start + 2 + length
    if length < 2 or walk.at > len(walk.data):
        walk.at = len(walk.data)
        return
    _take(walk, marker, start)


def _take(walk: _Walk, marker: int, start: int) -> None:
    body = walk.data[start + 4 : walk.at]
    if marker == SOS:
        walk.scans += 1
        walk.first_scan = walk.first_scan or start
        if walk.scans > MAX_SCANS:
            raise PictureRefused("undecodable")
    elif marker in FRAME_STARTS:
        if walk.frame:
            raise PictureRefused("undecodable")
        walk.frame = body
    if walk.first_scan:
        return
    if _decodes(marker, body):
        walk.kept.append(walk.data[start : walk.at])
    elif marker == APP1 and body.startswith(b"Exif\0\0"):
        walk.exif = walk.exif or body
    elif marker == APP2 and body.startswith(b"ICC_PROFILE\0"):
        walk.icc.append(body[12:])


def _decodes(marker: int, body: bytes) -> bool:
    """JFIF and Adobe segments tell libjpeg the colour space; the other APPn and comments do not."""
    if APP0 <= marker <= APP15:
        return (marker == APP0 and body[:5] == b"JFIF\0" and len(body) >= 14) or (
            marker == APP14 and body[:5] == b"Adobe" and len(body) >= 12
        )
    return marker != COM


def _profile(parts: list[bytes]) -> bytes | None:
    parts = sorted(part for part in parts if len(part) > 2)
    if not parts or parts[0][1] != len(parts):
        return None
    return b"".join(part[2:] for part in parts)
