"""A file that is on the disk: temporary name, fsync, rename, fsync of the folder, new or not."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def receive(chunks: Iterable[bytes]) -> tuple[Path, str, int]:
    path = settings.MEDIA_ROOT / secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return path, digest.hexdigest(), size


def keep(draft: Path, name: str, *, is_synced: bool) -> None:
    target = settings.MEDIA_ROOT / name
    if not target.parent.is_dir():
        target.parent.mkdir(exist_ok=True)
        if is_synced:
            _sync(target.parent.parent)
    if is_synced:
        _sync(draft)
    draft.replace(target)
    if is_synced:
        _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
