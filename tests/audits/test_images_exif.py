import io
import json
from typing import Any

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from audits.images import read_exif
from tests.audits import drawn

NOTHING = {
    "taken_at": None,
    "latitude": None,
    "longitude": None,
    "make": None,
    "model": None,
    "software": None,
}
STATION = {1: "N", 2: (22.0, 41.0, 3.5), 3: "E", 4: (114.0, 2.0, 30.25)}


def photo(
    main: dict[int, Any] | None = None,
    details: dict[int, Any] | None = None,
    gps: dict[int, Any] | None = None,
    kind: str = "JPEG",
) -> io.BytesIO:
    tags = Image.Exif()
    tags.update(main or {})
    tags.get_ifd(ExifTags.IFD.Exif).update(details or {})
    tags.get_ifd(ExifTags.IFD.GPSInfo).update(gps or {})
    return io.BytesIO(drawn.saved(drawn.scene(1, (320, 240)), kind, exif=tags))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_read_exif_reads_time_position_and_camera(kind: str) -> None:
    file = photo(
        {0x010F: "HUAWEI", 0x0110: "P60 Pro", 0x0131: "4.2.0"},
        {0x9003: "2026:11:23 10:42:05", 0x9011: "+08:00"},
        STATION,
        kind,
    )

    assert read_exif(file) == {
        "taken_at": "2026-11-23T10:42:05+08:00",
        "latitude": 22.6843056,
        "longitude": 114.0417361,
        "make": "HUAWEI",
        "model": "P60 Pro",
        "software": "4.2.0",
    }


def test_read_exif_finds_nothing_in_a_plain_photo() -> None:
    assert read_exif(io.BytesIO(drawn.saved(drawn.scene(1)))) == NOTHING


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff\xe1\0\x10Exif\0\0"])
def test_read_exif_finds_nothing_in_what_is_no_photo(data: bytes) -> None:
    assert read_exif(io.BytesIO(data)) == NOTHING


@pytest.mark.parametrize(
    ("main", "details", "taken_at"),
    [
        ({}, {0x9003: "2026:11:23 10:42:05"}, "2026-11-23T10:42:05"),
        ({}, {0x9004: "2026:11:23 10:42:05"}, "2026-11-23T10:42:05"),
        ({0x0132: "2026:11:23 10:42:05"}, {}, "2026-11-23T10:42:05"),
        ({0x0132: "2025:01:01 00:00:00"}, {0x9003: "2026:11:23 10:42:05"}, "2026-11-23T10:42:05"),
        ({}, {0x9003: "2026-11-23 10:42:05"}, "2026-11-23T10:42:05"),
        ({}, {0x9003: "2099:12:31 23:59:59"}, "2099-12-31T23:59:59"),
        ({}, {0x9003: "2026:11:23 10:42:05", 0x9011: "+99:00"}, "2026-11-23T10:42:05"),
        ({}, {0x9003: "0000:00:00 00:00:00"}, None),
        ({}, {0x9003: "2026:02:30 10:00:00"}, None),
        ({}, {0x9003: "    :  :     :  :  "}, None),
        ({}, {0x9003: "yesterday"}, None),
    ],
)
def test_read_exif_takes_the_first_believable_time(
    main: dict[int, Any], details: dict[int, Any], taken_at: str | None
) -> None:
    assert read_exif(photo(main, details))["taken_at"] == taken_at


@pytest.mark.parametrize(
    ("gps", "position"),
    [
        (STATION, (22.6843056, 114.0417361)),
        (STATION | {1: "S", 3: "W"}, (-22.6843056, -114.0417361)),
        (STATION | {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}, (None, None)),
        (STATION | {2: (0.0, 0.0, 0.0)}, (0.0, 114.0417361)),
        (STATION | {2: (90.0, 0.0, 1.0)}, (None, None)),
        (STATION | {4: (181.0, 0.0, 0.0)}, (None, None)),
        (STATION | {2: (IFDRational(0, 0), 0.0, 0.0)}, (None, None)),
        (STATION | {2: (22.0, 41.0)}, (None, None)),
        ({1: "N", 2: (22.0, 41.0, 3.5)}, (None, None)),
        ({1: "N"}, (None, None)),
    ],
)
def test_read_exif_gives_a_position_only_when_it_is_one(
    gps: dict[int, Any], position: tuple[float | None, float | None]
) -> None:
    tags = read_exif(photo(gps=gps))

    assert (tags["latitude"], tags["longitude"]) == position
    json.dumps(tags, allow_nan=False)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  Xiaomi\0\0 ", "Xiaomi"),
        ("a\r\nINFO forged", "a INFO forged"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\u202egpj.exe\u2066".encode(), "gpj.exe"),
        ("x" * 5_000, "x" * 64),
        ("\t \n", None),
        ("华为".encode(), "华为"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_read_exif_cleans_and_bounds_what_cameras_call_themselves(
    written: str | bytes, read: str | None
) -> None:
    assert read_exif(photo({0x0110: written}))["model"] == read
