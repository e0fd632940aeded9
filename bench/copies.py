"""What the worker does with a photo, beside Pillow alone doing the least of it."""

from __future__ import annotations

from statistics import median

from bench import drawn
from bench.place import Place
from bench.scale import Scale
from bench.table import Part, Row, ms
from bench.timing import ratio

LIMIT = 1.3
NOTES = (
    "Ours: open and check the file, turn, strip, two copies, watermark in Chinese, perceptual hash, "
    "EXIF, flags, database row, files. Bare: Pillow decodes in draft mode, shrinks to 1280 and 320, "
    "encodes both and writes them."
)


def run(scale: Scale) -> Part:
    with Place("sqlite") as place:
        told = place.ask("copies", kinds=list(drawn.KINDS), pairs=scale.pairs)
    rows = [
        Row(f"one photo of {kind}", ms(median(seconds["ours"])), ms(median(seconds["bare"])),
            ratio(seconds["ours"], seconds["bare"]), LIMIT)
        for kind, seconds in told.items()
    ]  # fmt: skip
    return Part("Follow-up of one photo", rows, NOTES)
