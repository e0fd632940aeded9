"""PNG by its chunks, and a check of every pixel byte in constant memory."""

import struct
import zlib
from collections.abc import Iterator

from audits.images.container import Container
from audits.images.refusals import PictureRefused

MAGIC = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 50_000
MAX_PROFILE = 4 << 20
PIECE = 1 << 18

PALETTE = 3
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
# First column, first row, column step, row step.
ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


def read(data: bytes) -> Container:
    header, exif, icc, frames, ended = b"", None, None, 0, False
    kept = [MAGIC]
    for kind, body, chunk in _chunks(data):
        header = header or body
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            kept.append(chunk)
        elif kind == b"acTL" and len(body) == 8:
            frames = int.from_bytes(body[:4], "big")
        elif kind == b"eXIf":
            exif = exif or body
        elif kind == b"iCCP":
            icc = icc or _profile(body)
        ended = kind == b"IEND"
    width, height = struct.unpack_from(">II", header) if len(header) == 13 else (0, 0)
    return Container("png", width, height, b"".join(kept), exif, icc, frames > 1, ended)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Whole chunks in order, the first one IHDR, up to and with IEND."""
    at, count = len(MAGIC), 0
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        count += 1
        if count > MAX_CHUNKS or (count == 1) != (kind == b"IHDR"):
            raise PictureRefused("undecodable")
        if at + 12 + length > len(data):
            return
        chunk = data[at : at + 12 + length]
        yield kind, chunk[8:-4], chunk
        if kind == b"IEND":
            return
        at += len(chunk)


def _profile(body: bytes) -> bytes | None:
    _, _, packed = body.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], MAX_PROFILE)
    except zlib.error:
        return None
    return profile if unpacker.eof else None


def check_pixels(clean: bytes) -> None:
    """Refuse what would not decode to its last row, holding one piece of the picture at a time."""
    header = clean[16:29]
    _check_header(header, has_palette=b"PLTE" in {kind for kind, _, _ in _chunks(clean)})
    stream = _inflated(clean)
    piece = b""
    for rows, stride in _passes(header):
        left, filter_at = rows * stride, 0
        while left:
            piece = piece or next(stream, b"")
            if not piece:
                raise PictureRefused("truncated")
            taken, piece = piece[:left], piece[left:]
            if max(taken[filter_at::stride], default=0) > 4:
                raise PictureRefused("undecodable")
            filter_at = (filter_at - len(taken)) % stride
            left -= len(taken)


def _check_header(header: bytes, *, has_palette: bool) -> None:
    depth, colour, compression, filtering, interlace = header[8:13]
    if (
        depth not in DEPTHS.get(colour, ())
        or compression
        or filtering
        or interlace > 1
        or (colour == PALETTE and not has_palette)
    ):
        raise PictureRefused("undecodable")


def _passes(header: bytes) -> list[tuple[int, int]]:
    """(rows, bytes in a row with its filter byte) in the order they are stored."""
    width, height, depth, colour = struct.unpack_from(">IIBB", header)
    grids = ADAM7 if header[12] else ((0, 0, 1, 1),)
    passes = []
    for left, top, across, down in grids:
        columns = (width - left + across - 1) // across
        rows = (height - top + down - 1) // down
        if columns > 0 and rows > 0:
            passes.append((rows, 1 + (columns * depth * CHANNELS[colour] + 7) // 8))
    return passes


def _inflated(clean: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for kind, body, chunk in _chunks(clean):
        if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise PictureRefused("undecodable")
        while kind == b"IDAT" and body and not unpacker.eof:
            try:
                yield unpacker.decompress(body, PIECE)
            except zlib.error:
                raise PictureRefused("undecodable") from None
            body = unpacker.unconsumed_tail
