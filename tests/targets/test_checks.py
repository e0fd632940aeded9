"""manage.py reconcile names what is wrong with an activity's pictures, and draws copies again."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from audits import outbox, store
from indicators import reconcile
from indicators.services import repair
from targets.models import ActivityPhoto, TargetTable
from targets.services import photos
from tests import make
from tests.conftest import Cast
from tests.targets import build


@pytest.fixture
def photo(cast: Cast, table: TargetTable) -> ActivityPhoto:
    held = build.activity(table, cast)
    file = ContentFile(make.picture(77), name="a.jpg")
    made = photos.attach_photo(activity=held, file=file, by=cast.bureau, now=timezone.now())
    outbox.drain()
    made.refresh_from_db()
    assert words() == []
    return made


def words() -> list[str]:
    told = [difference.words for difference in reconcile.differences(timezone.now())]
    return [line for line in told if "roll-up" not in line]


def test_missing_file_is_named(photo: ActivityPhoto) -> None:
    store.absolute(photo.path).unlink()

    assert words() == [f"activity photo {photo.pk}: file {photo.path} is missing"]


def test_altered_file_is_named(photo: ActivityPhoto) -> None:
    path = store.absolute(photo.path)
    path.chmod(0o600)
    path.write_bytes(bytes(photo.size))

    [line] = words()
    assert line.endswith("does not have the SHA-256 of its receipt")


def test_missing_copy_is_named_and_drawn_again(photo: ActivityPhoto) -> None:
    store.absolute(photo.thumbnail_path).unlink()
    found = reconcile.differences(timezone.now())
    assert [one.words for one in found if one.subject == str(photo.pk)] == [
        f"activity photo {photo.pk}: copy {photo.thumbnail_path} is missing"
    ]

    repair.repair(differences=found, now=timezone.now())

    assert words() == []
    assert store.absolute(photo.thumbnail_path).is_file()


def test_file_of_no_row_is_named(photo: ActivityPhoto) -> None:
    path = store.absolute("activities/ff/stray.jpg")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    long_ago = (timezone.now() - dt.timedelta(minutes=5)).timestamp()
    os.utime(path, (long_ago, long_ago))

    assert words() == ["orphan file activities/ff/stray.jpg"]
