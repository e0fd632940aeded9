"""From bytes to a picture Pillow may decode: an allow-list of four formats, limits first."""

import io
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from PIL import Image

from audits.images import heic, jpeg, png, webp
from audits.images.container import Container
from audits.images.refusals import PictureRefused

MAX_PIXELS = 64_000_000
MIN_SIDE, MAX_SIDE = 200, 12_000
# One process decodes one picture this large at a time, whatever its threads are doing.
LARGE_PIXELS = 20_000_000

Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_one_large = threading.Lock()

_OTHER_MAGIC = (
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"BM",
    b"8BPS",
    b"%PDF",
    b"\0\0\x01\0",
    b"\xff\x0a",
    b"\0\0\0\x0cJXL ",
    b"\0\0\0\x0cjP  ",
)


def open_container(data: bytes) -> Container:
    """The container within our limits, or PictureRefused; nothing is decoded."""
    container = _reader(data)(data)
    if container.is_animated:
        raise PictureRefused("animated")
    if max(container.width, container.height) > MAX_SIDE:
        raise PictureRefused("side_too_large")
    if container.width * container.height > MAX_PIXELS:
        raise PictureRefused("too_many_pixels")
    if not container.is_whole:
        raise PictureRefused("truncated")
    if min(container.width, container.height) < MIN_SIDE:
        raise PictureRefused("side_too_small")
    return container


def _reader(data: bytes) -> Callable[[bytes], Container]:
    if not data:
        raise PictureRefused("empty")
    if data.startswith(b"\xff\xd8\xff"):
        return jpeg.read
    if data.startswith(png.MAGIC):
        return png.read
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return webp.read
    if heic.is_heic(data):
        return heic.read
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(_OTHER_MAGIC) or data[4:8] == b"ftyp" or b"<svg" in head:
        raise PictureRefused("unsupported_format")
    raise PictureRefused("not_a_picture")


def opened(container: Container) -> Image.Image:
    """Header read, pixels not yet (HEIC: decoded). May raise anything Pillow raises."""
    if container.format == "heic":
        return heic.pixels(container.clean)
    return Image.open(io.BytesIO(container.clean), formats=(container.format.upper(),))


def turn(container: Container) -> AbstractContextManager[object]:
    """Held while decoding, so that large pictures wait for each other."""
    is_large = container.width * container.height > LARGE_PIXELS
    return _one_large if is_large else nullcontext()
