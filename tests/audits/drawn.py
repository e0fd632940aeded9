"""Pictures for the tests, drawn or put together byte by byte."""

import io
import random
import struct
import zlib

from PIL import Image, ImageDraw

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 160, 60), (30, 60, 210), (255, 255, 255)

ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


def quarters(size: tuple[int, int] = (400, 240)) -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right."""
    image = Image.new("RGB", size, WHITE)
    pen = ImageDraw.Draw(image)
    middle, half = size[0] // 2, size[1] // 2
    pen.rectangle((0, 0, middle - 1, half - 1), RED)
    pen.rectangle((middle, 0, size[0], half - 1), GREEN)
    pen.rectangle((0, half, middle - 1, size[1]), BLUE)
    return image


def scene(seed: int, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """Soft blotches of colour: as busy as a photo, another for each seed."""
    blotches = random.Random(seed).randbytes(12 * 9 * 3)
    return Image.frombytes("RGB", (12, 9), blotches).resize(size, Image.Resampling.BICUBIC)


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    if mode == "I;16":
        return image.convert("I").point(lambda value: value * 257).convert("I;16")
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def with_size(data: bytes, size: tuple[int, int]) -> bytes:
    """The same file claiming another size."""
    width, height = size
    if data.startswith(b"\xff\xd8"):
        at = data.index(b"\xff\xc0") + 5
        return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]
    if data.startswith(b"\x89PNG"):
        return png_header(width, height) + data[33:]
    at = data.index(b"\x9d\x01\x2a") + 3
    return data[:at] + struct.pack("<HH", width, height) + data[at + 4 :]


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int, interlace: int = 0) -> bytes:
    fields = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", fields)


def png_body(packed: bytes) -> bytes:
    return png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")


def flat_png(width: int, height: int) -> bytes:
    """Black, compressed a thousand times: what a bomb is made of."""
    packer = zlib.compressobj(9)
    rows = bytes((1 + width * 3) * 50)
    packed = b"".join(packer.compress(rows) for _ in range(height // 50)) + packer.flush()
    return png_header(width, height) + png_body(packed)


def interlaced_png(width: int, height: int, missing: int = 0) -> bytes:
    rows = b"".join(
        bytes(len(range(top, height, down)) * (1 + 3 * len(range(left, width, across))))
        for left, top, across, down in ADAM7
    )
    packed = zlib.compress(rows[: len(rows) - missing])
    return png_header(width, height, interlace=1) + png_body(packed)


def jpeg_with_scans(count: int) -> bytes:
    whole = saved(scene(1), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + b"\xff\xd9"


def jpeg_with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[2:]
