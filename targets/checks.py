"""Pictures of activities: rows ↔ files ↔ hashes, part of `manage.py reconcile`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from audits import checks, store
from audits.checks import files
from audits.checks.difference import GRACE
from targets.models import ActivityPhoto

FOLDER = "activities"


@checks.also
def differences(now: dt.datetime) -> Iterator[checks.Difference]:
    known: set[str] = set()
    for photo in ActivityPhoto.objects.order_by("received_at").iterator(chunk_size=500):
        called = f"activity photo {photo.pk}"
        copies = [name for name in (photo.display_path, photo.thumbnail_path) if name]
        known |= {photo.path, *copies}
        yield from files.as_received(
            "evidence", str(photo.pk), called, photo.path, photo.size, photo.sha256
        )
        lacking = [name for name in copies if not store.absolute(name).is_file()]
        if lacking or not copies and photo.received_at < now - GRACE:
            words = f"copy {lacking[0]} is missing" if lacking else "not processed"
            yield checks.Difference(
                f"{checks.AGAIN}activity.photo", str(photo.pk), f"{called}: {words}"
            )
    yield from files.strays([FOLDER], known, now)
