"""What the worker does for the target table. Ids in, nothing out, safe to run twice."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.utils import timezone

from audits import images, outbox, store
from targets.models import ActivityPhoto, SurveyToken

KEPT = dt.timedelta(days=1)  # a token says "used" or "late" for a day, then "unknown"


@outbox.handler("activity.photo")
def draw_copies(photo_id: str) -> None:
    photo = ActivityPhoto.objects.get(pk=photo_id)
    derived = images.derive(store.absolute(photo.path))
    base = photo.path.rpartition(".")[0]
    photo.display_path, photo.thumbnail_path = f"{base}-display.jpg", f"{base}-thumbnail.jpg"
    store.write(photo.display_path, derived.display)
    store.write(photo.thumbnail_path, derived.thumbnail)
    photo.save(update_fields=["display_path", "thumbnail_path"])


@shared_task(name="targets.purge_tokens")
def purge_tokens() -> None:
    SurveyToken.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()
