"""What is odd about one photo: its moment, its place, its software. What is not told is not odd."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from audits import oddities, outbox
from audits.deadlines import SHANGHAI
from audits.models import EvidencePhoto, PhotoFlag
from tests import make

STATION = {"latitude": Decimal("22.65000"), "longitude": Decimal("114.00000")}
NORTH = Decimal("0.00100")  # 111 metres


@pytest.fixture
def photo(cast, task):
    """A clean one, whose station has a position."""
    type(cast.station).objects.filter(pk=cast.station.pk).update(**STATION)
    made = make.photo(cast.inspector, audit=make.audit(task), **STATION, accuracy=Decimal(20))
    outbox.drain()
    return EvidencePhoto.objects.select_related("station", "audit").get(pk=made.pk)


def raised(photo, **changes):
    for name, value in changes.items():
        setattr(photo, name, value)
    oddities.raise_flags(photo)
    return {flag.kind: flag.detail for flag in photo.flags.all()}


def at(**ago) -> str:
    return (timezone.now() - dt.timedelta(**ago)).isoformat()


def test_clean_photo_has_no_flags(photo):
    assert raised(photo) == {}


@pytest.mark.parametrize(
    ("north", "accuracy", "flags"),
    [
        (2, 20, {}),
        (3, 20, {"far_away": {"metres": 334}}),
        (3, 40, {}),  # within what the phone itself calls uncertain
        (3, None, {"far_away": {"metres": 334}}),
    ],
)
def test_photo_taken_over_300_metres_away(photo, north, accuracy, flags):
    there = STATION["latitude"] + north * NORTH

    assert raised(photo, latitude=there, accuracy=accuracy) == flags


@pytest.mark.parametrize("nowhere", [(None, None), (Decimal(0), Decimal(0))])
def test_unknown_place_is_no_flag(photo, nowhere):
    latitude, longitude = nowhere

    assert raised(photo, latitude=latitude, longitude=longitude) == {}


@pytest.mark.parametrize(
    ("camera", "flags"),
    [
        ({"latitude": 22.653, "longitude": 114.0}, {}),
        ({"latitude": 22.656, "longitude": 114.0}, {"places_apart": {"metres": 667}}),
        ({"latitude": 0, "longitude": 0}, {}),
        ({"latitude": None, "longitude": None}, {}),
        ({"latitude": "there", "longitude": [1]}, {}),
        ({"latitude": 1e999, "longitude": 114.0}, {}),
        ({"latitude": 10**400, "longitude": 114.0}, {}),
        ({}, {}),
    ],
)
def test_camera_s_place_against_the_phone_s(photo, camera, flags):
    photo.exif = camera

    oddities.raise_flags(photo)

    assert {flag.kind: flag.detail for flag in photo.flags.all()} == flags


def test_camera_s_place_counts_where_the_phone_tells_none(photo):
    flags = raised(
        photo, latitude=None, longitude=None, exif={"latitude": 22.66, "longitude": 114.0}
    )

    assert flags == {"far_away": {"metres": 1112}}


@pytest.mark.parametrize(
    ("taken_at", "kinds"),
    [
        ({"hours": 11}, []),
        ({"hours": 13}, ["taken_early"]),
        ({"minutes": -9}, []),
        ({"minutes": -20}, ["clock_skew"]),
        ("2019-05-04T10:00:00", ["taken_early"]),
        ("2099-01-01T00:00:00", ["clock_skew"]),
        ("0001-01-01T00:00:00+14:00", ["taken_early"]),
        ("yesterday", []),
        (None, []),
        (7, []),
    ],
)
def test_camera_s_clock(photo, taken_at, kinds):
    told = at(**taken_at) if isinstance(taken_at, dict) else taken_at

    assert list(raised(photo, exif={"taken_at": told})) == kinds


def test_camera_s_local_time_is_china_s(photo):
    local = timezone.now().astimezone(SHANGHAI).replace(tzinfo=None)

    assert raised(photo, exif={"taken_at": local.isoformat()}) == {}


def test_wrong_clock_tells_by_how_much(photo):
    ahead = raised(photo, taken_at=photo.received_at + dt.timedelta(hours=1))
    PhotoFlag.objects.all().delete()
    before = raised(photo, taken_at=photo.audit.received_at - dt.timedelta(days=2))

    assert ahead == {"clock_skew": {"seconds": 3600}}
    assert before == {"taken_early": {"seconds": 172800}}


@pytest.mark.parametrize(
    ("software", "flags"),
    [
        ("Adobe Photoshop 25.1 (Windows)", {"edited": {"software": "adobe photoshop 25.1 (windows)"}}),
        ("美图秀秀", {"edited": {"software": "美图秀秀"}}),
        ("HarmonyOS 4.0", {}),
        (None, {}),
        ({"a": 1}, {}),
    ],
)  # fmt: skip
def test_photo_edited_by_software(photo, software, flags):
    assert raised(photo, exif={"software": software}) == flags


def test_photo_without_exif_and_place_is_not_odd(cast, task):
    make.photo(cast.inspector, audit=make.audit(task))

    outbox.drain()

    assert EvidencePhoto.objects.get().is_processed
    assert not PhotoFlag.objects.exists()
