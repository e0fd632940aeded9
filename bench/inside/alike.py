"""How many copies of drawn pictures are recognised, and how many different ones are taken for one."""

from __future__ import annotations

import io
import itertools
import random

from PIL import Image

from audits.images import Print, prints
from config.demo import pictures

Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
COPIES: dict[str, tuple[Box, float, int]] = {
    "saved again at quality 40": (WHOLE, 1.0, 40),
    "a third as large": (WHOLE, 1 / 3, 85),
    "cropped by 4 %": ((0.02, 0.02, 0.98, 0.98), 1.0, 85),
    "cropped by 10 %": ((0.05, 0.05, 0.95, 0.95), 1.0, 85),
    "cropped by 20 %": ((0.1, 0.1, 0.9, 0.9), 1.0, 85),
    "a corner cut off, 10 %": ((0.0, 0.0, 0.9, 0.9), 1.0, 85),
    "one side cut off, 10 %": ((0.1, 0.0, 1.0, 1.0), 1.0, 85),
}
# Between the frames that are stored, too: shares of the four sides, as chance has it.
AT_RANDOM = {
    "every side cut, by up to 7 %": (0.07, 0.07, 0.07, 0.07),
    "two sides cut, by up to 12 %": (0.12, 0.0, 0.0, 0.12),
    "one side cut, by up to 15 %": (0.0, 0.15, 0.0, 0.0),
}


def main(drawn: int) -> dict[str, object]:
    """{found: {copy: n}, false_alarms}"""
    files = [picture(number, (640, 480)) for number in range(drawn)]
    originals = [seen(_copied(file, (WHOLE, 1.0, 85))) for file in files]
    found = {
        name: sum(
            _alike(seen(_copied(file, how)), original)
            for file, how, original in zip(files, hows, originals, strict=True)
        )
        for name, hows in _ways(drawn).items()
    }
    pairs = itertools.combinations(originals, 2)
    return {"found": found, "false_alarms": sum(itertools.starmap(_alike, pairs))}


def picture(number: int, size: tuple[int, int]) -> bytes:
    codes = [*pictures.SCENES, *pictures.LEDGERS]
    return pictures.draw(codes[number % len(codes)], "fail", number, size=size)


def _ways(drawn: int) -> dict[str, list[tuple[Box, float, int]]]:
    chance = random.Random(drawn)  # noqa: S311
    ways = {name: [how] * drawn for name, how in COPIES.items()}
    for name, most in AT_RANDOM.items():
        cuts = [[chance.uniform(0, side) for side in most] for _ in range(drawn)]
        ways[name] = [((a, b, 1 - c, 1 - d), 1.0, 85) for a, b, c, d in cuts]
    return ways


def _copied(file: bytes, how: tuple[Box, float, int]) -> bytes:
    box, scale, quality = how
    image: Image.Image = Image.open(io.BytesIO(file))
    width, height = image.size
    sides = (width, height, width, height)
    left, top, right, bottom = (
        round(n * share) for n, share in zip(sides, box, strict=True)
    )  # fmt: skip
    image = image.crop((left, top, right, bottom))
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def seen(file: bytes) -> list[Print]:
    image = Image.open(io.BytesIO(file)).convert("RGB")
    image.thumbnail((320, 320))
    return prints(image)


def _alike(one: list[Print], other: list[Print]) -> bool:
    """As `audits.twins` asks: either whole is like any view of the other."""
    return _shows(one, other) or _shows(other, one)


def _shows(one: list[Print], other: list[Print]) -> bool:
    return any(one[0].is_like(view) for view in other)
