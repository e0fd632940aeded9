"""Who, where and when, drawn along the lower edge of a derived copy."""

import importlib.resources
from dataclasses import dataclass
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageFont

FONT_PACKAGE, FONT_FILE = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"
MAX_LINES = 4
BAND = (16, 18, 20)
BAND_OPACITY = 150
INK = (255, 255, 255)


@dataclass(frozen=True)
class Watermark:
    """Up to four lines; the first is set larger. What is too long for the picture is cut with …"""

    lines: tuple[str, ...]


@cache
def _font_path() -> str:
    return str(importlib.resources.files(FONT_PACKAGE).joinpath(FONT_FILE))


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Noto Sans SC; the basic layout engine is enough for Chinese and twice as fast."""
    return ImageFont.truetype(_font_path(), size, layout_engine=ImageFont.Layout.BASIC)


def draw(image: Image.Image, watermark: Watermark) -> None:
    """Onto an RGB picture, in place."""
    lines = [" ".join(line.split()) for line in watermark.lines[:MAX_LINES]]
    size = max(11, round(min(image.width, image.height * 1.5) / 46))
    fonts = [font(round(size * (1.25 if index == 0 else 1))) for index in range(len(lines))]
    heights = [round(face.size * 1.4) for face in fonts]
    pad = round(size * 0.6)
    top = max(0, image.height - sum(heights) - 2 * pad)
    band = Image.new("RGB", (image.width, image.height - top), BAND)
    image.paste(band, (0, top), Image.new("L", band.size, BAND_OPACITY))
    pen = ImageDraw.Draw(image)
    y = top + pad
    for line, face, height in zip(lines, fonts, heights, strict=True):
        text = _fitted(line, face, image.width - 2 * pad)
        pen.text((pad, y + height / 2), text, INK, face, anchor="lm")
        y += height


def _fitted(line: str, face: ImageFont.FreeTypeFont, width: int) -> str:
    if face.getlength(line) <= width:
        return line
    while line and face.getlength(line + "…") > width:
        line = line[:-1]
    return line + "…"
