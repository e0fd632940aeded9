"""Bombs, cut files and flipped bits: refused at once, in little memory, never an odd exception."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from audits.images import PictureRefused, derive, inspect, read_exif
from tests.audits import drawn

WHOLE = {
    "jpeg": drawn.saved(drawn.scene(1, (320, 240)), exif=drawn.exif(6)),
    "progressive": drawn.saved(drawn.scene(2, (320, 240)), progressive=True),
    "cmyk": drawn.saved(drawn.scene(3, (320, 240)).convert("CMYK")),
    "png": drawn.saved(drawn.scene(4, (300, 220)), "PNG", exif=drawn.exif(6)),
    "palette": drawn.saved(drawn.scene(5, (300, 220)).convert("P"), "PNG", transparency=3),
    "webp": drawn.saved(drawn.scene(6, (320, 240)), "WEBP", exif=drawn.exif(6)),
    "lossless": drawn.saved(drawn.scene(7, (300, 220)).convert("RGBA"), "WEBP", lossless=True),
}
DAMAGED = {"not_a_picture", "unsupported_format", "truncated", "undecodable", "animated"}
DAMAGED |= {"side_too_small", "side_too_large", "too_many_pixels", "empty"}

# A process of its own, so that its peak memory is nobody else's.
LOOK = """
import re, sys, time, pathlib
from audits import images
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) // 1024
data = pathlib.Path(sys.argv[1])
before, started = peak(), time.process_time()
try:
    verdict = images.inspect(data).format
except images.PictureRefused as refused:
    verdict = refused.code
print(verdict, time.process_time() - started, peak() - before)
"""

only_linux = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="peak memory is read from /proc"
)


def verdict(data: bytes) -> str:
    try:
        return inspect(io.BytesIO(data)).format
    except PictureRefused as refused:
        return refused.code


def look(data: bytes, folder: Path) -> tuple[str, float, int]:
    """The verdict, its CPU seconds and its megabytes, the file itself among them."""
    path = folder / "photo"
    path.write_bytes(data)
    told = subprocess.run(
        [sys.executable, "-c", LOOK, str(path)], capture_output=True, text=True, check=True
    )
    code, seconds, megabytes = told.stdout.split()
    return code, float(seconds), int(megabytes)


@only_linux
@pytest.mark.parametrize(
    ("bomb", "code"),
    [
        (lambda: drawn.flat_png(9_400, 9_400), "too_many_pixels"),
        (lambda: drawn.flat_png(13_000, 13_000), "side_too_large"),
        (lambda: drawn.saved(Image.new("1", (12_000, 12_000)), "PNG"), "too_many_pixels"),
        (lambda: drawn.jpeg_with_scans(20_000), "undecodable"),
        (lambda: b"\xff\xd8" + b"\xff" * 20_000_000, "truncated"),
        (lambda: b"\xff\xd8" + b"\xff\xe1\0\x09Exif\0\0x" * 2_000_000, "undecodable"),
        (lambda: WHOLE["jpeg"][:-2] + b"\xff\xfe\0\2" * 5_000_000, "undecodable"),
        (
            lambda: drawn.png_header(400, 400) + drawn.png_chunk(b"tEXt", b"") * 1_000_000,
            "undecodable",
        ),
    ],
    ids=["88MP", "169MP", "144MP", "scans", "padding", "segments", "comments", "chunks"],
)
def test_inspect_refuses_bombs_at_once(
    bomb: Callable[[], bytes], code: str, tmp_path: Path
) -> None:
    verdict, seconds, megabytes = look(bomb(), tmp_path)

    assert verdict == code
    assert seconds < 0.2
    assert megabytes < 100


@only_linux
@pytest.mark.parametrize(
    ("photo", "kind"),
    [
        (lambda: drawn.saved(drawn.scene(1, (8_192, 6_144)), quality=80), "jpeg"),
        (lambda: drawn.flat_png(8_000, 7_950), "png"),
    ],
    ids=["50MP JPEG", "64MP PNG"],
)
def test_inspect_accepts_the_largest_photos_in_little_memory(
    photo: Callable[[], bytes], kind: str, tmp_path: Path
) -> None:
    verdict, _, megabytes = look(photo(), tmp_path)

    assert verdict == kind
    assert megabytes < 100


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_inspect_refuses_a_picture_cut_anywhere(name: str) -> None:
    data = WHOLE[name]
    cuts = {*range(64), *range(64, len(data), 97), *range(len(data) - 40, len(data))}

    codes = {verdict(data[:cut]) for cut in cuts}

    assert codes <= {"empty", "not_a_picture", "truncated", "undecodable"}
    assert verdict(data[: len(data) * 999 // 1000]) == "truncated"


def test_inspect_refuses_a_png_whose_pixels_stop_early() -> None:
    start, _, pixels = WHOLE["png"].partition(b"IDAT")
    shortened = start[:-4] + drawn.png_body(pixels[: len(pixels) // 2])

    assert verdict(shortened) == "truncated"


@pytest.mark.parametrize("name", sorted(WHOLE))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_damage_breaks_anything(name: str, data: st.DataObject) -> None:
    damaged = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 6))):
        reach = data.draw(st.sampled_from([40, 400, len(damaged)]))
        at = data.draw(st.integers(0, min(reach, len(damaged)) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))

    inspected = verdict(bytes(damaged))
    tags = read_exif(io.BytesIO(damaged))

    assert inspected in DAMAGED | {"jpeg", "png", "webp"}
    assert json.loads(json.dumps(tags, allow_nan=False)) == tags
    if inspected not in DAMAGED:
        assert derive(io.BytesIO(damaged)).width >= 1


@settings(max_examples=300, deadline=None)
@given(
    start=st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x30\0\0\0WEBPVP8X", b""]),
    rest=st.binary(max_size=200),
)
def test_no_bytes_break_anything(start: bytes, rest: bytes) -> None:
    assert verdict(start + rest) in DAMAGED
    assert set(read_exif(io.BytesIO(start + rest)).values()) == {None}


@settings(max_examples=200, deadline=None)
@given(rest=st.binary(max_size=200))
def test_no_heic_bytes_break_anything(rest: bytes) -> None:
    assert verdict(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + rest) in DAMAGED


def samples(pattern: str) -> list[Path]:
    folder = os.environ.get("SAMPLE_PHOTOS")
    found = sorted(Path(folder).glob(pattern)) if folder else []
    if not found:
        pytest.skip(f"SAMPLE_PHOTOS names no folder with {pattern}")
    return found


def test_every_sample_photo_goes_through() -> None:
    for path in samples("*.[jJhH]*"):
        picture, derived = inspect(path), derive(path)

        assert max(derived.width, derived.height) == min(1280, max(picture.width, picture.height))
        assert (derived.width > derived.height) == (picture.width > picture.height)


def test_a_heic_photo_is_upright_and_its_cuts_are_refused() -> None:
    path = samples("*.HEIC")[0]
    data = path.read_bytes()

    assert inspect(path).orientation == 1
    for cut in range(100, len(data), len(data) // 20):
        assert verdict(data[:cut]) == "truncated"
