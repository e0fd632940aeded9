"""Draws the demonstration's evidence and its copies in two processes, straight to the store."""

from __future__ import annotations

import hashlib
import multiprocessing
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from audits import images
from config.demo.pictures import draw
from config.demo.shots import Shot

LARGE, SMALL = (1280, 960), (480, 360)


@dataclass(frozen=True)
class Drawn:
    id: uuid.UUID
    sha256: str
    size: int
    width: int
    height: int
    path: str
    display_path: str
    thumbnail_path: str
    perceptual_hash: str
    prints: tuple[images.Print, ...]


def draw_all(
    shots: Iterable[Shot], root: Path, progress: Callable[[int], None]
) -> dict[uuid.UUID, Drawn]:
    shots = list(shots)
    drawn: dict[uuid.UUID, Drawn] = {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=2, mp_context=context) as pool:
        batches = [(shots[start : start + 25], root) for start in range(0, len(shots), 25)]
        for batch in pool.map(_draw_batch, batches):
            drawn |= {one.id: one for one in batch}
            progress(len(drawn))
    return drawn


def erase(drawn: Iterable[Drawn], root: Path) -> None:
    for one in drawn:
        for path in (one.path, one.display_path, one.thumbnail_path):
            (root / path).unlink(missing_ok=True)


def _draw_batch(work: tuple[list[Shot], Path]) -> list[Drawn]:
    shots, root = work
    return [_draw(shot, root) for shot in shots]


def _draw(shot: Shot, root: Path) -> Drawn:
    size = LARGE if shot.is_large else SMALL
    content = draw(
        shot.item_code, shot.result, shot.seed, stage=shot.stage, visit=shot.visit, size=size
    )
    sha256 = hashlib.sha256(content).hexdigest()
    part = shot.id.hex[:2]
    path = f"evidence/{part}/{shot.id}-{sha256[:16]}.jpg"
    _write(root / path, content)
    derived = images.derive(root / path, images.Watermark(shot.lines))
    display, thumbnail = (
        f"copies/{part}/{shot.id}-display.jpg",
        f"copies/{part}/{shot.id}-thumbnail.jpg",
    )
    _write(root / display, derived.display)
    _write(root / thumbnail, derived.thumbnail)
    return Drawn(
        shot.id, sha256, len(content), *size, path, display, thumbnail, derived.perceptual_hash,
        tuple(derived.prints),
    )  # fmt: skip


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o640)
