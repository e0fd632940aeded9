"""The quick look inside the upload request: is this one whole photo within our limits?"""

from dataclasses import dataclass

from audits.images import exif, png
from audits.images.container import Container, Source, read_bytes
from audits.images.opening import open_container, opened, turn
from audits.images.refusals import PictureRefused

# Pillow decodes WebP whole and in four copies; above this its RIFF structure vouches for it
# here and the worker decodes it.
MAX_WEBP_PIXELS = 16_000_000
JPEG_SCALE = 8

FORMATS = {
    "jpeg": ("image/jpeg", "jpg"),
    "png": ("image/png", "png"),
    "webp": ("image/webp", "webp"),
    "heic": ("image/heic", "heic"),
}


@dataclass(frozen=True)
class Picture:
    """`width` and `height` are as seen upright, `raw_…` as stored; `extension` has no dot."""

    format: str
    mime: str
    extension: str
    width: int
    height: int
    raw_width: int
    raw_height: int
    orientation: int


def inspect(source: Source) -> Picture:
    """Raises PictureRefused, and nothing else whatever the bytes are."""
    container = open_container(read_bytes(source))
    with turn(container):
        _check_pixels(container)
    orientation = exif.orientation(container)
    raw = container.width, container.height
    width, height = reversed(raw) if orientation >= 5 else raw
    mime, extension = FORMATS[container.format]
    return Picture(container.format, mime, extension, width, height, *raw, orientation)


def _check_pixels(container: Container) -> None:
    if container.format == "png":
        png.check_pixels(container.clean)
        return
    if container.format == "webp" and container.width * container.height > MAX_WEBP_PIXELS:
        return
    try:
        image = opened(container)
        if container.format == "jpeg":
            image.draft("L", (container.width // JPEG_SCALE, container.height // JPEG_SCALE))
        image.load()
    except Exception as error:
        code = "truncated" if "truncated" in str(error) else "undecodable"
        raise PictureRefused(code) from None
