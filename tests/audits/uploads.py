"""Photos as a phone sends them, and what they leave on the server."""

import hashlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from audits import store
from audits.models import EvidencePhoto, OutboxRow
from tests import make

NOW = "2026-11-23T10:00:00+08:00"


def form(content: bytes, name: str = "p.jpg", **fields: Any) -> dict[str, Any]:
    given = {
        "file": SimpleUploadedFile(name, content, "image/jpeg"),
        "sha256": hashlib.sha256(content).hexdigest(),
        "taken_at": NOW,
    } | fields
    return {name: value for name, value in given.items() if value is not None}


def put(client, id, content: bytes | None = None, **fields: Any):
    body = form(make.picture(3) if content is None else content, **fields)
    return client.put(f"/api/v1/photos/{id}/", body, format="multipart")


def files() -> list[str]:
    return sorted(str(path.relative_to(store.root())) for path in store.root().rglob("*.*"))


def nothing_left() -> bool:
    left = [path for path in store.root().rglob("*") if path.is_file()]
    return not left and not EvidencePhoto.objects.exists() and not OutboxRow.objects.filter(
        topic="photo.process"
    ).exists()  # fmt: skip
