"""A difference hash: 64 signs of neighbouring grey values; few bits change by resizing or q50."""

from PIL import Image

WIDTH, HEIGHT = 9, 8


def fingerprint(image: Image.Image) -> str:
    """16 hex digits; the same for a picture and its smaller or re-saved copy, give or take."""
    grey = image.convert("L").resize((WIDTH, HEIGHT), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(HEIGHT):
        for column in range(WIDTH - 1):
            at = row * WIDTH + column
            bits = bits << 1 | (grey[at] > grey[at + 1])
    return f"{bits:016x}"


def hamming(a: str, b: str) -> int:
    """How many of the 64 bits differ."""
    return (int(a, 16) ^ int(b, 16)).bit_count()
