"""Flat shapes and Chinese text drawn on sheets of a room, seen through its camera."""

import io
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from audits.images.watermark import font
from config.demo.projection import Camera, Plane, Point, Vector

Size = tuple[int, int]

# Drawn twice as large and halved at the end: that is what makes the edges smooth.
FINE = 2
QUALITY = 84

# A glyph's square is this much larger than its em.
GLYPH_ROOM = 1.25

Colour = tuple[int, int, int] | tuple[int, int, int, int]


def shade(colour: Colour, factor: float) -> tuple[int, int, int]:
    """Lighter above 1, darker below."""
    if factor > 1:
        return mix(colour, (255, 255, 255), factor - 1)
    return mix(colour, (0, 0, 0), 1 - factor)


def mix(a: Colour, b: Colour, part: float) -> tuple[int, int, int]:
    red, green, blue = (
        round(one + (other - one) * part) for one, other in zip(a[:3], b[:3], strict=True)
    )
    return red, green, blue


class Canvas:
    def __init__(self, camera: Camera, ground: Colour) -> None:
        self.camera = camera
        self.image = Image.new("RGB", camera.frame, ground[:3])
        self.opaque = ImageDraw.Draw(self.image)
        self.glassy = ImageDraw.Draw(self.image, "RGBA")

    def pen(self, plane: Plane) -> "Pen":
        return Pen(self, plane)

    def wall(self, z: float = 0) -> "Pen":
        return self.pen(Plane((0, 0, z)))

    def floor(self, y: float = 0) -> "Pen":
        """Its up is away from us."""
        return self.pen(Plane((0, y, 0), (1, 0, 0), (0, 0, -1)))

    def side(self, x: float) -> "Pen":
        """A wall at right angles; its right is towards us on the right-hand side of the room."""
        return self.pen(Plane((x, 0, 0), (0, 0, 1 if x > 0 else -1)))

    def box(self, corner: Vector, size: Vector, colour: Colour) -> "Pen":
        """Left, bottom and back corner; width, height and depth. Gives its front to draw on."""
        (x, y, z), (width, height, depth) = corner, size
        eye = self.camera.eye
        if eye[0] < x:
            self.pen(Plane((x, y, z), (0, 0, 1))).rect(0, 0, depth, height, shade(colour, 0.8))
        elif eye[0] > x + width:
            edge = Plane((x + width, y, z), (0, 0, 1))
            self.pen(edge).rect(0, 0, depth, height, shade(colour, 0.74))
        if eye[1] > y + height:
            top = Plane((x, y + height, z), (1, 0, 0), (0, 0, 1))
            self.pen(top).rect(0, 0, width, depth, shade(colour, 1.12))
        front = self.pen(Plane((x, y, z + depth)))
        front.rect(0, 0, width, height, colour)
        return front

    def jpeg(self, light: Image.Image) -> bytes:
        picture = ImageChops.multiply(self.image.reduce(FINE), light)
        _mark(picture)
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=QUALITY)
        return buffer.getvalue()


