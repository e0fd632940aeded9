import io
import re

import pytest
from PIL import Image, ImageCms

from audits.images import Derived, PictureRefused, Watermark, derive, hamming
from tests.audits import drawn

MARK = Watermark(
    ("观湖街道退役军人服务站", "Q09 10位英模画像 · 检查员甲", "2026-11-23 10:42 · 3f9a1c")
)
FORBIDDEN = [b"Exif", b"xmp", b"ICC_PROFILE", b"<script", b"<?php", b"PK\x03\x04", b"\xff\xfe"]


def derived(image: Image.Image, kind: str = "JPEG", **options: object) -> Derived:
    return derive(io.BytesIO(drawn.saved(image, kind, **options)))


def shown(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=("JPEG",))
    image.load()
    return image


def near(colour: tuple[int, ...], wanted: tuple[int, ...], tolerance: int = 12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(colour, wanted, strict=True))


def test_derive_makes_a_display_copy_and_a_thumbnail() -> None:
    copies = derived(drawn.scene(1, (4_000, 3_000)))

    display, thumbnail = shown(copies.display), shown(copies.thumbnail)
    assert (display.size, display.mode) == ((1_280, 960), "RGB")
    assert (thumbnail.size, thumbnail.mode) == ((320, 240), "RGB")
    assert display.size == (copies.width, copies.height)
    assert thumbnail.size == (copies.thumbnail_width, copies.thumbnail_height)


