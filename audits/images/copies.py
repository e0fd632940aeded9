"""The copies people see: upright, small, sRGB, drawn afresh so that nothing else comes along."""

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms

from audits.images import exif, marks, watermark
from audits.images.container import Container, Source, read_bytes
from audits.images.exif import Exif
from audits.images.opening import open_container, opened, turn
from audits.images.phash import fingerprint
from audits.images.prints import Print, prints
from audits.images.refusals import PictureRefused
from audits.images.watermark import Watermark

DISPLAY_SIDE, THUMBNAIL_SIDE = 1280, 320
DISPLAY_QUALITY, THUMBNAIL_QUALITY = 82, 76

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@dataclass(frozen=True)
class Derived:
    """Two JPEG files without metadata, and what else the worker wants to know of the picture.

    `perceptual_hash` is 16 hex digits, of the picture before the watermark.
    """

    display: bytes
    width: int
    height: int
    thumbnail: bytes
    thumbnail_width: int
    thumbnail_height: int
    perceptual_hash: str
    prints: list[Print]
    exif: Exif


def derive(
    source: Source, mark: Watermark | None = None, drawn: list[dict[str, Any]] | None = None
) -> Derived:
    """Raises PictureRefused, and nothing else whatever the bytes are."""
    container = open_container(read_bytes(source))
    display = _display(container)
    thumbnail = _resized(display, THUMBNAIL_SIDE)
    marks.draw(display, drawn or [])
    if mark:
        watermark.draw(display, mark)
    return Derived(
        display=_encoded(display, DISPLAY_QUALITY),
        width=display.width,
        height=display.height,
        thumbnail=_encoded(thumbnail, THUMBNAIL_QUALITY),
        thumbnail_width=thumbnail.width,
        thumbnail_height=thumbnail.height,
        perceptual_hash=fingerprint(thumbnail),
        prints=prints(thumbnail),
        exif=exif.told(container),
    )


def _display(container: Container) -> Image.Image:
    try:
        with turn(container):
            small = _shrunk(container)
        coloured = _in_srgb(small, container.icc)
    except Exception as error:
        code = "truncated" if "truncated" in str(error) else "undecodable"
        raise PictureRefused(code) from None
    turned = UPRIGHT.get(exif.orientation(container))
    upright = coloured.transpose(turned) if turned is not None else coloured
    # A fresh picture: save() would carry comment, XMP and profile over from the source.
    fresh = Image.new("RGB", upright.size)
    fresh.paste(upright)
    return fresh


def _shrunk(container: Container) -> Image.Image:
    image = opened(container)
    if container.format == "jpeg":
        image.draft("RGB", _fitted(image.size, DISPLAY_SIDE))
    return _resized(_opaque(image), DISPLAY_SIDE)


def _opaque(image: Image.Image) -> Image.Image:
    """L, RGB or CMYK; transparency becomes white paper."""
    if image.mode.startswith("I"):
        # convert("L") would clip 16 bits at 255 instead of scaling them.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("L", "RGB", "CMYK") and "transparency" not in image.info:
        image.load()
        return image
    if image.mode != "RGBA":
        image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in (source.profile.profile_description or ""):
                converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
                return converted or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image if image.mode == "RGB" else image.convert("RGB")


def _resized(image: Image.Image, side: int) -> Image.Image:
    size = _fitted(image.size, side)
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The same shape within side × side, never larger than it was."""
    width, height = size
    scale = min(1.0, side / max(size))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _encoded(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
