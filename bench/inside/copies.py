"""pictures.process and bare Pillow, in turn, over the same stored files."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from audits import pictures, store
from audits.models import Assignment, EvidencePhoto
from audits.services import audits, evidence
from bench import drawn
from bench.inside import stage
from bench.timing import interleaved, timed

DISPLAY, THUMBNAIL = (1280, 82), (320, 76)  # side, quality: as audits.images.copies


def main(kinds: list[str], pairs: int) -> dict[str, dict[str, list[float]]]:
    stage.main(tasks=len(kinds))
    return {kind: _measured(kind, pairs) for kind in kinds}


def _measured(kind: str, pairs: int) -> dict[str, list[float]]:
    photo = _stored(drawn.photos(kind, 1)[0])
    source = store.absolute(photo.path)
    works = {
        "ours": lambda: timed(lambda: pictures.process(str(photo.pk))),
        "bare": lambda: timed(lambda: bare(source)),
    }
    interleaved(works, 2)
    return interleaved(works, pairs)


def _stored(content: bytes) -> EvidencePhoto:
    now = timezone.now()
    task = Assignment.objects.filter(audit__isnull=True).select_related("inspector").first()
    assert task
    audit, _ = audits.start_audit(
        id=uuid.uuid4(), assignment=task, started_at=now, by=task.inspector, now=now
    )
    photo, _ = evidence.attach_photo(
        id=uuid.uuid4(),
        subject=evidence.Subject(audit=audit),
        kind="site",
        sha256=hashlib.sha256(content).hexdigest(),
        file=ContentFile(content, name="photo.jpg"),
        capture=evidence.Capture(taken_at=now),
        by=task.inspector,
        now=now,
    )
    return photo


def bare(source: Path) -> None:
    with Image.open(source) as image:
        image.draft("RGB", (DISPLAY[0], DISPLAY[0]))
        display = image.convert("RGB")
    display.thumbnail((DISPLAY[0], DISPLAY[0]))
    display.save(source.with_suffix(".display"), "JPEG", quality=DISPLAY[1])
    display.thumbnail((THUMBNAIL[0], THUMBNAIL[0]))
    display.save(source.with_suffix(".thumbnail"), "JPEG", quality=THUMBNAIL[1])
