"""Arrows, circles and words a person drew over a photo: onto derived copies, never the evidence.

A mark is {kind: arrow | circle | text, from: [x, y], to: [x, y], text}; places are shares of width
and height, so that they fit every copy.
"""

from __future__ import annotations

from math import atan2, cos, pi, sin
from typing import Any

from PIL import Image, ImageDraw

from audits.images.watermark import font

KINDS = ("arrow", "circle", "text")
MOST, LONGEST = 20, 40
RED, WHITE = (214, 40, 40), (255, 255, 255)
Point = tuple[float, float]


def clean(given: Any) -> list[dict[str, Any]]:
    """What of it can be drawn; a photo is never refused for its marks."""
    marks = [_clean(one) for one in given[:MOST]] if isinstance(given, list) else []
    return [mark for mark in marks if mark]


def _clean(one: Any) -> dict[str, Any] | None:
    if not isinstance(one, dict) or one.get("kind") not in KINDS:
        return None
    start, end, text = _place(one.get("from")), _place(one.get("to")), one.get("text")
    if start is None or end is None:
        return None
    words = text[:LONGEST] if isinstance(text, str) else ""
    return {"kind": one["kind"], "from": start, "to": end, "text": words}


def _place(value: Any) -> list[float] | None:
    if not (isinstance(value, list) and len(value) == 2):
        return None
    if not all(isinstance(part, int | float) and 0 <= part <= 1 for part in value):
        return None
    return [round(float(part), 4) for part in value]


def draw(image: Image.Image, marks: list[dict[str, Any]]) -> None:
    """Onto an RGB picture, in place: red on a white edge, to be seen on any ground."""
    pen = ImageDraw.Draw(image)
    line = max(3, round(max(image.size) / 200))
    for mark in clean(marks):
        start, end = (
            (mark[side][0] * image.width, mark[side][1] * image.height) for side in ("from", "to")
        )
        if mark["kind"] == "text":
            size = max(14, round(max(image.size) / 32))
            pen.text(start, mark["text"], RED, font(size), stroke_width=2, stroke_fill=WHITE)
            continue
        for colour, width in ((WHITE, line + 4), (RED, line)):
            if mark["kind"] == "circle":
                pen.ellipse(_box(start, end), outline=colour, width=width)
            else:
                _arrow(pen, start, end, colour, width)


def _box(start: Point, end: Point) -> tuple[float, float, float, float]:
    (x0, x1), (y0, y1) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return x0, y0, max(x1, x0 + 2), max(y1, y0 + 2)


def _arrow(
    pen: ImageDraw.ImageDraw, start: Point, end: Point, colour: tuple[int, int, int], width: int
) -> None:
    pen.line([start, end], colour, width)
    angle, head = atan2(end[1] - start[1], end[0] - start[0]), width * 3 + 12
    for turn in (pi * 0.85, -pi * 0.85):
        tip = (end[0] + head * cos(angle + turn), end[1] + head * sin(angle + turn))
        pen.line([end, tip], colour, width)
