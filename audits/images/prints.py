"""A picture's prints: what a re-saved, smaller or cropped copy of it still shows.

The whole picture and sixteen views of it are each printed coarsely (63 bits, to look up) and finely
(256 bits, to be sure). A crop's whole is close to one of the views of what it was cut from.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi
from operator import mul
from pathlib import Path
from struct import Struct

from PIL import Image

SIDE = 16
COARSE_LIMIT = 8  # of 63 bits; what three bands with two wrong bits each are sure to find
FINE_LIMIT = 56  # of 256 bits; copies cut off the views' frames come to it, other pictures rarely
PLAIN = 16  # fewer signs than this, or all but as few: a bare wall tells nothing

Box = tuple[float, float, float, float]


def _views() -> list[Box]:
    boxes: list[Box] = [(0.0, 0.0, 1.0, 1.0)]
    for side in (0.95, 0.9, 0.85, 0.8):
        edge = (1 - side) / 2
        boxes.append((edge, edge, 1 - edge, 1 - edge))
    for side in (0.95, 0.9):
        left = 1 - side
        boxes += [
            (0, 0, side, side), (left, 0, 1, side), (0, left, side, 1), (left, left, 1, 1)
        ]  # fmt: skip
    boxes += [(0.1, 0, 1, 1), (0, 0.1, 1, 1), (0, 0, 0.9, 1), (0, 0, 1, 0.9)]
    return boxes


def _waves() -> list[tuple[int, int]]:
    """The 63 slowest; slow and less slow dealt out in turn, so that no band knows less than others."""
    slow = [(u, v) for u in range(10) for v in range(10) if 0 < u + v <= 10]
    slow.sort(key=sum)
    return slow[0::3] + slow[1::3] + slow[2::3]


VIEWS = _views()
WAVES = _waves()
# Whole numbers: what has no such wave then adds up to exactly nothing, on every machine.
CURVES = [
    [round(1024 * cos(pi * u * (2 * at + 1) / (2 * SIDE))) for at in range(SIDE)] for u in range(10)
]
# A row of cells is one whole number, a field for each: a wave down the picture is then added up in
# all columns at once. Fields are raised, so that none is negative and borrows from the next.
FIELD, RAISED = 4, 1 << 31
ROW = Struct(f"<{SIDE}I")
ALL_RAISED = int.from_bytes(ROW.pack(*[RAISED] * SIDE), "little")
NOTHING = [RAISED * sum(curve) for curve in CURVES]


@dataclass(frozen=True)
class Print:
    view: int  # 0 is the whole
    coarse: int
    fine: int

    def is_like(self, other: Print) -> bool:
        return (self.coarse ^ other.coarse).bit_count() <= COARSE_LIMIT and (
            self.fine ^ other.fine
        ).bit_count() <= FINE_LIMIT


def prints_of(file: Path) -> list[Print]:
    """Of a copy drawn by ourselves."""
    with Image.open(file, formats=["JPEG"]) as image:
        return prints(image)


def prints(image: Image.Image) -> list[Print]:
    """Of every view that shows something; none for a bare wall."""
    grey = image.convert("L")
    found = []
    for number, (left, top, right, bottom) in enumerate(VIEWS):
        box = (grey.width * left, grey.height * top, grey.width * right, grey.height * bottom)
        fine = _steps(_cells(grey, SIDE + 1, box))
        if PLAIN <= fine.bit_count() <= SIDE * SIDE - PLAIN:
            found.append(Print(number, _shape(_cells(grey, SIDE, box)), fine))
    return found


def _cells(grey: Image.Image, width: int, box: Box) -> bytes:
    return grey.resize((width, SIDE), Image.Resampling.BOX, box=box).tobytes()


def _steps(values: bytes) -> int:
    """The signs of neighbouring grey values, row by row."""
    bits = 0
    for start in range(0, len(values), SIDE + 1):
        for at in range(start, start + SIDE):
            bits = bits << 1 | (values[at] > values[at + 1])
    return bits


def _shape(values: bytes) -> int:
    """The signs of the slow waves: half of them are set in any picture, few depend on each other."""
    apart = bytearray(FIELD * len(values))
    apart[::FIELD] = values
    rows = [
        int.from_bytes(apart[at : at + ROW.size], "little") for at in range(0, len(apart), ROW.size)
    ]
    down = [
        ROW.unpack((sum(map(mul, rows, curve)) + ALL_RAISED).to_bytes(ROW.size, "little"))
        for curve in CURVES
    ]
    bits = 0
    for u, v in WAVES:
        bits = bits << 1 | (sum(map(mul, down[v], CURVES[u])) > NOTHING[u])
    return bits
