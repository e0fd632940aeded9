import io
from pathlib import Path

import pytest
from PIL import Image

from audits.images import REASONS, Picture, PictureRefused, derive, inspect
from tests.audits import drawn


def refusal(data: bytes) -> str:
    with pytest.raises(PictureRefused) as caught:
        inspect(io.BytesIO(data))
    assert caught.value.message_zh == REASONS[caught.value.code]
    return caught.value.code


@pytest.mark.parametrize(
    ("mode", "kind", "mime", "extension"),
    [
        ("RGB", "JPEG", "image/jpeg", "jpg"),
        ("L", "JPEG", "image/jpeg", "jpg"),
        ("CMYK", "JPEG", "image/jpeg", "jpg"),
        ("RGB", "PNG", "image/png", "png"),
        ("P", "PNG", "image/png", "png"),
        ("1", "PNG", "image/png", "png"),
        ("I;16", "PNG", "image/png", "png"),
        ("RGBA", "PNG", "image/png", "png"),
        ("RGB", "WEBP", "image/webp", "webp"),
        ("RGBA", "WEBP", "image/webp", "webp"),
    ],
)
def test_inspect_accepts_the_formats_of_phones(
    mode: str, kind: str, mime: str, extension: str
) -> None:
    data = drawn.saved(drawn.in_mode(drawn.scene(1, (303, 227)), mode), kind)

    picture = inspect(io.BytesIO(data))

    assert picture == Picture(kind.lower(), mime, extension, 303, 227, 303, 227, orientation=1)


def test_inspect_reads_a_path_and_leaves_a_file_at_its_start(tmp_path: Path) -> None:
    path = tmp_path / "photo.bin"
    path.write_bytes(drawn.saved(drawn.scene(1)))
    file = io.BytesIO(path.read_bytes())

    assert inspect(path) == inspect(str(path)) == inspect(file)
    assert file.tell() == 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_inspect_gives_the_size_as_seen_upright(orientation: int, kind: str) -> None:
    data = drawn.saved(drawn.quarters((400, 240)), kind, exif=drawn.exif(orientation))

    picture = inspect(io.BytesIO(data))

    assert picture.orientation == orientation
    assert (picture.raw_width, picture.raw_height) == (400, 240)
    assert (picture.width, picture.height) == ((400, 240) if orientation < 5 else (240, 400))


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_inspect_takes_an_impossible_orientation_as_upright(orientation: int) -> None:
    data = drawn.saved(drawn.quarters(), exif=drawn.exif(orientation))

    assert inspect(io.BytesIO(data)).orientation == 1


def test_inspect_takes_the_first_picture_of_several() -> None:
    second = drawn.scene(2, (640, 480))
    data = drawn.saved(drawn.scene(1), "MPO", save_all=True, append_images=[second])

    assert inspect(io.BytesIO(data)).format == "jpeg"
    assert (inspect(io.BytesIO(data)).width, derive(io.BytesIO(data)).width) == (800, 800)


def test_inspect_accepts_a_whole_picture_with_broken_exif() -> None:
    broken = b"Exif\0\0MM\0*\xff\xff\xff\xff junk"
    data = drawn.jpeg_with_segment(drawn.saved(drawn.scene(1)), 0xE1, broken)

    assert inspect(io.BytesIO(data)).orientation == 1


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "AVIF", "ICO"])
def test_inspect_refuses_other_picture_formats(kind: str) -> None:
    assert refusal(drawn.saved(drawn.scene(1, (256, 256)), kind)) == "unsupported_format"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"hello", "not_a_picture"),
        (bytes(1000), "not_a_picture"),
        (b"<html><script>alert(1)</script></html>", "not_a_picture"),
        (b"PK\x03\x04" + bytes(100), "not_a_picture"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_format"),
        (b"%PDF-1.7\n", "unsupported_format"),
        (b"8BPS\0\1" + bytes(100), "unsupported_format"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "unsupported_format"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "undecodable"),
        (b"\xff\xd8\xff", "truncated"),
        (b"\xff\xd8\xff\xd9", "undecodable"),
        (b"\x89PNG\r\n\x1a\n", "truncated"),
        (b"RIFF\x04\0\0\0WEBP", "undecodable"),
    ],
)
def test_inspect_refuses_what_is_no_photo(data: bytes, code: str) -> None:
    assert refusal(data) == code


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_inspect_refuses_moving_pictures(kind: str) -> None:
    frames = [drawn.scene(2), drawn.scene(3)]
    data = drawn.saved(drawn.scene(1), kind, save_all=True, append_images=frames, duration=200)

    assert refusal(data) == "animated"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((199, 400), "side_too_small"),
        ((400, 199), "side_too_small"),
        ((12_001, 300), "side_too_large"),
        ((300, 12_001), "side_too_large"),
        ((8_001, 8_000), "too_many_pixels"),
    ],
)
def test_inspect_refuses_sizes_out_of_bounds(size: tuple[int, int], code: str, kind: str) -> None:
    data = drawn.saved(Image.new("RGB", (300, 300), "grey"), kind)

    assert refusal(drawn.with_size(data, size)) == code


@pytest.mark.parametrize("size", [(200, 200), (12_000, 200), (200, 12_000)])
def test_inspect_accepts_sides_at_their_bounds(size: tuple[int, int]) -> None:
    picture = inspect(io.BytesIO(drawn.saved(Image.new("RGB", size, "grey"))))

    assert (picture.width, picture.height) == size


def test_inspect_accepts_an_interlaced_png_and_misses_its_last_byte() -> None:
    whole, short = drawn.interlaced_png(203, 207), drawn.interlaced_png(203, 207, missing=1)

    assert inspect(io.BytesIO(whole)).width == derive(io.BytesIO(whole)).width == 203
    assert refusal(short) == "truncated"
