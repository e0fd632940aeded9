"""HEIC by its boxes; the primary picture only, decoded by libheif."""

import pi_heif
from pi_heif import options
from PIL import Image

from audits.images.container import Container
from audits.images.refusals import PictureRefused

options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False

BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
MAX_BOXES = 1_000


def is_heic(data: bytes) -> bool:
    """mif1 and msf1 only say "a picture file"; the other brands must then name HEVC."""
    if data[4:8] != b"ftyp" or data[8:12] not in BRANDS:
        return False
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, length, 4))}
    return any(brand.startswith((b"hei", b"hev")) for brand in brands)


def read(data: bytes) -> Container:
    is_whole = _is_whole(data)
    try:
        file = pi_heif.open_heif(data)
        primary = file[file.primary_index]
        width, height = primary.size
        exif, icc = primary.info.get("exif"), primary.info.get("icc_profile")
    except Exception:
        raise PictureRefused("undecodable" if is_whole else "truncated") from None
    return Container("heic", width, height, data, exif or None, icc or None, is_whole=is_whole)


def pixels(clean: bytes) -> Image.Image:
    """Upright: libheif has already turned and cropped the picture as the file says."""
    file = pi_heif.open_heif(clean)
    image: Image.Image = file[file.primary_index].to_pillow()
    return image


def _is_whole(data: bytes) -> bool:
    at = 0
    for _ in range(MAX_BOXES):
        if at + 8 > len(data):
            return at == len(data)
        length = int.from_bytes(data[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length == 0:
            return True
        if length < 8:
            return False
        at += length
    return False
