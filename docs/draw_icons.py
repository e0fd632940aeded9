"""Draws the PNG sizes of the mark: `python docs/draw_icons.py`."""

from pathlib import Path

from PIL import Image, ImageDraw

RED, WHITE = "#9c1c21", "#ffffff"
STAR = [
    (12, 2.6), (14.75, 8.9), (21.6, 9.52), (16.42, 14.04), (17.96, 20.74),
    (12, 17.2), (6.04, 20.74), (7.58, 14.04), (2.4, 9.52), (9.25, 8.9),
]  # fmt: skip


def mark(side: int, *, corner: float, star: float) -> Image.Image:
    big = side * 4  # drawn large and made small: smooth edges
    picture = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, big - 1, big - 1), radius=big * corner, fill=RED)
    scale, shift = big * star / 24, big * (1 - star) / 2
    pen.polygon([(x * scale + shift, y * scale + shift) for x, y in STAR], fill=WHITE)
    small = picture.resize((side, side), Image.Resampling.LANCZOS)
    return small.quantize(64, method=Image.Quantize.FASTOCTREE)


if __name__ == "__main__":
    here = Path(__file__).parent.parent / "config" / "static" / "icons"
    for side in (192, 512):
        mark(side, corner=0.25, star=0.65).save(here / f"icon-{side}.png", optimize=True)
        mark(side, corner=0, star=0.5).save(here / f"icon-{side}-maskable.png", optimize=True)
    mark(180, corner=0, star=0.6).save(here / "icon-180.png", optimize=True)
