"""Prints are stored and compared for years: whatever draws them faster draws the very same ones."""

import hashlib
import random

import pytest
from PIL import Image

from audits.images import prints
from audits.images.prints import CURVES, SIDE, WAVES, _shape

# Counted when they were first stored.
STORED = {
    (320, 240): "27c14c1683d4203f2e4c04c0861a432bf63bd7023be5990e8912cbafb45860c3",
    (240, 320): "c0e828615bdf84c8c3f0a96a45492d4e4bad711ba995dc2e3abaa7fd257e2563",
    (320, 180): "1b4d18bab3d9a91f275f5e9c8162e5538f2fdcbffe8ceae276ab543961bb7ab8",
    (173, 320): "95c461d6056f4a0c7df690b45182cd9fdcadb269281cc5ea7618521ddcb013ad",
}


def patchwork(seed: int, size: tuple[int, int]) -> Image.Image:
    patches = Image.frombytes("L", (24, 18), random.Random(seed).randbytes(24 * 18))
    return patches.resize(size, Image.Resampling.BOX)


def told(image: Image.Image) -> str:
    lines = [f"{one.view} {one.coarse:016x} {one.fine:064x}\n" for one in prints(image)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.mark.parametrize("size", STORED)
def test_a_picture_keeps_the_prints_it_was_stored_with(size: tuple[int, int]) -> None:
    every = "".join(told(patchwork(seed, size)) for seed in range(8))

    assert hashlib.sha256(every.encode()).hexdigest() == STORED[size]


def test_a_single_print_keeps_its_bits() -> None:
    [whole, *_, last] = prints(patchwork(0, (320, 240)))

    assert (whole.view, f"{whole.coarse:016x}", f"{whole.fine:064x}") == (
        0,
        "3e5430202399897e",
        "beaf156a25338c758de4a58ba8ad43a98dd4a29db731b631b339b339e3f61976",
    )
    assert (last.view, f"{last.coarse:016x}") == (16, "2e51a06307d89b38")


def plainly(values: bytes) -> int:
    """The signs of the waves as the formula has them, a sum over every cell."""
    bits = 0
    for u, v in WAVES:
        wave = sum(
            values[row * SIDE + column] * CURVES[u][column] * CURVES[v][row]
            for row in range(SIDE)
            for column in range(SIDE)
        )
        bits = bits << 1 | (wave > 0)
    return bits


def test_the_shape_is_the_plain_sum_over_every_cell() -> None:
    chance = random.Random(7)
    noise = [chance.randbytes(SIDE * SIDE) for _ in range(20)]
    harsh = [bytes(chance.choices((0, 255), k=SIDE * SIDE)) for _ in range(20)]
    flat = [bytes([grey]) * SIDE * SIDE for grey in (0, 1, 254, 255)]
    slopes = [bytes(range(256)), bytes(range(255, -1, -1)), bytes(n // 16 * 16 for n in range(256))]

    for values in (*noise, *harsh, *flat, *slopes):
        assert _shape(values) == plainly(values)
