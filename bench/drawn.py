"""Photos drawn here, of a wanted size in bytes: shapes and light under a camera's noise."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageChops, ImageDraw

KINDS = {"300 KB": (300_000, (2048, 1536)), "3 MB": (3_000_000, (4000, 3000))}
QUALITY = 88
CLOSE = 0.02


def photos(kind: str, number: int) -> list[bytes]:
    wanted, size = KINDS[kind]
    scene = _scene(size)
    noise = _noise_for(scene, wanted)
    return [_encoded(scene, noise, seed) for seed in range(number)]


def _scene(size: tuple[int, int]) -> Image.Image:
    chance = random.Random(57)
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.rectangle((x, y, x + size[0] // 9, y + size[1] // 7), fill=colour, outline="white")
    return image


def _noise_for(scene: Image.Image, wanted: int) -> float:
    low, high = 0.0, 80.0
    for _ in range(14):
        noise = (low + high) / 2
        size = len(_encoded(scene, noise, 0))
        if abs(size - wanted) < CLOSE * wanted:
            return noise
        low, high = (noise, high) if size < wanted else (low, noise)
    return (low + high) / 2


def _encoded(scene: Image.Image, noise: float, seed: int) -> bytes:
    grain = Image.effect_noise(scene.size, noise).convert("RGB")
    image = ImageChops.add(scene, grain, scale=1, offset=-128)
    image.putpixel((0, 0), (seed % 256, seed // 256 % 256, 7))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def unlike(photo: bytes, mark: bytes) -> bytes:
    """The same picture with other bytes: a comment after the start marker."""
    return photo[:2] + b"\xff\xfe" + (len(mark) + 2).to_bytes(2, "big") + mark + photo[2:]