@pytest.mark.parametrize(
    ("size", "display", "thumbnail"),
    [
        ((300, 240), (300, 240), (300, 240)),
        ((900, 1_200), (900, 1_200), (240, 320)),
        ((12_000, 200), (1_280, 21), (320, 5)),
        ((200, 11_000), (23, 1_280), (6, 320)),
    ],
)
def test_derive_keeps_the_shape_and_never_enlarges(
    size: tuple[int, int], display: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    copies = derived(drawn.scene(1, size))

    assert (copies.width, copies.height) == display
    assert (copies.thumbnail_width, copies.thumbnail_height) == thumbnail


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_derive_turns_every_orientation_upright(orientation: int, kind: str) -> None:
    stored = _stored_as(drawn.quarters((400, 240)), orientation)
    options = {"quality": 95} if kind != "PNG" else {}

    copies = derived(stored, kind, exif=drawn.exif(orientation), **options)

    display = shown(copies.display)
    assert display.size == (400, 240)
    for place, colour in [
        ((100, 60), drawn.RED),
        ((300, 60), drawn.GREEN),
        ((100, 180), drawn.BLUE),
        ((300, 180), drawn.WHITE),
    ]:
        assert near(display.getpixel(place), colour)


def _stored_as(upright: Image.Image, orientation: int) -> Image.Image:
    """What a sensor held in that position writes."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return upright.transpose(undo[orientation]) if orientation in undo else upright


@pytest.mark.parametrize(
    ("mode", "kind", "grey"),
    [
        ("RGB", "JPEG", False),
        ("CMYK", "JPEG", False),
        ("L", "JPEG", True),
        ("L", "PNG", True),
        ("LA", "PNG", True),
        ("I;16", "PNG", True),
        ("P", "PNG", False),
        ("RGBA", "PNG", False),
        ("RGBA", "WEBP", False),
    ],
)
def test_derive_shows_every_mode_in_its_colours(mode: str, kind: str, grey: bool) -> None:
    stored = drawn.quarters().quantize(8) if mode == "P" else drawn.in_mode(drawn.quarters(), mode)

    display = shown(derived(stored, kind).display)

    assert display.mode == "RGB"
    for place, colour in [((100, 60), drawn.RED), ((300, 180), drawn.WHITE)]:
        wanted = (drawn.quarters().convert("L").getpixel(place),) * 3 if grey else colour
        assert near(display.getpixel(place), wanted)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_derive_puts_transparency_on_white_paper(kind: str) -> None:
    clear = drawn.quarters().convert("RGBA")
    clear.putalpha(0)

    display = shown(derived(clear, kind).display)

    assert near(display.getpixel((100, 60)), drawn.WHITE)


def test_derive_puts_a_transparent_palette_colour_on_white_paper() -> None:
    flat = drawn.quarters().quantize(4)

    display = shown(derived(flat, "PNG", transparency=flat.getpixel((100, 60))).display)

    assert near(display.getpixel((100, 60)), drawn.WHITE)
    assert near(display.getpixel((300, 60)), drawn.GREEN)


def test_derive_converts_another_colour_space_to_srgb() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"temp").replace(b"gXYZ", b"rXYZ").replace(b"temp", b"gXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))

    plain = shown(derived(drawn.quarters(), icc_profile=srgb).display)
    converted = shown(derived(drawn.quarters(), icc_profile=swapped).display)

    assert near(plain.getpixel((100, 60)), drawn.RED)
    red, green, _ = converted.getpixel((100, 60))
    assert green > red + 100


@pytest.mark.parametrize("profile", [b"not a profile", b"", bytes(200)])
def test_derive_ignores_an_unreadable_profile(profile: bytes) -> None:
    display = shown(derived(drawn.quarters(), icc_profile=profile).display)

    assert near(display.getpixel((100, 60)), drawn.RED)


def test_derive_leaves_metadata_and_hidden_matter_behind() -> None:
    photo = drawn.saved(
        drawn.scene(1),
        exif=drawn.exif(1),
        comment=b"<script>alert(1)</script>",
        xmp=b"<x:xmpmeta><?php ?></x:xmpmeta>",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    polyglot = photo + b"PK\x03\x04<script>"

    copies = derive(io.BytesIO(polyglot), MARK)

    for data in (copies.display, copies.thumbnail):
        assert not [matter for matter in FORBIDDEN if matter in data[:700]]
        assert b"<script" not in data
        assert set(shown(data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_derive_refuses_what_does_not_decode() -> None:
    with pytest.raises(PictureRefused) as caught:
        derive(io.BytesIO(drawn.saved(drawn.scene(1))[:-2_000]))

    assert caught.value.code == "truncated"


@pytest.mark.parametrize("ground", ["black", "white", "grey"])
@pytest.mark.parametrize("size", [(4_000, 3_000), (3_000, 4_000), (640, 480), (220, 220)])
def test_watermark_reads_on_light_and_dark(ground: str, size: tuple[int, int]) -> None:
    photo = io.BytesIO(drawn.saved(Image.new("RGB", size, ground)))

    plain, marked = derive(photo), derive(photo, MARK)

    display = shown(marked.display).convert("L")
    band = display.crop((0, display.height * 8 // 10, display.width, display.height))
    darkest, brightest = band.getextrema()
    assert brightest - darkest > 90
    assert near(shown(marked.display).getpixel((5, 5)), shown(plain.display).getpixel((5, 5)))
    assert marked.thumbnail == plain.thumbnail
    assert marked.perceptual_hash == plain.perceptual_hash


def test_watermark_cuts_what_is_too_long_and_takes_four_lines() -> None:
    photo = io.BytesIO(drawn.saved(Image.new("RGB", (300, 300), "white")))
    long = Watermark(("一个非常非常长的服务站名称" * 10, "二\n行", "", "四", "五不画"))

    assert (
        derive(photo, long).display
        == derive(photo, Watermark((*long.lines[:1], "二 行", "", "四"))).display
    )


def test_perceptual_hash_survives_resizing_and_saving_again() -> None:
    for seed in range(8):
        original = drawn.scene(seed, (2_400, 1_800))
        smaller = original.resize((1_000, 750))

        first = derived(original, quality=92).perceptual_hash
        again = derived(smaller, quality=50).perceptual_hash

        assert re.fullmatch(r"[0-9a-f]{16}", first)
        assert hamming(first, again) <= 3


def test_perceptual_hash_tells_pictures_apart() -> None:
    hashes = [derived(drawn.scene(seed)).perceptual_hash for seed in range(20)]

    distances = [hamming(a, b) for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(distances) > 10


def test_hamming_counts_differing_bits() -> None:
    assert hamming("00000000000000ff", "00000000000000ff") == 0
    assert hamming("00000000000000ff", "000000000000000f") == 4
    assert hamming("0" * 16, "f" * 16) == 64
