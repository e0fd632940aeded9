"""The evidence store: files that are on the disk before anyone is told so.

temp file → fsync → rename → fsync of the folder. Names are ours, made of ids and hashes.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

INCOMING, EVIDENCE, COPIES = "incoming", "evidence", "copies"


@dataclass(frozen=True)
class Incoming:
    """Bytes that have arrived but are not evidence yet."""

    path: Path
    sha256: str
    size: int


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def absolute(name: str) -> Path:
    return root() / name


def receive(chunks: Iterable[bytes]) -> Incoming:
    """Write to a temporary file, counting and hashing on the way. The caller keeps or discards."""
    folder = root() / INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Incoming(path, digest.hexdigest(), size)


def discard(incoming: Incoming) -> None:
    incoming.path.unlink(missing_ok=True)


def keep(incoming: Incoming, name: str) -> None:
    """Make it durable under `name`. The same bytes may already be there: then they stay."""
    target = absolute(name)
    _make_folder(target.parent)
    with incoming.path.open("rb") as file:
        os.fsync(file.fileno())
    incoming.path.chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o640)
    incoming.path.replace(target)
    _sync_folder(target.parent)


def write(name: str, content: bytes) -> None:
    """A derived copy, which can be drawn again: whole or not at all, but not synced."""
    target = absolute(name)
    _make_folder(target.parent)
    path = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    path.write_bytes(content)
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o640)
    path.replace(target)


def remove(name: str) -> None:
    absolute(name).unlink(missing_ok=True)


def sha256_of(name: str) -> str:
    with absolute(name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_folder(folder: Path) -> None:
    """A new folder must outlive a power cut as much as what is put in it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
