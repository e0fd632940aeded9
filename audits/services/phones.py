"""What a phone and the server tell each other beside the evidence itself."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from audits.models import Audit, ExpectedPhoto, PhoneKey
from stations.models import User
from stations.services import history


def key_of(*, user: User, now: dt.datetime) -> str:
    """The person's own key, always the same: what was sealed before a sign-out opens after it."""
    made = base64.b64encode(secrets.token_bytes(32)).decode()
    key, _ = PhoneKey.objects.get_or_create(user=user, defaults={"secret": made, "made_at": now})
    return key.secret


@dataclass(frozen=True)
class Announced:
    id: UUID
    item_code: str
    sha256: str
    size: int


def expect_photos(
    *, audit: Audit, photos: list[Announced], dropped: list[UUID], device: str, now: dt.datetime
) -> None:
    """Told again, the first telling stays. `dropped`: taken again or thrown away by their taker."""
    ExpectedPhoto.objects.filter(audit=audit, pk__in=dropped).delete()
    ExpectedPhoto.objects.bulk_create(
        [
            ExpectedPhoto(
                id=photo.id, audit=audit, item_code=photo.item_code, sha256=photo.sha256,
                size=photo.size, device=device, announced_at=now,
            )
            for photo in photos
        ],
        ignore_conflicts=True,
    )  # fmt: skip


@transaction.atomic
def report_loss(
    *, audit: Audit, photos: list[UUID], device: str, by: User, now: dt.datetime
) -> list[str]:
    """Photos the phone no longer has and the server never got: written down once, for good."""
    rows = ExpectedPhoto.objects.filter(audit=audit, pk__in=photos, lost_at__isnull=True)
    lost = sorted(
        str(pk) for pk in rows.values_list("pk", flat=True) if not audit.photos.filter(pk=pk)
    )
    if lost:
        ExpectedPhoto.objects.filter(pk__in=lost).update(lost_at=now)
        history.record(
            by=by, action="client_storage_lost", at=now, subject=f"audit:{audit.pk}",
            station=audit.assignment.station_id, succeeded=False, photos=lost, device=device,
        )  # fmt: skip
    return lost
