"""佐证照片: rows ↔ files ↔ hashes."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from audits import store
from audits.checks.difference import GRACE, Difference
from audits.models import EvidencePhoto, OutboxRow

FOLDERS = (store.EVIDENCE, store.COPIES, store.INCOMING)


def differences(now: dt.datetime) -> Iterator[Difference]:
    known: set[str] = set()
    queued = set(
        OutboxRow.objects.filter(topic="photo.process", done_at__isnull=True).values_list(
            "key", flat=True
        )
    )
    for photo in EvidencePhoto.objects.order_by("received_at").iterator(chunk_size=500):
        for name, size, sha256 in _originals(photo):
            known.add(name)
            yield from as_received(
                "evidence", str(photo.pk), f"photo {photo.pk}", name, size, sha256
            )
        for name in filter(None, (photo.display_path, photo.thumbnail_path)):
            known.add(name)
            if not store.absolute(name).is_file():
                yield Difference("copy", str(photo.pk), f"photo {photo.pk}: copy {name} is missing")
        if _is_forgotten(photo, queued, now):
            yield Difference("copy", str(photo.pk), f"photo {photo.pk}: not processed, not queued")
    yield from strays(FOLDERS, known, now)


def _originals(photo: EvidencePhoto) -> Iterator[tuple[str, int, str]]:
    yield photo.path, photo.size, photo.sha256
    if photo.original_path:
        yield photo.original_path, photo.original_size or 0, photo.original_sha256


def as_received(
    kind: str, subject: str, called: str, name: str, size: int, sha256: str
) -> Iterator[Difference]:
    """A stored file beside what its row says was received."""
    path = store.absolute(name)
    if not path.is_file():
        yield Difference(kind, subject, f"{called}: file {name} is missing")
    elif (held := path.stat().st_size) != size:
        words = f"{called}: file {name} has {held} bytes instead of {size}"
        yield Difference(kind, subject, words)
    elif store.sha256_of(name) != sha256:
        words = f"{called}: file {name} does not have the SHA-256 of its receipt"
        yield Difference(kind, subject, words)


def _is_forgotten(photo: EvidencePhoto, queued: set[str], now: dt.datetime) -> bool:
    waiting = photo.state == EvidencePhoto.State.STORED and photo.received_at < now - GRACE
    return waiting and str(photo.pk) not in queued


def strays(folders: Iterable[str], known: set[str], now: dt.datetime) -> Iterator[Difference]:
    """Files no row knows: cut off before the commit, or left by a writer that died."""
    for folder in folders:
        for path in sorted(_walk(store.absolute(folder))):
            name = path.relative_to(store.root()).as_posix()
            if name in known or not _is_older(path, now):
                continue
            what = "left-over temporary file" if _is_temporary(folder, path) else "orphan file"
            yield Difference("stray", name, f"{what} {name}")


def _walk(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent) / name for name in names)


def _is_temporary(folder: str, path: Path) -> bool:
    return folder == store.INCOMING or path.suffix == ".part"


def _is_older(path: Path, now: dt.datetime) -> bool:
    try:
        return path.stat().st_mtime < (now - GRACE).timestamp()
    except FileNotFoundError:  # its upload has just ended
        return False
