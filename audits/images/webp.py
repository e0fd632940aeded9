"""WebP by its RIFF chunks: size, animation, metadata, and whether the file is all there."""

import struct

from audits.images.container import Container
from audits.images.refusals import PictureRefused

ANIMATION = 0x02
MAX_CHUNKS = 10_000


def read(data: bytes) -> Container:
    end = 8 + int.from_bytes(data[4:8], "little")
    width, height = _size(data[12:16], data[20:30])
    chunks = _chunks(data[:end])
    flags = chunks.get(b"VP8X", b"\0")[0]
    return Container(
        format="webp",
        width=width,
        height=height,
        clean=data[:end],
        exif=chunks.get(b"EXIF"),
        icc=chunks.get(b"ICCP"),
        is_animated=bool(flags & ANIMATION) or b"ANMF" in chunks,
        is_whole=end <= len(data) and not chunks.keys().isdisjoint((b"VP8 ", b"VP8L")),
    )


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """The first whole chunk of each kind."""
    found: dict[bytes, bytes] = {}
    at = 12
    for _ in range(MAX_CHUNKS):
        if at + 8 > len(data):
            return found
        kind, length = struct.unpack_from("<4sI", data, at)
        if length and at + 8 + length <= len(data):
            found.setdefault(kind, data[at + 8 : at + 8 + length])
        at += 8 + length + (length & 1)
    raise PictureRefused("undecodable")


def _size(kind: bytes, head: bytes) -> tuple[int, int]:
    """From the first ten bytes of the first chunk."""
    if len(head) == 10 and kind == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:], "little")
    if len(head) == 10 and kind == b"VP8L" and head[0] == 0x2F:
        bits = int.from_bytes(head[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if len(head) == 10 and kind == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", head, 6)
        return width & 0x3FFF, height & 0x3FFF
    raise PictureRefused("undecodable")