class Pen:
    """Draws on one sheet, in its centimetres, y upwards."""

    def __init__(self, canvas: Canvas, plane: Plane) -> None:
        self.canvas, self.plane = canvas, plane

    def at(self, x: float, y: float, turn: float = 0) -> "Pen":
        """The same sheet, moved and turned clockwise."""
        return Pen(self.canvas, self.plane.turned(x, y, turn))

    def see(self, x: float, y: float) -> Point:
        return self.canvas.camera.see(self.plane.place(x, y))

    def shape(self, points: Iterable[Point], fill: Colour) -> None:
        draw = self.canvas.opaque if len(fill) == 3 else self.canvas.glassy
        draw.polygon([self.see(x, y) for x, y in points], fill)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0
    ) -> None:
        if not radius:
            right, top = x + width, y + height
            self.shape(((x, y), (right, y), (right, top), (x, top)), fill)
            return
        points: list[Point] = []
        for index in range(4):
            across = x + (width - radius if index in (0, 3) else radius)
            upward = y + (height - radius if index in (0, 1) else radius)
            points += arc(across, upward, radius, radius, index * 90, index * 90 + 90, 5)
        self.shape(points, fill)

    def frame(
        self, x: float, y: float, width: float, height: float, thick: float, fill: Colour
    ) -> None:
        self.rect(x, y, width, thick, fill)
        self.rect(x, y + height - thick, width, thick, fill)
        self.rect(x, y, thick, height, fill)
        self.rect(x + width - thick, y, thick, height, fill)

    def oval(self, x: float, y: float, across: float, upward: float, fill: Colour) -> None:
        self.shape(arc(x, y, across, upward, 0, 360, 30), fill)

    def line(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        seen = [self.see(x, y) for x, y in points]
        draw = self.canvas.opaque if len(fill) == 3 else self.canvas.glassy
        draw.line(seen, fill, max(1, round(width * self._scale(*points[0]))), joint="curve")

    def shadow(self, x: float, y: float, width: float, height: float, reach: float = 3) -> None:
        """Soft, to the lower right of what is drawn there next."""
        for step, strength in ((1.0, 16), (0.66, 22), (0.33, 26)):
            move = reach * step
            box = (x + move * 0.4, y - move, width + move * 0.6, height + move * 0.3)
            self.rect(*box, (30, 22, 12, strength))

    def lines(
        self, x: float, top: float, width: float, count: int, gap: float, fill: Colour
    ) -> None:
        """Print too small to read: one bar for each line, the last one shorter."""
        for row in range(count):
            length = width * (0.62 if row == count - 1 else 1 - 0.06 * (row * 7 % 3))
            self.rect(x, top - row * gap - gap * 0.4, length, gap * 0.36, fill)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        fill: Colour,
        *,
        gap: float = 0,
        align: str = "middle",
        down: bool = False,
    ) -> None:
        """Each sign is set by itself, so that it follows the sheet's perspective."""
        step = size * (1 + gap)
        widths = [step * (1 if ord(sign) > 0x2000 else 0.58) for sign in words]
        if down:
            widths = [step for _ in words]
        start = -sum(widths) / 2 if align == "middle" else 0.0
        for sign, width in zip(words, widths, strict=True):
            middle = start + width / 2
            start += width
            place = (x, y - middle) if down else (x + middle, y)
            if sign != " ":
                self._sign(*place, sign, size, fill[:3])

    def _sign(self, x: float, y: float, sign: str, size: float, fill: tuple[int, ...]) -> None:
        reach = size * GLYPH_ROOM / 2
        left, right = self.see(x - reach, y), self.see(x + reach, y)
        high, low = self.see(x, y + reach), self.see(x, y - reach)
        across = right[0] - left[0], right[1] - left[1]
        down = low[0] - high[0], low[1] - high[1]
        area = across[0] * down[1] - across[1] * down[0]
        if area < 24:
            return
        glyph = _glyph(sign, 4 * max(2, round(math.hypot(*down) / GLYPH_ROOM / 4)))
        width = round(abs(across[0]) + abs(down[0])) + 1
        height = round(abs(across[1]) + abs(down[1])) + 1
        grow = glyph.width / area
        a, b, d, e = grow * down[1], -grow * down[0], -grow * across[1], grow * across[0]
        c = (glyph.width - a * width - b * height) / 2
        f = (glyph.width - d * width - e * height) / 2
        mask = glyph.transform(
            (width, height),
            Image.Transform.AFFINE,
            (a, b, c, d, e, f),
            Image.Resampling.BILINEAR,
        )
        middle = self.see(x, y)
        corner = round(middle[0] - width / 2), round(middle[1] - height / 2)
        self.canvas.image.paste(fill, (*corner, corner[0] + width, corner[1] + height), mask)

    def _scale(self, x: float, y: float) -> float:
        """Pixels in a centimetre there."""
        here, there = self.see(x, y), self.see(x, y + 1)
        return math.hypot(there[0] - here[0], there[1] - here[1])


def arc(
    x: float, y: float, across: float, upward: float, start: float, end: float, steps: int
) -> list[Point]:
    """Points on an ellipse, anticlockwise from three o'clock."""
    turns = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(x + across * math.cos(turn), y + upward * math.sin(turn)) for turn in turns]


@lru_cache(maxsize=2_000)
def _glyph(sign: str, em: int) -> Image.Image:
    side = round(em * GLYPH_ROOM)
    image = Image.new("L", (side, side))
    # Drawn twice, a little apart: the package has no bold face, and signs are bold.
    pen = ImageDraw.Draw(image)
    for move in (-em / 60, em / 60):
        pen.text((side / 2 + move, side / 2), sign, 255, font(em), anchor="mm")
    return image


@lru_cache(maxsize=4)
def _stamp(em: int) -> Image.Image:
    width, height = round(em * 3.4), round(em * 1.5)
    image = Image.new("L", (width, height))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, width - 1, height - 1), em // 3, 96)
    pen.text((width / 2, height / 2), "演示", 255, font(em), anchor="mm")
    return image


def _mark(picture: Image.Image) -> None:
    em = picture.width // 40
    stamp = _stamp(em)
    corner = picture.width - stamp.width - em // 2, em // 2
    picture.paste((20, 20, 20), corner, stamp.point(lambda value: 110 if value else 0))
    picture.paste((255, 255, 255), corner, stamp.point(lambda value: max(0, value - 96) * 8 // 5))
